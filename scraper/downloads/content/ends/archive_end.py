"""Archives: zip and 7z by the list at their end, RAR and tar entry by entry to the mark behind the last.

https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, https://www.7-zip.org/sdk.html (7zFormat.txt),
https://www.rarlab.com/technote.htm, https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Final

from scraper.downloads.content.bounded import TooMuchReadError

if TYPE_CHECKING:
    from scraper.downloads.content.window import Window

_NOT_TOLD: Final = "nothing in it says where it ends"
_NO_END: Final = "the end of the archive is missing"
_ZIP_END: Final = struct.Struct("<4s4H2LH")
_ZIP64: Final = 0xFFFF_FFFF
_MOST_7Z: Final = 16 << 20  # bytes of a list
_MOST: Final = 100_000  # entries


def why_zip_is_cut(window: Window) -> str | None:
    """Return what is missing of a zip archive, None when it is whole."""
    begin = max(0, window.size - _ZIP_END.size - 0xFFFF)
    tail = window.at(begin, window.size - begin)
    place = len(tail)
    while (place := tail.rfind(b"PK\5\6", 0, place)) >= 0:
        end = tail[place : place + _ZIP_END.size]
        if len(end) == _ZIP_END.size:
            *_, size, offset, comment = _ZIP_END.unpack(end)
            # The list must begin where it says: an archive inside of this one has an end of its own.
            is_near = _ZIP64 in {size, offset} or offset + size == begin + place
            if is_near and place + _ZIP_END.size + comment == len(tail):
                return None
    return _NO_END


def why_7z_is_cut(window: Window) -> str | None:
    """Return what is missing of a 7z archive, None when it is whole."""
    head = window.at(0, 32)
    if len(head) < 32:  # noqa: PLR2004 - where its list is
        return _NO_END
    offset, size, told = struct.unpack("<QQL", head[12:32])
    if 32 + offset + size > window.size:
        return f"{window.size} of {32 + offset + size} bytes"
    if size > _MOST_7Z:
        return None
    return None if zlib.crc32(window.at(32 + offset, size)) == told else "its list is damaged"


def why_rar_is_cut(window: Window) -> str | None:
    """Return what is missing of a RAR archive, None when it is whole."""
    is_five = window.at(0, 8) == b"Rar!\x1a\x07\x01\x00"
    at = 8 if is_five else 7
    for _ in range(_MOST):
        block = _block_of_5(window, at) if is_five else _block_of_4(window, at)
        if block is None:
            return _NO_END
        size, is_end, is_secret = block
        at += size
        if at > window.size:
            return _NO_END
        if is_secret:
            return _NOT_TOLD
        if is_end:
            return None
    raise TooMuchReadError


def _block_of_4(window: Window, at: int) -> tuple[int, bool, bool] | None:
    head = window.at(at, 7)
    if len(head) < 7:  # noqa: PLR2004 - sum, kind, flags, size
        return None
    _, kind, flags, size = struct.unpack("<HBHH", head)
    if size < 7:  # noqa: PLR2004 - its own
        return None
    more = window.at(at + 7, 4)
    if flags & 0x8000 or kind in {0x74, 0x7A}:
        if len(more) < 4:  # noqa: PLR2004 - 32 bits
            return None
        size += int.from_bytes(more, "little")
        if kind in {0x74, 0x7A} and flags & 0x100:
            size += int.from_bytes(window.at(at + 32, 4), "little") << 32
    return size, kind == 0x7B, kind == 0x73 and bool(flags & 0x80)  # noqa: PLR2004 - end; main head


def _block_of_5(window: Window, at: int) -> tuple[int, bool, bool] | None:
    head = window.at(at, 64)
    length, place = _number(head, 4)
    kind, behind = _number(head, place)
    flags, behind = _number(head, behind)
    if flags is None or length is None:
        return None
    data: int | None = 0
    if flags & 1:
        _, behind = _number(head, behind)
    if flags & 2:
        data, _ = _number(head, behind)
    if data is None:
        return None
    return place + length + data, kind == 5, kind == 4  # noqa: PLR2004 - end; encryption


def _number(data: bytes, at: int) -> tuple[int | None, int]:
    """Return a number of seven bits a byte, lowest first, and the place behind it; None where it is cut."""
    value = 0
    for place, byte in enumerate(data[at : at + 10]):
        value |= (byte & 0x7F) << 7 * place
        if byte < 0x80:  # noqa: PLR2004 - the last one
            return value, at + place + 1
    return None, at
