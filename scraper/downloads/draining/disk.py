"""Room on the volume that files go to: looked at before a transfer, and again while it writes."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING, Final

from scraper.downloads.errors import DownloadError, VolumeError
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType
    from typing import Self

MOST_KEPT_FREE: Final = 64_000_000
"""Bytes that are left free on a large volume unless somebody says otherwise; of a small one, a hundredth."""

LEAST: Final = 64_000_000
"""Bytes of room on a large volume below which it counts as full, whatever may still fit; of a small one a
twentieth: else each file that waits would be asked for, to learn that it does not fit."""

_LOOKS_AGAIN_AFTER = 0.2  # seconds: a look costs a system call, and transfers ask often


class Volume:
    """The volume of `path`, of which `keep_free` bytes stay free. `clock` tells seconds.

    What transfers still expect is booked, so that many large files begun at once do not fill the disk
    together and all stay unfinished.
    """

    def __init__(
        self, path: Path, *, keep_free: int | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._path = path
        self._keep_free = keep_free
        self._clock = clock
        self._bookings: dict[Booking, int] = {}
        self._looked = float("-inf")
        self._free = 0
        self._least = 0

    def booking(self) -> Booking:
        """Return a place for what one transfer expects; a context manager that gives it back."""
        return Booking(self)

    def room(self) -> int:
        """Return the bytes that may still be written, bookings not counted. Raises `VolumeError`."""
        now = self._clock()
        if now - self._looked >= _LOOKS_AGAIN_AFTER:
            try:
                usage = shutil.disk_usage(self._path)
            except OSError as error:
                raise VolumeError.of(error, str(self._path)) from error
            kept = min(MOST_KEPT_FREE, usage.total // 100) if self._keep_free is None else self._keep_free
            self._free, self._looked = usage.free - kept, now
            self._least = min(LEAST, usage.total // 20)
        return self._free

    def is_low(self, booked: int = 0) -> bool:
        """Return whether so little room is left beside what is `booked` that nothing is worth beginning.

        Raises `VolumeError`.
        """
        return self.room() - booked < self._least

    def book(self, booking: Booking, to_come: int, where: str) -> None:
        """Note that `to_come` more bytes are expected; see `Booking.need`."""
        room = self.room()
        if room <= 0:
            self._looked = float("-inf")
            raise VolumeError(Reason.DISK_FULL, str(self._path), detail="nothing is left but what stays free")
        others = sum(self._bookings.values()) - self._bookings.get(booking, 0)
        if to_come > room - others:
            # What is booked already is this file's: it may go on, and meets the end of the disk or not.
            if booking in self._bookings and to_come <= self._bookings[booking]:
                return
            left = max(0, room - others)
            if self.is_low(others):
                raise VolumeError(Reason.DISK_FULL, str(self._path), detail=f"{left:,} bytes are left")
            detail = f"it needs {to_come:,} bytes, {left:,} are free for it"
            raise DownloadError(Reason.DISK_FULL, where, detail=detail)
        self._bookings[booking] = to_come

    def cancel(self, booking: Booking) -> None:
        """Forget what was booked."""
        self._bookings.pop(booking, None)


class Booking:
    """What one transfer still expects to write."""

    __slots__ = ("_volume",)

    def __init__(self, volume: Volume) -> None:
        self._volume = volume

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._volume.cancel(self)

    def need(self, to_come: int, where: str) -> None:
        """Note that `to_come` more bytes of `where` are expected; 0 where that is not known.

        Raises `DownloadError` with `disk-full` where this file alone does not fit, and `VolumeError` where
        nothing fits any more.
        """
        self._volume.book(self, to_come, where)
