"""The hosts that the gate knows of: as many as are in use, and not many more."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from scraper.http.politeness.line import HostGroup, HostName

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.http.politeness.hosts import Host

MAX_NAMES = 2000
"""Host names that are remembered, unless more are in use or have intervals and holds to be kept."""


class KnownHosts:
    """The groups and names of hosts; beyond `MAX_NAMES` those that nothing depends on are forgotten."""

    def __init__(self, new_group: Callable[[], HostGroup], *, clock: Callable[[], float]) -> None:
        self._new_group = new_group
        self._clock = clock
        self._groups: dict[str, HostGroup] = {}
        self.by_name: OrderedDict[str, HostName] = OrderedDict()  # the one looked at longest ago comes first

    def name(self, host: Host) -> HostName:
        """Return the name of `host`, which is kept at least while a request waits or is out."""
        return self.by_name.get(host.name) or self._new_name(host)

    def _new_name(self, host: Host) -> HostName:
        group = self._groups.get(host.group)
        if group is None:
            group = self._groups[host.group] = self._new_group()
        name = self.by_name[host.name] = HostName(host, group)
        group.names.add(name)
        if len(self.by_name) > MAX_NAMES:
            self._look_at_oldest()
            self._look_at_oldest()  # two for one, or those that are not to be forgotten would pile up
        return name

    def _look_at_oldest(self) -> None:
        key, name = self.by_name.popitem(last=False)
        group, now = name.group, self._clock()
        last = len(group.names) == 1
        if name.in_use or name.opens(name.interval) > now or (last and group.opens() > now):
            self.by_name[key] = name
            return
        group.names.remove(name)
        if last:
            del self._groups[name.host.group]
