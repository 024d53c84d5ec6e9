"""What a listing or a feed says of a post before it is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.posts.links.reading import Enclosure


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPost:
    """The address of a post and what its listing knows of it.

    `key` is the post's identity. `title`, `published` (as written), `categories` and `enclosures` are
    empty where the listing does not tell.
    """

    url: str
    key: str
    title: str | None = None
    published: str | None = None
    categories: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
