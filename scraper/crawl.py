"""The main job as one pipeline: blogs → listed posts → pages → posts → matches → storage.

Every stage hands on through a bounded queue, so memory does not grow with the blog:

    walk (one a blog) ──► readers (a few a blog) ──► store (one for all, in batches)

Each blog has readers of its own, so a slow host delays nobody else. A post is stored in one transaction
with its genres, its links and its place in the download queue: a crash loses what was in flight, which the
next run reads again, and leaves nothing half done.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from contextlib import aclosing, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from filters.graph import GenreGraph, default_graph
from scraper.blogs.addresses import PostAddresses
from scraper.blogs.walk import Walk, WalkPlan
from scraper.downloads.wanted import wanted_downloads
from scraper.http.errors import FetchError
from scraper.http.identity import origin, post_key, same_site
from scraper.posts.page.document import UnreadablePageError
from scraper.posts.understand import understand
from scraper.store import StoreStage
from storage.errors import CratedigError
from storage.reasons import Reason
from storage.records import ReadPost, Saved

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from filters.criteria import Criteria
    from scraper.blogs.listed import ListedPost
    from scraper.http.client import Client, Page
    from storage.blogs import Blogs
    from storage.posts import Posts
    from storage.turns import Turns
    from storage.validators import Validators

_LOG = logging.getLogger(__name__)

_HTML = frozenset({"text/html", "application/xhtml+xml"})
# What servers say of pages that they know nothing about.
_UNSURE = frozenset({"application/octet-stream", "text/plain", "text/xml", "application/xml"})
_SNIFFED = 1024
_BANNED = 5
"""Refusals (403) in a row, up to the last post, that speak of a ban and not of single posts for members."""

MAX_BLOGS_AT_ONCE = 50
"""Blogs that are read at the same time; the others wait their turn."""


@dataclass(slots=True)
class CrawlCounts:
    """What a crawl has done so far: plain numbers that a progress display may read at any time."""

    blogs: int = 0
    blogs_done: int = 0
    found: int = 0
    """Posts listed, known ones included."""
    to_read: int = 0
    """Posts listed that are not stored yet."""
    read: int = 0
    new: int = 0
    matched: int = 0
    queued: int = 0
    unchanged: int = 0
    """Answers 304."""
    bytes: int = 0
    """Bytes of post pages."""
    failed: Counter[Reason] = field(default_factory=Counter)
    """Blogs and posts that could not be read, by reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlogFailure:
    """A blog that could not be read, or not to its end; what was read of it is kept."""

    blog: str
    error: CratedigError


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlBounds:
    """How far a crawl goes: `full` as if never run, `since` in POSIX seconds UTC, new posts a blog."""

    full: bool = False
    since: float | None = None
    max_posts: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """The parts of storage that a crawl uses."""

    blogs: Blogs
    posts: Posts
    validators: Validators
    turns: Turns


class Crawl:
    """Reads blogs, matches their posts by `criteria`, and stores both posts and queue.

    With `dry_run` nothing is written; `matches` is told of every matching post as it is found.
    """

    def __init__(
        self,
        *,
        client: Client,
        stores: Stores,
        criteria: Criteria,
        bounds: CrawlBounds | None = None,
        dry_run: bool = False,
        matches: Callable[[ReadPost], None] | None = None,
        graph: GenreGraph | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.counts = CrawlCounts()
        self.failures: list[BlogFailure] = []
        self.notes: list[str] = []
        self._client = client
        self._stores = stores
        self._criteria = criteria
        self._bounds = bounds or CrawlBounds()
        self._dry_run = dry_run
        self._matches = matches
        self._graph = graph or default_graph()
        self._clock = clock
        self._claimed: set[str] = set()
        self._given_up: set[str] = set()

    async def run(self, blogs: Sequence[str]) -> CrawlCounts:
        """Read `blogs` and return the counts. What is stored stays stored, whatever happens to the rest."""
        blogs = tuple(dict.fromkeys(blogs))
        self.counts.blogs = len(blogs)
        turns = asyncio.Semaphore(MAX_BLOGS_AT_ONCE)
        keeper = NothingKept() if self._dry_run else self._stores.posts
        try:
            async with StoreStage(keeper, self.counts) as store, asyncio.TaskGroup() as tasks:
                for blog in blogs:
                    tasks.create_task(self._read_blog(blog, store, turns))
        except BaseExceptionGroup as group:
            raise _first(group) from None
        return self.counts

    async def _read_blog(self, blog: str, store: StoreStage, turns: asyncio.Semaphore) -> None:
        async with turns:
            with self._stores.turns.take(blog) if not self._dry_run else nullcontext(True) as mine:
                if mine:
                    visit = await self._open(blog)
                    error = await self._walk(visit, store)
                    await store.flushed()
                    await self._close(visit, error)
                else:
                    self.notes.append(f"{blog}: another run is reading it now, so this one leaves it alone")
        self.counts.blogs_done += 1

    async def _open(self, blog: str) -> _Visit:
        state = await self._stores.blogs.get(blog)
        complete = state is not None and state.complete
        plan = WalkPlan(
            url=blog,
            complete=complete,
            full=self._bounds.full,
            since=self._bounds.since,
            max_posts=self._bounds.max_posts,
        )
        walk = Walk(
            plan, client=self._client, known=self._stores.posts.known, validators=self._stores.validators.get
        )
        return _Visit(blog=blog, walk=walk, complete=complete, stored=state is not None)

    async def _walk(self, visit: _Visit, store: StoreStage) -> FetchError | None:
        readers = self._client.limits.per_host
        found: asyncio.Queue[ListedPost | None] = asyncio.Queue(maxsize=readers)
        failure: FetchError | None = None
        async with asyncio.TaskGroup() as tasks, aclosing(visit.walk.posts()) as posts:
            for _ in range(readers):
                tasks.create_task(self._read_posts(visit, found, store))
            try:
                async for listed in posts:
                    self._count_found(visit)
                    if await self._claim(visit, listed):
                        await found.put(listed)
            except FetchError as error:
                failure = error
            except CratedigError:
                raise
            except Exception as error:  # noqa: BLE001 - logged and reported; the others go on
                _LOG.exception("%s could not be listed", visit.blog)
                failure = FetchError(Reason.INTERNAL_ERROR, visit.blog, detail=repr(error)[:200])
            self._count_found(visit)
            for _ in range(readers):
                await found.put(None)
        return failure

    async def _claim(self, visit: _Visit, listed: ListedPost) -> bool:
        """Return whether `visit` is to read the post; another blog of this run may list it as well."""
        if listed.key in self._claimed:
            visit.shared.add(listed.key)
            visit.walk.window.note(listed.key, None)
            return False
        self._claimed.add(listed.key)
        self.counts.to_read += 1
        if visit.complete and not self._dry_run:
            # Before anything new is stored: a crash after the newest posts would hide the others behind them.
            await self._stores.blogs.set_complete(visit.blog, complete=False)
            visit.complete = False
        return True

    async def _read_posts(
        self, visit: _Visit, found: asyncio.Queue[ListedPost | None], store: StoreStage
    ) -> None:
        while (listed := await found.get()) is not None:
            published: float | None = None
            try:
                read = await self._attempt(visit, listed)
                if read is not None:
                    published = read.post.published.timestamp if read.post.published else None
                    await store.put(read)
                    if read.matched and self._matches is not None:
                        self._matches(read)
            finally:
                visit.walk.window.note(listed.key, published)

    async def _attempt(self, visit: _Visit, listed: ListedPost) -> ReadPost | None:
        """Read a post; None, counted, where that fails."""
        try:
            return await self._read_post(visit, listed)
        except FetchError as error:
            _LOG.info("%s", error)
            self.counts.failed[error.reason] += 1
            visit.refused = visit.refused + 1 if error.reason is Reason.FORBIDDEN else 0
            for_good = not error.transient and error.reason is not Reason.BLOCKED
        except UnreadablePageError as error:
            _LOG.info("%s: %s", listed.url, error)
            self.counts.failed[Reason.UNREADABLE_POST] += 1
            for_good = True
        except CratedigError:
            raise
        except Exception:  # noqa: BLE001 - logged, counted, and tried again by the next run
            # A page that a reader of ours breaks on must not end the run for all the others.
            _LOG.exception("%s could not be read", listed.url)
            self.counts.failed[Reason.UNREADABLE_POST] += 1
            for_good = False
        if for_good:
            self._given_up.add(listed.key)
        else:
            visit.lost = True
        return None

    async def _read_post(self, visit: _Visit, listed: ListedPost) -> ReadPost:
        page = await self._client.get(listed.url)
        _require_post(page, listed, visit.walk.address)
        visit.refused = 0
        self.counts.bytes += len(page.body)
        now = self._clock()
        post = await understand(page, listed=listed, blog=visit.blog, graph=self._graph, now=now)
        self.counts.read += 1
        match = self._criteria.match(post, self._graph, now=now)
        if not match:
            return ReadPost(post=post)
        self.counts.matched += 1
        return ReadPost(post=post, matched=match.matched, wanted=wanted_downloads(post))

    async def _close(self, visit: _Visit, error: FetchError | None) -> None:
        result = visit.walk.result
        self.counts.unchanged += result.unchanged
        self.notes.extend(f"{visit.blog}: {note}" for note in result.notes)
        if error is not None:
            self.failures.append(BlogFailure(blog=visit.blog, error=error))
            self.counts.failed[error.reason] += 1
        if self._dry_run or not (visit.stored or result.found):
            return  # an address under which nothing was ever found, such as a mistyped one, is not kept
        if error is None and result.to_the_end and not await self._has_lost(visit):
            await self._stores.validators.save(result.validators)
            if not visit.complete:
                await self._stores.blogs.set_complete(visit.blog, complete=True)
        reason = None if error is None else error.reason
        await self._stores.blogs.note_run(visit.blog, ok=error is None, reason=reason, at=self._clock())

    async def _has_lost(self, visit: _Visit) -> bool:
        if visit.lost or visit.refused >= _BANNED:
            return True
        stored = await self._stores.posts.known(visit.shared) if visit.shared else {}
        return not visit.shared <= stored.keys() | self._given_up

    def _count_found(self, visit: _Visit) -> None:
        self.counts.found += visit.walk.result.found - visit.counted
        visit.counted = visit.walk.result.found


@dataclass(slots=True)
class _Visit:
    """One blog in one run.

    `complete` is what storage says of the blog, `stored` that it knows the blog at all; `lost`, that a post
    failed that a later run may still get; `shared` holds the posts that another blog of this run reads;
    `refused` counts the refusals since the last post that was read.
    """

    blog: str
    walk: Walk
    complete: bool
    stored: bool
    lost: bool = False
    shared: set[str] = field(default_factory=set)
    refused: int = 0
    counted: int = 0


class NothingKept:
    """Stands in for storage in a dry run: says what would be new, and keeps nothing."""

    def __init__(self) -> None:
        self._queued: set[str] = set()

    async def save(self, batch: Sequence[ReadPost]) -> Saved:
        """Count `batch`: posts, and downloads that no earlier post of this run has wanted."""
        before = len(self._queued)
        self._queued.update(wish.key for read in batch for wish in read.wanted)
        return Saved(new=len(batch), queued=len(self._queued) - before)


def _require_post(page: Page, listed: ListedPost, listing: str) -> None:
    """Raise `FetchError` unless the answer is an HTML page of the blog that may be a post."""
    if not _is_html(page):
        raise FetchError(Reason.NOT_HTML, listed.url, detail=page.content_type)
    if not same_site(page.url, listed.url):
        raise FetchError(Reason.BAD_REDIRECT, listed.url, detail=f"to {origin(page.url)}")
    if post_key(page.url) != listed.key and PostAddresses(listing).key_of(page.url) is None:
        raise FetchError(Reason.BAD_REDIRECT, listed.url, detail=f"to {page.url}, which is no post")


def _is_html(page: Page) -> bool:
    if page.content_type in _HTML:
        return True
    head = page.body[:_SNIFFED].lower()
    return page.content_type in _UNSURE and (b"<html" in head or b"<!doctype html" in head)


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return the first error of `group` that is no cancellation: what ended the others."""
    flat: list[BaseException] = []
    left: list[BaseException] = [group]
    while left:
        error = left.pop(0)
        if isinstance(error, BaseExceptionGroup):
            left.extend(error.exceptions)
        else:
            flat.append(error)
    return next((error for error in flat if not isinstance(error, asyncio.CancelledError)), flat[0])
