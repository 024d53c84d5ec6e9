"""What the ways of listing have in common: what to ask for, and what an answer gives. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from storage.errors import CratedigError

if TYPE_CHECKING:
    from scraper.blogs.listed import ListedPost
    from scraper.http.errors import FetchError
    from scraper.http.page import Page


class WayName(StrEnum):
    """The ways, as people read of them."""

    WORDPRESS = "WordPress REST"
    WORDPRESS_COM = "WordPress.com API"
    BLOGGER = "Blogger feed"
    TUMBLR = "Tumblr API"
    GHOST = "Ghost Content API"
    SQUARESPACE = "Squarespace JSON"
    SUBSTACK = "Substack archive"
    FEED = "feed"
    SITEMAP = "sitemap"
    PAGES = "pages"


class UnusableAnswerError(CratedigError):
    """An answer that this way of listing cannot go on with: not what the platform's documentation says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one answer lists.

    `posts` in the order of the answer; `locked` are the keys of posts behind a password, which are not among
    them; `more` the addresses of what is still to be asked, all of them, in this order; `announced` how many
    posts there are in all, those behind a password included, where the platform says so.
    """

    posts: tuple[ListedPost, ...] = ()
    locked: frozenset[str] = frozenset()
    more: tuple[str, ...] = ()
    announced: int | None = None


class Way(Protocol):
    """One way in which a blog lists all its posts, newest first where it can. Holds no state of a walk."""

    @property
    def name(self) -> WayName:
        """Which way it is."""

    def first(self) -> str:
        """Return the absolute address that lists the newest posts."""

    def changes(self, since: float) -> str | None:
        """Return the address that lists what was published or changed at or after `since`, and nothing else.

        `since` is in POSIX seconds UTC. None where the platform cannot tell.
        """

    def read(self, answer: Page) -> Batch:
        """Read the answer for an address of `first`, `changes` or `Batch.more`.

        Raises `UnusableAnswerError`, whatever the bytes are, and nothing else.
        """

    def is_end(self, error: FetchError) -> bool:
        """Return whether `error`, the answer for an address of `Batch.more`, says that there is no more."""
