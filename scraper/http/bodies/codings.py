"""Content codings undone piece by piece: bounded memory, bounded steps, and no end that is none.

aiohttp can do this too, but says nothing when gzip, brotli or zstd stop in the middle, and lets a zstd
frame claim 128 MB.
"""

from __future__ import annotations

import sys
import zlib
from typing import TYPE_CHECKING, Final, Protocol

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ACCEPT_ENCODING: Final = "gzip, deflate, br, zstd"
"""The codings that `decoder_for` undoes, as a request header says it."""

PIECE: Final = 262_144
"""Bytes after which a decoder pauses; brotli gives up to twice as many at once."""

_WINDOW = 16_384  # bytes of input at once: what follows a member's end is copied for each member
_MAX_MEMBERS = 10_000
_ZSTD_WINDOW: dict[int, int] = {zstd.DecompressionParameter.window_log_max: 23}  # 8 MB: RFC 9659, section 3
_GZIP_MAGIC = (b"\x1f\x8b",)
# A frame, and the sixteen skippable ones: RFC 8878, sections 3.1.1 and 3.1.2
_ZSTD_MAGIC = (b"\x28\xb5\x2f\xfd", *(bytes([low, 0x2A, 0x4D, 0x18]) for low in range(0x50, 0x60)))
_DEFLATE_METHOD = 8  # the low half of a zlib stream's first byte (RFC 1950); raw deflate has others

# Not codings, but sent by servers that mean none: https://github.com/curl/curl/pull/2298 and others
_NO_CODING = frozenset({"", "identity", "none", "utf-8"})


class CodingError(Exception):
    """A body that is not what its Content-Encoding says."""


class CutShortError(CodingError):
    """A body that ends before its coding does."""


class _Stream(Protocol):
    """One compressed stream. `hungry`: it wants more input; `rest`: what followed its end."""

    finished: bool
    hungry: bool
    rest: bytes

    def take(self, data: bytes) -> bytes:
        """Return up to a piece of output; `data` is empty unless the stream is hungry."""


class Decoder:
    """Undoes one coding. Feed it until the body ends, then `finish`.

    Streams that follow one another count as one, as gzip and zstd have it; what else follows the last
    is no part of the body.
    """

    def __init__(self, new: Callable[[bytes], _Stream], magics: tuple[bytes, ...]) -> None:
        self._new = new
        self._magics = magics
        self._stream: _Stream | None = None
        self._members = 0
        self._head = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what `data` unpacks to, in pieces that may be empty: each is a bounded step.

        Raises `CodingError`.
        """
        for start in range(0, len(data), _WINDOW):
            yield from self._unpack(data[start : start + _WINDOW])

    def finish(self) -> None:
        """Raise `CutShortError` unless the coding has ended, or never began."""
        if self._stream is not None:
            raise CutShortError("the compressed data ends too early")

    def _unpack(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._stream is None:
                data = self._begin(data)
                if self._stream is None:
                    return
            try:
                yield self._stream.take(data)
                while not self._stream.finished and not self._stream.hungry:
                    yield self._stream.take(b"")
            except (zlib.error, brotli.error, zstd.ZstdError) as error:
                raise CodingError(str(error)) from error
            data = b""
            if self._stream.finished:
                data, self._stream = self._stream.rest, None

    def _begin(self, data: bytes) -> bytes:
        """Open the next stream, if one begins; return its input."""
        if self._members:
            data = self._head + data
            if not any(data.startswith(magic) for magic in self._magics):
                may_be = any(magic.startswith(data) for magic in self._magics)
                self._head = data if may_be else b"\0"  # what no magic number begins with
                return b""
            if self._members == _MAX_MEMBERS:
                raise CodingError(f"more than {_MAX_MEMBERS:,} compressed members")
            self._head = b""
        self._members += 1
        self._stream = self._new(data)
        return data


class _Zlib:
    def __init__(self, wbits: int) -> None:
        self._inner = zlib.decompressobj(wbits)
        self.finished = False
        self.hungry = True
        self.rest = b""

    def take(self, data: bytes) -> bytes:
        piece = self._inner.decompress(self._inner.unconsumed_tail + data, PIECE)
        self.finished, self.rest = self._inner.eof, self._inner.unused_data
        self.hungry = len(piece) < PIECE  # a full piece may have more behind it, input or not
        return piece


class _Brotli:
    def __init__(self, _start: bytes) -> None:
        self._inner = brotli.Decompressor()
        self.finished = False
        self.hungry = True
        self.rest = b""

    def take(self, data: bytes) -> bytes:
        piece: bytes = self._inner.process(data, output_buffer_limit=PIECE)
        self.finished = self._inner.is_finished()
        self.hungry = len(piece) < PIECE and self._inner.can_accept_more_data()
        return piece


class _Zstd:
    def __init__(self, _start: bytes) -> None:
        self._inner = zstd.ZstdDecompressor(options=_ZSTD_WINDOW)
        self.finished = False
        self.hungry = True
        self.rest = b""

    def take(self, data: bytes) -> bytes:
        piece = self._inner.decompress(data, PIECE)
        self.finished, self.rest = self._inner.eof, self._inner.unused_data
        self.hungry = self._inner.needs_input
        return piece


def _gzip(_start: bytes) -> _Stream:
    return _Zlib(16 + zlib.MAX_WBITS)


def _deflate(start: bytes) -> _Stream:
    # RFC 9110 says zlib's format; some servers send bare deflate, and every browser takes it.
    return _Zlib(zlib.MAX_WBITS if start[0] & 0xF == _DEFLATE_METHOD else -zlib.MAX_WBITS)


_CODINGS: dict[str, tuple[Callable[[bytes], _Stream], tuple[bytes, ...]]] = {
    "gzip": (_gzip, _GZIP_MAGIC),
    "x-gzip": (_gzip, _GZIP_MAGIC),  # RFC 9110, section 8.4.1.3
    "deflate": (_deflate, ()),
    "br": (_Brotli, ()),
    "zstd": (_Zstd, _ZSTD_MAGIC),
}


def decoder_for(content_encoding: str) -> Decoder | None:
    """Return what undoes a Content-Encoding (any case), or None where there is nothing to undo.

    Raises `CodingError` for a coding that was not asked for, and for more than one.
    """
    names = [name.strip().lower() for name in content_encoding.split(",")]
    codings = [name for name in names if name not in _NO_CODING]
    if not codings:
        return None
    if len(codings) > 1 or codings[0] not in _CODINGS:
        raise CodingError(f"Content-Encoding: {content_encoding[:100]!a}")
    return Decoder(*_CODINGS[codings[0]])
