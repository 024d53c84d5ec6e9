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
        self._names: OrderedDict[HostName, None] = OrderedDict()  # the one looked at longest ago comes first

    def group(self, host: Host) -> HostGroup:
        """Return the group of `host`."""
        return self.name(host).group

    def enter(self, host: Host) -> HostName:
        """Return the name of `host`, to be kept until `leave`."""
        name = self.name(host)
        name.users += 1
        return name

    def leave(self, name: HostName) -> None:
        """Undo one `enter`; what is idle now may be forgotten."""
        name.users -= 1

    def name(self, host: Host) -> HostName:
        """Return the name of `host`, which may be forgotten."""
        group = self._groups.get(host.group)
        if group is None:
            group = self._groups[host.group] = self._new_group()
        name = group.names.get(host.name)
        if name is None:
            name = group.names[host.name] = HostName(host, group)
            self._names[name] = None
            if len(self._names) > MAX_NAMES:
                self._look_at_oldest()
                self._look_at_oldest()  # two for one, or those that are not to be forgotten would pile up
        return name

    def _look_at_oldest(self) -> None:
        name, _ = self._names.popitem(last=False)
        group, now = name.group, self._clock()
        last = len(group.names) == 1
        if name.users or name.opens(name.interval) > now or (last and group.opens() > now):
            self._names[name] = None
            return
        del group.names[name.host.name]
        if last:
            del self._groups[name.host.group]
