"""Addresses in running text, with and without a scheme, as people write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from scraper.http.addresses.identity import MAX_URL_LENGTH
from scraper.posts.links.file_names import extension
from scraper.posts.links.hosts import find_host, formats

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_TEXT: Final = 200_000
"""Of one run of text only so many characters are searched."""

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
# Everything that cannot stand in an address as people write it, and the punctuation of East Asian text.
_SEPARATOR = re.compile(r"[\s<>\"“”„«»「」『』【】（）、。，；：！？|\\^`{}]+")
_SCHEME = re.compile(r"h(?:tt|xx)ps?://", re.IGNORECASE)
_DOTS = re.compile(r"\[(?:\.|dot)\]|\((?:\.|dot)\)", re.IGNORECASE)
_BARE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*(?:\.[A-Za-z0-9][A-Za-z0-9-]*)*\.[A-Za-z]{2,24}/\S")
_TRAILING = ".,;:!?…'’‘*_~"
_BRACKETS = {")": "(", "]": "["}


_CARRIED_ON = "/-_=&?%"
_MAX_LINE = 300


@dataclass(frozen=True, slots=True)
class Written:
    """An address in running text: what it means, the text of its line before it, and where it stands."""

    url: str
    before: str
    start: int
    end: int


def readable(text: str) -> str:
    """Return `text` without the characters that nobody sees, as much of it as is searched."""
    text = text[:MAX_TEXT]
    return text if text.isascii() else text.translate(_INVISIBLE)


def plain_links(text: str) -> Iterator[Written]:
    """Yield each address in `text`, as `readable` gives it, as an absolute one.

    ``hxxp://`` and ``[.]`` are undone; punctuation of the sentence is cut. Without a scheme only known
    hosts and files are taken, as https. An address that goes on in the next line is put together where
    that makes a file of it.

    >>> text = "Get it (hxxps://mega[.]nz/file/ID#KEY), dropbox.com/s/x/t.wav?dl=0."
    >>> [found.url for found in plain_links(text)]
    ['https://mega.nz/file/ID#KEY', 'https://dropbox.com/s/x/t.wav?dl=0']
    """
    start = 0
    while start < len(text):
        found = _SEPARATOR.search(text, start)
        end = found.start() if found else len(text)
        address = _address(text[start : min(end, start + MAX_URL_LENGTH)])
        if address is not None:
            before = text[max(0, start - _MAX_LINE) : start].rpartition("\n")[2]
            longer = _carried_on(text, start, end) if found and found[0].strip(" ") == "\n" else None
            address, end = longer or (address, end)
            yield Written(address, before, start, end)
            found = _SEPARATOR.match(text, end)
        start = found.end() if found else max(end, start + 1) if address is not None else len(text)


def _carried_on(text: str, start: int, end: int) -> tuple[str, int] | None:
    if text[end - 1] not in _CARRIED_ON:
        return None
    gap = _SEPARATOR.match(text, end)
    if gap is None:
        return None
    after = _SEPARATOR.search(text, gap.end())
    stop = after.start() if after else len(text)
    rest = text[gap.end() : min(stop, gap.end() + MAX_URL_LENGTH)]
    whole = _address(text[start:end] + rest)
    if whole is None or "://" in rest:
        return None
    is_file = extension(urlsplit(whole).path.rpartition("/")[2]) in formats().music
    return (whole, stop) if is_file else None


def _address(word: str) -> str | None:
    if "/" not in word:
        return None
    found = _SCHEME.search(word)
    if found is not None:
        rest = _DOTS.sub(".", word[found.end() :])
        scheme = found[0].lower().replace("xx", "tt")
        return scheme + _without_punctuation(rest) if rest else None
    rest = _without_punctuation(_DOTS.sub(".", word.lstrip("([*_'‘")))
    if not _BARE.match(rest):
        return None
    url = f"https://{rest}"
    parts = urlsplit(url)
    is_known = find_host((parts.hostname or "").lower()) is not None
    return url if is_known or extension(parts.path.rpartition("/")[2]) in formats().music else None


def _without_punctuation(text: str) -> str:
    end = len(text)
    open_count = {
        opening: text.count(opening) - text.count(closing) for closing, opening in _BRACKETS.items()
    }
    while end:
        last = text[end - 1]
        opening = _BRACKETS.get(last)
        if opening is not None and open_count[opening] < 0:
            open_count[opening] += 1
        elif last not in _TRAILING:
            break
        end -= 1
    return text[:end]
