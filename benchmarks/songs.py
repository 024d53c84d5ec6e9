"""Music for a file server: whole MP3 files of one size, each different, made from their number."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cached_property

# ISO/IEC 11172-3: MPEG 1, layer III, 128 kbit/s at 48 kHz, stereo: frames of 1152 × 128,000 ÷ 8 ÷ 48,000.
_FRAME_HEADER = b"\xff\xfb\x94\x00"
_FRAME_BYTES = 384
_DIFFERENT = 64  # frames of noise, again and again: nothing on the way finds a pattern as long as these

# ID3v2.3 (id3.org), sections 3.1 and 3.3: ten bytes each, then a text in Latin-1; zeros fill the tag up.
_TAG_HEADER_BYTES = 10
_FRAME_OF_TAG = b"TIT2%b\x00\x00%b"
_LEAST_TAG = 64


@dataclass(frozen=True)
class Songs:
    """Files of `size` bytes: a tag with the number of the file, and the frames that all have in common."""

    size: int

    def __post_init__(self) -> None:
        if self.size < _LEAST_TAG + 2 * _FRAME_BYTES:
            raise ValueError(f"{self.size} bytes hold no song")

    @cached_property
    def frames(self) -> bytes:
        """The end of every file."""
        count = (self.size - _LEAST_TAG) // _FRAME_BYTES
        noise = random.Random(count)  # noqa: S311 - noise
        some = [_FRAME_HEADER + noise.randbytes(_FRAME_BYTES - len(_FRAME_HEADER)) for _ in range(_DIFFERENT)]
        return (b"".join(some) * (count // _DIFFERENT + 1))[: count * _FRAME_BYTES]

    def tag(self, number: int) -> bytes:
        """Return the beginning of file `number`, up to the frames."""
        text = b"\x00Take %d" % number
        title = _FRAME_OF_TAG % (len(text).to_bytes(4, "big"), text)
        room = self.size - len(self.frames) - _TAG_HEADER_BYTES
        header = b"ID3\x03\x00\x00\x00\x00" + bytes((room >> 7, room & 0x7F))
        return header + title.ljust(room, b"\x00")
