"""Room for large bodies: a few in all and one of a host, until somebody has made use of them."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Final
from weakref import WeakValueDictionary

if TYPE_CHECKING:
    from collections.abc import Callable

LARGE: Final = 1_000_000
"""Bytes beyond which a body is large: pages of blogs seldom are."""

AT_ONCE: Final = 2
PATIENCE: Final = 60.0


class Permit:
    """The right to hold one large body. Forgotten, it is released; from any thread, and once only."""

    def __init__(self, releases: list[Callable[[], None]], host: asyncio.Lock) -> None:
        self._loop = asyncio.get_running_loop()
        self._releases = releases
        self._host = host  # known by its group as long as somebody holds it

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
    """Gives out permits: `AT_ONCE` in all, and one to each group of hosts, so that none takes them all."""

    def __init__(self, *, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._all = asyncio.Semaphore(AT_ONCE)
        self._hosts: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def enter(self, group: str) -> Permit:
        """Wait for room for a large body of the hosts called `group`.

        After `PATIENCE` seconds it is let in all the same: to bound memory is not worth standing still.
        """
        host = self._hosts.setdefault(group, asyncio.Lock())
        taken: list[Callable[[], None]] = []
        with contextlib.suppress(TimeoutError):
            try:
                async with asyncio.timeout(self._patience):
                    await host.acquire()
                    taken.append(host.release)
                    await self._all.acquire()
                    taken.append(self._all.release)
            except asyncio.CancelledError:
                for give_back in taken:
                    give_back()
                raise
        return Permit(taken, host)
