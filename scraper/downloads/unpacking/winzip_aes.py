"""Entries of zip archives in the AES encryption of WinZip, which zipfile does not read.

Source: WinZip, "AES Encryption Information: Encryption Specification AE-1 and AE-2", version 1.04.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scraper.downloads.unpacking.extra_fields import extra_fields
from scraper.downloads.unpacking.locks import WrongPasswordError

if TYPE_CHECKING:
    from scraper.downloads.content.bounded import BoundedFile

AES_METHOD: Final = 99
"""What stands in place of an entry's method."""

_FIELD: Final = struct.Struct("<H2sBH")
_FIELD_KIND: Final = 0x9901
_AE1: Final = 1  # has a sum of the file; AE-2 has none, which a file of a few bytes would be guessed by
_VENDOR: Final = b"AE"
_KEY_SIZES: Final = {1: 16, 2: 24, 3: 32}
_ROUNDS: Final = 1000
_VERIFIER: Final = 2
_CODE: Final = 10
_PIECE: Final = 256 * 1024
_LOCAL: Final = struct.Struct("<4s22xHH")


@dataclass(frozen=True, slots=True, kw_only=True)
class AesField:
    """What the extra field of an entry says: bytes of a key, the true method, whether the file has a sum."""

    key_size: int
    method: int
    has_sum: bool

    @property
    def salt_size(self) -> int:
        """Bytes in front of everything else."""
        return self.key_size // 2


def aes_field(info: zipfile.ZipInfo) -> AesField | None:
    """Return how `info` is encrypted, None where it is not said or not in a way of this specification."""
    for kind, field in extra_fields(info.extra):
        if kind == _FIELD_KIND and len(field) == _FIELD.size:
            version, vendor, strength, method = _FIELD.unpack(field)
            if vendor == _VENDOR and version in {1, 2} and strength in _KEY_SIZES:
                size = _KEY_SIZES[strength]
                return AesField(key_size=size, method=method, has_sum=version == _AE1)
    return None


class AesSource:
    """The bytes of an entry, whose method is stored or deflated, opened with the password `key`.

    Raises `WrongPasswordError`, which lets one wrong password of 65,536 pass, and what zipfile raises on
    damaged entries: at the end where the code or the sum is wrong.
    """

    def __init__(self, file: BoundedFile, info: zipfile.ZipInfo, field: AesField, key: bytes) -> None:
        from Cryptodome.Cipher import AES  # noqa: PLC0415 - few archives need it
        from Cryptodome.Util import Counter  # noqa: PLC0415

        self._file = file
        self._info = info
        self._has_sum = field.has_sum
        self._at = _data_offset(file, info)
        self._packed = info.compress_size - field.salt_size - _VERIFIER - _CODE
        if self._packed < 0:
            raise zipfile.BadZipFile("too short to be encrypted")
        derived = hashlib.pbkdf2_hmac(
            "sha1", key, self._exactly(field.salt_size), _ROUNDS, 2 * field.key_size + _VERIFIER
        )
        if derived[-_VERIFIER:] != self._exactly(_VERIFIER):
            raise WrongPasswordError
        self._code = hmac.new(derived[field.key_size : -_VERIFIER], digestmod="sha1")
        self._cipher = AES.new(
            derived[: field.key_size], AES.MODE_CTR, counter=Counter.new(128, little_endian=True)
        )
        self._inflating = (
            zlib.decompressobj(-zlib.MAX_WBITS) if field.method == zipfile.ZIP_DEFLATED else None
        )
        self._sum = self._size = 0
        self._seen = False

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes of the file; b"" at its end."""
        data = self._decrypted(size) if self._inflating is None else self._inflated(size)
        self._sum = zlib.crc32(data, self._sum)
        self._size += len(data)
        if self._size > self._info.file_size:
            raise zipfile.BadZipFile(f"more than {self._info.file_size} bytes")
        if not data and not self._seen:
            self._see_code()
        return data

    def _inflated(self, size: int) -> bytes:
        stream = self._inflating
        while stream is not None and not stream.eof:
            piece = stream.unconsumed_tail or self._decrypted(_PIECE)
            data = stream.decompress(piece, size)
            if data:
                return data
            if not piece and not stream.eof:
                raise EOFError("the packing ends in the middle")
        return b""

    def _decrypted(self, size: int) -> bytes:
        data = self._exactly(min(size, self._packed))
        self._packed -= len(data)
        self._code.update(data)
        return self._cipher.decrypt(data)

    def _see_code(self) -> None:
        while self._packed:
            self._decrypted(_PIECE)
        self._seen = True
        if not hmac.compare_digest(self._code.digest()[:_CODE], self._exactly(_CODE)):
            raise zipfile.BadZipFile("wrong authentication code")
        if self._has_sum and self._sum != self._info.CRC:
            raise zipfile.BadZipFile("wrong sum")

    def _exactly(self, size: int) -> bytes:
        self._file.seek(self._at)  # others read the archive as well
        data = self._file.read(size)
        self._at += len(data)
        if len(data) < size:
            raise EOFError("the archive ends in the middle")
        return data


def _data_offset(file: BoundedFile, info: zipfile.ZipInfo) -> int:
    file.seek(info.header_offset)
    head = file.read(_LOCAL.size)
    if len(head) < _LOCAL.size:
        raise EOFError("the archive ends in the middle")
    mark, name, extra = _LOCAL.unpack(head)
    if mark != b"PK\3\4":
        raise zipfile.BadZipFile("no entry begins where one should")
    return info.header_offset + _LOCAL.size + int(name) + int(extra)
