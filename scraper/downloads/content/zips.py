"""What a zip archive lists. Nothing is taken out of it."""

from __future__ import annotations

import struct
import zipfile
from typing import Final

from scraper.downloads.content.bounded import BoundedFile, TooMuchReadError
from scraper.downloads.content.entries import Sort, sort_of
from scraper.downloads.content.refused import broken, not_music
from scraper.downloads.content.verdict import Content

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
)
"""What zipfile raises on broken archives."""


def list_zip(file: BoundedFile) -> Content:
    """Return what the archive lists.

    Raises `RefusedError`: `probe-failed` where it is broken or empty, `not-audio` where all that it holds
    are programs, or one page.
    """
    file.allow(most_bytes=ZIP_BYTES, most_reads=ZIP_READS)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
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
