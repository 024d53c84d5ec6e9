"""One bandwidth for all transfers of a run."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

BURST: Final = 0.5
"""Seconds of the rate that may come at once after a rest."""

_TURNS = 64  # a second, at most: each is a wake-up
_LEAST = 512  # bytes of a turn


class Bandwidth:
    """Lets `rate` bytes a second pass, of all transfers together; they take turns of equal size.

    Who reads a socket asks after each chunk and reads on when it may: meanwhile the server waits, and no
    memory fills. `clock` tells seconds, `sleep` passes them.
    """

    def __init__(
        self,
        rate: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        if rate <= 0:
            raise ValueError("a bandwidth is at least a byte a second")
        self.rate = rate
        self._clock = clock
        self._sleep = sleep
        self._turn = max(_LEAST, rate // _TURNS)
        self._paid_until = clock() - BURST

    async def take(self, size: int) -> None:
        """Wait until `size` bytes, which have come, may have come."""
        while size > 0:
            turn = min(size, self._turn)
            size -= turn
            now = self._clock()
            # Turns are paid in the order of asking, and a transfer asks again only after its turn.
            self._paid_until = max(self._paid_until, now - BURST) + turn / self.rate
            if self._paid_until > now:
                await self._sleep(self._paid_until - now)
