"""How a verified file gets its name: atomically, and never over what stands there."""

from __future__ import annotations

import contextlib
import errno
import math
import os
import stat
import time
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from scraper.downloads.errors import DownloadError
from scraper.downloads.publishing.no_replace import link_new
from scraper.downloads.publishing.place import READ_FLAGS
from storage.reasons import Reason

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.downloads.publishing.folder import OpenFolder
    from scraper.downloads.publishing.place import Place

_FIRST_MOMENT: Final = 315_532_800.0  # 1980, where the dates of FAT begin
_DAY: Final = 86_400.0
_ANY: Final = "*"  # in a message: of the names in a folder


def publish(
    folder: OpenFolder, part: str, place: Place, *, modified: float | None = None, sync: bool = True
) -> None:
    """Give `part`, a file in the folder of what grows, the name of `place`, durably. Blocks.

    Without `sync` the name is durable after `sync_names` only, which many files may share.

    Where the content stands there already, the part is removed. `modified`, POSIX seconds, becomes the
    file's time of change where it lies between 1980 and tomorrow. Raises `FileExistsError` rather than
    replace anything: then the place is to be looked for again; `DownloadError` where the part is no file of
    ours any more, `VolumeError` where the folder takes no files.
    """
    wanted = PurePosixPath(place.path.relative_to(folder.path))
    with folder.errors(wanted):
        folder.check()
        with folder.below(wanted.parent, make=True) as fd:
            if not place.taken:
                _name(folder, fd, part, wanted, modified)
            with contextlib.suppress(FileNotFoundError):
                os.unlink(part, dir_fd=folder.incomplete_fd)
            if sync:
                os.fsync(fd)


def sync_names(folder: OpenFolder, parent: Path) -> None:
    """Bring the names in `parent`, which is `folder` or below it, to the disk. Blocks.

    Raises `DownloadError` and `VolumeError`.
    """
    below = PurePosixPath(parent.relative_to(folder.path))
    with folder.errors(below / _ANY), folder.below(below) as fd:
        os.fsync(fd)


def _name(folder: OpenFolder, fd: int, part: str, wanted: PurePosixPath, modified: float | None) -> None:
    file = os.open(part, READ_FLAGS, dir_fd=folder.incomplete_fd)
    try:
        before = os.fstat(file)
        if not stat.S_ISREG(before.st_mode):
            raise DownloadError(Reason.DISK_ERROR, str(folder.path / wanted), detail=f"{part} is no file")
        _set_time(file, modified)
        with folder.naming:
            if alike := folder.names.alike(fd, wanted.name):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), alike[0])
            link_new(part, wanted.name, source_fd=folder.incomplete_fd, target_fd=fd)
            folder.names.added(fd, wanted.name)
        named = os.lstat(wanted.name, dir_fd=fd)
        if (named.st_dev, named.st_ino) != (before.st_dev, before.st_ino):
            # Somebody swapped the part between the look and the link: what got the name is not ours.
            os.unlink(wanted.name, dir_fd=fd)
            detail = f"{part} was replaced meanwhile"
            raise DownloadError(Reason.DISK_ERROR, str(folder.path / wanted), detail=detail)
    finally:
        os.close(file)


def _set_time(file: int, modified: float | None) -> None:
    # A moment that no honest server names is none (hostile dates of 1601 or 9999, NaN).
    if modified is None or not math.isfinite(modified) or not _FIRST_MOMENT <= modified <= time.time() + _DAY:
        return
    with contextlib.suppress(PermissionError):  # some network shares keep times to themselves
        os.utime(file, (modified, modified))
