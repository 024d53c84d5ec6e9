"""Files that say how long they are: WAV, AIFF, MP4, Windows Media, Monkey's Audio, DSD, WavPack."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from scraper.downloads.content.asf import FILE, objects
from scraper.downloads.content.boxes import Box, boxes
from scraper.downloads.content.chunks import read_form
from scraper.downloads.content.refused import RefusedError
from scraper.downloads.content.tags import end_of_music, start_of_music

if TYPE_CHECKING:
    from scraper.downloads.content.window import Window

_NOT_TOLD: Final = "nothing in it says where it ends"
_ASF_SIZE: Final = 92  # bytes of the object with the properties of the file
_BROADCAST: Final = 1
_MONKEY_SIZES_FROM: Final = 3980  # the version since which the header has them
_WAVPACK: Final = struct.Struct("<4sIHBBIII")  # https://www.wavpack.com/WavPack5FileFormat.pdf
_WAVPACK_MOST: Final = 1_000_000
_UNKNOWN: Final = 0xFFFF_FFFF


def _short_of(end: int, window: Window) -> str | None:
    return f"{window.size} of {end} bytes" if end > window.size else None


def why_form_is_cut(window: Window) -> str | None:
    """Return what is missing of a WAV or AIFF file, None when it is whole."""
    try:
        form = read_form(window)
    except RefusedError as error:
        return error.detail
    if form.end is None or any(chunk.size is None for chunk in form.chunks):
        return _NOT_TOLD
    return _short_of(max(form.end, form.last), window)


def why_mp4_is_cut(window: Window) -> str | None:
    """Return what is missing of an MP4 file, None when it is whole. ISO/IEC 14496-12."""
    found: dict[bytes, Box] = {}
    last: Box | None = None
    for last in boxes(window, 0, window.size):
        if last.is_open:
            return _NOT_TOLD
        found.setdefault(last.name, last)
    if last is None or last.end < window.size:
        return "a box is not complete"
    if last.end > window.size:
        return _short_of(last.end, window)
    if b"moov" not in found or b"mdat" not in found:
        return "the music or its index is missing"
    # Fragments follow each other without an end, but for the index behind the last or before the first.
    if b"moof" in found and last.name != b"mfra":
        return _why_segments_are_cut(window, found.get(b"sidx"))
    return None


def _why_segments_are_cut(window: Window, index: Box | None) -> str | None:
    data = window.at(index.body, min(index.end - index.body, 1 << 20)) if index else b""
    if index is None or len(data) < 32:  # noqa: PLR2004 - the longer form of its head
        return _NOT_TOLD
    at = 28 if data[0] else 20
    offset = int.from_bytes(data[20:28]) if data[0] else int.from_bytes(data[16:20])
    count = int.from_bytes(data[at + 2 : at + 4])
    sizes = data[at + 4 : at + 4 + 12 * count]
    if len(sizes) < 12 * count:
        return _NOT_TOLD
    total = sum(int.from_bytes(sizes[place : place + 4]) & 0x7FFF_FFFF for place in range(0, len(sizes), 12))
    return _short_of(index.end + offset + total, window)


def why_asf_is_cut(window: Window) -> str | None:
    """Return what is missing of a Windows Media file, None when it is whole."""
    for identity, at in objects(window):
        about = window.at(at, _ASF_SIZE) if identity == FILE else b""
        if len(about) == _ASF_SIZE and not int.from_bytes(about[88:92], "little") & _BROADCAST:
            return _short_of(int.from_bytes(about[40:48], "little"), window)
    return _NOT_TOLD


def why_monkey_is_cut(window: Window) -> str | None:
    """Return what is missing of a file of Monkey's Audio, None when it is whole."""
    start = start_of_music(window)
    head = window.at(start, 52)
    if len(head) < 52 or head[:4] != b"MAC " or int.from_bytes(head[4:6], "little") < _MONKEY_SIZES_FROM:  # noqa: PLR2004
        return _NOT_TOLD
    sizes = struct.unpack("<7I", head[8:36])
    return _short_of(start + sum(sizes[:5]) + (sizes[5] << 32) + sizes[6], window)


def why_dsf_is_cut(window: Window) -> str | None:
    """Return what is missing of a DSF file, None when it is whole."""
    head = window.at(0, 28)
    if head[:4] != b"DSD " or len(head) < 28:  # noqa: PLR2004 - its first chunk
        return _NOT_TOLD
    return _short_of(int.from_bytes(head[12:20], "little"), window)


def why_dsdiff_is_cut(window: Window) -> str | None:
    """Return what is missing of a DFF file, None when it is whole."""
    head = window.at(0, 12)
    if head[:4] != b"FRM8" or len(head) < 12:  # noqa: PLR2004 - its outer chunk
        return _NOT_TOLD
    return _short_of(12 + int.from_bytes(head[4:12]), window)


def why_wavpack_is_cut(window: Window) -> str | None:
    """Return what is missing of a WavPack file, None when it is whole."""
    at, end = start_of_music(window), end_of_music(window)
    total = reached = 0
    for count in range(_WAVPACK_MOST):
        if at == end:
            break
        head = window.at(at, min(_WAVPACK.size, end - at))
        if len(head) < _WAVPACK.size or head[:4] != b"wvpk":
            return f"byte {at} is no block"
        _, size, _, index_high, total_high, low, index, samples = _WAVPACK.unpack(head)
        if not count and low != _UNKNOWN:
            total = low + (total_high << 32) - total_high  # all ones stay free for the unknown
        if samples:
            reached = index + (index_high << 32) + samples
        at += size + 8
        if at > end:
            return "the last block is not complete"
    return f"{reached} of {total} samples" if reached < total else None
