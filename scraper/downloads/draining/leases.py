"""Keeping what a drain holds: heartbeats while it works, everything given back when it ends."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from storage.unbroken import unbroken

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from scraper.downloads.draining.counts import DrainCounts
    from storage.queue import Queue
    from storage.records import Download


LONGEST_BEAT: Final = 5.0
"""Seconds after which a person's cancel, and what other processes were told, is heeded at the latest."""


class Leases:
    """Prolongs the claims that `counts` holds, every third of a lease of `seconds`, and every 5 s at least.

    `lost` is told each download that another claim has now, or that was cancelled; `beaten` is awaited after
    each heartbeat.
    """

    def __init__(
        self,
        queue: Queue,
        counts: DrainCounts,
        *,
        seconds: float,
        lost: Callable[[Download], None],
        beaten: Callable[[], Awaitable[None]],
    ) -> None:
        self._queue = queue
        self._counts = counts
        self._seconds = seconds
        self._lost = lost
        self._beaten = beaten

    async def keep(self) -> None:
        """Beat until cancelled."""
        while True:
            await asyncio.sleep(min(self._seconds / 3, LONGEST_BEAT))
            await unbroken(self._beat())
            await self._beaten()

    async def give_back(self) -> list[Download]:
        """Give back all that is held, in one transaction; return what that was."""
        held = list(self._counts.running.values())
        await self._queue.release_many([self._counts.as_announced(download) for download in held])
        return held

    async def _beat(self) -> None:
        held = list(self._counts.running.values())
        lost = await self._queue.heartbeat(held, lease=self._seconds)
        for download in held:
            if download.id in lost:
                self._lost(download)
