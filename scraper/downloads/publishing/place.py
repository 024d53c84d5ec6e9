"""Where a file is to stand, decided once: a name that other content has gets digits of the hash."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scraper.downloads.errors import DownloadError
from scraper.downloads.naming.component import with_suffix_of
from storage.reasons import Reason

if TYPE_CHECKING:
    from pathlib import Path, PurePosixPath

    from scraper.downloads.publishing.folder import OpenFolder

HASH_DIGITS: Final = (0, 8, 16, 64)
"""How many digits of its hash a name gets, in the order in which they are tried."""

READ_FLAGS: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""How a file is opened that strangers may have put there: no link, no waiting for a pipe."""

_NO_FILE: Final = frozenset(
    {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EMLINK, errno.ENXIO, errno.ENODEV, errno.EACCES}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a file is to stand. `taken` means that the same content stands there already."""

    path: Path
    taken: bool


def place_in(folder: OpenFolder, wanted: PurePosixPath, *, size: int, sha256: str) -> Place:
    """Return the place of a file of this `size` (bytes) and `sha256`, wished to be called `wanted`. Blocks.

    Names that differ in case or in the spelling of letters only count as one, and a folder that is there in
    another case is used. Where a file of other content has the name, the place is the name with ``~`` and
    digits of the hash: 8, or more where even that is taken. Raises `DownloadError` and `VolumeError`.
    """
    with folder.errors(wanted):
        folder.check()
        parent = existing_parent(folder, wanted.parent)
        try:
            with folder.below(parent) as fd:
                return _place(folder, fd, parent / wanted.name, size=size, sha256=sha256)
        except FileNotFoundError:
            return Place(path=folder.path / parent / wanted.name, taken=False)


def existing_parent(folder: OpenFolder, parent: PurePosixPath) -> PurePosixPath:
    """Return `parent` as its folders are called that exist in another case already. Blocks."""
    found = type(parent)()
    for name in parent.parts:
        try:
            with folder.below(found) as fd:
                # Of several that differ in case the wished one comes first.
                found /= next(iter(folder.names.alike(fd, name)), name)
        except FileNotFoundError:
            found /= name
    return found


def is_file(path: Path, *, size: int, sha256: str) -> bool:
    """Return whether `path` is a regular file of exactly this content, not a link to one. Blocks."""
    return has_content(str(path), size=size, sha256=sha256)


def has_content(name: str, *, size: int, sha256: str, folder_fd: int | None = None) -> bool:
    """Return whether `name`, in the folder of the descriptor, is a regular file of this content. Blocks."""
    try:
        fd = os.open(name, READ_FLAGS, dir_fd=folder_fd)
    except OSError as error:
        if error.errno in _NO_FILE:
            return False
        raise
    try:
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode) or status.st_size != size:
            return False
        with os.fdopen(fd, "rb", closefd=False) as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    finally:
        os.close(fd)


def _place(folder: OpenFolder, fd: int, wanted: PurePosixPath, *, size: int, sha256: str) -> Place:
    for digits in HASH_DIGITS:
        name = with_suffix_of(wanted.name, sha256[:digits])
        alike = folder.names.alike(fd, name)
        if not alike:
            return Place(path=folder.path / wanted.with_name(name), taken=False)
        for other in alike:
            if has_content(other, size=size, sha256=sha256, folder_fd=fd):
                return Place(path=folder.path / wanted.with_name(other), taken=True)
    where = str(folder.path / wanted)
    raise DownloadError(Reason.DISK_ERROR, where, detail="all names for it are taken by other files")
