"""Encrypted zip archives, which no library that is at hand writes in all the ways that strangers do."""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import random
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from Cryptodome.Cipher import AES
from Cryptodome.Util import Counter

from scraper.downloads.unpacking.locks import spellings
from tests.scraper.downloads.unpacking.hostile_archives import SONG

if TYPE_CHECKING:
    from collections.abc import Iterator

PASSWORD = "foo57"


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """An entry to encrypt: by PKWARE where `strength` is 0, else by WinZip, 128 to 256 bits for 1 to 3."""

    name: str
    data: bytes = SONG
    key: bytes = PASSWORD.encode()
    method: int = zipfile.ZIP_STORED
    strength: int = 0
    version: int = 2
    described: bool = False
    """Whether sizes and sum follow the bytes, as where an archive was written to a pipe."""
    claimed: int | None = None
    """What it says to have, of bytes unpacked."""
    sum: int | None = None
    """What it says its sum is."""
    verifier_of: bytes | None = None
    """The password that it seems to have."""
    field: bytes | None = None
    """What stands in place of WinZip's extra field."""
    flags: int = 0


def locked_zip(*members: Locked) -> bytes:
    """Return an archive; a member without a key is not encrypted."""
    body = listed = b""
    for member in members:
        local, central = _entry(member, len(body))
        body += local
        listed += central
    count = len(members)
    return body + listed + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(listed), len(body), 0)


def _entry(member: Locked, offset: int) -> tuple[bytes, bytes]:
    packed = member.data
    if member.method == zipfile.ZIP_DEFLATED:
        packer = zlib.compressobj(wbits=-15)
        packed = packer.compress(member.data) + packer.flush()
    true_sum = zlib.crc32(member.data)
    says = true_sum if member.sum is None else member.sum
    method, extra = member.method, b""
    if not member.key:
        pass
    elif member.strength:
        packed = _by_winzip(packed, member)
        method, field = 99, struct.pack("<H2sBH", member.version, b"AE", member.strength, member.method)
        field = field if member.field is None else member.field
        extra = struct.pack("<HH", 0x9901, len(field)) + field
        says = 0 if member.version == 2 else says
    else:
        check = 0x5A if member.described else says >> 24
        packed = by_pkware(_salt(member, 11) + bytes([check]) + packed, member.key)
    name = member.name.encode()
    flags = 0x800 | bool(member.key) | member.described << 3 | member.flags
    size = len(member.data) if member.claimed is None else member.claimed
    about = struct.pack(
        *("<5H3L2H", 51, flags, method, 0x5A00, 33, says, len(packed), size, len(name), len(extra))
    )
    places = struct.pack("<3H2L", 0, 0, 0, 0, offset)
    return (
        b"PK\3\4" + about + name + extra + packed,
        b"PK\1\2" + struct.pack("<H", 51) + about + places + name + extra,
    )


def by_pkware(data: bytes, key: bytes) -> bytes:
    """Encrypt `data` as APPNOTE.TXT 6.1 has it."""
    keys = _Keys()
    for byte in key:
        keys.update(byte)
    out = bytearray()
    for byte in data:
        mixed = keys.two & 0xFFFF | 2
        out.append(byte ^ (mixed * (mixed ^ 1) >> 8 & 0xFF))
        keys.update(byte)
    return bytes(out)


class _Keys:
    def __init__(self) -> None:
        self.zero, self.one, self.two = 0x12345678, 0x23456789, 0x34567890

    def update(self, byte: int) -> None:
        self.zero = _sum(self.zero, byte)
        self.one = (self.one + (self.zero & 0xFF)) * 134775813 + 1 & 0xFFFFFFFF
        self.two = _sum(self.two, self.one >> 24)


def _sum(before: int, byte: int) -> int:
    return zlib.crc32(bytes([byte]), before ^ 0xFFFFFFFF) ^ 0xFFFFFFFF


def _by_winzip(data: bytes, member: Locked) -> bytes:
    size = 8 + 8 * member.strength
    salt = _salt(member, size // 2)
    derived = hashlib.pbkdf2_hmac("sha1", member.key, salt, 1000, 2 * size + 2)
    seeming = hashlib.pbkdf2_hmac("sha1", member.verifier_of or member.key, salt, 1000, 2 * size + 2)
    cipher = AES.new(derived[:size], AES.MODE_CTR, counter=Counter.new(128, little_endian=True))
    encrypted = cipher.encrypt(data)
    code = hmac.new(derived[size:-2], encrypted, "sha1").digest()[:10]
    return salt + seeming[-2:] + encrypted + code


def _salt(member: Locked, size: int) -> bytes:
    # The same in every run: of wrong passwords some are let pass, by what it is.
    seed = f"{member.name} {member.key!r} {member.strength} {len(member.data)}"
    return random.Random(seed).randbytes(size)


def let_pass(archive: bytes, number: int) -> list[str]:
    """Return wrong passwords that the one byte compared by PKWARE lets pass, of the first entry."""
    found: list[str] = []
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        for password in _passwords():
            try:
                opened.open(opened.infolist()[0], pwd=spellings(password)[0]).close()
            except RuntimeError:
                continue
            found.append(password)
            if len(found) == number:
                return found
    raise AssertionError("there are passwords without end")


def _passwords() -> Iterator[str]:
    for number in range(1_000_000):
        yield f"no{number}"


NOTES = b"Kora - Lines, Kora - Lines, Kora - Lines\n"
# Of a file `notes.txt` with NOTES, and the password foo57 (größe), by the programs themselves.
REAL: dict[str, bytes] = {
    "Info-ZIP 3.0: zip -X -P foo57": base64.b64decode(
        "UEsDBBQACQAIAAAAsVjgdJRbIAAAACkAAAAJAAAAbm90ZXMudHh0vL6q5A0Cuqd+QecpNt3VE+6PSNqzS4UZSyo0GGgd555QSwcI4HSU"
        "WyAAAAApAAAAUEsBAh4DFAAJAAgAAACxWOB0lFsgAAAAKQAAAAkAAAAAAAAAAQAAAKSBAAAAAG5vdGVzLnR4dFBLBQYAAAAAAQABADcA"
        "AABXAAAAAAA="
    ),
    "Info-ZIP 3.0: zip -X -P größe": base64.b64decode(
        "UEsDBBQACQAIAAAAsVjgdJRbIAAAACkAAAAJAAAAbm90ZXMudHh0WbVtnQ61t4NsIDXe1zHJkSrFJVU9XUCnRL6D7DiHGbBQSwcI4HSU"
        "WyAAAAApAAAAUEsBAh4DFAAJAAgAAACxWOB0lFsgAAAAKQAAAAkAAAAAAAAAAQAAAKSBAAAAAG5vdGVzLnR4dFBLBQYAAAAAAQABADcA"
        "AABXAAAAAAA="
    ),
    "7-Zip 26.02: 7z a -tzip -pfoo57 -mem=ZipCrypto": base64.b64decode(
        "UEsDBBQAAQAIAAAAsVjgdJRbLgAAACkAAAAJAAAAbm90ZXMudHh0PRaqv/PRltr8TcNC35epLmE3CkMrvD4toEQLpLs2MX3p2mQ3kkgp"
        "P9k+7jPUOFBLAQI/AxQAAQAIAAAAsVjgdJRbLgAAACkAAAAJACQAAAAAAAAAIICkgQAAAABub3Rlcy50eHQKACAAAAAAAAEAGAAAgCEp"
        "7afaAQAAAAAAAAAAAAAAAAAAAABQSwUGAAAAAAEAAQBbAAAAVQAAAAAA"
    ),
    "7-Zip 26.02: 7z a -tzip -pfoo57 -mem=AES256": base64.b64decode(
        "UEsDBDMAAQBjAAAAsVgAAAAAPgAAACkAAAAJAAsAbm90ZXMudHh0AZkHAAIAQUUDCAA/r0c9cZQRBREDu7p5eXsaV4owwa+qPSOaH4RH"
        "l6uYUMlcgi8iYJNuH8NcZA/vbB2Mner/RJpTF752XP1jX1BLAQI/AzMAAQBjAAAAsVgAAAAAPgAAACkAAAAJAC8AAAAAAAAAIICkgQAA"
        "AABub3Rlcy50eHQKACAAAAAAAAEAGAAAgCEp7afaAQAAAAAAAAAAAAAAAAAAAAABmQcAAgBBRQMIAFBLBQYAAAAAAQABAGYAAABwAAAA"
        "AAA="
    ),
    "7-Zip 26.02: 7z a -tzip -pfoo57 -mem=AES128 -mx0": base64.b64decode(
        "UEsDBDMAAQBjAAAAsVgAAAAAPQAAACkAAAAJAAsAbm90ZXMudHh0AZkHAAIAQUUBAAAIW1UG6fl0Cof1rTlKrj9CKtRhyhMo/62KXBoz"
        "eHTrUzxw6FoyGKmKUzQMbSP10aowbGRYZcKOgpiyKJTEUEsBAj8DMwABAGMAAACxWAAAAAA9AAAAKQAAAAkALwAAAAAAAAAggKSBAAAA"
        "AG5vdGVzLnR4dAoAIAAAAAAAAQAYAACAISntp9oBAAAAAAAAAAAAAAAAAAAAAAGZBwACAEFFAQAAUEsFBgAAAAABAAEAZgAAAG8AAAAA"
        "AA=="
    ),
    "pyzipper 0.4.0: AE-1 of 192 bits": base64.b64decode(
        "UEsDBBQAAQBjAAAAsVjgdJRbLAAAACkAAAAJAAsAbm90ZXMudHh0AZkHAAEAQUUCCACz5lvbLzqUmCBO0266Sy1TZCL8dpOThrnsTOTD"
        "h1KzT9f/zZHLSa+nFZux+FBLAQIUAxQAAQBjAAAAsVjgdJRbLAAAACkAAAAJAAsAAAAAAAAAAACkgQAAAABub3Rlcy50eHQBmQcAAQBB"
        "RQIIAFBLBQYAAAAAAQABAEIAAABeAAAAAAA="
    ),
}
