"""Bytes of a file by their place, for parsers of our own: read in pieces, as few as an honest file needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scraper.downloads.content.bounded import TooMuchReadError

if TYPE_CHECKING:
    from scraper.downloads.content.bounded import BoundedFile

_PIECE: Final = 64 * 1024
_LARGEST: Final = 16 << 20
_SPARE: Final = 64 << 20


class Window:
    """A file of `size` bytes, one piece of which is in memory.

    Whoever walks through it once, and looks back now and then, stays inside the bounds of the file; what
    is made to be read again and again ends in `TooMuchReadError`.
    """

    def __init__(self, file: BoundedFile) -> None:
        self.size = file.size
        self._file = file
        self._place = 0
        self._piece = b""
        file.allow(most_bytes=4 * file.size + _SPARE, most_reads=file.size // 64 + 10_000)

    def at(self, place: int, count: int) -> bytes:
        """Return `count` bytes from `place` on, or fewer where the file ends."""
        start = place - self._place
        if start >= 0 and start + count <= len(self._piece):
            return self._piece[start : start + count]
        if count > _LARGEST or place < 0:
            raise TooMuchReadError
        if place >= self.size:
            return b""
        self._file.seek(place)
        piece = self._file.read(max(count, _PIECE))
        while len(piece) < count and (more := self._file.read(count - len(piece))):
            piece += more
        self._place, self._piece = place, piece
        return piece[:count]
