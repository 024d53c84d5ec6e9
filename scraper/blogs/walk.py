"""The walk through a blog: feed and listing pages, newest first, as far as there is something new."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scraper.blogs.feeds import Feed, looks_like_feed
from scraper.blogs.pages import ListingPage
from scraper.blogs.reading import ListingReader, WalkResult, feed_of
from scraper.blogs.window import Window
from scraper.http.errors import FetchError
from scraper.http.identity import link_key
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Iterable, Mapping, Sequence

    from scraper.blogs.listed import ListedPost
    from scraper.http.client import Client, Page
    from storage.records import Validator

MAX_LISTING_PAGES = 10_000
"""Listing pages of one blog in one run: a bound for pages that never end."""

# Listing pages in a row without a post that was not listed before. While somebody pages, new posts push old
# ones to the next page, so that a page may be the one before once more.
_STALE_PAGES = 2
# The same without any post: some pages show nothing that is known as one.
_BLANK_PAGES = 5
_ENDS = frozenset({Reason.NOT_FOUND, Reason.GONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkPlan:
    """What is known of a blog before the walk, and how far to go.

    `complete` says that an earlier run has read the whole archive, so that the walk may stop where
    everything is known. `full` walks as if nothing were known. `since` (POSIX seconds UTC) and
    `max_posts` bound it.
    """

    url: str
    complete: bool = False
    full: bool = False
    since: float | None = None
    max_posts: int | None = None

    @property
    def incremental(self) -> bool:
        """Whether the walk only looks for news."""
        return self.complete and not self.full


@dataclass(frozen=True, slots=True, kw_only=True)
class _Start:
    """Where a walk begins: the first listing page, and what the feed adds to it."""

    url: str
    listing: ListingPage
    hints: Mapping[str, ListedPost]
    more: Sequence[ListedPost] = ()


class Walk:
    """Yields the posts of one blog that are to be read, each once.

    `known` tells which of some post keys are stored, with their published timestamps; `validators`
    looks up what earlier answers gave for conditional requests. Whoever takes the posts tells `window`
    of each one that was read or given up.
    """

    def __init__(
        self,
        plan: WalkPlan,
        *,
        client: Client,
        known: Callable[[Collection[str]], Awaitable[Mapping[str, float | None]]],
        validators: Callable[[str], Awaitable[Validator | None]],
    ) -> None:
        self.result = WalkResult()
        self.window = Window(plan.since)
        self.address = plan.url
        """Where the listing is, once it is read: redirects followed, a feed's home instead of the feed."""
        self._plan = plan
        self._known = known
        self._reader = ListingReader(
            client, validators=validators, conditional=plan.incremental, result=self.result
        )
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
        start = await self._start()
        if start is None:
            self.result.to_the_end = True
            return
        self.address = start.url
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

    async def _start(self) -> _Start | None:
        """Read the blog's address and the feed that belongs to it; None where nothing changed."""
        first = await self._reader.again(self._plan.url)
        if first.unchanged:
            return None
        if looks_like_feed(first.body, first.content_type):
            feed = await self._reader.feed(first)
            url, listing = await self._home_of(feed, first)
            start = _Start(url=url, listing=listing, hints=_by_key(feed), more=feed.posts)
        else:
            listing = await self._reader.listing(first)
            address, is_own = feed_of(listing, first.url)
            answer = None if address is None else await self._feed_answer(address, needed=not listing.posts)
            if answer is not None and answer.unchanged and not listing.posts:
                return None
            feed = Feed()
            if answer is not None and not answer.unchanged:
                feed = await self._reader.feed(answer, listing=first.url)
            more = feed.posts if is_own or not listing.posts else ()
            start = _Start(url=first.url, listing=listing, hints=_by_key(feed), more=more)
        if not start.listing.posts and not start.more:
            raise FetchError(Reason.NO_POSTS, self._plan.url)
        return start

    async def _feed_answer(self, url: str, *, needed: bool) -> Page | None:
        try:
            return await self._reader.again(url)
        except FetchError as error:
            if needed:
                raise
            self.result.notes.append(f"the feed could not be read: {error}")
            return None

    async def _home_of(self, feed: Feed, answer: Page) -> tuple[str, ListingPage]:
        home = feed.home
        if home is None or link_key(home) == link_key(answer.url):
            return answer.url, ListingPage()
        try:
            page = await self._reader.again(home)
            if page.unchanged or looks_like_feed(page.body, page.content_type):
                return page.url, ListingPage()
            return page.url, await self._reader.listing(page)
        except FetchError as error:
            if not feed.posts:
                raise
            self._cut = True
            self.result.notes.append(f"only the feed could be read: {error}")
            return home, ListingPage()

    async def _turn(self, url: str) -> ListingPage:
        self._visited.add(link_key(url))
        try:
            return await self._reader.older(url)
        except FetchError as error:
            if error.reason is Reason.ROBOTS:
                # Another run may be allowed to: the archive does not count as read.
                self._cut = True
                self.result.notes.append("robots.txt does not allow the older listing pages")
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


def _by_key(feed: Feed) -> dict[str, ListedPost]:
    return {post.key: post for post in feed.posts}


def _with_hint(post: ListedPost, hints: Mapping[str, ListedPost]) -> ListedPost:
    """Return `post` with what the feed knows of it; the address stays that of the page."""
    hint = hints.get(post.key)
    if hint is None:
        return post
    return replace(hint, url=post.url, published=hint.published or post.published)
