"""Whether the bytes of a file can hold the music that it claims.

The bounds are what silence takes in each format, so that no honest file is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mutagen.asf import ASF
from mutagen.dsdiff import DSDIFF
from mutagen.dsf import DSF
from mutagen.flac import FLAC
from mutagen.mp3 import MP3
from mutagen.mp4 import MP4

from scraper.downloads.content.boxes import is_fragmented
from scraper.downloads.content.pcm import refuse_short
from scraper.downloads.content.refused import RefusedError, broken
from scraper.downloads.content.window import Window

if TYPE_CHECKING:
    import mutagen

    from scraper.downloads.content.bounded import BoundedFile

MOST_SECONDS: Final = 360_000.0
"""A hundred hours."""

# Bits a second of the lowest setting. MP3: MPEG-1 32,000 and its successors 8,000, as in mpeg.py, less what
# is lost where a frame ends before its last byte is full.
_MP3_BITS: Final = {1: 28_000, 2: 7_000, 2.5: 7_000}
# AAC of silence: some 6 bytes for 2,048 samples. Windows Media's lowest is 5 kbit/s.
_LEAST_BITS: Final = {MP4: 400, ASF: 1_000}


def plausible_seconds(opened: mutagen.FileType, file: BoundedFile) -> float | None:
    """Return how long the music is, None where the file does not know.

    Raises `RefusedError` with `probe-failed` and the figures when it is longer than its bytes can hold, or
    than anybody's music.
    """
    info: Any = opened.info
    seconds = float(getattr(info, "length", 0.0) or 0.0)
    try:
        _refuse_too_long(opened, info, seconds, file.size)
    except RefusedError:
        # All ones stand for a length that is not known; a stream's clock may have run for days before.
        if isinstance(opened, MP4) and is_fragmented(Window(file)):
            return None
        raise
    if seconds > MOST_SECONDS:
        if type(opened).__name__.startswith("Ogg"):
            return None
        raise broken(f"it claims {seconds / 3600:.0f} hours")
    return seconds or None


def _refuse_too_long(opened: mutagen.FileType, info: Any, seconds: float, size: int) -> None:
    if isinstance(opened, FLAC):
        _refuse_packed(info, size)
    elif isinstance(opened, DSF | DSDIFF):
        packed = getattr(info, "compression", "DSD") != "DSD"
        rate = info.channels * info.sample_rate * (0.1 if packed else 1)
        if rate:
            refuse_short(seconds, size * 8 / rate, "seconds", spare=1.0)
    else:
        bits = _MP3_BITS.get(info.version, 0) if isinstance(opened, MP3) else _LEAST_BITS.get(type(opened), 0)
        if seconds > 1 and bits * seconds > size * 8:
            raise broken(f"it claims {seconds:.0f} seconds in {size} bytes")


def _refuse_packed(info: Any, size: int) -> None:
    # A frame of silence: head and sums of 8 bytes, and of each channel its head and one sample. RFC 9639, 9.
    if not info.max_blocksize:
        return
    frames = info.total_samples // info.max_blocksize
    least = frames * (8 + info.channels * (8 + info.bits_per_sample) // 8)
    if least > size:
        raise broken(f"it claims {info.length:.0f} seconds, at least {least} bytes, in {size}")
