"""What a visit knows and learns of what stands on many posts of its blog and belongs to none of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scraper.posts.page.repeats import Repeats
from storage.blog_furniture import BlogFurniture

if TYPE_CHECKING:
    from storage.blogs import Blogs
    from storage.records import Post


class FurnitureMemory:
    """The furniture of one blog: what earlier runs left, and what the pages of this one add.

    `anew` begins as if nothing were known, for a blog that is read as if never before.
    """

    def __init__(self, blog: str, blogs: Blogs, *, anew: bool) -> None:
        self.prints: frozenset[int] = frozenset()
        """What repeats on the pages of the posts, as far as that is known."""
        self._blog = blog
        self._blogs = blogs
        self._anew = anew
        self._repeats = Repeats()
        self._links: frozenset[str] = frozenset()
        self._left = BlogFurniture()
        self._learned = False

    @property
    def known(self) -> bool:
        """Whether enough pages were seen to tell what repeats."""
        return self._repeats.known

    async def load(self) -> None:
        """Begin with what earlier runs left."""
        self._left = left = await self._blogs.furniture(self._blog)
        if self._anew:
            return
        self._repeats = Repeats(posts=left.posts, times=dict(left.prints))
        self._repeats.of.extend(left.of)
        self._links = left.links
        self._look()

    def learn(self, key: str, prints: frozenset[int]) -> None:
        """Count the prints of the page of the post `key`."""
        self._repeats.add(key, prints)
        self._learned = True
        self._look()

    def without_boilerplate(self, post: Post) -> Post:
        """Return `post` without the links that stand on most posts of the blog."""
        if self._links.isdisjoint(link.key for link in post.links):
            return post
        return replace(post, links=tuple(link for link in post.links if link.key not in self._links))

    async def keep(self, *, links: frozenset[str], all_read: bool) -> None:
        """Leave for later runs what was learned, and that `links` stand on most posts.

        What is known of other links stays, unless all posts were read anew (`all_read`); what repeats stays
        where too few pages were seen to tell it anew.
        """
        if not (self._anew and all_read):
            links |= self._left.links
        if not self._learned and links == self._left.links:
            return
        left = replace(self._left, links=links)
        if self.known or self._repeats.posts > left.posts:
            seen = self._repeats.memory()
            left = BlogFurniture(posts=seen.posts, of=tuple(seen.of), prints=seen.times, links=links)
        await self._blogs.keep_furniture(self._blog, left)

    def _look(self) -> None:
        self.prints = self._repeats.furniture() if self._repeats.known else frozenset()
