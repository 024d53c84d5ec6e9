"""A post together with how it was understood: what was read from where, and what was ignored and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.posts.titles import TitleParts
    from storage.records import Post


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """Something that was read and counts for nothing: `what` as it stands, and `why`, in a few words."""

    what: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What a page or a listing's text gave.

    `scope` says in a few words what found the post on its page, `title_source` and `date_source` where
    title and date stood. `ignored_genres` and `ignored_links` are empty unless the reader was asked to
    explain itself.
    """

    post: Post
    title: TitleParts
    scope: str
    title_source: str
    date_source: str | None = None
    ignored_genres: tuple[Ignored, ...] = ()
    ignored_links: tuple[Ignored, ...] = ()
    players: tuple[str, ...] = ()
    """Pages of the blog's own players that the post shows: what they play is on them."""
    prints: frozenset[int] | None = None
    """Prints of the page's blocks where nothing but their text could tell the post from furniture."""
