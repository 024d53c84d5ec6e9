"""The encrypted entries of a zip archive: in which way, and whether that is read."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from scraper.downloads.content.zips import ENCRYPTED
from scraper.downloads.unpacking.report import LockedError
from scraper.downloads.unpacking.winzip_aes import AES_METHOD, aes_field
from scraper.downloads.unpacking.zip_members import METHODS, by_pkware, by_winzip

if TYPE_CHECKING:
    import zipfile

    from scraper.downloads.content.bounded import BoundedFile
    from scraper.downloads.unpacking.entry import Source
    from scraper.downloads.unpacking.locks import Passwords

SLOW_BYTES: Final = 400_000_000
"""Of an archive in PKWARE's encryption: the standard library reads one or two megabytes of it a second."""

_OTHERWISE: Final = 0x40 | 0x2000
"""Bits of the flags: encrypted by certificates and the like, or with a list that is (APPNOTE.TXT 4.4.4)."""


class LockedZip:
    """Opens the encrypted entries of one archive with the password that fits."""

    def __init__(self, file: BoundedFile, archive: zipfile.ZipFile, passwords: Passwords) -> None:
        self._file = file
        self._archive = archive
        self._passwords = passwords
        self._slow = sum(info.compress_size for info in archive.infolist() if _is_slow(info))

    def open(self, info: zipfile.ZipInfo) -> Source:
        """Return the entry opened. Raises `LockedError`, `SkippedError` and `RefusedError`."""
        field = aes_field(info) if info.compress_type == AES_METHOD else None
        method = field.method if field else info.compress_type
        if info.flag_bits & _OTHERWISE or method not in METHODS:
            raise LockedError("it is encrypted or packed in a way that is not read")
        if field is not None:
            return self._passwords.open(partial(by_winzip, self._file, info, field))
        if self._slow > SLOW_BYTES and self._passwords.keys:
            raise LockedError(f"to decrypt {self._slow} bytes of the old kind would take too long")
        return self._passwords.open(partial(by_pkware, self._archive, info))


def _is_slow(info: zipfile.ZipInfo) -> bool:
    return bool(info.flag_bits & ENCRYPTED) and info.compress_type != AES_METHOD
