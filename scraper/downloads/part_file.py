"""The file that a download is written to before it has its name: hashed on the way, never followed."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import aiofiles.threadpool

from storage.unbroken import in_thread, unbroken

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

WRITE_SIZE = 1 << 20
"""Bytes collected before one write: each costs a hop to a thread, and small ones cost 60 times more."""

_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


class _HashingFile(io.FileIO):
    """A new file that writes all it is given and hashes it in the same thread hop. Blocks."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "x", opener=lambda name, flags: os.open(name, flags | _NO_LINK, 0o644))
        self.sha256 = hashlib.sha256()

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        self.sha256.update(data)
        view = memoryview(data)
        while view:
            view = view[os.write(self.fileno(), view) :]
        return len(data)

    def finish(self, data: bytes) -> None:
        self.write(data)
        os.fsync(self.fileno())
        self.close()


class PartWriter:
    """Collects chunks and writes them in pieces of at least `WRITE_SIZE` bytes."""

    def __init__(self, path: Path) -> None:
        self.size = 0
        """Bytes taken so far."""
        self.sha256 = ""
        """Hex digest of what was written; known after `finish`."""
        self._path = path
        self._raw: _HashingFile | None = None
        self._chunks: list[bytes] = []
        self._waiting = 0

    async def take(self, chunk: bytes) -> None:
        """Take the next bytes of the file."""
        self._chunks.append(chunk)
        self._waiting += len(chunk)
        self.size += len(chunk)
        if self._waiting >= WRITE_SIZE:
            raw = self._raw or await in_thread(self._open)
            await unbroken(aiofiles.threadpool.wrap(raw).write(self._collected()))

    async def finish(self) -> None:
        """Write what is left, bring the file to the disk (fsync) and close it."""
        await in_thread(self._finish, self._collected())

    async def discard(self) -> None:
        """Close and remove the file, if it came into being."""
        await in_thread(self._discard)

    def _open(self) -> _HashingFile:
        if self._raw is None:
            self._raw = _HashingFile(self._path)
        return self._raw

    def _finish(self, data: bytes) -> None:
        # A small file is opened, written, brought to the disk and closed in one hop.
        raw = self._open()
        raw.finish(data)
        self.sha256 = raw.sha256.hexdigest()

    def _discard(self) -> None:
        # A disk that takes no more may refuse this too: what is raised already says so, and the next claim
        # of the download removes what is left.
        if self._raw is not None:
            with contextlib.suppress(OSError):
                self._raw.close()
            with contextlib.suppress(OSError):
                self._path.unlink()

    def _collected(self) -> bytes:
        data = b"".join(self._chunks)
        self._chunks, self._waiting = [], 0
        return data


@asynccontextmanager
async def create_part(path: Path) -> AsyncIterator[PartWriter]:
    """Yield the writer of `path`, which must not exist and is no link. Its methods raise `OSError`.

    The file comes into being with its first write, and is removed if the block raises.
    """
    writer = PartWriter(path)
    try:
        yield writer
    except BaseException:
        await writer.discard()
        raise
