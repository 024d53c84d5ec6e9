"""The minimum speed of a body: a server that trickles is given up, whatever it sends."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

WINDOW: Final = 30.0
"""Seconds after which the speed is judged, again and again."""

MIN_SPEED: Final = 512
"""Bytes a second that each window must bring on average."""

LONGEST: Final = 12 * 3600.0
"""Seconds that one body may take, however steady."""


class MinimumSpeed:
    """Judges the speed of each half minute by itself: a fast start excuses no trickle.

    The clock (seconds, monotonic) starts with the object, when `size` bytes have come already.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, *, size: int = 0) -> None:
        self._clock = clock
        self._started = self._since = clock()
        self._size = size

    def too_slow(self, size: int) -> str | None:
        """Return what is too slow now that `size` bytes have come in all, or None while it will do."""
        now = self._clock()
        if now - self._started > LONGEST:
            return f"more than {LONGEST / 3600:g} hours"
        elapsed = now - self._since
        if elapsed <= WINDOW:
            return None
        came = size - self._size
        if came < elapsed * MIN_SPEED:
            return f"{came:,} bytes in {elapsed:.0f} s"
        self._since, self._size = now, size
        return None
