"""Tags around music: where the music itself begins and ends.

https://id3.org/id3v2.4.0-structure, https://id3.org/ID3v1, https://id3.org/Lyrics3v2,
https://wiki.hydrogenaud.io/index.php?title=APEv2_specification
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from scraper.downloads.content.window import Window

_MOST: Final = 8  # tags in a row at either end
_ID3V1: Final = 128
_ENHANCED: Final = 227  # of the tag that begins with TAG+, before it
_TEN: Final = 10  # bytes of the head of ID3v2
_APE: Final = 32
_LYRICS: Final = 15  # six digits and LYRICS200
_OLD_LYRICS: Final = 5100


def start_of_music(window: Window) -> int:
    """Return the place behind the tags of ID3v2 at the beginning; past the end where one claims that."""
    at = 0
    for _ in range(_MOST):
        size = _id3v2_size(window.at(at, _TEN), b"ID3")
        if not size:
            break
        at += size
    return at


def end_of_music(window: Window) -> int:
    """Return the place before the whole tags at the end."""
    end = window.size
    for _ in range(_MOST):
        size = _tag_before(window, end)
        if not size or size > end:
            break
        end -= size
    return end


def _tag_before(window: Window, end: int) -> int:
    if end >= _ID3V1 and window.at(end - _ID3V1, 3) == b"TAG":
        has_more = end >= _ID3V1 + _ENHANCED and window.at(end - _ID3V1 - _ENHANCED, 4) == b"TAG+"
        return _ID3V1 + (_ENHANCED if has_more else 0)
    foot = window.at(end - _APE, _APE) if end >= _APE else b""
    if foot[:8] == b"APETAGEX":
        size, _, flags = struct.unpack("<III", foot[12:24])
        return int(size) + (_APE if flags >> 31 else 0)
    if foot[-9:] == b"LYRICS200" and foot[-_LYRICS:-9].isdigit():
        return int(foot[-_LYRICS:-9]) + _LYRICS
    if foot[-9:] == b"LYRICSEND":
        begin = window.at(max(0, end - _OLD_LYRICS - 20), min(end, _OLD_LYRICS + 20)).rfind(b"LYRICSBEGIN")
        return min(end, _OLD_LYRICS + 20) - begin if begin >= 0 else 0
    return _id3v2_size(foot[-_TEN:], b"3DI")


def _id3v2_size(head: bytes, mark: bytes) -> int:
    if len(head) < _TEN or not head.startswith(mark) or max(head[6:]) > 127:  # noqa: PLR2004 - seven bits each
        return 0
    size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
    has_foot = mark == b"3DI" or head[5] & 0x10
    return size + (2 * _TEN if has_foot else _TEN)
