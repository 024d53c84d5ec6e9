"""Whether a file is a tar archive, packed or not. Only its first header is read."""

from __future__ import annotations

import bz2
import lzma
import tarfile
import zlib
from typing import TYPE_CHECKING, Final, Protocol

from scraper.downloads.content.refused import broken, not_music

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scraper.downloads.content.window import Window

BLOCK: Final = 512
_FIRST = 1 << 20  # bytes of a packed file among which its first header must be; a block of bzip2 has 900 kB
_MEMORY = 128 << 20  # bytes for a dictionary of xz


class Inflating(Protocol):
    """What the decompressors of the standard library have in common."""

    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes:
        """Return at most `max_length` bytes of what is packed in `data`."""

    @property
    def eof(self) -> bool:
        """Whether the packing has ended."""

    @property
    def unused_data(self) -> bytes:
        """What came behind its end."""


def is_tar_header(head: bytes) -> bool:
    """Return whether `head` begins with a header of a tar archive, with its right sum."""
    try:
        tarfile.TarInfo.frombuf(head[:BLOCK], "utf-8", "surrogateescape")
    except (tarfile.HeaderError, ValueError):
        return False
    return True


def inflating(packed: str) -> Inflating:
    """Return what unpacks a file with the ending gz, bz2 or xz."""
    makers: Mapping[str, Callable[[], Inflating]] = {
        "gz": lambda: zlib.decompressobj(wbits=31),
        "bz2": bz2.BZ2Decompressor,
        "xz": lambda: lzma.LZMADecompressor(memlimit=_MEMORY),
    }
    return makers[packed]()


def look_into(packed: str, window: Window) -> None:
    """Raise `RefusedError` when the file with the ending `packed` holds no tar archive."""
    try:
        first = inflating(packed).decompress(window.at(0, _FIRST), BLOCK)
    except (zlib.error, OSError, EOFError, lzma.LZMAError) as error:
        raise broken(f"broken {packed}: {error}") from error
    if not is_tar_header(first):
        raise not_music(f"it is a packed file ({packed}) without an archive in it")
