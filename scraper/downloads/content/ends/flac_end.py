"""FLAC: the last frame is complete and ends where the beginning says that the music does. RFC 9639.

Where the beginning does not say how long it is, a file that is cut exactly between two frames looks whole.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from scraper.downloads.content.tags import end_of_music, start_of_music

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.downloads.content.window import Window

_STREAMINFO: Final = 34
_LARGEST: Final = 1 << 20  # bytes of a frame where the file does not say: 64k samples of 8 channels
_TRIED: Final = 64  # places that look like the last frame
_MOST_BLOCKS: Final = 10_000
_BLOCK_SIZES: Final = {
    1: 192,
    **{code: 144 << code for code in range(2, 6)},
    **{c: 1 << c for c in range(8, 16)},
}
_LAST_BLOCK: Final = 0x80


def why_flac_is_cut(window: Window) -> str | None:
    """Return what is missing of a FLAC file, None when it is whole."""
    start, end = start_of_music(window), end_of_music(window)
    about = window.at(start + 8, _STREAMINFO)
    music = _behind_metadata(window, start + 4)
    if len(about) < _STREAMINFO or window.at(start, 4) != b"fLaC" or music >= end:
        return "it ends before the music begins"
    block = int.from_bytes(about[2:4])
    longest = int.from_bytes(about[7:10]) or _LARGEST
    total = int.from_bytes(about[13:18]) & 0xF_FFFF_FFFF
    begin = max(music, end - longest - 16)
    tail = window.at(begin, end - begin)
    for tried, place in enumerate(_syncs_from_the_end(tail)):
        if tried == _TRIED:
            break
        reached = _reached(tail[place:], block)
        if reached is not None:
            if total and reached < total:
                return f"{reached} of {total} samples"
            return None
    return "the last frame is not complete"


def _behind_metadata(window: Window, at: int) -> int:
    for _ in range(_MOST_BLOCKS):
        head = window.at(at, 4)
        if len(head) < 4:  # noqa: PLR2004 - kind and size
            break
        at += 4 + int.from_bytes(head[1:])
        if head[0] & _LAST_BLOCK:
            return at
    return window.size


def _syncs_from_the_end(tail: bytes) -> Iterator[int]:
    end = len(tail)
    while (end := max(tail.rfind(b"\xff\xf8", 0, end), tail.rfind(b"\xff\xf9", 0, end))) >= 0:
        if _head_size(tail[end : end + 16]):
            yield end
        end += 1  # a sync may begin with the last byte before this one


def _head_size(head: bytes) -> int:
    """Return the bytes of a frame's head without its sum, 0 where the sum is not right."""
    if len(head) < 6 or head[3] & 1:  # noqa: PLR2004 - the shortest; a bit that is kept free
        return 0
    size = 4 + _number_size(head[4])
    size += {6: 1, 7: 2}.get(head[2] >> 4, 0) + {12: 1, 13: 2, 14: 2}.get(head[2] & 15, 0)
    return size if size < len(head) and _sum8(head[:size]) == head[size] else 0


def _number_size(first: int) -> int:
    ones = 8 - (first ^ 0xFF).bit_length()
    return 1 if ones < 2 else ones  # noqa: PLR2004 - as in UTF-8


def _reached(frame: bytes, block: int) -> int | None:
    """Return the sample behind `frame`, which goes on to the end of the music; None when it is not whole."""
    size = _head_size(frame[:16])
    if len(frame) < size + 3 or _sum16(frame[:-2]) != int.from_bytes(frame[-2:]):
        return None
    number_size = _number_size(frame[4])
    number = frame[4] if number_size == 1 else frame[4] & (0x7F >> number_size)
    for byte in frame[5 : 4 + number_size]:
        number = number << 6 | byte & 0x3F
    code = frame[2] >> 4
    samples = _BLOCK_SIZES.get(code, 0)
    if code in {6, 7}:
        samples = int.from_bytes(frame[4 + number_size : 4 + number_size + code - 5]) + 1
    return (number if frame[1] & 1 else number * block) + samples


@cache
def _table(polynomial: int, bits: int) -> tuple[int, ...]:
    top, mask = 1 << bits - 1, (1 << bits) - 1
    table = []
    for byte in range(256):
        value = byte << bits - 8
        for _ in range(8):
            value = (value << 1 ^ polynomial if value & top else value << 1) & mask
        table.append(value)
    return tuple(table)


def _sum8(data: bytes) -> int:
    table, value = _table(0x07, 8), 0
    for byte in data:
        value = table[value ^ byte]
    return value


def _sum16(data: bytes) -> int:
    table, value = _table(0x8005, 16), 0
    for byte in data:
        value = (value << 8 & 0xFF00) ^ table[value >> 8 ^ byte]
    return value
