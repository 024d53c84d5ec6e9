"""What an earlier claim left of a download: copied as far as its journal is right, never written to. Blocks.

A worker that was stopped may wake up and write on: what it writes to is not what the new claim writes to,
and what has lost its name it cannot publish any more.
"""

from __future__ import annotations

import contextlib
import os
import stat
from typing import TYPE_CHECKING, Final

from scraper.downloads.part.file import READ_SIZE, open_regular
from scraper.downloads.part.journal import MOST_BYTES, read_journal

if TYPE_CHECKING:
    from collections.abc import Generator

    from scraper.downloads.part.file import HashingFile
    from scraper.downloads.part.journal import Journal

STEP: Final = 16 * READ_SIZE
"""Bytes that are copied before somebody may say stop."""

PART: Final = ".part"
TAKEN: Final = ".taken"
"""Ending of a part that has lost its name to a later claim."""
JOURNAL: Final = f"{PART}.journal"


class Earlier:
    """A part that an earlier claim left, called `stem` and an ending, with its journal."""

    def __init__(self, folder_fd: int, stem: str, journal: Journal) -> None:
        self.journal = journal
        self._folder_fd = folder_fd
        self.stem = stem

    @classmethod
    def find(cls, folder_fd: int, stem: str, *, key: str) -> Earlier | None:
        """Return it if its journal is one of the download called `key`."""
        journal = _journal(folder_fd, stem + JOURNAL)
        if journal is None or journal.origin.key != key or not journal.marks:
            return None
        return cls(folder_fd, stem, journal)

    def take(self) -> bool:
        """Take its name away; return whether it was still there."""
        with contextlib.suppress(FileNotFoundError):
            os.rename(
                self.stem + PART, self.stem + TAKEN, src_dir_fd=self._folder_fd, dst_dir_fd=self._folder_fd
            )
        with contextlib.suppress(FileNotFoundError):
            return stat.S_ISREG(os.lstat(self.stem + TAKEN, dir_fd=self._folder_fd).st_mode)
        return False

    def copy_to(self, file: HashingFile) -> Generator[None, None, None]:
        """Copy what the journal is right about, and give way after every `STEP` bytes."""
        try:
            source = open_regular(self._folder_fd, self.stem + TAKEN)
        except OSError:
            return  # what cannot be read is fetched again
        try:
            done = 0
            for mark in self.journal.marks:
                while file.size < mark.size:
                    try:
                        data = os.pread(source, min(READ_SIZE, mark.size - file.size), file.size)
                    except OSError:
                        data = b""
                    if not data:
                        return
                    file.write(data)
                    done += len(data)
                    if done >= STEP:
                        done = 0
                        yield
                if file.digests()["sha256"].hex() == mark.sha256:
                    file.be_sure()
        finally:
            os.close(source)

    def remove(self) -> None:
        """Remove what is left of it."""
        remove_all(self._folder_fd, self.stem)


def remove_all(folder_fd: int, stem: str) -> None:
    """Remove a part and its journal, if they are there."""
    for ending in (PART, TAKEN, JOURNAL):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(stem + ending, dir_fd=folder_fd)


def _journal(folder_fd: int, name: str) -> Journal | None:
    try:
        fd = open_regular(folder_fd, name)
    except OSError:
        return None
    with os.fdopen(fd, "rb") as file:
        try:
            if not stat.S_ISREG(os.fstat(fd).st_mode):
                return None
            return read_journal(file.read(MOST_BYTES))
        except OSError:
            return None
