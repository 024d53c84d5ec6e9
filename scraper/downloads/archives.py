"""Whether an archive can be opened. Nothing is taken out of it."""

from __future__ import annotations

import struct
import zipfile
from typing import TYPE_CHECKING

from scraper.downloads.bounded import BoundedFile, TooMuchReadError
from scraper.downloads.errors import DownloadError
from storage.reasons import Reason

if TYPE_CHECKING:
    from pathlib import Path

_MOST_BYTES = 8_000_000  # of a list of some 100,000 entries; zipfile keeps ten times as much in memory
_MOST_READS = 100

_BROKEN = (
    zipfile.BadZipFile,
    TooMuchReadError,
    struct.error,
    ValueError,
    NotImplementedError,
    EOFError,
    OverflowError,
)


def open_zip(path: Path, where: str) -> None:
    """Raise `DownloadError` with `probe-failed` when `path` is no whole zip with entries. Blocks."""
    try:
        with (
            BoundedFile(path, most_bytes=_MOST_BYTES, most_reads=_MOST_READS) as file,
            zipfile.ZipFile(file) as archive,
        ):
            count = len(archive.infolist())
    except _BROKEN as error:
        raise DownloadError(Reason.PROBE_FAILED, where, detail=f"broken zip: {error}"[:200]) from error
    if not count:
        raise DownloadError(Reason.PROBE_FAILED, where, detail="an empty zip")
