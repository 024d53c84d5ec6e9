"""Room for large bodies: few in all, the fewer the larger, and one of a host, until they were made use of."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Final
from weakref import WeakValueDictionary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

LARGE: Final = 1_000_000
"""Bytes beyond which a body is large: pages of blogs seldom are, lists of a hundred whole posts often."""
LARGE_AT_ONCE: Final = 4

HUGE: Final = 4_000_000
"""Bytes beyond which a large body is huge: what is honest hardly ever is."""
HUGE_AT_ONCE: Final = 1

PATIENCE: Final = 60.0


class Permit:
    """The right to hold one large body. Forgotten, it is released; from any thread, and once only."""

    def __init__(self, releases: list[Callable[[], None]], host: asyncio.Lock) -> None:
        self._loop = asyncio.get_running_loop()
        self._releases = releases
        self._host = host  # known by its group as long as somebody holds it

    def also(self, releases: Iterable[Callable[[], None]]) -> None:
        """Add what is to be given back with it."""
        self._releases.extend(releases)

    def release(self) -> None:
        """Make room for another body."""
        releases, self._releases = self._releases, []
        # Pages end where they are read, which may be a thread, and perhaps after the loop.
        with contextlib.suppress(RuntimeError):
            for give_back in releases:
                self._loop.call_soon_threadsafe(give_back)

    def __del__(self) -> None:
        self.release()


class LargeBodies:
    """Gives out permits, of the large ones one to each group of hosts, so that none takes them all."""

    def __init__(self, *, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._large = asyncio.Semaphore(LARGE_AT_ONCE)
        self._huge = asyncio.Semaphore(HUGE_AT_ONCE)
        self._hosts: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def enter(self, group: str) -> Permit:
        """Wait for room for a large body of the hosts called `group`.

        After `PATIENCE` seconds it is let in all the same: to bound memory is not worth standing still.
        """
        host = self._hosts.setdefault(group, asyncio.Lock())
        return Permit(await self._take(host, self._large), host)

    async def grow(self, permit: Permit) -> None:
        """Wait until the body of `permit` may become huge; as patiently as `enter`."""
        permit.also(await self._take(self._huge))

    async def _take(self, *places: asyncio.Lock | asyncio.Semaphore) -> list[Callable[[], None]]:
        taken: list[Callable[[], None]] = []
        with contextlib.suppress(TimeoutError):
            try:
                async with asyncio.timeout(self._patience):
                    for place in places:
                        await place.acquire()
                        taken.append(place.release)
            except asyncio.CancelledError:
                for give_back in taken:
                    give_back()
                raise
        return taken
