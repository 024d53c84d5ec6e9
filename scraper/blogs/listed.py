"""What a listing or a feed says of a post before it is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.posts.links.reading import Enclosure


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPost:
    """The address of a post and what its listing knows of it.

    `key` is the post's identity. `title` (text, no HTML), `published` (as written), `categories`,
    `enclosures` and `cover` (an absolute address) are empty where the listing does not tell.
    """

    url: str
    key: str
    title: str | None = None
    published: str | None = None
    categories: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    id: str | None = None
    """What the platform calls the post, whatever its address is: unique within its blog."""
    modified: float | None = None
    """When the post was last changed: POSIX seconds UTC. Compared with what was stored, never shown."""
    content: str | None = None
    """The HTML of the whole post, where the listing has it: its page is not fetched then. Never a part."""
    cover: str | None = None
