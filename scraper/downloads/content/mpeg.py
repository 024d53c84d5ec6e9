"""Frames of MPEG audio (MP3 and its elder layers) and of ADTS. ISO/IEC 11172-3, 2.4.2.3; 13818-7, 6.2."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scraper.downloads.content.window import Window

HEAD: Final = 4
"""Bytes of a frame that tell how long it is."""

_KBITS: Final = {  # (is MPEG-1, layer) -> kbit/s by the four bits of the header
    (True, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES: Final = (44100, 48000, 32000)
_DIVISORS: Final = {3: 1, 2: 2, 0: 4}  # by the two bits of the version: MPEG-1, 2, 2.5
_IN_A_ROW: Final = 4  # frames that are no accident
_SEARCHED: Final = 1 << 20
_FREE_SEARCHED: Final = 8192  # bytes: a frame of 640 kbit/s in free format has 2,880 at 32 kHz


@cache
def frame_lengths() -> Mapping[int, int]:
    """Return the bytes of a frame by the second and third byte of its header, as one number."""
    lengths = {}
    for second in range(0xE0, 0x100):
        for third in range(0x100):
            length = _length(second, third)
            if length:
                lengths[second << 8 | third] = length
    return lengths


def _length(second: int, third: int) -> int:
    version, layer = second >> 3 & 3, 4 - (second >> 1 & 3)
    kbits, rate, padding = third >> 4, third >> 2 & 3, third >> 1 & 1
    if version == 1 or layer == 4 or kbits in {0, 15} or rate == 3:  # noqa: PLR2004 - reserved, or free format
        return 0
    bits = _KBITS[version == 3, layer][kbits - 1] * 1000  # noqa: PLR2004 - MPEG-1
    hertz = _RATES[rate] // _DIVISORS[version]
    if layer == 1:
        return (12 * bits // hertz + padding) * 4
    return (72 if layer == 3 and version != 3 else 144) * bits // hertz + padding  # noqa: PLR2004 - as above


def mpeg_frame(head: bytes, free: int = 0) -> int:
    """Return the bytes of the frame with this header, 0 where it is none; `free` are those in free format."""
    if len(head) < HEAD or head[0] != 0xFF:  # noqa: PLR2004 - eleven bits of sync
        return 0
    length = frame_lengths().get(head[1] << 8 | head[2], 0)
    if not length and free and _is_free(head):
        return free + (head[2] >> 1 & 1) * _slot(head)
    return length


def adts_frame(head: bytes) -> int:
    """Return the bytes of the ADTS frame with these first 7 bytes, 0 where it is none."""
    if len(head) < 7 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0:  # noqa: PLR2004 - sync, layer 0
        return 0
    length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    return length if length >= 7 and head[2] >> 2 & 15 < 13 else 0  # noqa: PLR2004 - rates that there are


def first_frame(window: Window, start: int, end: int) -> tuple[int, int] | None:
    """Return the place of the first of some frames in a row behind `start`, and their length in free format.

    The second is 0 in other formats. None where the first megabyte has none.
    """
    at = start
    last = min(end, start + _SEARCHED)
    while at < last:
        piece = window.at(at, min(4096, last - at))
        sync = piece.find(b"\xff")
        if sync < 0:
            at += len(piece)
            continue
        at += sync
        head = window.at(at, HEAD)
        free = _free_length(window, at, end) if _is_free(head) else 0
        if (free or mpeg_frame(head)) and _is_row(window, at, end, free):
            return at, free
        at += 1
    return None


def _is_row(window: Window, at: int, end: int, free: int) -> bool:
    for _ in range(_IN_A_ROW):
        length = mpeg_frame(window.at(at, HEAD), free)
        if not length:
            return False
        at += length
        if at >= end:
            return True
    return True


def _is_free(head: bytes) -> bool:
    return (
        len(head) == HEAD
        and head[0] == 0xFF  # noqa: PLR2004 - sync
        and head[1] & 0xE0 == 0xE0  # noqa: PLR2004 - sync
        and bool(_length(head[1], head[2] & 0x0F | 0x10))
        and not head[2] >> 4
    )


def _slot(head: bytes) -> int:
    return 4 if head[1] & 6 == 6 else 1  # noqa: PLR2004 - layer I


def _free_length(window: Window, at: int, end: int) -> int:
    # How long frames are is told by where the next one begins: with the same version, layer and rate.
    data = window.at(at, min(_FREE_SEARCHED, end - at))
    place = HEAD
    while (place := data.find(data[:2], place)) > 0 and place + HEAD <= len(data):
        if (data[place + 2] ^ data[2]) & 0xFC == 0:
            return place - (data[2] >> 1 & 1) * _slot(data[:HEAD])
        place += 1
    return 0
