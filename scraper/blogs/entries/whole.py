"""Which entries of a feed give their whole post, and which are behind a password. Pure."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice
from statistics import median
from typing import TYPE_CHECKING, Final

from scraper.blogs.entries.markup import has_markup
from scraper.blogs.ways.truncation import is_truncated
from scraper.http.addresses.identity import fetch_url

if TYPE_CHECKING:
    from scraper.blogs.entries.entry import FeedDocument, FeedEntry

_ANY_TAG = re.compile(r"<[^<>]{0,2000}>")
_ADDRESS = re.compile(r"""\b(?:href|src)\s{0,9}=\s{0,9}["']?\s{0,9}([^"'\s<>]{1,2000})""", re.IGNORECASE)
_MAX_ADDRESSES: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSigns:
    """The lists of feeds.toml."""

    whole_from: tuple[str, ...]
    whole_words: int
    least: int
    locked: tuple[str, ...]


@cache
def feed_signs() -> FeedSigns:
    """Return the signs of feeds.toml."""
    data = tomllib.loads(files("scraper.blogs.entries").joinpath("feeds.toml").read_text(encoding="utf-8"))
    return FeedSigns(
        whole_from=tuple(data["descriptions"]["whole_from"]),
        whole_words=data["descriptions"]["whole_words"],
        least=data["descriptions"]["least"],
        locked=tuple(data["locked"]["marks"]),
    )


def is_locked(entry: FeedEntry) -> bool:
    """Return whether the feed has the form for a password instead of the post."""
    text = entry.content if entry.content is not None else entry.description
    return text is not None and any(mark in text for mark in feed_signs().locked)


def may_be_locked(body: bytes) -> bool:
    """Return whether any entry of the feed `body`, UTF-8, can be behind a password: a quick look."""
    return any(mark.encode() in body for mark in feed_signs().locked)


def descriptions_are_whole(document: FeedDocument) -> bool:
    """Return whether the descriptions of an RSS feed are whole posts, which nothing in it says.

    They are not where entries have content beside them. In doubt they are not.
    """
    entries = document.entries
    said = [entry.description for entry in entries if entry.description]
    if any(entry.content is not None for entry in entries):
        return False
    signs = feed_signs()
    if document.generator.lower().startswith(signs.whole_from):
        return True
    return (
        len(said) >= signs.least
        and median(_words(text) for text in said) >= signs.whole_words
        and all(has_markup(text) for text in said)
        and not any(is_truncated(text, _link(entry)) for entry in entries if (text := entry.description))
    )


def whole_html(entry: FeedEntry, url: str, *, described: bool) -> str | None:
    """Return the HTML of the whole post at `url`, or None where its page is to be read.

    `described` is what `descriptions_are_whole` says of the feed.
    """
    html = entry.content
    if html is None and described and has_markup(entry.description or ""):
        html = entry.description
    if html is None or not html.strip() or is_truncated(html, url):
        return None
    if html.strip() == (entry.description or "").strip() and not has_markup(html):
        return None
    return None if _starts_elsewhere(html, entry.base, url) else html


def _starts_elsewhere(html: str, base: str | None, url: str) -> bool:
    """Return whether an address in `html` leads elsewhere from the post than from the feed's own `base`."""
    if base is None or base == url:
        return False
    addresses = (found[1] for found in islice(_ADDRESS.finditer(html), _MAX_ADDRESSES))
    return any(
        fetch_url(address, base) != fetch_url(address, url)
        for address in addresses
        if not address.startswith("#")
    )


def _words(html: str) -> int:
    return len(_ANY_TAG.sub(" ", html).split())


def _link(entry: FeedEntry) -> str:
    return next(iter(entry.links), "")
