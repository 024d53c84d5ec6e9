"""The date window of a walk: when the pages have become older than what is asked for."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scraper.posts.dates.reading import read_date

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from scraper.blogs.listed import ListedPost

_DAY = 86_400.0
_OLD_PAGES = 2  # pages in a row: a single one may be a post that was moved or dated back


@dataclass(slots=True)
class _ListedPage:
    dates: list[float]
    pending: set[str]
    read: asyncio.Event = field(default_factory=asyncio.Event)

    def is_before(self, since: float) -> bool:
        return bool(self.dates) and max(self.dates) < since


class Window:
    """Watches the dates of each listing page's posts; `since` is POSIX seconds UTC, None without bound."""

    def __init__(self, since: float | None) -> None:
        self._since = since
        self._pages: list[_ListedPage] = []

    def too_old(self, posts: Iterable[ListedPost]) -> dict[str, float]:
        """Return the keys and dates of those `posts` that their listing or feed dates before the window.

        A day is allowed for zones that nobody named; what the listing does not date is not too old.
        """
        if self._since is None:
            return {}
        old: dict[str, float] = {}
        for post in posts:
            date = read_date(post.published, now=time.time()) if post.published else None
            if date is not None and date.timestamp < self._since - _DAY:
                old[post.key] = date.timestamp
        return old

    def open_page(self, dates: Mapping[str, float | None], *, pending: Collection[str]) -> None:
        """Begin a listing page: `dates` are those of its known posts, `pending` the keys being read."""
        if self._since is None:
            return
        known = [date for date in dates.values() if date is not None]
        page = _ListedPage(dates=known, pending=set(pending))
        if not page.pending:
            page.read.set()
        self._pages = [*self._pages, page][-_OLD_PAGES:]

    def note(self, key: str, published: float | None) -> None:
        """Say that the post `key` was read, and when it was published if that is known."""
        for page in self._pages:
            if key in page.pending:
                page.pending.discard(key)
                if published is not None:
                    page.dates.append(published)
                if not page.pending:
                    page.read.set()

    async def is_behind(self) -> bool:
        """Return whether the last two pages, once read, were wholly older than the window."""
        if self._since is None or len(self._pages) < _OLD_PAGES:
            return False
        for page in self._pages:
            await page.read.wait()
        since = self._since
        return all(page.is_before(since) for page in self._pages)
