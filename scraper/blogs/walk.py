"""The walk through a blog: feed and listing pages, newest first, as far as there is something new."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from scraper.blogs.feeds import Feed, UnreadableFeedError, looks_like_feed, read_feed
from scraper.blogs.pages import ListingPage, read_listing
from scraper.blogs.window import Window
from scraper.http.errors import FetchError
from scraper.http.identity import link_key, same_site
from scraper.posts.document import UnreadablePageError, parse_document
from storage.reasons import Reason
from storage.records import Validator

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping

    from scraper.blogs.listed import ListedPost
    from scraper.http.client import Client, Page

MAX_LISTING_PAGES = 10_000
"""Listing pages of one blog in one run: a bound for pages that never end."""

_NO_LISTING = ListingPage(posts=(), older=None, feeds=())
_NO_FEED = Feed(posts=(), home=None)
_END_OF_ARCHIVE = frozenset({Reason.NOT_FOUND, Reason.GONE, Reason.ROBOTS})


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


@dataclass(slots=True)
class WalkResult:
    """What a walk came to, filled in while it goes on."""

    found: int = 0
    """Posts listed, known ones included."""
    unchanged: int = 0
    """Answers 304: what the cache of validators saved."""
    to_the_end: bool = False
    """Whether the archive was walked to its end, or to where everything is known."""
    validators: dict[str, Validator] = field(default_factory=dict)
    """To be kept once everything found is stored; kept sooner, a crash would hide posts behind a 304."""
    notes: list[str] = field(default_factory=list)
    """What went wrong without ending the walk, a sentence each."""


class Walk:
    """Yields the posts of one blog that are to be read, each once.

    `known` tells which of some post keys are stored, with their published timestamps; `validators`
    looks up what earlier answers gave for conditional requests.
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
        self._plan = plan
        self._client = client
        self._known = known
        self._validators = validators
        self._seen: set[str] = set()
        self._given = 0

    async def posts(self) -> AsyncIterator[ListedPost]:
        """Yield what is new, in listing order. Raises `FetchError` when the blog cannot be listed."""
        first = await self._get_again(self._plan.url)
        if first.unchanged:
            self.result.to_the_end = True
            return
        if looks_like_feed(first.body, first.content_type):
            read = self._read_feed(first)
            feed = _by_key(read)
            first, listing = await self._home_of(read, first)
        else:
            listing = self._read_page(first)
            feed = _by_key(await self._feed_of(listing))
        if not listing.posts and not feed:
            raise FetchError(Reason.NO_POSTS, self._plan.url)
        async for post in self._pages(first, listing, feed):
            yield post

    async def _pages(
        self, first: Page, listing: ListingPage, feed: Mapping[str, ListedPost]
    ) -> AsyncIterator[ListedPost]:
        visited = {link_key(self._plan.url), link_key(first.url)}
        page = [*_with_hints(listing.posts, feed), *feed.values()]
        for _ in range(MAX_LISTING_PAGES):
            fresh = self._fresh(page)
            known = {} if self._plan.full else await self._known(fresh.keys())
            news = [post for key, post in fresh.items() if key not in known]
            self.window.open_page(known, pending=[post.key for post in news])
            for post in news:
                if self._given == self._plan.max_posts:
                    return
                self._given += 1
                yield post
            older = listing.older
            if not fresh or (self._plan.incremental and not news) or older is None or link_key(older) in visited:
                self.result.to_the_end = True
                return
            if await self.window.is_behind():
                return
            visited.add(link_key(older))
            listing = await self._next_page(older)
            page = _with_hints(listing.posts, feed)
        self.result.notes.append(f"stopped after {MAX_LISTING_PAGES:,} listing pages")

    def _fresh(self, page: Iterable[ListedPost]) -> dict[str, ListedPost]:
        fresh: dict[str, ListedPost] = {}
        for post in page:
            if post.key not in self._seen:
                fresh.setdefault(post.key, post)
        self._seen.update(fresh)
        self.result.found += len(fresh)
        return fresh

    async def _next_page(self, url: str) -> ListingPage:
        try:
            return self._read_page(await self._client.get(url))
        except FetchError as error:
            if error.reason not in _END_OF_ARCHIVE:
                raise
            if error.reason is Reason.ROBOTS:
                self.result.notes.append("robots.txt does not allow the older listing pages")
            return _NO_LISTING

    async def _home_of(self, feed: Feed, answer: Page) -> tuple[Page, ListingPage]:
        home = feed.home
        if home is None or not same_site(home, answer.url) or link_key(home) == link_key(answer.url):
            return answer, _NO_LISTING
        try:
            page = await self._get_again(home)
            return page, _NO_LISTING if page.unchanged else self._read_page(page)
        except FetchError as error:
            if not feed.posts:
                raise
            self.result.notes.append(f"only the feed could be read: {error}")
            return answer, _NO_LISTING

    async def _feed_of(self, listing: ListingPage) -> Feed:
        if not listing.feeds:
            return _NO_FEED
        try:
            answer = await self._get_again(listing.feeds[0])
        except FetchError as error:
            self.result.notes.append(f"the feed could not be read: {error}")
            return _NO_FEED
        return _NO_FEED if answer.unchanged else self._read_feed(answer)

    def _read_feed(self, answer: Page) -> Feed:
        try:
            return read_feed(answer.body, answer.url)
        except UnreadableFeedError as error:
            self.result.notes.append(str(error))
            return _NO_FEED

    def _read_page(self, answer: Page) -> ListingPage:
        try:
            return read_listing(parse_document(answer.body, charset=answer.charset), answer.url)
        except UnreadablePageError as error:
            raise FetchError(Reason.NOT_HTML, answer.url, detail=answer.content_type) from error

    async def _get_again(self, url: str) -> Page:
        """Read `url`, asking only for what changed where an earlier run has stored all that was there."""
        kept = await self._validators(url) if self._plan.incremental else None
        page = await self._client.get(url, validators=_conditions(kept))
        if page.unchanged:
            self.result.unchanged += 1
        elif page.etag or page.last_modified:
            self.result.validators[url] = Validator(etag=page.etag, last_modified=page.last_modified)
        return page


def _conditions(kept: Validator | None) -> dict[str, str]:
    # RFC 9110, section 13.1: the validators are echoed exactly as they came.
    headers = {}
    if kept is not None and kept.etag:
        headers["If-None-Match"] = kept.etag
    if kept is not None and kept.last_modified:
        headers["If-Modified-Since"] = kept.last_modified
    return headers


def _by_key(feed: Feed) -> dict[str, ListedPost]:
    return {post.key: post for post in feed.posts}


def _with_hints(posts: Iterable[ListedPost], feed: Mapping[str, ListedPost]) -> list[ListedPost]:
    """Return `posts` with what the feed knows of them; the address stays that of the page."""
    return [replace(feed[post.key], url=post.url) if post.key in feed else post for post in posts]
