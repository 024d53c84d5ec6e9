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
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from filters.graph import GenreGraph, default_graph
from scraper.crawl_job import BlogFailure, CrawlBounds, Job
from scraper.store import StoreStage
from scraper.visit import Visit
from storage.blog_backoff import is_due
from storage.records import ReadPost, Saved

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from filters.criteria import Criteria
    from scraper.crawl_job import CrawlCounts, Stores
    from scraper.http.client import Client
    from scraper.http.errors import FetchError
    from storage.blogs import BlogState
    from storage.reasons import Reason

MAX_BLOGS_AT_ONCE = 500
"""Blogs that are read at the same time; the others wait their turn.

Far more than connections: a blog that makes its readers wait, such as for a Crawl-delay of a minute, costs
memory only, and the blogs after it are not to wait with it.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PutOff:
    """A blog that failed again and again, and is not to be asked before `until`, POSIX seconds UTC."""

    blog: str
    until: float
    failures: int
    """How often in a row."""
    reason: Reason | None
    """Why it failed last."""


class Crawl:
    """Reads blogs, matches their posts by `criteria`, and stores both posts and queue.

    With `dry_run` nothing is written; `matches` is told of every matching post as it is found. With
    `only_due` blogs that failed again and again are left out until they are due; `put_off` names them.
    """

    def __init__(
        self,
        *,
        client: Client,
        stores: Stores,
        criteria: Criteria,
        bounds: CrawlBounds | None = None,
        dry_run: bool = False,
        only_due: bool = False,
        matches: Callable[[ReadPost], None] | None = None,
        graph: GenreGraph | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._job = Job(
            client=client,
            stores=stores,
            criteria=criteria,
            bounds=bounds or CrawlBounds(),
            dry_run=dry_run,
            matches=matches,
            graph=graph or default_graph(),
            clock=clock,
        )
        self.counts = self._job.counts
        self.failures: list[BlogFailure] = []
        self.put_off: list[PutOff] = []
        self._only_due = only_due
        self.notes = self._job.notes

    async def run(self, blogs: Sequence[str]) -> CrawlCounts:
        """Read `blogs` and return the counts. What is stored stays stored, whatever happens to the rest."""
        blogs = tuple(dict.fromkeys(blogs))
        self.counts.blogs = len(blogs)
        turns = asyncio.Semaphore(MAX_BLOGS_AT_ONCE)
        keeper = NothingKept() if self._job.dry_run else self._job.stores.posts
        try:
            async with (
                self._job.aside,
                StoreStage(keeper, self.counts) as store,
                asyncio.TaskGroup() as tasks,
            ):
                for blog in blogs:
                    tasks.create_task(self._read_blog(blog, store, turns))
        except BaseExceptionGroup as group:
            raise _first(group) from None
        return self.counts

    async def _read_blog(self, blog: str, store: StoreStage, turns: asyncio.Semaphore) -> None:
        async with turns:
            free = nullcontext(True) if self._job.dry_run else self._job.stores.turns.take(blog)
            with free as mine:
                if mine:
                    await self._visit(blog, store)
                else:
                    self.notes.append(f"{blog}: another run is reading it now, so this one leaves it alone")
        self.counts.blogs_done += 1

    async def _visit(self, blog: str, store: StoreStage) -> None:
        state = await self._job.stores.blogs.get(blog)
        if state is not None and state.gone_since is not None and not self._job.bounds.full:
            since = datetime.fromtimestamp(state.gone_since, UTC).astimezone().date()
            self.notes.append(f"{blog}: gone for good since {since} (410), not asked any more; --full asks")
            return
        if self._only_due and (put_off := _put_off(state, now=self._job.clock())):
            self.put_off.append(put_off)
            return
        visit = Visit(blog, self._job, state)
        await visit.read(store)
        await store.flushed()
        await visit.close()
        if visit.error is not None:
            self.failures.append(BlogFailure(blog=blog, error=_alone(visit.error), until=visit.until))
            self.counts.failed[visit.error.reason] += 1


class NothingKept:
    """Stands in for storage in a dry run: says what would be new, and keeps nothing."""

    def __init__(self) -> None:
        self._queued: set[str] = set()

    async def save(self, batch: Sequence[ReadPost]) -> Saved:
        """Count `batch`: posts, and downloads that no earlier post of this run has wanted."""
        before = len(self._queued)
        self._queued.update(wish.key for read in batch for wish in read.wanted)
        return Saved(new=len(batch), queued=len(self._queued) - before)


def _put_off(state: BlogState | None, *, now: float) -> PutOff | None:
    if state is None or state.due is None or is_due(state.due, now):
        return None
    return PutOff(blog=state.url, until=state.due, failures=state.failures, reason=state.reason)


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


def _alone(error: FetchError) -> FetchError:
    """Return `error` without the frames that it came through: they hold the page that it is about."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)
