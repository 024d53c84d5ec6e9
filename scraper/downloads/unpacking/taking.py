"""The loop that takes files out of an archive. Runs in a process of its own, or in a thread."""

from __future__ import annotations

import hashlib
import os
import time
from typing import TYPE_CHECKING, Final

from scraper.downloads.content.bounded import BoundedFile
from scraper.downloads.content.markup import HEAD_SIZE
from scraper.downloads.content.refused import RefusedError, broken
from scraper.downloads.unpacking.locks import Passwords
from scraper.downloads.unpacking.places import Taken, named, places
from scraper.downloads.unpacking.report import (
    LockedError,
    Skipped,
    SkippedError,
    Unpacked,
    UnpackedFile,
    UnpackLimits,
)
from scraper.downloads.unpacking.shelf import Shelf
from scraper.downloads.unpacking.sorting import early_extension, refuse_by_name, whole_extension
from scraper.downloads.unpacking.tar_entries import tar_entries
from scraper.downloads.unpacking.tar_stream import TarStream
from scraper.downloads.unpacking.zip_entries import zip_entries
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from scraper.downloads.unpacking.entry import Entry, Source

_PIECE: Final = 256 * 1024
_SHOWN: Final = 240  # characters of a name in the report
_PACKED: Final[Mapping[str, str | None]] = {"tar": None, "tgz": "gz", "tbz2": "bz2", "txz": "xz"}

UNPACKED: Final = frozenset({"zip", *_PACKED})
"""The endings of archives that can be unpacked."""


class StoppedError(Exception):
    """Whoever asked for it does not want it any more."""


def take(
    archive: int,
    folder: int,
    kind: str,
    limits: UnpackLimits,
    *,
    passwords: Sequence[str] = (),
    is_unwanted: Callable[[], bool] | None = None,
) -> Unpacked | RefusedError:
    """Take what is worth it out of an archive into a folder, both open descriptors that stay so.

    `kind` is the archive's ending, one of `UNPACKED`; `passwords` are tried on what is encrypted. Blocks;
    `is_unwanted` is asked all the time. A refused archive is returned, with files of it left behind. Raises
    `OSError` and `StoppedError`.
    """
    until = time.monotonic() + limits.seconds

    def stop() -> None:
        if is_unwanted is not None and is_unwanted():
            raise StoppedError
        if time.monotonic() > until:
            raise broken(f"it took longer than {limits.seconds:.0f} s to unpack")

    try:
        with BoundedFile(os.dup(archive)) as file:
            told = Passwords(passwords, stop=stop)
            return _Taking(folder, limits, stop).of(_entries(file, kind, limits, told, stop))
    except RefusedError as error:
        return error.with_traceback(None)


def _entries(
    file: BoundedFile, kind: str, limits: UnpackLimits, passwords: Passwords, stop: Callable[[], None]
) -> Iterator[Entry]:
    if kind == "zip":
        return zip_entries(file, listed=limits.listed, passwords=passwords)
    return tar_entries(TarStream(file, _PACKED[kind], stop=stop), listed=limits.listed)


class _Taking:
    def __init__(self, folder: int, limits: UnpackLimits, stop: Callable[[], None]) -> None:
        self._shelf = Shelf(folder)
        self._limits = limits
        self._stop = stop
        self._left = limits.total
        self._taken: list[Taken] = []
        self._skipped: list[Skipped] = []

    def of(self, entries: Iterator[Entry]) -> Unpacked:
        self._shelf.clear()
        for number, entry in enumerate(entries):
            self._stop()
            try:
                self._refuse(entry)
                self._taken.append(self._take(number, entry))
            except SkippedError as skipped:
                self._skip(entry.name, str(skipped), locked=isinstance(skipped, LockedError))
        files = tuple(self._placed())
        self._shelf.sync()
        return Unpacked(files=files, skipped=tuple(self._skipped))

    def _refuse(self, entry: Entry) -> None:
        named(entry.name)
        refuse_by_name(entry.name)
        if entry.why_not is not None:
            raise SkippedError(entry.why_not)
        if len(self._taken) >= self._limits.taken:
            raise SkippedError(f"it comes after the first {self._limits.taken} files")
        self._refuse_size(entry, entry.size)

    def _refuse_size(self, entry: Entry, size: int) -> None:
        if size > self._limits.entry:
            raise SkippedError(f"it has {size} bytes or more")
        if entry.packed is not None and size > max(
            self._limits.ratio_from, self._limits.ratio * entry.packed
        ):
            raise SkippedError(f"{size} bytes or more out of {entry.packed}")

    def _take(self, number: int, entry: Entry) -> Taken:
        source = entry.open()
        head = _read(source, HEAD_SIZE)
        extension = early_extension(entry.name, head, entry.size)
        descriptor = self._shelf.create(number)
        try:
            size, sha256 = self._write(descriptor, entry, head, source)
            os.fsync(descriptor)
            if extension is None:
                extension = whole_extension(os.dup(descriptor))
        except SkippedError:
            self._shelf.remove(number)
            raise
        finally:
            os.close(descriptor)
        return Taken(number=number, named=named(entry.name), extension=extension, size=size, sha256=sha256)

    def _write(self, descriptor: int, entry: Entry, head: bytes, source: Source) -> tuple[int, str]:
        digest = hashlib.sha256()
        size, piece = 0, head
        while piece:
            self._stop()
            size += len(piece)
            self._refuse_size(entry, size)
            if size > self._left:
                raise RefusedError(Reason.TOO_LARGE, f"its files have more than {self._limits.total} bytes")
            digest.update(piece)
            _write_all(descriptor, piece)
            piece = source.read(_PIECE)
        if size != entry.size:
            raise SkippedError(f"it has {size} of {entry.size} bytes")
        self._left -= size
        return size, digest.hexdigest()

    def _placed(self) -> Iterator[UnpackedFile]:
        for file, path in places(self._taken):
            if path is None:
                self._shelf.remove(file.number)
                self._skip(f"{file.named.stem}.{file.extension}", "the same file is in it twice")
            else:
                self._shelf.put(file.number, path)
                yield UnpackedFile("/".join(path), file.size, file.sha256)

    def _skip(self, name: str, why: str, *, locked: bool = False) -> None:
        shown = "".join(char if char.isprintable() else "\ufffd" for char in name[:_SHOWN])
        self._skipped.append(Skipped(shown, why[:_SHOWN], locked))


def _read(source: Source, size: int) -> bytes:
    data = b""
    while len(data) < size and (more := source.read(size - len(data))):
        data += more
    return data


def _write_all(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]
