"""Ogg: whole pages with their right sums to the end of the file, every stream ended. RFC 3533."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Final

from scraper.downloads.content.bounded import TooMuchReadError
from scraper.downloads.content.tags import end_of_music, start_of_music

if TYPE_CHECKING:
    from scraper.downloads.content.window import Window

_HEAD: Final = struct.Struct("<4sBBqIIIB")
_MOST: Final = 5_000_000  # pages
_FIRST, _LAST = 2, 4
_REFLECTED: Final = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
_ONES: Final = 0xFFFF_FFFF


def why_ogg_is_cut(window: Window) -> str | None:
    """Return what is missing of an Ogg file, None when it is whole."""
    at, end = start_of_music(window), end_of_music(window)
    unended: set[int] = set()
    for count in range(_MOST):
        if at == end:
            return None if count and not unended else "a stream in it has no end"
        head = window.at(at, min(_HEAD.size, end - at))
        if len(head) < _HEAD.size or head[:4] != b"OggS":
            return f"byte {at} is no page"
        _, _, flags, _, serial, _, told, segments = _HEAD.unpack(head)
        lacing = window.at(at + _HEAD.size, segments)
        size = _HEAD.size + segments + sum(lacing)
        if len(lacing) < segments or at + size > end:
            return "the last page is not complete"
        page = window.at(at, size)
        if ogg_sum(page[:22] + bytes(4) + page[26:]) != told:
            return f"the page at byte {at} is damaged"
        if flags & _FIRST:
            unended.add(serial)
        if flags & _LAST:
            unended.discard(serial)
        at += size
    raise TooMuchReadError


def ogg_sum(page: bytes) -> int:
    """Return the sum of a page whose own field of it is zero: zlib's, with all bits in the other order."""
    value = zlib.crc32(page.translate(_REFLECTED), _ONES) ^ _ONES
    return int(f"{value:032b}"[::-1], 2)
