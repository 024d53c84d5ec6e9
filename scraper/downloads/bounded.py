"""A file that parsers cannot read without end: a few megabytes of tiny records keep them busy for minutes."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class TooMuchReadError(Exception):
    """A parser read more, or more often, than the file of an honest stranger makes it."""


class BoundedFile(io.FileIO):
    """A file open for reading at most `most_bytes`, in at most `most_reads` calls."""

    def __init__(self, path: Path, *, most_bytes: int, most_reads: int) -> None:
        super().__init__(path, "rb")
        self._bytes = most_bytes
        self._reads = most_reads

    def read(self, size: int | None = -1, /) -> bytes:
        """Read like any file; raise `TooMuchReadError` past a bound."""
        everything = size is None or size < 0
        data = super().read(self._bytes + 1 if everything else min(size or 0, self._bytes + 1))
        self._bytes -= len(data)
        self._reads -= 1
        if self._bytes < 0 or self._reads < 0:
            raise TooMuchReadError("it is made to be read without end")
        return data
