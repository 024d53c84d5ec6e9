"""The file that a download is written to before it has its name: hashed on the way, never followed."""

from __future__ import annotations

import asyncio
import hashlib
import io
import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import aiofiles.threadpool

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

WRITE_SIZE = 1 << 20
"""Bytes collected before one write: each costs a hop to a thread, and small ones cost 60 times more."""

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


class _HashingFile(io.FileIO):
    """A raw file that hashes what it writes, in the same thread hop, and writes all of it."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(descriptor, "wb")
        self.sha256 = hashlib.sha256()

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        self.sha256.update(data)
        view = memoryview(data)
        while view:
            view = view[super().write(view) :]
        return len(data)

    def sync(self) -> None:
        os.fsync(self.fileno())


class PartWriter:
    """Collects chunks and writes them in pieces of at least `WRITE_SIZE` bytes."""

    def __init__(self, raw: _HashingFile) -> None:
        self._raw = raw
        self._file = aiofiles.threadpool.wrap(raw)
        self._chunks: list[bytes] = []
        self._waiting = 0
        self.size = 0
        """Bytes taken so far."""

    @property
    def sha256(self) -> str:
        """Hex digest of what was written; complete after `finish`."""
        return self._raw.sha256.hexdigest()

    async def take(self, chunk: bytes) -> None:
        """Take the next bytes of the file."""
        self._chunks.append(chunk)
        self._waiting += len(chunk)
        self.size += len(chunk)
        if self._waiting >= WRITE_SIZE:
            await self._flush()

    async def finish(self) -> None:
        """Write what is left and bring it to the disk (fsync)."""
        await self._flush()
        await asyncio.to_thread(self._raw.sync)

    async def _flush(self) -> None:
        if self._chunks:
            data, self._chunks, self._waiting = b"".join(self._chunks), [], 0
            await self._file.write(data)


@asynccontextmanager
async def create_part(path: Path) -> AsyncIterator[PartWriter]:
    """Create `path`, which must not exist and is no link, and yield its writer. Raises `OSError`."""
    raw = _HashingFile(os.open(path, _FLAGS, 0o644))
    try:
        yield PartWriter(raw)
    finally:
        raw.close()
