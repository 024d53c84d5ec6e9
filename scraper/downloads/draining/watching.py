"""Draining until a deadline, and draining again and again as more is queued or falls due."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final

from scraper.downloads.errors import VolumeError
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

LOOK_AFTER: Final = 10.0
"""Seconds after which a watch looks for what others have queued."""
ROOM_AFTER: Final = 30.0
"""Seconds after which a watch looks whether a full disk has room again."""

_BELL_LOOKS_AFTER = 30.0  # seconds: while a machine sleeps, only the clock on the wall goes on


class Watch:
    """Drains, waits for what falls due or is queued meanwhile, and drains again.

    `drain` tries at most as many as it is told, `tried` tells how many were tried so far, `next_due` when
    the next can be claimed (POSIX seconds UTC, None for never). `idle` is told that moment, once each time
    there is nothing to do, `full` of a full disk. `clock` tells POSIX seconds UTC.
    """

    def __init__(
        self,
        *,
        drain: Callable[[int | None], Awaitable[object]],
        tried: Callable[[], int],
        next_due: Callable[[], Awaitable[float | None]],
        idle: Callable[[float | None], None] = lambda _: None,
        full: Callable[[VolumeError], None] = lambda _: None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._drain = drain
        self._tried = tried
        self._next_due = next_due
        self._idle = idle
        self._full = full
        self._clock = clock
        self._sleep = sleep
        self._told_at = -1

    async def run(self, *, most: int | None = None) -> None:
        """Go on until `most` were tried; without it only a cancellation ends it.

        Raises `VolumeError` where the folder takes no files; a full disk is waited for.
        """
        while True:
            before = self._tried()
            try:
                await self._drain(None if most is None else most - before)
            except VolumeError as error:
                if error.reason is not Reason.DISK_FULL:
                    raise
                self._full(error)
                await self._sleep(ROOM_AFTER)
                continue
            if most is not None and self._tried() >= most:
                return
            # What is due although nothing was tried is of hosts left alone, or others were faster.
            await self._wait(busy=self._tried() > before)

    async def _wait(self, *, busy: bool) -> None:
        """Return once something is due; at once only if it is `busy`."""
        due = await self._next_due()
        while not (busy and due is not None and due <= self._clock()):
            if self._told_at != self._tried():
                self._told_at = self._tried()
                self._idle(due)
            left = LOOK_AFTER if due is None else due - self._clock()
            await self._sleep(min(left, LOOK_AFTER) if left > 0 else LOOK_AFTER)
            due, busy = await self._next_due(), True


async def before(
    deadline: float | None,
    work: Awaitable[object],
    *,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> bool:
    """Await `work`, which is cancelled at `deadline`; return whether it came to its end.

    `deadline` is POSIX seconds UTC, as `clock` tells them; None is never.
    """
    if deadline is None:
        await work
        return True
    limit = asyncio.timeout(None)
    try:
        async with limit:
            bell = asyncio.create_task(_ring(limit, deadline, clock=clock, sleep=sleep))
            try:
                await work
            finally:
                bell.cancel()
    except TimeoutError:
        if not limit.expired():
            raise  # of the work itself
        return False
    return True


async def _ring(
    limit: asyncio.Timeout,
    deadline: float,
    *,
    clock: Callable[[], float],
    sleep: Callable[[float], Awaitable[None]],
) -> None:
    while (left := deadline - clock()) > 0:
        await sleep(min(left, _BELL_LOOKS_AFTER))
    limit.reschedule(0)  # the loop's clock is past it: at once
