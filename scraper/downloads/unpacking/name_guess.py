"""Names in zip archives, whose letters nothing tells."""

from __future__ import annotations

import re
import struct
import zlib
from typing import TYPE_CHECKING, Final

from scraper.downloads.unpacking.extra_fields import extra_fields

if TYPE_CHECKING:
    import zipfile

_UTF8: Final = 0x800
_UNICODE_PATH: Final = 0x7075  # Info-ZIP's field with the name in UTF-8: APPNOTE.TXT 4.6.9
_FIELD_HEAD: Final = 5  # its version, and the sum of the name that it stands for
_RUN: Final = re.compile(rb"[\x80-\xff]{3,}")
_CYRILLIC: Final = re.compile("[А-Яа-яЁё]+")
_MIXED: Final = re.compile("[а-яё][А-ЯЁ]")
_KANA: Final = re.compile("[\u3041-\u3096\u30a1-\u30fa]")


def name_of(entry: zipfile.ZipInfo) -> str:
    """Return the name of `entry`.

    By its flag UTF-8; else by its field for that; else as UTF-8 where it is that, as Macs write it, Cyrillic
    of DOS where there are whole words of it, Japanese where there is kana, and code page 437, the format's.
    """
    if entry.flag_bits & _UTF8 or entry.orig_filename.isascii():
        return entry.filename
    try:
        raw = entry.orig_filename.encode("cp437")
    except UnicodeEncodeError:  # a later Python has put the field's name there
        return entry.filename
    return (_from_field(entry.extra, raw) or guessed(raw)).split("\0", 1)[0]


def guessed(raw: bytes) -> str:
    """Return the most likely reading of a name that nothing tells the letters of."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    runs = [run.decode("cp866") for run in _RUN.findall(raw)]
    # Words all of Cyrillic letters, but not large ones amid small: so kana looks in this code page.
    if runs and all(_CYRILLIC.fullmatch(run) and not _MIXED.search(run) for run in runs):
        return raw.decode("cp866")
    try:
        japanese = raw.decode("cp932")
    except UnicodeDecodeError:
        japanese = ""
    return japanese if _KANA.search(japanese) else raw.decode("cp437")


def _from_field(extra: bytes, raw: bytes) -> str | None:
    for kind, field in extra_fields(extra):
        if kind == _UNICODE_PATH and field[1:_FIELD_HEAD] == struct.pack("<I", zlib.crc32(raw)):
            return field[_FIELD_HEAD:].decode("utf-8", "replace")
    return None
