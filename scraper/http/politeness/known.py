"""The hosts that the gate knows of: as many as are in use, and not many more."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from scraper.http.politeness.line import HostGroup, HostName

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.http.politeness.hosts import Host

MAX_IDLE = 2000
"""Host names that are remembered while nobody asks for them."""


class KnownHosts:
    """The groups and names of hosts; idle ones are forgotten, oldest first, once nothing depends on them."""

    def __init__(self, new_group: Callable[[], HostGroup], *, clock: Callable[[], float]) -> None:
        self._new_group = new_group
        self._clock = clock
        self._groups: dict[str, HostGroup] = {}
        self._idle: OrderedDict[HostName, None] = OrderedDict()

    def group(self, host: Host) -> HostGroup:
        """Return the group of `host`."""
        return self._name(host).group

    def enter(self, host: Host) -> HostName:
        """Return the name of `host`, to be kept until `leave`."""
        name = self._name(host)
        name.users += 1
        self._idle.pop(name, None)
        return name

    def leave(self, name: HostName) -> None:
        """Undo one `enter`; what is idle now may be forgotten."""
        name.users -= 1
        if not name.users:
            self._rest(name)

    def _name(self, host: Host) -> HostName:
        group = self._groups.get(host.group)
        if group is None:
            group = self._groups[host.group] = self._new_group()
        name = group.names.get(host.name)
        if name is None:
            name = group.names[host.name] = HostName(host, group)
            self._rest(name)
        return name

    def _rest(self, name: HostName) -> None:
        self._idle[name] = None
        if len(self._idle) > MAX_IDLE:
            self._forget_oldest()
            self._forget_oldest()  # two for one, or those that are not to be forgotten would pile up

    def _forget_oldest(self) -> None:
        name, _ = self._idle.popitem(last=False)
        group, now = name.group, self._clock()
        last = len(group.names) == 1
        if name.opens(name.interval) > now or (last and group.opens() > now):
            self._idle[name] = None
            return
        del group.names[name.host.name]
        if last:
            del self._groups[name.host.group]
