"""The walk from listing page to older listing page, with what a feed tells beside them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from scraper.blogs.pages import ListingPage
from scraper.http.addresses.identity import link_key
from scraper.http.errors import FetchError
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Mapping

    from scraper.blogs.listed import ListedPost
    from scraper.blogs.plan import WalkPlan
    from scraper.blogs.reading import ListingReader, WalkResult
    from scraper.blogs.sieve import Sieve
    from scraper.blogs.start import Start
    from scraper.blogs.window import Window

MAX_LISTING_PAGES: Final = 20_000
"""Listing pages of one blog in one run: a bound for pages that never end."""

# Listing pages in a row without a post that was not listed before. While somebody pages, new posts push old
# ones to the next page, so that a page may be the one before once more.
_STALE_PAGES = 2
# The same without any post: some pages show nothing that is known as one.
_BLANK_PAGES = 5
# As with a post: what may not be asked for is given up, not looked for again each night.
_CLOSED = "robots.txt does not allow the older listing pages; --full looks again whether it does"
_ENDS = frozenset({Reason.NOT_FOUND, Reason.GONE})


class PagesWalk:
    """Goes through the listing pages of a blog, the newest first. `ended` says afterwards how it went."""

    def __init__(
        self,
        plan: WalkPlan,
        *,
        reader: ListingReader,
        sieve: Sieve,
        window: Window,
        result: WalkResult,
    ) -> None:
        self.ended = False
        """Whether the archive was walked to its end, or to where everything is known."""
        self._plan = plan
        self._reader = reader
        self._sieve = sieve
        self._window = window
        self._result = result
        self._visited: set[str] = set()

    async def posts(self, start: Start) -> AsyncGenerator[ListedPost]:
        """Yield what is new, in listing order. Raises `FetchError` where an older page cannot be read."""
        self._visited |= {link_key(self._plan.url), link_key(start.url)}
        self._sieve.begin_way()
        listing, fed = start.listing, start.more
        stale = 0
        for _ in range(MAX_LISTING_PAGES):
            page = [_with_hint(post, start.hints) for post in listing.posts]
            sifted = await self._sieve.sift(page, locked=listing.locked, fed=fed)
            for post in sifted.news:
                if self._sieve.is_full:
                    return
                self._sieve.given += 1
                yield post
            stale = 0 if sifted.turned else stale + 1
            older = [url for url in listing.older if link_key(url) not in self._visited]
            is_over = stale >= (_STALE_PAGES if page else _BLANK_PAGES)
            if not older or is_over or self._sieve.caught_up(page):
                self.ended = True
                return
            if await self._window.is_behind():
                return
            listing, fed = await self._turn(older), ()
        self._result.notes.append(f"stopped after {MAX_LISTING_PAGES:,} listing pages")

    async def _turn(self, older: Iterable[str]) -> ListingPage:
        """Return the first of the pages at `older` that is there; an empty one where none is."""
        for url in older:
            self._visited.add(link_key(url))
            try:
                return await self._reader.older(url)
            except FetchError as error:
                if error.reason is Reason.ROBOTS:
                    self._result.notes.append(_CLOSED)
                    break
                if error.reason not in _ENDS:
                    raise
        return ListingPage()


def _with_hint(post: ListedPost, hints: Mapping[str, ListedPost]) -> ListedPost:
    """Return `post` with what the feed knows of it; the address stays that of the page."""
    hint = hints.get(post.key)
    if hint is None:
        return post
    return replace(hint, url=post.url, published=hint.published or post.published)
