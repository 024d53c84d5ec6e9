"""One entry of a zip archive, opened; what goes wrong with it is told in our words."""

from __future__ import annotations

import zipfile
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from scraper.downloads.content.bounded import TooMuchReadError
from scraper.downloads.content.refused import broken
from scraper.downloads.content.zips import BROKEN_ZIP
from scraper.downloads.unpacking.locks import WrongPasswordError
from scraper.downloads.unpacking.report import SkippedError
from scraper.downloads.unpacking.winzip_aes import AesSource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.downloads.content.bounded import BoundedFile
    from scraper.downloads.unpacking.entry import Source
    from scraper.downloads.unpacking.winzip_aes import AesField

# The others unpack without a bound on what comes of one piece, and nobody packs music so.
METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""The ways of packing that are read."""

_DAMAGED: Final = (*BROKEN_ZIP, zlib.error, RuntimeError)
_CHECKED: Final = 12  # bytes in front of what PKWARE's encryption makes; the last tells most wrong passwords


def plain(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Source:
    """Open an entry that is not encrypted. Raises `SkippedError` and `RefusedError`, as reading it does."""
    with _told():
        return _Member(archive.open(info))


def by_pkware(archive: zipfile.ZipFile, info: zipfile.ZipInfo, key: bytes) -> Source:
    """Open an entry in PKWARE's encryption (APPNOTE.TXT 6.1). Also raises `WrongPasswordError`."""
    with _told():
        if info.compress_size < _CHECKED:
            raise zipfile.BadZipFile("too short to be encrypted")
        try:
            return _Member(archive.open(info, pwd=key))
        except NotImplementedError:
            raise
        except RuntimeError as error:  # by the one byte that is compared
            raise WrongPasswordError from error
        except IndexError as error:
            raise EOFError("the archive ends in the middle") from error


def by_winzip(file: BoundedFile, info: zipfile.ZipInfo, field: AesField, key: bytes) -> Source:
    """Open an entry in WinZip's encryption. Also raises `WrongPasswordError`."""
    with _told():
        return _Member(AesSource(file, info, field, key))


class _Member:
    def __init__(self, source: Source) -> None:
        self._source = source

    def read(self, size: int, /) -> bytes:
        with _told():
            return self._source.read(size)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except TooMuchReadError as error:
        raise broken(str(error)) from error
    except _DAMAGED as error:
        raise SkippedError(f"its bytes are damaged: {error}") from error
