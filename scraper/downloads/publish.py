"""How a verified file gets its name: atomically, and never over a file of other content."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.downloads.names import with_suffix_of
from storage.folders import sync_folder

if TYPE_CHECKING:
    from pathlib import Path

_READ_SIZE = 1 << 20
_HASH_DIGITS = (0, 8, 16, 64)
_NO_HARD_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a file is to stand. `taken` means that the same content stands there already."""

    path: Path
    taken: bool


def find_place(folder: Path, name: str, *, size: int, sha256: str) -> Place:
    """Return the place of a file of this `size` (bytes) and `sha256` in `folder`, wished to be called `name`.

    Where a file of other content has the name, the place is the name with ``~`` and digits of the hash: 8,
    or more where even that is taken. Blocks.
    """
    for digits in _HASH_DIGITS:
        path = folder / with_suffix_of(name, sha256[:digits])
        if not os.path.lexists(path):
            return Place(path=path, taken=False)
        if is_file(path, size=size, sha256=sha256):
            return Place(path=path, taken=True)
    raise FileExistsError(errno.EEXIST, "all names for it are taken by other files", str(folder / name))


def is_file(path: Path, *, size: int, sha256: str) -> bool:
    """Return whether `path` is a regular file of exactly this content. Blocks."""
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size != size:
            return False
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while chunk := file.read(_READ_SIZE):
                digest.update(chunk)
    except FileNotFoundError:
        return False
    return digest.hexdigest() == sha256


def publish(part: Path, place: Place) -> None:
    """Give `part` the name of `place`, durably; raise `FileExistsError` rather than replace a file. Blocks.

    Where the content stands there already, `part` is removed.
    """
    if not place.taken:
        _rename(part, place.path)
    part.unlink(missing_ok=True)
    sync_folder(place.path.parent)


def _rename(part: Path, path: Path) -> None:
    try:
        os.link(part, path, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        _rename_under_lock(part, path)


def _rename_under_lock(part: Path, path: Path) -> None:
    # File systems without hard links (exFAT, some network shares): a rename replaces what is there, so no
    # two of our processes may look and rename at once. The lock ends with its process, however that ends.
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
        part.rename(path)
    finally:
        os.close(descriptor)
