"""The folder that files are published in, opened once: what is swapped for a link later leads nowhere."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import threading
import time
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from scraper.downloads.errors import DownloadError, VolumeError
from scraper.downloads.publishing.taken_names import TakenNames
from storage.folders import sync_folder
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORGOTTEN_AFTER = 7200.0
"""Seconds after which a part file that nobody wrote to belongs to nobody: a transfer that lives writes a
megabyte in 34 minutes at least (scraper.downloads.fetching gives up what is slower)."""

INCOMPLETE: Final = ".incomplete"
"""The folder of what grows: on the same file system, so that publishing is a rename."""

UNFINISHED: Final = ".tmp"
"""Ending, in that folder, of a file of ours that is not whole yet."""

UNPACKED: Final = ".unpack"
"""Ending, in that folder, of a folder that an archive is unpacked into."""

_FOLDER_FLAGS: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_MODE: Final = 0o755
# What is wrong with one name or one file, not with the volume.
_OF_ONE_NAME: Final = frozenset(
    {
        errno.EEXIST,
        errno.ENAMETOOLONG,
        errno.EILSEQ,
        errno.EINVAL,
        errno.EFBIG,
        errno.ELOOP,
        errno.ENOTDIR,
        errno.EISDIR,
        errno.ENOTEMPTY,
    }
)
_FORBIDDEN: Final = frozenset({errno.EACCES, errno.EPERM})


class OpenFolder:
    """A folder for files, held open: `fd` and `incomplete_fd` are descriptors. Get it from `open_folder`.

    `path` is absolute and may be a link, as its user wished; below it no link is followed. `names` and
    `naming`, a lock to be held from the look at names to the giving of one, are for `publish`.
    """

    def __init__(self, path: Path, fd: int, incomplete_fd: int) -> None:
        self.path = path
        self.fd = fd
        self.incomplete_fd = incomplete_fd
        self.names = TakenNames()
        self.naming = threading.Lock()

    @property
    def incomplete(self) -> Path:
        """Where files grow."""
        return self.path / INCOMPLETE

    def check(self) -> None:
        """Raise `VolumeError` where `path` leads to another folder by now, or parts have none. Blocks."""
        try:
            same = _identity(self.path.stat()) == _identity(os.fstat(self.fd))
        except OSError as error:
            raise VolumeError.of(error, str(self.path)) from error
        if not same or not os.fstat(self.incomplete_fd).st_nlink:
            detail = "the folder was moved or replaced meanwhile"
            raise VolumeError(Reason.DISK_ERROR, str(self.path), detail=detail)

    @contextmanager
    def below(self, parent: PurePosixPath, *, make: bool = False) -> Iterator[int]:
        """Give a descriptor of its own of the subfolder `parent`; its parts are made where asked. Blocks.

        What is new is brought to the disk. Raises `OSError` where a part is a link or a file.
        """
        fd = os.open(".", _FOLDER_FLAGS, dir_fd=self.fd)
        try:
            for name in parent.parts:
                if make:
                    make_folder(name, fd)
                inner = os.open(name, _FOLDER_FLAGS | os.O_NOFOLLOW, dir_fd=fd)
                os.close(fd)
                fd = inner
            yield fd
        finally:
            os.close(fd)

    @contextmanager
    def errors(self, wanted: PurePosixPath | str) -> Iterator[None]:
        """Turn each `OSError` into one of the volume, or of the one file that was `wanted`. Blocks.

        `wanted` is a path below this folder, or words that tell which file is meant. Raises `VolumeError`
        and `DownloadError` with `disk-error`; `FileExistsError` is left as it is.
        """
        where = str(self.path / wanted) if isinstance(wanted, PurePosixPath) else wanted
        nested = isinstance(wanted, PurePosixPath) and len(wanted.parts) > 1
        try:
            yield
        except FileExistsError:
            raise
        except UnicodeEncodeError as error:
            detail = "the file system cannot hold this name"
            raise DownloadError(Reason.DISK_ERROR, where, detail=detail) from error
        except FileNotFoundError as error:
            # The part alone is missing when another claim of the same link has taken over.
            self.check()
            detail = f"{error.filename or 'a file'} is gone"
            raise DownloadError(Reason.DISK_ERROR, where, detail=detail) from error
        except OSError as error:
            # One subfolder that may not be written is no reason to stop all others.
            if error.errno in _OF_ONE_NAME or (nested and error.errno in _FORBIDDEN):
                detail = error.strerror or str(error)
                raise DownloadError(Reason.DISK_ERROR, where, detail=detail) from error
            raise VolumeError.of(error, str(self.path)) from error


@contextmanager
def open_folder(path: Path, *, now: float | None = None) -> Iterator[OpenFolder]:
    """Open the folder for files at `path`, made where it is missing, for as long as a drain lasts. Blocks.

    What a run that was killed left half-written of sidecars and unpacked archives is removed once it is
    `FORGOTTEN_AFTER` old; `now` is in POSIX seconds. Raises `VolumeError` when the folder cannot be made or
    written.
    """
    with contextlib.ExitStack() as opened:
        try:
            folder = _open(path.absolute(), opened)
            _remove_unfinished(folder.incomplete_fd, (time.time() if now is None else now) - FORGOTTEN_AFTER)
            for fd in (folder.fd, folder.incomplete_fd):
                if not os.access(".", os.W_OK | os.X_OK, dir_fd=fd):
                    raise PermissionError(None, f"{path} is not writable", str(path))
        except OSError as error:
            raise VolumeError.of(error, str(path)) from error
        yield folder


def check_folder(path: Path) -> None:
    """Raise `VolumeError` when the folder for files at `path` cannot be made or written. Blocks."""
    with open_folder(path):
        pass


def make_folder(name: str, parent_fd: int) -> None:
    """Make the folder `name` in the folder of `parent_fd`, if it is missing, and bring it to the disk."""
    with contextlib.suppress(FileExistsError):
        os.mkdir(name, _MODE, dir_fd=parent_fd)
        os.fsync(parent_fd)


def _open(path: Path, opened: contextlib.ExitStack) -> OpenFolder:
    if not path.is_dir():
        try:
            # Another process may be first: what it made is as good.
            path.mkdir(_MODE, parents=True, exist_ok=True)
        except FileExistsError as error:
            raise NotADirectoryError(None, f"{path} is no folder") from error
        sync_folder(path.parent)
    fd = os.open(path, _FOLDER_FLAGS)
    opened.callback(os.close, fd)
    make_folder(INCOMPLETE, fd)
    try:
        incomplete_fd = os.open(INCOMPLETE, _FOLDER_FLAGS | os.O_NOFOLLOW, dir_fd=fd)
    except OSError as error:
        if error.errno not in {errno.ELOOP, errno.ENOTDIR}:
            raise
        raise NotADirectoryError(None, f"{path / INCOMPLETE} is a link or a file") from error
    opened.callback(os.close, incomplete_fd)
    return OpenFolder(path, fd, incomplete_fd)


def _remove_unfinished(incomplete_fd: int, before: float) -> None:
    # Only age counts: another process may be at work on what is here.
    for name in os.listdir(incomplete_fd):
        if not name.endswith((UNFINISHED, UNPACKED)):
            continue
        with contextlib.suppress(FileNotFoundError, PermissionError):
            status = os.lstat(name, dir_fd=incomplete_fd)
            if status.st_mtime >= before:
                continue
            if stat.S_ISDIR(status.st_mode):
                shutil.rmtree(name, dir_fd=incomplete_fd)
            else:
                os.unlink(name, dir_fd=incomplete_fd)


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino
