"""Which post a download was found in: file names and sidecars tell of it."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final, Protocol

from scraper.http.addresses.identity import post_key

if TYPE_CHECKING:
    from storage.records import Download, MatchedPost, Post

MOST_KEPT: Final = 100
"""Posts that are remembered: the files of an album come one after another."""


class StoredPosts(Protocol):
    """What is asked for posts."""

    async def find(self, key: str) -> MatchedPost | None:
        """Return the stored post of this key."""


class Origins:
    """Looks up the posts of downloads, each at most once while its files come."""

    def __init__(self, posts: StoredPosts | None) -> None:
        self._posts = posts
        self._kept: OrderedDict[str, Post | None] = OrderedDict()

    async def post_of(self, download: Download) -> Post | None:
        """Return the post of `download`, None where it is not stored (any more)."""
        if self._posts is None or download.referer is None:
            return None
        key = post_key(download.referer)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        found = await self._posts.find(key)
        self._kept[key] = post = None if found is None else found.post
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return post
