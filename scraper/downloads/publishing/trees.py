"""How a folder of unpacked files gets its name: whole or not at all, and never over another one."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scraper.downloads.errors import DownloadError
from scraper.downloads.naming.component import folder_name, marked
from scraper.downloads.publishing.no_replace import rename_new
from scraper.downloads.publishing.place import HASH_DIGITS, READ_FLAGS, existing_parent
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path, PurePosixPath

    from scraper.downloads.publishing.folder import OpenFolder

_FOLDER_FLAGS: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_MOST_ENTRIES: Final = 100_000
_DEEPEST: Final = 32
_READ_SIZE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class _Entry:
    path: str
    """Below the tree, with slashes."""
    size: int | None
    """In bytes; None for a folder."""


def publish_tree(folder: OpenFolder, name: str, wanted: PurePosixPath, *, sha256: str) -> Path:
    """Give `name`, a folder of files in the folder of what grows, the name `wanted`; return its path. Blocks.

    All in it is brought to the disk before. Where the same files stand there already, `name` is removed;
    where others do, the name gets ``~`` and digits of `sha256`, that of the archive. Raises `DownloadError`
    where anything in it is neither file nor folder, and `VolumeError`.
    """
    with folder.errors(wanted):
        folder.check()
        _sync(name, folder.incomplete_fd)
        parent = existing_parent(folder, wanted.parent)
        with folder.below(parent, make=True) as fd:
            for digits in HASH_DIGITS:
                plain = folder_name(wanted.name)
                target = marked(plain, sha256[:digits]) if digits else plain
                found = _named(folder, name, target, fd)
                if found is not None:
                    return folder.path / parent / found
    raise DownloadError(
        Reason.DISK_ERROR, str(folder.path / wanted), detail="all names for it are taken by other folders"
    )


def _named(folder: OpenFolder, name: str, target: str, fd: int) -> str | None:
    """Return what the tree is called now, None where others have the name."""
    with folder.naming:
        alike = folder.names.alike(fd, target)
        if not alike:
            try:
                rename_new(name, target, source_fd=folder.incomplete_fd, target_fd=fd)
            except FileExistsError:
                alike = [target]
            else:
                folder.names.added(fd, target)
                os.fsync(fd)
                return target
    for other in alike:
        if _is_same(name, folder.incomplete_fd, other, fd):
            shutil.rmtree(name, dir_fd=folder.incomplete_fd)
            return other
    return None


def _sync(name: str, parent_fd: int) -> None:
    tree = os.open(name, _FOLDER_FLAGS, dir_fd=parent_fd)
    try:
        for entry in _entries(tree):
            flags = READ_FLAGS if entry.size is not None else _FOLDER_FLAGS
            fd = os.open(entry.path, flags, dir_fd=tree)
            try:
                os.fsync(fd)
            finally:
                os.close(fd)
        os.fsync(tree)
    finally:
        os.close(tree)


def _entries(tree: int) -> Iterator[_Entry]:
    """Yield what is in the tree, folders before what they hold. Raises `DownloadError`."""
    for number, entry in enumerate(_walk(tree, "", 0)):
        if number >= _MOST_ENTRIES:
            raise DownloadError(Reason.TOO_LARGE, entry.path, detail="too many files to be unpacked")
        yield entry


def _walk(fd: int, above: str, depth: int) -> Iterator[_Entry]:
    for name in sorted(os.listdir(fd)):
        status = os.lstat(name, dir_fd=fd)
        path = above + name
        if stat.S_ISDIR(status.st_mode) and depth < _DEEPEST:
            yield _Entry(path, None)
            inner = os.open(name, _FOLDER_FLAGS, dir_fd=fd)
            try:
                yield from _walk(inner, f"{path}/", depth + 1)
            finally:
                os.close(inner)
        elif stat.S_ISREG(status.st_mode):
            yield _Entry(path, status.st_size)
        else:
            raise DownloadError(Reason.DISK_ERROR, path, detail="neither a file nor a folder, or too deep")


def _is_same(name: str, name_fd: int, other: str, other_fd: int) -> bool:
    """Return whether two trees hold the same names with the same bytes."""
    try:
        there = os.open(other, _FOLDER_FLAGS, dir_fd=other_fd)
    except OSError as error:
        if error.errno in {errno.ENOTDIR, errno.ELOOP, errno.EACCES, errno.ENOENT}:
            return False
        raise
    try:
        here = os.open(name, _FOLDER_FLAGS, dir_fd=name_fd)
        try:
            entries = list(_entries(here))
            try:
                if entries != list(_entries(there)):
                    return False
            except DownloadError:  # a link or a device among what stands there
                return False
            return all(_same_bytes(entry.path, here, there) for entry in entries if entry.size is not None)
        finally:
            os.close(here)
    finally:
        os.close(there)


def _same_bytes(path: str, here: int, there: int) -> bool:
    one = os.open(path, READ_FLAGS, dir_fd=here)
    with os.fdopen(one, "rb") as ours:
        other = os.open(path, READ_FLAGS, dir_fd=there)
        with os.fdopen(other, "rb") as theirs:
            while data := ours.read(_READ_SIZE):
                if theirs.read(_READ_SIZE) != data:
                    return False
            return not theirs.read(1)
