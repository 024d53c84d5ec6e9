"""The main job as one pipeline: blogs → listed posts → pages → posts → matches → storage.

Every stage hands on through a bounded queue, so memory does not grow with the blog:

    walk (one a blog) ──► readers (a few a blog) ──► store (one for all, in batches)

Each blog has readers of its own, so a slow host delays nobody else. A post is stored in one transaction
with its genres, its links and its place in the download queue: a crash loses what was in flight, which the
next run reads again, and leaves nothing half done.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from filters.graph import GenreGraph, default_graph
from scraper.blogs.walk import Walk, WalkPlan
from scraper.downloads.wanted import wanted_downloads
from scraper.http.errors import FetchError
from scraper.posts.document import UnreadablePageError
from scraper.posts.understand import understand
from scraper.store import StoreStage
from storage.reasons import Reason
from storage.records import ReadPost, Saved

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from filters.criteria import Criteria
    from scraper.blogs.listed import ListedPost
    from scraper.http.client import Client
    from storage.blogs import Blogs
    from storage.errors import CratedigError
    from storage.posts import Posts
    from storage.validators import Validators

_HTML = frozenset({"text/html", "application/xhtml+xml"})

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

    async def run(self, blogs: Sequence[str]) -> CrawlCounts:
        """Read `blogs` and return the counts. What is stored stays stored, whatever happens to the rest."""
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
            visit = await self._open(blog)
            error = await self._walk(visit, store)
            await store.flushed()
            await self._close(visit, error)
        self.counts.blogs_done += 1

    async def _open(self, blog: str) -> _Visit:
        state = await (self._stores.blogs.get(blog) if self._dry_run else self._stores.blogs.ensure(blog))
        plan = WalkPlan(
            url=blog,
            complete=state is not None and state.complete,
            full=self._bounds.full,
            since=self._bounds.since,
            max_posts=self._bounds.max_posts,
        )
        walk = Walk(
            plan, client=self._client, known=self._stores.posts.known, validators=self._stores.validators.get
        )
        return _Visit(blog=blog, walk=walk)

    async def _walk(self, visit: _Visit, store: StoreStage) -> CratedigError | None:
        readers = self._client.limits.per_host
        found: asyncio.Queue[ListedPost | None] = asyncio.Queue(maxsize=readers)
        failure: CratedigError | None = None
        async with asyncio.TaskGroup() as tasks, aclosing(visit.walk.posts()) as posts:
            for _ in range(readers):
                tasks.create_task(self._read_posts(visit, found, store))
            try:
                async for listed in posts:
                    self._count_found(visit)
                    self.counts.to_read += 1
                    await found.put(listed)
            except FetchError as error:
                failure = error
            self._count_found(visit)
            for _ in range(readers):
                await found.put(None)
        return failure

    async def _read_posts(
        self, visit: _Visit, found: asyncio.Queue[ListedPost | None], store: StoreStage
    ) -> None:
        while (listed := await found.get()) is not None:
            published: float | None = None
            try:
                read = await self._read_post(visit.blog, listed)
                published = read.post.published.timestamp if read.post.published else None
                await store.put(read)
            except FetchError as error:
                self.counts.failed[error.reason] += 1
                visit.lost = visit.lost or error.transient
            except UnreadablePageError:
                self.counts.failed[Reason.UNREADABLE_POST] += 1
            finally:
                visit.walk.window.note(listed.key, published)

    async def _read_post(self, blog: str, listed: ListedPost) -> ReadPost:
        page = await self._client.get(listed.url)
        if page.content_type not in _HTML:
            raise FetchError(Reason.NOT_HTML, listed.url, detail=page.content_type)
        self.counts.bytes += len(page.body)
        now = self._clock()
        post = await understand(page, listed=listed, blog=blog, graph=self._graph, now=now)
        self.counts.read += 1
        match = self._criteria.match(post, self._graph, now=now)
        if not match:
            return ReadPost(post=post)
        self.counts.matched += 1
        read = ReadPost(post=post, matched=match.matched, wanted=wanted_downloads(post))
        if self._matches is not None:
            self._matches(read)
        return read

    async def _close(self, visit: _Visit, error: CratedigError | None) -> None:
        result = visit.walk.result
        self.counts.unchanged += result.unchanged
        self.notes.extend(f"{visit.blog}: {note}" for note in result.notes)
        reason = error.reason if isinstance(error, FetchError) else None
        if error is not None:
            self.failures.append(BlogFailure(blog=visit.blog, error=error))
            if reason is not None:
                self.counts.failed[reason] += 1
        if self._dry_run:
            return
        complete = error is None and not visit.lost and result.to_the_end
        if complete:
            await self._stores.validators.save(result.validators)
        await self._stores.blogs.set_complete(visit.blog, complete=complete)
        await self._stores.blogs.note_run(visit.blog, ok=error is None, reason=reason, at=self._clock())

    def _count_found(self, visit: _Visit) -> None:
        self.counts.found += visit.walk.result.found - visit.counted
        visit.counted = visit.walk.result.found


@dataclass(slots=True)
class _Visit:
    """One blog in one run. `lost` says that a post failed that a later run may still get."""

    blog: str
    walk: Walk
    lost: bool = False
    counted: int = 0


class NothingKept:
    """Stands in for storage in a dry run: says what would be new, and keeps nothing."""

    async def save(self, batch: Sequence[ReadPost]) -> Saved:
        """Count `batch`; a walk lists no known posts, and what matched would be queued."""
        return Saved(new=len(batch), queued=sum(len(read.wanted) for read in batch))


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
