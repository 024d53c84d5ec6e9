"""A file that parsers cannot read without end: a few megabytes of tiny records keep them busy for minutes."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class TooMuchReadError(Exception):
    """A parser read more, or more often, than the file of an honest stranger makes it."""

    def __init__(self) -> None:
        super().__init__("it is made to be read without end")


class BoundedFile(io.FileIO):
    """A file open for reading, between two calls of `allow` at most so many bytes in so many reads.

    `file` is a path, or a descriptor that becomes the file's own.
    """

    def __init__(self, file: Path | int) -> None:
        super().__init__(file, "rb")
        self.size = os.fstat(self.fileno()).st_size
        self._bytes = 0
        self._reads = 0

    def allow(self, *, most_bytes: int, most_reads: int) -> None:
        """Let the next parser read so much, from the beginning."""
        self._bytes = most_bytes
        self._reads = most_reads
        self.seek(0)

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place like any file; raise `ValueError` before the beginning."""
        if whence == io.SEEK_SET and offset < 0:
            raise ValueError("a place before the beginning")
        return super().seek(offset, whence)

    def read(self, size: int | None = -1, /) -> bytes:
        """Read like any file; raise `TooMuchReadError` past a bound."""
        everything = size is None or size < 0
        data = super().read(self._bytes + 1 if everything else min(size or 0, self._bytes + 1))
        self._bytes -= len(data)
        self._reads -= 1
        if self._bytes < 0 or self._reads < 0:
            raise TooMuchReadError
        return data
