"""Hosts that are to be left alone: told to the gate, and kept for the runs that follow."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from scraper.http.politeness.hosts import Host

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scraper.http.politeness.gate import HostGate
    from storage.holds import Hold
    from storage.reasons import Reason

_MARGIN = 5.0  # seconds: a hold that ends hardly later than the one kept is not written again


class HoldStore(Protocol):
    """Where holds are kept between runs."""

    async def active(self) -> Sequence[Hold]:
        """Return the holds that are not over yet."""

    async def save(self, group: str, *, until: float, reason: Reason) -> None:
        """Keep that nothing is asked of `group` before `until`, POSIX seconds UTC."""


class Holds:
    """What servers have asked for with Retry-After, and hosts that do not answer, in and beyond this run."""

    def __init__(
        self, gate: HostGate, store: HoldStore | None, *, now: Callable[[], float] = time.time
    ) -> None:
        self._gate = gate
        self._store = store
        self._now = now
        self._kept: dict[str, float] = {}

    async def restore(self) -> Sequence[Hold]:
        """Tell the gate what earlier runs, and others that run now, were asked for; return it."""
        holds = await self._store.active() if self._store else ()
        for hold in holds:
            self._kept[hold.group] = hold.until
            self._gate.hold(Host(name=hold.group, group=hold.group), hold.until - self._now(), hold.reason)
        return holds

    async def begin(self, host: Host, seconds: float, reason: Reason) -> None:
        """Let nothing be asked of the host's group for `seconds`, also by later runs."""
        self._gate.hold(host, seconds, reason)
        await self.keep(host, seconds, reason)

    async def keep(self, host: Host, seconds: float, reason: Reason) -> None:
        """Keep for later runs that the gate lets nobody through for `seconds`."""
        until = self._now() + seconds
        if self._store is None or until - self._kept.get(host.group, 0.0) < _MARGIN:
            return
        self._kept[host.group] = until
        await self._store.save(host.group, until=until, reason=reason)
