"""The bytes of a tar archive, unpacked on the way, and read once from the beginning to the end."""

from __future__ import annotations

import lzma
import zlib
from typing import TYPE_CHECKING, Final

from scraper.downloads.content.refused import broken
from scraper.downloads.content.tars import BLOCK, inflating

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.downloads.content.bounded import BoundedFile

_PIECE: Final = 64 * 1024
_RATIO: Final = 100
_SPARE: Final = 256 << 20  # bytes that a small archive may grow to


class TarStream:
    """A tar archive as one stream; `packed` is gz, bz2, xz, or None. `stop` raises when it is time to.

    What unpacks to more than a hundred times its size, beyond 256 MB, is refused as a whole.
    """

    def __init__(self, file: BoundedFile, packed: str | None, *, stop: Callable[[], None]) -> None:
        file.allow(most_bytes=file.size + _SPARE, most_reads=file.size // 64 + 1_000_000)
        self._file = file
        self._packed = packed
        self._stop = stop
        self._inflating = inflating(packed) if packed else None
        self._input = b""
        self._output = b""
        self._left = _RATIO * file.size + _SPARE
        self._entry = self._padding = 0

    def begin(self, size: int) -> _Data:
        """Return the data of an entry of `size` bytes, which begin here."""
        self._entry = size
        self._padding = -size % BLOCK
        return _Data(self)

    def end(self) -> None:
        """Pass over what nobody has read of the entry."""
        while self._entry:
            self.of_entry(_PIECE)
        self.exactly(self._padding)

    def of_entry(self, size: int) -> bytes:
        """Return at most `size` bytes of the entry, b"" behind them."""
        data = self.read(min(size, self._entry)) if self._entry else b""
        if self._entry and not data:
            raise broken("the archive ends in the middle of a file")
        self._entry -= len(data)
        return data

    def exactly(self, size: int) -> bytes:
        """Return `size` bytes, few. Raises `RefusedError` where the archive ends before."""
        data = self.read(size)
        if len(data) < size:
            raise broken("the archive ends in the middle of a header")
        return data

    def read(self, size: int) -> bytes:
        """Return `size` bytes, fewer at the end of the archive."""
        pieces = []
        while size:
            self._stop()
            piece = self._piece(size)
            if not piece:
                break
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def _piece(self, size: int) -> bytes:
        if self._inflating is None:
            return self._file.read(size)
        if not self._output:
            self._output = self._inflated()
            self._left -= len(self._output)
            if self._left < 0:
                raise broken("it unpacks to hundreds of times its size")
        piece, self._output = self._output[:size], self._output[size:]
        return piece

    def _inflated(self) -> bytes:
        try:
            while True:
                stream = self._inflating
                if stream is None or self._packed is None:
                    return b""
                if stream.eof:  # another one may follow
                    self._input = (stream.unused_data or self._file.read(_PIECE)).lstrip(b"\0")
                    if not self._input:
                        return b""
                    stream = self._inflating = inflating(self._packed)
                elif not self._input and getattr(stream, "needs_input", True):
                    self._input = self._file.read(_PIECE)
                    if not self._input:
                        raise broken("the packing ends in the middle")
                data, self._input = stream.decompress(self._input, _PIECE), b""
                self._input = getattr(stream, "unconsumed_tail", b"")
                if data:
                    return data
        except (zlib.error, OSError, EOFError, lzma.LZMAError) as error:
            raise broken(f"broken packing: {error}") from error


class _Data:
    def __init__(self, stream: TarStream) -> None:
        self._stream = stream

    def read(self, size: int, /) -> bytes:
        return self._stream.of_entry(size)
