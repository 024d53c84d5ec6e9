"""The file that a download is written to before it has its name: hashed on the way, never followed."""

from __future__ import annotations

import contextlib
import hashlib
import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from scraper.downloads.unbroken import in_thread

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

WRITE_SIZE = 1 << 20
"""Bytes collected before one write: each costs a hop to a thread, and small ones cost 60 times more."""

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


class _HashingFile:
    """A raw file that comes into being with its first write and hashes what it writes. Blocks."""

    def __init__(self, path: Path) -> None:
        self.sha256 = hashlib.sha256()
        self._path = path
        self._descriptor: int | None = None

    def write(self, data: bytes) -> int:
        if self._descriptor is None:
            self._descriptor = os.open(self._path, _FLAGS, 0o644)
        self.sha256.update(data)
        view = memoryview(data)
        while view:
            view = view[os.write(self._descriptor, view) :]
        return self._descriptor

    def finish(self, data: bytes) -> None:
        os.fsync(self.write(data))
        self._close()

    def discard(self) -> None:
        # A disk that takes no more may refuse this too: what is raised already says so, and the next claim
        # of the download removes what is left.
        if self._descriptor is not None:
            with contextlib.suppress(OSError):
                self._close()
            with contextlib.suppress(OSError):
                self._path.unlink()

    def _close(self) -> None:
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


class PartWriter:
    """Collects chunks and writes them in pieces of at least `WRITE_SIZE` bytes."""

    def __init__(self, file: _HashingFile) -> None:
        self._file = file
        self._chunks: list[bytes] = []
        self._waiting = 0
        self.size = 0
        """Bytes taken so far."""

    @property
    def sha256(self) -> str:
        """Hex digest of what was written; complete after `finish`."""
        return self._file.sha256.hexdigest()

    async def take(self, chunk: bytes) -> None:
        """Take the next bytes of the file."""
        self._chunks.append(chunk)
        self._waiting += len(chunk)
        self.size += len(chunk)
        if self._waiting >= WRITE_SIZE:
            await in_thread(self._file.write, self._collected())

    async def finish(self) -> None:
        """Write what is left, bring the file to the disk (fsync) and close it."""
        await in_thread(self._file.finish, self._collected())

    def _collected(self) -> bytes:
        data = b"".join(self._chunks)
        self._chunks, self._waiting = [], 0
        return data


@asynccontextmanager
async def create_part(path: Path) -> AsyncIterator[PartWriter]:
    """Yield the writer of `path`, which must not exist and is no link. Its methods raise `OSError`.

    The file comes into being with its first write, and is removed if the block raises.
    """
    file = _HashingFile(path)
    try:
        yield PartWriter(file)
    except BaseException:
        await in_thread(file.discard)
        raise
