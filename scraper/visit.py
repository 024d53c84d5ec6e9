"""One visit to one blog: its walk, the readers of its posts, and what is kept of it at the end."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from scraper.blogs.listed import ListedPost
from scraper.blogs.plan import WalkPlan
from scraper.blogs.walk import Walk
from scraper.http.errors import FetchError
from scraper.post_reading import PostReader, Unread
from scraper.reached import Reached
from scraper.stopping import Stopping
from storage.errors import CratedigError
from storage.reasons import Reason
from storage.records import ReadPost, Validator
from storage.unreadable import MAX_TRIES

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection

    from scraper.blogs.reading import WalkResult
    from scraper.crawl_job import Job
    from scraper.store import StoreStage
    from storage.blogs import BlogState
    from storage.records import StoredPost
    from storage.unreadable import DuePost

LISTING_AGE: Final = 7 * 86_400.0
"""Seconds after which the listing of a blog is asked for even where its feed says that nothing is new."""

MAX_DUE: Final = 100
"""Posts that earlier runs could not read and that one run asks for again, besides those that it is shown."""

_LOG = logging.getLogger(__name__)

# Why nothing is known of a blog that is one: status is to tell of it. Others may be a slip in the address.
_OF_A_BLOG = frozenset(
    {
        Reason.BLOCKED,
        Reason.FORBIDDEN,
        Reason.RATE_LIMITED,
        Reason.ROBOTS,
        Reason.ROBOTS_UNREACHABLE,
        Reason.SERVER_ERROR,
        Reason.TIMEOUT,
        Reason.TOO_SLOW,
    }
)


class Visit:
    """One blog in one run. `error` says afterwards why it was not read to its end."""

    def __init__(self, blog: str, job: Job, state: BlogState | None) -> None:
        self.error: FetchError | None = None
        self._blog = blog
        self._job = job
        self._stored = state is not None
        self._complete = state is not None and state.complete
        self._resume = None if state is None else state.resume
        refused_before = state is not None and state.reason is Reason.FORBIDDEN
        self._stopping = Stopping(blog, refused_before=refused_before, now=job.clock)
        self._reader = PostReader(blog, job, self._stopping)
        self._reached = Reached()
        self._keeps_place = not (job.dry_run or self._complete or job.bounds.full or job.bounds.since)
        self._walk = Walk(
            _plan(blog, job, state),
            client=job.client,
            stored=self._known,
            validators=job.stores.validators.get,
            reached=self._reached.place,
            now=job.clock,
        )
        self._lost = False
        """Whether a post failed that a later run may still get."""
        self._shared: set[str] = set()
        """Keys of the posts that another blog of this run reads."""
        self._tried: dict[str, int] = {}
        """How many earlier runs could not read a post, by key."""
        self._due: set[str] = set()
        """Keys of the posts that are read because earlier runs could not, and not because they are listed."""
        self._unreadable: dict[str, str] = {}
        """The posts that are not there, or not for us: addresses by key."""
        self._counted = 0

    @property
    def until(self) -> float | None:
        """When the blog's host may be asked again, where that ended the visit; POSIX seconds UTC."""
        return self._stopping.until

    async def read(self, store: StoreStage) -> None:
        """Walk through the blog and hand its new posts to `store`, as far as blog and bounds allow."""
        readers = self._job.client.limits.per_host
        found: asyncio.Queue[ListedPost | None] = asyncio.Queue(maxsize=readers)
        started = 0
        async with asyncio.TaskGroup() as tasks, aclosing(self._to_read()) as posts:
            try:
                async for listed in posts:
                    if started < readers:
                        tasks.create_task(self._read_posts(found, store))
                        started += 1
                    await found.put(listed)
            except FetchError as error:
                self.error = self._stopping.error if self._stopping.put_off(error) else error
            except CratedigError:
                raise
            except Exception as error:  # noqa: BLE001 - logged and reported; the others go on
                _LOG.exception("%s could not be listed", self._blog)
                self.error = FetchError(Reason.INTERNAL_ERROR, self._blog, detail=repr(error)[:200])
            self._count_found()
            for _ in range(started):
                await found.put(None)
        self.error = self._stopping.error or self.error

    async def close(self) -> None:
        """Keep what later runs need to know, now that all that was found is stored."""
        result, stores = self._walk.result, self._job.stores
        self._job.counts.unchanged += result.unchanged
        self._job.notes.extend(f"{self._blog}: {note}" for note in result.notes)
        is_known = self._stored or result.found or result.gone
        if self._job.dry_run or not (is_known or (self.error and self.error.reason in _OF_A_BLOG)):
            return  # an address under which nothing was ever found, such as a mistyped one, is not kept
        now = self._job.clock()
        if self.error is None:
            await stores.unreadable.note(self._blog, self._unreadable)
        if result.gone:
            await stores.blogs.note_gone(self._blog, at=now)
            return
        if self.error is None and result.to_the_end and not await self._has_lost():
            listed_at = now if result.listed else None
            await stores.blogs.note_listing(self._blog, feed=result.feed, listed_at=listed_at)
            await self._note_way(result)
            await stores.validators.save(result.validators)
            if not self._complete:
                await stores.blogs.set_complete(self._blog, complete=True)
        else:
            await stores.validators.save(_moves(result.validators))
        reason = None if self.error is None else self.error.reason
        await stores.blogs.note_run(self._blog, ok=self.error is None, reason=reason, at=now)

    async def _note_way(self, result: WalkResult) -> None:
        blogs = self._job.stores.blogs
        if result.way is not None:
            await blogs.note_way(
                self._blog,
                platform=result.platform,
                way=result.way,
                way_address=result.way_source,
                announced=result.announced,
                marker=result.marker,
            )
        await blogs.set_resume(self._blog, None)

    async def _to_read(self) -> AsyncGenerator[ListedPost]:
        """Yield the new posts of the blog, then those that are due and were not among them.

        In this order, because a listing knows more of a post than its address.
        """
        given = 0
        async with aclosing(self._walk.posts()) as posts:
            async for listed in posts:
                self._count_found()
                if self._stopping.error is not None:
                    return
                if await self._claim(listed):
                    given += 1
                    yield listed
        for post in await self._job.stores.unreadable.due(self._blog, limit=MAX_DUE):
            if self._stopping.error is not None or given == self._job.bounds.max_posts:
                return
            if post.key not in self._job.claimed:
                given += 1
                self._claim_due(post)
                yield ListedPost(url=post.url, key=post.key)

    def _claim_due(self, post: DuePost) -> None:
        self._job.claimed.add(post.key)
        self._job.counts.to_read += 1
        self._tried[post.key] = post.times
        self._due.add(post.key)

    async def _known(self, posts: Collection[ListedPost]) -> dict[str, float | None]:
        """Return which posts are not to be read: those stored as they are, and those tried in vain."""
        stores = self._job.stores
        keys = [post.key for post in posts]
        tried = await stores.unreadable.tries(keys)
        self._tried |= tried
        known: dict[str, float | None] = {key: None for key, times in tried.items() if times >= MAX_TRIES}
        ids = [post.id for post in posts if post.id is not None]
        stored = (await stores.posts.listed(self._blog, keys=keys, ids=ids)).by_key
        for post in posts:
            if post.key in stored and not _is_edited(post, stored[post.key]):
                known[post.key] = stored[post.key].published
        return known

    async def _claim(self, listed: ListedPost) -> bool:
        """Return whether this visit is to read the post; another blog of this run may list it as well."""
        job = self._job
        if listed.key in job.claimed:
            self._shared.add(listed.key)
            self._walk.window.note(listed.key, None)
            return False
        job.claimed.add(listed.key)
        job.counts.to_read += 1
        self._reached.begin(listed.key)
        if not job.dry_run:
            await self._begin_anew()
        return True

    async def _begin_anew(self) -> None:
        """Forget how far earlier runs came, before anything new is stored.

        A crash after the newest posts would hide the others behind them. Where the blog itself says what has
        changed since, it says so again.
        """
        if self._complete and not self._walk.only_changes:
            await self._job.stores.blogs.set_complete(self._blog, complete=False)
            self._complete = False
        if self._resume is not None and not self._walk.went_on:
            await self._job.stores.blogs.set_resume(self._blog, None)
        self._resume = None

    async def _read_posts(self, found: asyncio.Queue[ListedPost | None], store: StoreStage) -> None:
        while (listed := await found.get()) is not None:
            read: ReadPost | None = None
            try:
                # Once stopped, what was listed is still taken, so that the walk does not wait for room.
                read = await self._attempt(listed) if self._stopping.error is None else None
                if read is not None:
                    await store.put(read)
                    if read.matched and self._job.matches is not None:
                        self._job.matches(read)
            finally:
                published = read.post.published if read is not None else None
                self._walk.window.note(listed.key, published.timestamp if published else None)
                self._keep_place(self._reached.done(listed.key), store)

    async def _attempt(self, listed: ListedPost) -> ReadPost | None:
        """Read a post; None, counted, where that fails."""
        read = await self._reader.attempt(
            listed, listing=self._walk.address, expected=listed.key in self._tried
        )
        if isinstance(read, ReadPost):
            return read
        if read is Unread.FOR_GOOD:
            self._job.given_up.add(listed.key)
            self._unreadable[listed.key] = listed.url
        elif listed.key not in self._due:  # what is due stays so
            self._lost = self._lost or read is Unread.FOR_NOW
            self._reached.lose()
        return None

    def _keep_place(self, place: str | None, store: StoreStage) -> None:
        """Keep where a walk that is interrupted goes on, once all that it gave before is stored."""
        if place is not None and self._keeps_place:
            store.then(partial(self._job.stores.blogs.set_resume, self._blog, place))

    async def _has_lost(self) -> bool:
        if self._lost:
            return True
        stored = await self._job.stores.posts.known(self._shared) if self._shared else {}
        return not self._shared <= stored.keys() | self._job.given_up

    def _count_found(self) -> None:
        found = self._walk.result.found
        self._job.counts.found += found - self._counted
        self._counted = found


def _plan(blog: str, job: Job, state: BlogState | None) -> WalkPlan:
    listed_at = None if state is None else state.listed_at
    now = job.clock()
    return WalkPlan(
        url=blog,
        complete=state is not None and state.complete,
        full=job.bounds.full,
        since=job.bounds.since,
        max_posts=job.bounds.max_posts,
        listing_due=listed_at is None or not now - LISTING_AGE < listed_at <= now,
        **({} if state is None else _remembered(state)),
    )


def _remembered(state: BlogState) -> dict[str, Any]:
    return {
        "feed": state.feed,
        "way": state.way,
        "way_source": state.way_address,
        "marker": state.marker,
        "announced": state.announced,
        "resume": state.resume,
    }


def _is_edited(listed: ListedPost, stored: StoredPost) -> bool:
    """Return whether the post has changed since it was read, as far as its listing tells."""
    if listed.modified is None:
        return False
    if stored.modified is None:  # nobody told when it was read: to read it again is right where it is cheap
        return listed.content is not None
    return listed.modified > stored.modified


def _moves(given: dict[str, Validator]) -> dict[str, Validator]:
    """Return what is true of the addresses whatever became of their posts: where they have moved for good."""
    return {
        url: Validator(moved_to=one.moved_to, moved_at=one.moved_at)
        for url, one in given.items()
        if one.moved_to is not None
    }
