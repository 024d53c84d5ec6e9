"""The walk through a blog: feed and listing pages, newest first, as far as there is something new."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from scraper.blogs.asking import Asker
from scraper.blogs.pages import ListingPage
from scraper.blogs.reading import ListingReader, WalkResult
from scraper.blogs.start import Beginning
from scraper.blogs.window import Window
from scraper.http.addresses.identity import link_key
from scraper.http.errors import FetchError
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Iterable, Mapping, Sequence

    from scraper.blogs.listed import ListedPost
    from scraper.blogs.plan import WalkPlan
    from scraper.http.client import Client
    from storage.records import Validator

MAX_LISTING_PAGES = 10_000
"""Listing pages of one blog in one run: a bound for pages that never end."""

# Listing pages in a row without a post that was not listed before. While somebody pages, new posts push old
# ones to the next page, so that a page may be the one before once more.
_STALE_PAGES = 2
# The same without any post: some pages show nothing that is known as one.
_BLANK_PAGES = 5
_ENDS = frozenset({Reason.NOT_FOUND, Reason.GONE})


class Walk:
    """Yields the posts of one blog that are to be read, each once.

    `known` tells which of some post keys are stored, with their published timestamps; `validators`
    looks up what is kept of earlier answers; `now` tells POSIX seconds UTC. Whoever takes the posts tells
    `window` of each one that was read or given up.
    """

    def __init__(
        self,
        plan: WalkPlan,
        *,
        client: Client,
        known: Callable[[Collection[str]], Awaitable[Mapping[str, float | None]]],
        validators: Callable[[str], Awaitable[Validator | None]],
        now: Callable[[], float] = time.time,
    ) -> None:
        self.result = WalkResult()
        self.window = Window(plan.since)
        self.address = plan.url
        """Where the listing is, once it is read: redirects followed, a feed's home instead of the feed."""
        self._plan = plan
        self._known = known
        self._reader = ListingReader(client, self.result)
        asker = Asker(
            client,
            kept=validators,
            full=plan.full,
            conditional=plan.incremental,
            now=now,
            result=self.result,
        )
        self._beginning = Beginning(plan, asker=asker, reader=self._reader, known=known, result=self.result)
        self._seen: set[str] = set()
        self._only_fed: set[str] = set()
        """Seen in the feed and on no listing page yet."""
        self._news: set[str] = set()
        """Given by a walk for news; they come again where the feed has told of them before their page."""
        self._visited: set[str] = set()
        self._given = 0
        self._cut = False
        """Whether a part of the archive could not be read, without an error of its own."""

    async def posts(self) -> AsyncGenerator[ListedPost]:
        """Yield what is new, in listing order. Raises `FetchError` when the blog cannot be listed."""
        start = await self._beginning.find()
        if start is None:
            self.result.to_the_end = True
            return
        self.address = start.url
        self._cut = start.cut
        self._visited |= {link_key(self._plan.url), link_key(start.url)}
        listing, more = start.listing, start.more
        stale = 0
        for _ in range(MAX_LISTING_PAGES):
            page = [_with_hint(post, start.hints) for post in listing.posts]
            self._seen |= listing.locked
            turned, fresh = self._sort(page, more)
            known = {} if self._plan.full else await self._known(fresh.keys())
            old = self.window.too_old([*page, *fresh.values()])
            self._cut = self._cut or not old.keys() <= known.keys()
            news = [post for key, post in fresh.items() if key not in known and key not in old]
            self.window.open_page({**known, **old}, pending=[post.key for post in news])
            for post in news:
                if self._given == self._plan.max_posts:
                    return
                self._given += 1
                yield post
            stale = 0 if turned else stale + 1
            older = next((url for url in listing.older if link_key(url) not in self._visited), None)
            is_over = stale >= (_STALE_PAGES if page else _BLANK_PAGES)
            if older is None or is_over or self._caught_up(page, news):
                self.result.to_the_end = not self._cut
                return
            if await self.window.is_behind():
                return
            listing, more = await self._turn(older), ()
        self.result.notes.append(f"stopped after {MAX_LISTING_PAGES:,} listing pages")

    async def _turn(self, url: str) -> ListingPage:
        self._visited.add(link_key(url))
        try:
            return await self._reader.older(url)
        except FetchError as error:
            if error.reason is Reason.ROBOTS:
                # As with a post: what may not be asked for is given up, not looked for again each night.
                self.result.notes.append(
                    "robots.txt does not allow the older listing pages; --full looks again whether it does"
                )
            elif error.reason not in _ENDS:
                raise
            return ListingPage()

    def _sort(
        self, page: Iterable[ListedPost], more: Iterable[ListedPost]
    ) -> tuple[bool, dict[str, ListedPost]]:
        """Return whether a listing page has posts that none before had, and those not seen at all."""
        fresh: dict[str, ListedPost] = {}
        turned = False
        for post in page:
            if post.key not in self._seen:
                self._seen.add(post.key)
                fresh[post.key] = post
                turned = True
            elif post.key in self._only_fed:
                self._only_fed.discard(post.key)
                turned = True
        for post in more:
            if post.key not in self._seen:
                self._seen.add(post.key)
                self._only_fed.add(post.key)
                fresh[post.key] = post
        self.result.found += len(fresh)
        return turned, fresh

    def _caught_up(self, page: Sequence[ListedPost], news: Sequence[ListedPost]) -> bool:
        """Return whether a walk for news has met what an earlier one has read.

        The page must end with a known post and be mostly known: some lists end with a block of old posts.
        """
        if not self._plan.incremental:
            return False
        self._news.update(post.key for post in news)
        known = [post.key not in self._news for post in page]
        return not known or (known[-1] and 2 * sum(known) >= len(known))


def _with_hint(post: ListedPost, hints: Mapping[str, ListedPost]) -> ListedPost:
    """Return `post` with what the feed knows of it; the address stays that of the page."""
    hint = hints.get(post.key)
    if hint is None:
        return post
    return replace(hint, url=post.url, published=hint.published or post.published)
