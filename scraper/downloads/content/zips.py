"""What a zip archive lists, and whether its sums are right. Nothing is taken out of it."""

from __future__ import annotations

import struct
import time
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

from scraper.downloads.content.bounded import BoundedFile, TooMuchReadError
from scraper.downloads.content.entries import Sort, sort_of
from scraper.downloads.content.refused import broken, not_music
from scraper.downloads.content.verdict import Content

if TYPE_CHECKING:
    from collections.abc import Sequence

ZIP_BYTES: Final = 8_000_000
"""Bytes of a list of some 100,000 entries; zipfile keeps ten times as much in memory."""

ZIP_READS: Final = 100

ENCRYPTED: Final = 0x1
"""Bit of an entry's flags."""

BROKEN_ZIP: Final = (
    zipfile.BadZipFile,
    TooMuchReadError,
    struct.error,
    ValueError,
    NotImplementedError,
    EOFError,
    OverflowError,
    zlib.error,
)
"""What zipfile raises on broken archives."""

READ_THROUGH: Final = 1 << 30
"""Bytes of all entries that are unpacked to see whether their sums are right, and thrown away."""

SECONDS: Final = 5.0
"""What this may take: then the rest is believed."""

_PIECE = 1 << 20
_SIMPLE = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


def list_zip(file: BoundedFile) -> Content:
    """Return what the archive lists.

    Raises `RefusedError`: `probe-failed` where it is broken, empty or has wrong sums, `not-audio` where all
    that it holds are programs, or one page.
    """
    file.allow(most_bytes=ZIP_BYTES, most_reads=ZIP_READS)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = [entry for entry in archive.infolist() if not entry.filename.endswith("/")]
            file.allow(most_bytes=2 * file.size + READ_THROUGH, most_reads=10_000 + file.size // 2048)
            _see_sums(archive, entries)
    except BROKEN_ZIP as error:
        raise broken(f"broken zip: {error}") from error
    if not entries:
        raise broken("an empty zip")
    sorts = [sort_of(entry.filename) for entry in entries]
    told = [sort for sort in sorts if sort is not Sort.JUNK]
    if told and all(sort is Sort.PROGRAM for sort in told):
        raise not_music(f"an archive of programs only: {entries[sorts.index(Sort.PROGRAM)].filename}")
    if told == [Sort.PAGE]:
        raise not_music(f"an archive of a page only: {entries[sorts.index(Sort.PAGE)].filename}")
    return Content(
        extension="zip",
        entries=len(entries),
        music=sorts.count(Sort.MUSIC),
        encrypted=sum(bool(entry.flag_bits & ENCRYPTED) for entry in entries),
    )


def _see_sums(archive: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo]) -> None:
    """Read what can be read of the entries within bounds; zipfile raises where a sum (CRC-32) is wrong."""
    left, until = READ_THROUGH, time.monotonic() + SECONDS
    for entry in entries:
        if entry.flag_bits & ENCRYPTED or entry.compress_type not in _SIMPLE:
            continue
        with archive.open(entry) as packed:
            while piece := packed.read(_PIECE):
                left -= len(piece)
                if left < 0 or time.monotonic() > until:
                    return
