"""Pages that wait for others of their blog: the first on which only what repeats can tell the post."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from scraper.blogs.listed import ListedPost
    from scraper.http.page import Page
    from scraper.posts.understood import Understood

MAX_HELD: Final = 2
"""Pages of a blog that wait in memory: with the third, all are understood."""

MAX_HELD_BYTES: Final = 2_000_000
"""Bytes of these pages together."""

MAX_WAIT: Final = 20
"""Posts that pass while they wait. On a blog whose other pages have marks no third one may ever come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPost:
    """A post whose page was fetched, and how it is understood as long as nothing is known of other pages."""

    listed: ListedPost
    page: Page
    understood: Understood

    @property
    def published(self) -> float | None:
        """When it was published, POSIX seconds UTC."""
        published = self.understood.post.published
        return None if published is None else published.timestamp


class HeldPosts:
    """The pages of one blog that wait."""

    def __init__(self) -> None:
        self._held: list[HeldPost] = []
        self._passed = 0

    def take(self, post: HeldPost) -> bool:
        """Return whether there was room for `post`, which waits then."""
        size = sum(len(held.page.body) for held in (*self._held, post))
        if len(self._held) >= MAX_HELD or size > MAX_HELD_BYTES:
            return False
        self._held.append(post)
        return True

    def pass_one(self) -> bool:
        """Note that a post of the blog was dealt with; return whether those that wait have waited enough."""
        self._passed += bool(self._held)
        return self._passed > MAX_WAIT

    def release(self) -> list[HeldPost]:
        """Return the posts that wait, in the order in which they came; none of them waits any more."""
        released, self._held, self._passed = self._held, [], 0
        return released
