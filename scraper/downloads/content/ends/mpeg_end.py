"""MPEG audio and ADTS: frame after frame, the last one complete, as many as the first one says.

Where the first frame does not count them, a file that is cut exactly between two frames looks whole.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from scraper.downloads.content.bounded import TooMuchReadError
from scraper.downloads.content.mpeg import HEAD, adts_frame, first_frame, mpeg_frame
from scraper.downloads.content.tags import end_of_music, start_of_music

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.downloads.content.window import Window

_MOST: Final = 5_000_000  # frames: 36 hours of MP3
_ADTS_HEAD: Final = 7
_TOLD_WITHIN: Final = 200  # bytes of the first frame
_VBRI: Final = 36


def why_mpeg_is_cut(window: Window) -> str | None:
    """Return what is missing of an MP3 file, None when it is whole. http://gabriel.mp3-tech.org/mp3infotag.html."""
    end = end_of_music(window)
    first = first_frame(window, start_of_music(window), end)
    if first is None:
        return "no frames of music"
    at, free = first
    claimed = _claimed_frames(window.at(at, _TOLD_WITHIN))
    frames, missing = _walk(window, at, end, HEAD, lambda head: mpeg_frame(head, free))
    if missing is None and frames < claimed:
        return f"{frames} of {claimed} frames"
    return missing


def why_adts_is_cut(window: Window) -> str | None:
    """Return what is missing of a file of ADTS frames, None when it is whole."""
    at, end = start_of_music(window), end_of_music(window)
    if window.at(at, 4) == b"ADIF":
        return "nothing in it says where it ends"
    return _walk(window, at, end, _ADTS_HEAD, adts_frame)[1]


def _walk(
    window: Window, at: int, end: int, head: int, length_of: Callable[[bytes], int]
) -> tuple[int, str | None]:
    for count in range(_MOST):
        if at == end:
            return count, None if count else "no frames of music"
        length = length_of(window.at(at, min(head, end - at)))
        if not length:
            return count, f"byte {at} is no frame of music"
        if at + length > end:
            return count, f"the last frame has {end - at} of {length} bytes"
        at += length
    raise TooMuchReadError


def _claimed_frames(frame: bytes) -> int:
    # Xing and LAME do not count the frame in which they say it; Fraunhofer's VBRI may.
    for mark in (b"Xing", b"Info"):
        place = frame.find(mark, HEAD)
        if place > 0 and frame[place + 7 : place + 8] and frame[place + 7] & 1:
            return int.from_bytes(frame[place + 8 : place + 12]) + 1
    if frame[_VBRI : _VBRI + 4] == b"VBRI":
        return int(struct.unpack(">I", frame[_VBRI + 14 : _VBRI + 18])[0])
    return 0
