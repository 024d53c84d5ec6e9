"""The file that an address names: its name, its format, and which part of an archive it is."""

from __future__ import annotations

import re
from typing import Final, Protocol
from urllib.parse import unquote, unquote_plus

from scraper.posts.links.hosts import formats

MAX_NAME_LENGTH: Final = 300
"""Longer file names are cut, in characters."""

_MAX_EXTENSION_LENGTH = 5
_MAX_PAIRS = 20
_COUNTED = re.compile(r"[rz]\d\d|\d{3}")
_COUNTED_FORMATS = {"r": "rar", "z": "zip"}
# Volumes: name.part01.rar, name.r00 behind name.rar, name.z01 before name.zip, name.7z.001.
_PART = re.compile(r"[ ._-]part[ ._-]?(\d{1,3})(?=\.(?:rar|zip|7z|exe)$)", re.IGNORECASE)
_VOLUME = re.compile(r"\.(?:([rz])(\d\d)|(?:(?:7z|zip|rar)\.(\d{3})))$", re.IGNORECASE)


class _Parts(Protocol):
    """An address that is taken apart, as `urlsplit` or `read_address` do."""

    @property
    def path(self) -> str: ...
    @property
    def query(self) -> str: ...


def extension(name: str) -> str | None:
    """Return the lower-case extension of a file name, without the dot; None where it has none.

    A volume of an archive has the archive's.

    >>> extension("Mix.TAR.GZ"), extension("Artist - A.M."), extension("song.mp3-300x300")
    ('tar.gz', None, None)
    >>> extension("x.r00"), extension("x.7z.002")
    ('rar', '7z')
    """
    stem, dot, last = name.lower().rpartition(".")
    if not dot or not stem or len(last) > _MAX_EXTENSION_LENGTH or not last.isalnum() or not last.isascii():
        return None
    if last[-1].isdigit() and _COUNTED.fullmatch(last):
        counted = _COUNTED_FORMATS.get(last[0]) or extension(stem)
        return counted if counted in formats().archive else last
    return f"tar.{last}" if stem.endswith(".tar") and f"tar.{last}" in formats().archive else last


def split_part(name: str) -> tuple[str, int | None]:
    """Return the name of the archive that a file is a volume of, and which one, counted from 1.

    >>> split_part("x.part02.rar"), split_part("x.r00"), split_part("x.7z.001"), split_part("x.rar")
    (('x.rar', 2), ('x.rar', 2), ('x.7z', 1), ('x.rar', None))
    """
    found = _PART.search(name)
    if found is not None:
        return name[: found.start()] + name[found.end() :], int(found[1])
    volume = _VOLUME.search(name)
    if volume is None:
        return name, None
    if volume[3] is not None:
        return name[: volume.start(3) - 1], int(volume[3])
    letter = volume[1].lower()  # name.rar is the first and name.r00 the second; name.z01 the first
    stem = name[: volume.start()]
    return f"{stem}.{_COUNTED_FORMATS[letter]}", int(volume[2]) + (2 if letter == "r" else 0)


def named_file(parts: _Parts) -> str | None:
    """Return the name of the music file that an address names anywhere, percent-decoded.

    Looked for in the last segment, before a ``.html`` behind it, in the segments before
    (``/file/KEY/Mix.zip/file``) and in the values of the query (``?file=a.mp3``).
    """
    music = formats().music
    candidates: list[str] = []
    if "." in parts.path or "%2E" in parts.path.upper():
        *before, last = [unquote(segment) for segment in parts.path.split("/")]
        if extension(last) in music:
            return last[:MAX_NAME_LENGTH]
        stem, _, ending = last.rpartition(".")
        candidates = [stem if ending.lower() in formats().page else "", *before[:-3:-1]]
    if "." in parts.query or "%2E" in parts.query.upper():
        pairs = parts.query.split("&")[:_MAX_PAIRS]
        candidates += [unquote_plus(pair.partition("=")[2]).rpartition("/")[2] for pair in pairs]
    return next((name[:MAX_NAME_LENGTH] for name in candidates if extension(name) in music), None)
