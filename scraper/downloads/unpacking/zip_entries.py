"""The entries of a zip archive. The standard library lists and opens them; what becomes of them is ours."""

from __future__ import annotations

import stat
import zipfile
import zlib
from contextlib import contextmanager
from functools import partial
from typing import IO, TYPE_CHECKING, Final

from scraper.downloads.content.bounded import BoundedFile, TooMuchReadError
from scraper.downloads.content.refused import broken
from scraper.downloads.content.zips import BROKEN_ZIP, ENCRYPTED, ZIP_BYTES, ZIP_READS
from scraper.downloads.unpacking.entry import Entry, nothing
from scraper.downloads.unpacking.name_guess import name_of
from scraper.downloads.unpacking.report import SkippedError

if TYPE_CHECKING:
    from collections.abc import Iterator

# The others unpack without a bound on what comes of one piece, and nobody packs music so.
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_DAMAGED: Final = (*BROKEN_ZIP, zlib.error, RuntimeError)
_SPARE: Final = 64 << 20


def zip_entries(file: BoundedFile, *, listed: int) -> Iterator[Entry]:
    """Yield what the archive lists, without folders.

    Raises `RefusedError` with `probe-failed` where the list is broken or longer than `listed`, or the
    archive is made to be read without end.
    """
    file.allow(most_bytes=ZIP_BYTES, most_reads=ZIP_READS)
    try:
        archive = zipfile.ZipFile(file)
    except BROKEN_ZIP as error:
        raise broken(f"broken zip: {error}") from error
    with archive:
        entries = archive.infolist()
        if len(entries) > listed:
            raise broken(f"it lists {len(entries)} entries")
        # Entries may overlap, and each is read: the archive as a whole a few times at most.
        file.allow(
            most_bytes=4 * file.size + _SPARE, most_reads=file.size // 64 + 100 * len(entries) + 10_000
        )
        for info in entries:
            if not info.is_dir():
                why_not = _why_not(info)
                yield Entry(
                    name=name_of(info),
                    size=info.file_size,
                    packed=info.compress_size,
                    why_not=why_not,
                    open=nothing if why_not else partial(_Member, archive, info),
                )


def _why_not(info: zipfile.ZipInfo) -> str | None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in {0, stat.S_IFREG}:
        return "it is a link" if kind == stat.S_IFLNK else "it is no regular file"
    if info.flag_bits & ENCRYPTED:
        return "it needs a password"
    if info.compress_type not in _METHODS:
        return "it is packed in a way that is not read"
    return None


class _Member:
    def __init__(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        with _told():
            self._file: IO[bytes] = archive.open(info)

    def read(self, size: int, /) -> bytes:
        with _told():
            return self._file.read(size)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except TooMuchReadError as error:
        raise broken(str(error)) from error
    except _DAMAGED as error:
        raise SkippedError(f"its bytes are damaged: {error}") from error
