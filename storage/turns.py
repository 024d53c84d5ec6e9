"""Whose turn it is to read a blog: one process at a time, for as long as it lives."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
from typing import TYPE_CHECKING

from storage.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SUFFIX = "-reading"
_PLACES = 1 << 40


class Turns:
    """Locks by blog beside the database at `path`, held by the operating system and gone with the process.

    Each blog is one byte of a file that stays empty (fcntl(2), advisory record locks): after a kill
    nothing is left that somebody would have to clear. Closing gives back all turns.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.with_name(path.name + _SUFFIX)
        self._descriptor: int | None = None

    @contextlib.contextmanager
    def take(self, blog: str) -> Iterator[bool]:
        """Yield whether this process may read `blog` now; False while another one does."""
        place = int.from_bytes(hashlib.sha256(blog.encode(errors="replace")).digest()[:8]) % _PLACES
        if not self._lock(place):
            yield False
            return
        try:
            yield True
        finally:
            if self._descriptor is not None:
                fcntl.lockf(self._descriptor, fcntl.LOCK_UN, 1, place)

    def close(self) -> None:
        """Give back every turn."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _lock(self, place: int) -> bool:
        try:
            if self._descriptor is None:
                self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.lockf(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
        except BlockingIOError:
            return False
        except OSError as error:
            raise StorageError(
                f"The folder of the database cannot hold its locks ({error.strerror})",
                where=str(self._path),
                next_step="Check the folder, or use another --database",
            ) from error
        return True
