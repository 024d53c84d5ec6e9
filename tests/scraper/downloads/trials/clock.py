"""One clock for all processes of a trial, which the test moves on instead of waiting."""

from __future__ import annotations

import mmap
import struct
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_AHEAD = struct.Struct("d")


class SharedClock:
    """Tells POSIX seconds UTC, as far ahead as the file `path` says, which every process maps."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(_AHEAD.pack(0.0))
        with path.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), _AHEAD.size)

    def __call__(self) -> float:
        return time.time() + self.ahead

    @property
    def ahead(self) -> float:
        """Seconds that the clock was moved on by so far."""
        return float(_AHEAD.unpack(self._shared[:])[0])

    def pass_time(self, seconds: float) -> None:
        """Move the clock on, for every process at once, also for those that are stopped."""
        self._shared[:] = _AHEAD.pack(self.ahead + seconds)
