"""The file on the disk that a part is written to: new, no link, hashed while it is written. Blocks."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import os
from typing import TYPE_CHECKING, Final

from scraper.downloads.part.journal import Mark, header_line, mark_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from hashlib import _Hash as Hash

    from scraper.downloads.part.journal import Origin

READ_SIZE: Final = 1 << 20
"""Bytes that are read at once."""

_SAFE = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_NEW = os.O_CREAT | os.O_EXCL | _SAFE
_MODE = 0o644
_MAIN = "sha256"


class HashingFile(io.FileIO):
    """The file `name` in the folder of `folder_fd`, made new; it writes all it is given and hashes it.

    A journal, once begun, gets a mark with each write: neither needs an fsync, for nothing in it is
    believed that the bytes do not bear out.
    """

    def __init__(self, folder_fd: int, name: str) -> None:
        super().__init__(os.open(name, os.O_RDWR | _NEW, _MODE, dir_fd=folder_fd), "r+b")
        self.size = 0
        """Bytes written so far."""
        self.journaled = False
        """Whether there is a journal."""
        self._name = name
        self._folder_fd = folder_fd
        self._identity = _identity(self.fileno())
        self._journal_fd: int | None = None
        self._hashes: dict[str, Hash] = {_MAIN: hashlib.sha256()}
        self._sure: tuple[int, dict[str, Hash]] = (0, {_MAIN: hashlib.sha256()})

    def digests(self) -> dict[str, bytes]:
        """Return the digests of what was written, by the names of their algorithms."""
        return {name: running.digest() for name, running in self._hashes.items()}

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        """Write and hash all of `data`, and set a mark in the journal. What fails was not written."""
        self.writelines((data,))
        return len(data)

    def writelines(self, chunks: Sequence[bytes], /) -> None:  # type: ignore[override]
        """Do the same with many `chunks`, which are not copied into one."""
        fd, at = self.fileno(), self.size
        for chunk in chunks:
            view = memoryview(chunk)
            while view:
                written = os.pwrite(fd, view, at)
                view, at = view[written:], at + written
        for running in self._hashes.values():
            for chunk in chunks:
                running.update(chunk)
        self.size = at
        self.mark()

    def start_over(self) -> None:
        """Forget all that was written."""
        self.truncate(0)
        self.size = 0
        self._hashes = {_MAIN: hashlib.sha256()}
        self._remove_journal()

    def be_sure(self) -> None:
        """Remember what was written so far."""
        self._sure = self.size, {name: running.copy() for name, running in self._hashes.items()}

    def back_to_sure(self) -> None:
        """Go back to what was remembered last."""
        self.size, self._hashes = self._sure
        self.truncate(self.size)

    def begin_journal(self, origin: Origin) -> None:
        """Make a new journal for bytes from `origin`, with a mark if there are some already."""
        self._remove_journal()
        self._journal_fd = os.open(
            journal_of(self._name), os.O_WRONLY | os.O_APPEND | _NEW, _MODE, dir_fd=self._folder_fd
        )
        self.journaled = True
        os.write(self._journal_fd, header_line(origin))
        self.mark()

    def mark(self) -> None:
        """Note in the journal, if there is one, what was written so far."""
        if self._journal_fd is not None and self.size:
            os.write(self._journal_fd, mark_line(Mark(self.size, self._hashes[_MAIN].hexdigest())))

    def new_hashes(self, algorithms: Iterable[str]) -> dict[str, Hash]:
        """Return those of the algorithms that nothing was hashed with yet."""
        return {
            name: hashlib.new(name, usedforsecurity=False) for name in algorithms if name not in self._hashes
        }

    def feed(self, hashes: Mapping[str, Hash], start: int, size: int) -> None:
        """Give `hashes` the `size` bytes that were written at `start`."""
        for at in range(start, start + size, READ_SIZE):
            data = self.read_at(at, min(READ_SIZE, start + size - at))
            for running in hashes.values():
                running.update(data)

    def also_hash(self, hashes: Mapping[str, Hash]) -> None:
        """Go on with `hashes` too, which know what was written so far."""
        self._hashes.update(hashes)

    def read_at(self, start: int, size: int) -> bytes:
        """Return `size` bytes from `start` on; raise `OSError` where they are not there."""
        data = os.pread(self.fileno(), size, start)
        if len(data) != size:
            raise OSError(errno.EIO, "the part file is shorter than what was written to it", self._name)
        return data

    def reopen(self) -> None:
        """Open the file again after `close`. Raises `OSError`, also where it is another file by now."""
        fd = os.open(self._name, os.O_RDWR | _SAFE, dir_fd=self._folder_fd)
        if _identity(fd) != self._identity:
            os.close(fd)
            raise FileExistsError(errno.EEXIST, "another file is in its place", self._name)
        io.FileIO.__init__(self, fd, "r+b")
        self.truncate(self.size)  # a write that failed may have left more
        if self.journaled:
            self._journal_fd = os.open(
                journal_of(self._name), os.O_WRONLY | os.O_APPEND | _SAFE, dir_fd=self._folder_fd
            )

    def close(self) -> None:
        """Close file and journal."""
        self._close_journal()
        super().close()

    def remove(self) -> None:
        """Close the file and remove it, with its journal."""
        self.close()
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._name, dir_fd=self._folder_fd)
        self._remove_journal()

    def _remove_journal(self) -> None:
        self._close_journal()
        if self.journaled:
            self.journaled = False
            with contextlib.suppress(FileNotFoundError):
                os.unlink(journal_of(self._name), dir_fd=self._folder_fd)

    def _close_journal(self) -> None:
        fd, self._journal_fd = getattr(self, "_journal_fd", None), None
        if fd is not None:
            os.close(fd)


def journal_of(name: str) -> str:
    """Return the name of the journal of the part called `name`."""
    return f"{name}.journal"


def open_regular(folder_fd: int, name: str) -> int:
    """Return a descriptor to read the file `name`, which is no link. Raises `OSError`."""
    return os.open(name, os.O_RDONLY | os.O_NONBLOCK | _SAFE, dir_fd=folder_fd)


def _identity(fd: int) -> tuple[int, int]:
    status = os.fstat(fd)
    return status.st_dev, status.st_ino
