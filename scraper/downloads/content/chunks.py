"""Chunks of RIFF, RF64 and AIFF files: four letters, a size, that many bytes, an even place for the next.

https://learn.microsoft.com/windows/win32/xaudio2/resource-interchange-file-format--riff-,
https://tech.ebu.ch/docs/tech/tech3306.pdf (RF64), https://www.mmsp.ece.mcgill.ca/Documents/AudioFormats/AIFF/Docs/AIFF-1.3.pdf
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scraper.downloads.content.refused import broken

if TYPE_CHECKING:
    from scraper.downloads.content.window import Window

_MOST: Final = 10_000  # chunks; honest files have ten
_HEAD: Final = 12
# What encoders write that do not know the size yet, and cannot come back: ffmpeg and the RF64 of EBU 3306
# all ones, sox and others 2^31 less something.
_UNKNOWN_FROM: Final = 0x7FFF_0000


@dataclass(frozen=True, slots=True)
class Chunk:
    """One chunk. `size` is what it says, None where it says that it does not know."""

    name: bytes
    start: int
    size: int | None

    def held(self, window: Window) -> int:
        """Return how many of its bytes the file has."""
        left = max(0, window.size - self.start)
        return left if self.size is None else min(self.size, left)


@dataclass(frozen=True, slots=True)
class Form:
    """A file of chunks: `end` is where it says that it ends, None where it does not know."""

    kind: bytes
    end: int | None
    chunks: tuple[Chunk, ...]
    last: int
    """Where the last chunk ends by its own size; past the file's size where it is cut."""

    def first(self, name: bytes) -> Chunk | None:
        """Return the first chunk called `name`."""
        return next((chunk for chunk in self.chunks if chunk.name == name), None)


def read_form(window: Window) -> Form:
    """Return the chunks of a RIFF, RF64, BW64 or FORM file. Raises `RefusedError` for a million of them."""
    outer = window.at(0, _HEAD)
    big = outer[:4] == b"FORM"
    number = struct.Struct(">I" if big else "<I")
    (size,) = number.unpack(outer[4:8])
    chunks: list[Chunk] = []
    wide: dict[bytes, int] = {}
    at = last = _HEAD
    while len(head := window.at(at, 8)) == 8:  # noqa: PLR2004 - letters and size
        name = head[:4]
        (length,) = number.unpack(head[4:])
        if not wide and name == b"ds64" and outer[:4] in {b"RF64", b"BW64"}:
            wide = _wide_sizes(window.at(at + 8, 28))
        told = _told(name, length, wide, window.size - at - 8, knows=not chunks)
        chunks.append(Chunk(name, at + 8, told))
        if len(chunks) > _MOST:
            raise broken("too many chunks")
        if told is None:
            last = window.size
            break
        last = at + 8 + told
        at = last + told % 2
    whole = wide.get(b"RIFF", size if 0 < size < _UNKNOWN_FROM or size + 8 <= window.size else None)
    return Form(outer[8:12], None if whole is None else whole + 8, tuple(chunks), last)


def _told(name: bytes, length: int, wide: dict[bytes, int], left: int, *, knows: bool) -> int | None:
    if name == b"data" and b"data" in wide and length == 0xFFFF_FFFF:  # noqa: PLR2004 - EBU 3306
        return wide[b"data"]
    if name in {b"data", b"SSND"} and length > left and length >= _UNKNOWN_FROM:
        return None
    if name == b"data" and not length and left and not knows:
        return None  # written as a stream: what is behind it is the music
    return length


def _wide_sizes(data: bytes) -> dict[bytes, int]:
    if len(data) < 16:  # noqa: PLR2004 - two sizes
        return {}
    riff, music = struct.unpack("<QQ", data[:16])
    return {b"RIFF": riff, b"data": music}
