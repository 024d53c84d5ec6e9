"""What a feed says of its posts and of itself, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from scraper.posts.links.reading import Enclosure

MAX_ENTRIES: Final = 5000
"""Entries of one feed that are read."""

MAX_TEXT: Final = 1000
"""Characters of a title, a date or an id that are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """An entry as its feed gives it.

    `links` are the addresses that may be the post's, absolute, the likeliest first. `content` is HTML that
    the feed calls the content, `description` HTML that may be all of the post or its beginning; relative
    addresses in both start from `base`, or from the post's own address where that is None. `modified` is in
    POSIX seconds UTC, `cover` absolute.
    """

    links: tuple[str, ...] = ()
    id: str | None = None
    title: str | None = None
    published: str | None = None
    modified: float | None = None
    categories: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    content: str | None = None
    description: str | None = None
    base: str | None = None
    cover: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDocument:
    """A feed's entries in feed order, and what it says of itself.

    `link` is its page as written; `next` (older entries) and `current` (the newest, where this is an
    archive) are absolute addresses of feeds.
    """

    entries: tuple[FeedEntry, ...] = ()
    link: str | None = None
    generator: str = ""
    next: str | None = None
    current: str | None = None
