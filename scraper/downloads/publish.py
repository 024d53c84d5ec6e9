"""How a verified file gets its name: atomically, and never over a file of other content."""

from __future__ import annotations

import errno
import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.downloads.names import with_suffix_of

if TYPE_CHECKING:
    from pathlib import Path

_READ_SIZE = 1 << 20
_NO_HARD_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a file is to stand. `taken` means that the same content stands there already."""

    path: Path
    taken: bool


def find_place(folder: Path, name: str, *, size: int, sha256: str) -> Place:
    """Return the place of a file of this `size` (bytes) and `sha256` in `folder`, wished to be called `name`.

    Where another file has the name, the place is the name with ``~`` and 8 digits of the hash. Blocks.
    """
    for candidate in (name, with_suffix_of(name, sha256)):
        path = folder / candidate
        if not os.path.lexists(path):
            return Place(path=path, taken=False)
        if is_file(path, size=size, sha256=sha256):
            return Place(path=path, taken=True)
    raise FileExistsError(f"{folder / with_suffix_of(name, sha256)} stands there with other content")


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


def publish(part: Path, path: Path) -> None:
    """Give `part` the name `path`, durably; raise `FileExistsError` rather than replace a file. Blocks."""
    try:
        os.link(part, path, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        _claim_and_rename(part, path)
    else:
        part.unlink()
    _sync(path.parent)


def _claim_and_rename(part: Path, path: Path) -> None:
    # File systems without hard links (exFAT, some network shares): an empty file claims the name first.
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644))
    part.replace(path)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
