"""WAV (RIFF, RF64, BW64) and AIFF files, opened by ourselves: what streams write, mutagen does not read.

Of music that is not packed the bytes are counted: a file that says five minutes has them.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from scraper.downloads.content.chunks import Chunk, Form, read_form
from scraper.downloads.content.refused import broken
from scraper.downloads.content.verdict import Content

if TYPE_CHECKING:
    from scraper.downloads.content.window import Window

_FMT: Final = struct.Struct("<HHIIHH")
_COMM: Final = struct.Struct(">hIhHQ")
_LEAST_HELD: Final = (
    0.9  # of what is claimed: the size is now and then written before the file is cut to length
)
_SECOND: Final = 1.0
_BIAS: Final = 16383 + 63  # of the exponent of an 80-bit number, whose fraction is a whole number of 64 bits


def is_form(head: bytes) -> bool:
    """Return whether `head` begins like a WAV or AIFF file."""
    return (head[:4] in {b"RIFF", b"RF64", b"BW64"} and head[8:12] == b"WAVE") or (
        head[:4] == b"FORM" and head[8:12] in {b"AIFF", b"AIFC"}
    )


def open_form(window: Window) -> Content:
    """Return what a WAV or AIFF file holds. Raises `RefusedError` where it holds no music, or too little."""
    form = read_form(window)
    return _open_wave(form, window) if form.kind == b"WAVE" else _open_aiff(form, window)


def _open_wave(form: Form, window: Window) -> Content:
    about = form.first(b"fmt ")
    data = form.first(b"data")
    head = window.at(about.start, _FMT.size) if about else b""
    if len(head) < _FMT.size:
        raise broken("a WAV file that does not say what is in it")
    _, channels, rate, byte_rate, _, _ = _FMT.unpack(head)
    if not (channels and rate and byte_rate):
        raise broken("a WAV file of 0 channels or samples a second")
    return Content(extension="wav", seconds=_seconds(data, window, byte_rate))


def _open_aiff(form: Form, window: Window) -> Content:
    about = form.first(b"COMM")
    data = form.first(b"SSND")
    head = window.at(about.start, _COMM.size) if about else b""
    if len(head) < _COMM.size:
        raise broken("an AIFF file that does not say what is in it")
    channels, frames, bits, exponent, fraction = _COMM.unpack(head)
    # Too many or too few for a number of ours: no rate of music, whatever it is.
    rate = fraction * 2.0 ** ((exponent & 0x7FFF) - _BIAS) if (exponent & 0x7FFF) < _BIAS else 0.0
    if channels < 1 or rate < 1:
        raise broken("an AIFF file of 0 channels or samples a second")
    held = _seconds(
        data, window, max(1, round(rate * channels * -(-bits // 8))) if form.kind == b"AIFF" else 0
    )
    return Content(extension="aiff", seconds=frames / rate if frames else held)


def _seconds(data: Chunk | None, window: Window, byte_rate: int) -> float | None:
    held = data.held(window) if data else 0
    if data is None or not held:
        raise broken("there is no music in it")
    if data.size is not None and data.size > held:
        if not byte_rate:
            refuse_short(data.size, held, "bytes of music")
        else:
            refuse_short(data.size / byte_rate, held / byte_rate, "seconds", spare=_SECOND)
    return held / byte_rate if byte_rate else None


def refuse_short(claimed: float, held: float, unit: str, *, spare: float = 0) -> None:
    """Raise `RefusedError` when much of what is `claimed` is not there."""
    if held < claimed * _LEAST_HELD - spare:
        raise broken(f"it claims {claimed:.0f} {unit} and holds {held:.0f}")
