"""Tar archives: entry by entry, then two empty blocks. Packed ones: to the end of the packing."""

from __future__ import annotations

import lzma
import tarfile
import zlib
from typing import TYPE_CHECKING, Final

from scraper.downloads.content.bounded import TooMuchReadError
from scraper.downloads.content.tars import BLOCK, inflating

if TYPE_CHECKING:
    from scraper.downloads.content.window import Window

_PIECE: Final = 64 * 1024
_OUT: Final = 1 << 20
_MOST: Final = 100_000  # entries
_RATIO: Final = 100
_SPARE: Final = 256 << 20
_EMPTY: Final = bytes(2 * BLOCK)
_NO_END: Final = "the end of the archive is missing"


def why_tar_is_cut(window: Window) -> str | None:
    """Return what is missing of a tar archive, None when it is whole."""
    at = 0
    for _ in range(_MOST):
        head = window.at(at, BLOCK)
        if not any(head):
            return None if window.at(at, 2 * BLOCK) == _EMPTY else _NO_END
        try:
            entry = tarfile.TarInfo.frombuf(head, "utf-8", "surrogateescape")
        except (tarfile.HeaderError, ValueError):
            return f"byte {at} is no entry"
        if entry.size < 0:
            return f"byte {at} is no entry"
        at += BLOCK + -(-entry.size // BLOCK) * BLOCK
    raise TooMuchReadError


def why_packed_is_cut(window: Window, packed: str) -> str | None:
    """Return what is missing of a file with the ending gz, bz2 or xz, None when it is whole.

    What is packed is unpacked into nothing, with its sums. A bomb ends in `TooMuchReadError`.
    """
    unpacked, most = 0, _RATIO * window.size + _SPARE
    at = 0
    try:
        while at < window.size:
            stream = inflating(packed)
            data = b""
            while not stream.eof:
                if not data and getattr(stream, "needs_input", True):
                    data = window.at(at, _PIECE)
                    at += len(data)
                    if not data:
                        return _NO_END
                unpacked += len(stream.decompress(data, _OUT))
                if unpacked > most:
                    raise TooMuchReadError
                data = getattr(stream, "unconsumed_tail", b"")
            at -= len(stream.unused_data)
            if not any(window.at(at, _PIECE)):
                return None
    except (zlib.error, OSError, EOFError, lzma.LZMAError) as error:
        return str(error)
    return _NO_END
