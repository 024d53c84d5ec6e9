"""A feed as a way of listing: what it holds, and its older pages where it has them. Pure."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from scraper.blogs.feeds import Feed, UnreadableFeedError, read_feed, trusted
from scraper.blogs.ways.way import Batch, UnusableAnswerError, WayName
from storage.reasons import Reason

if TYPE_CHECKING:
    from scraper.http.errors import FetchError
    from scraper.http.page import Page

_PAGED: Final = "paged"
_MAX_DIGITS = 6
_GHOST_PAGE = re.compile(r"/(\d{1,6})/?$")
_BEHIND_THE_END = frozenset({Reason.NOT_FOUND, Reason.GONE})


class Paging(StrEnum):
    """How the older pages of a feed are reached."""

    NONE = "none"
    """There are none."""
    FOLLOW = "follow"
    """By the links in the feed itself: RFC 5005, JSON Feed's `next_url`."""
    WORDPRESS = "WordPress"
    """By the parameter `paged`, of ``/feed/`` and of ``/?feed=rss2``; 404 behind the last page."""
    GHOST = "Ghost"
    """By ``/rss/2/``, before Ghost 3.0 (2019); behind the last page it gives the last one again."""


class FeedWay:
    """The posts of a feed, whole where the feed gives them whole.

    It asks for a next page as long as a page has entries, posts or not. Some servers answer every number
    with the same entries, and reading has no memory: who walks stops where a batch brings nothing new, and
    asks no address twice.
    """

    def __init__(self, feed: str, home: str, *, style: Paging) -> None:
        """List the feed at `feed` of the blog whose page is `home`, both absolute."""
        self._feed = feed
        self._home = home
        self._style = style

    @property
    def name(self) -> WayName:
        """Which way it is."""
        return WayName.FEED

    def first(self) -> str:
        """Return the address of the feed."""
        return self._feed

    def changes(self, since: float) -> str | None:  # noqa: ARG002 - feeds know of no moments
        """Return None: a feed cannot be asked for a part."""
        return None

    def read(self, answer: Page) -> Batch:
        """Read the feed or an older page of it. Raises `UnusableAnswerError`."""
        try:
            feed = read_feed(
                answer.body, answer.url, listing=self._home, charset=answer.charset, content=True
            )
        except UnreadableFeedError as error:
            raise UnusableAnswerError(error.what, where=error.where, next_step=error.next_step) from error
        return Batch(posts=trusted(feed).posts, locked=feed.locked, more=self._more(feed, answer.url))

    def is_end(self, error: FetchError) -> bool:
        """Return whether a page by number is not there; a page that the feed itself names should be."""
        return self._style in {Paging.WORDPRESS, Paging.GHOST} and error.reason in _BEHIND_THE_END

    def _more(self, feed: Feed, url: str) -> tuple[str, ...]:
        if not feed.entries or self._style is Paging.NONE:
            return ()
        if self._style is Paging.FOLLOW:
            return (feed.next,) if feed.next else ()
        return (_wordpress_next(url) if self._style is Paging.WORDPRESS else _ghost_next(url),)


def _wordpress_next(url: str) -> str:
    """Return the page after that at `url`; other parameters stay as they are."""
    parts = urlsplit(url)
    said = [value for name, value in parse_qsl(parts.query) if name == _PAGED]
    here = int(said[-1]) if said and said[-1].isdecimal() and len(said[-1]) <= _MAX_DIGITS else 1
    kept = [part for part in parts.query.split("&") if part and part.partition("=")[0] != _PAGED]
    query = "&".join([*kept, f"{_PAGED}={max(here, 1) + 1}"])
    return urlunsplit(parts._replace(query=query, fragment=""))


def _ghost_next(url: str) -> str:
    parts = urlsplit(url)
    said = _GHOST_PAGE.search(parts.path)
    folder = parts.path[: said.start()] if said else parts.path.rstrip("/")
    here = max(int(said[1]), 1) if said else 1
    return urlunsplit(parts._replace(path=f"{folder}/{here + 1}/", fragment=""))
