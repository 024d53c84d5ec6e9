"""The new folder that an archive is unpacked into: everything in it is made by us, through descriptors."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_NEW: Final = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_FOLDER: Final = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)


class Shelf:
    """A folder of ours, by its descriptor `folder`. Files have numbers until all are there."""

    def __init__(self, folder: int) -> None:
        self._folder = folder

    def clear(self) -> None:
        """Remove what an earlier try left behind."""
        with os.scandir(self._folder) as entries:
            names = [entry.name for entry in entries]
        for name in names:
            self._remove(name)

    def create(self, number: int) -> int:
        """Return the descriptor of a new, empty file."""
        return os.open(_called(number), _NEW, 0o666, dir_fd=self._folder)

    def remove(self, number: int) -> None:
        """Remove a file that has no name yet."""
        os.unlink(_called(number), dir_fd=self._folder)

    def put(self, number: int, path: Sequence[str]) -> None:
        """Give a file its name, in folders that are made where they are not there."""
        *folders, name = path
        descriptor = os.dup(self._folder)
        try:
            for folder in folders:
                with suppress(FileExistsError):
                    os.mkdir(folder, dir_fd=descriptor)
                inner = os.open(folder, _FOLDER, dir_fd=descriptor)
                os.close(descriptor)
                descriptor = inner
            os.rename(_called(number), name, src_dir_fd=self._folder, dst_dir_fd=descriptor)
        finally:
            os.close(descriptor)

    def sync(self) -> None:
        """Make the names of all files last."""
        for _, _, _, descriptor in os.fwalk(dir_fd=self._folder):
            os.fsync(descriptor)

    def _remove(self, name: str) -> None:
        try:
            os.unlink(name, dir_fd=self._folder)
        except (IsADirectoryError, PermissionError):
            shutil.rmtree(name, dir_fd=self._folder)


def _called(number: int) -> str:
    return f"{number:05}.part"
