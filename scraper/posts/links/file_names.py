"""The file that an address names: its name and its format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, unquote_plus

from scraper.posts.links.hosts import formats

if TYPE_CHECKING:
    from urllib.parse import SplitResult

MAX_NAME_LENGTH: Final = 300
"""Longer file names are cut, in characters."""

_MAX_EXTENSION_LENGTH = 5


def extension(name: str) -> str | None:
    """Return the lower-case extension of a file name, without the dot; None where it has none.

    >>> extension("Mix.TAR.GZ"), extension("Artist - A.M."), extension("song.mp3-300x300")
    ('tar.gz', None, None)
    """
    stem, dot, last = name.lower().rpartition(".")
    if not dot or not stem or not last.isalnum() or not last.isascii() or len(last) > _MAX_EXTENSION_LENGTH:
        return None
    return f"tar.{last}" if stem.endswith(".tar") and f"tar.{last}" in formats().archive else last


def last_segment(parts: SplitResult) -> str:
    """Return the decoded last segment of the path; "" for a path that ends with a slash."""
    return unquote(parts.path.rpartition("/")[2])


def named_file(parts: SplitResult) -> str | None:
    """Return the name of the music file that an address names anywhere, percent-decoded.

    Looked for in the last segment, before a ``.html`` behind it, in the segments before
    (``/file/KEY/Mix.zip/file``) and in the values of the query (``?file=a.mp3``).
    """
    *before, last = [unquote(segment) for segment in parts.path.split("/")]
    stem, _, ending = last.rpartition(".")
    candidates = [last, stem if ending.lower() in formats().page else "", *before[:-3:-1]]
    candidates += [
        unquote_plus(pair.partition("=")[2]).rpartition("/")[2] for pair in parts.query.split("&")[:20]
    ]
    return next((name[:MAX_NAME_LENGTH] for name in candidates if extension(name) in formats().music), None)
