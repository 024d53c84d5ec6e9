"""One visit to one blog: its walk, the readers of its posts, and what is kept of it at the end."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING, Final

from scraper.blogs.listed import ListedPost
from scraper.blogs.walk import Walk
from scraper.furniture_memory import FurnitureMemory
from scraper.held_posts import HeldPost
from scraper.http.errors import FetchError
from scraper.post_reading import PostReader, Unread
from scraper.reached import Reached
from scraper.stopping import Stopping
from scraper.visit_record import VisitRecord
from storage.errors import CratedigError
from storage.reasons import Reason
from storage.records import ReadPost
from storage.unreadable import MAX_TRIES

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection

    from scraper.crawl_job import Job
    from scraper.store import StoreStage
    from storage.blogs import BlogState
    from storage.records import StoredPost
    from storage.unreadable import DuePost

MAX_DUE: Final = 100
"""Posts that earlier runs could not read and that one run asks for again, besides those that it is shown."""

_LOG = logging.getLogger(__name__)


class Visit:
    """One blog in one run. `error` says afterwards why it was not read to its end."""

    def __init__(self, blog: str, job: Job, state: BlogState | None) -> None:
        self.error: FetchError | None = None
        self._blog = blog
        self._job = job
        self._record = VisitRecord(blog, job, state)
        refused_before = state is not None and state.reason is Reason.FORBIDDEN
        self._stopping = Stopping(blog, refused_before=refused_before, now=job.clock)
        self._furniture = FurnitureMemory(blog, job.stores.blogs, anew=job.bounds.full)
        self._reader = PostReader(blog, job, self._stopping, self._furniture)
        self._reached = Reached()
        self._walk = Walk(
            self._record.plan(),
            client=job.client,
            stored=self._known,
            validators=job.stores.validators.get,
            reached=self._reached.place,
            now=job.clock,
        )
        self._shared: set[str] = set()
        """Keys of the posts that another blog of this run reads."""
        self._tried: dict[str, int] = {}
        """How many earlier runs could not read a post, by key."""
        self._refused: dict[str, str] = {}
        """The posts that are not for us: addresses by key."""
        self._put_off: dict[str, str] = {}
        """The posts that a later run may get: addresses by key."""
        self._counted = 0
        self._is_known = state is not None
        self._has_read = False

    @property
    def until(self) -> float | None:
        """When the blog's host may be asked again, where that ended the visit; POSIX seconds UTC."""
        return self._stopping.until

    async def read(self, store: StoreStage) -> None:
        """Walk through the blog and hand its new posts to `store`, as far as blog and bounds allow."""
        await self._record.begin()
        if self._is_known:
            await self._furniture.load()
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
        for listed, read in await self._reader.released(all_of_them=True):
            await self._hand_on(listed, read, store)
        self.error = self._stopping.error or self.error

    async def close(self) -> None:
        """Keep what later runs need to know, now that all that was found is stored."""
        result = self._walk.result
        if self._has_read and not self._job.dry_run:
            all_read = self.error is None and result.to_the_end
            dropped = await self._record.drop_boilerplate(self._furniture, all_read=all_read)
            if dropped:
                result.notes.append(f"links that stand on most of its posts are left out: {dropped}")
        lost = await self._has_lost()
        await self._record.close(
            result, error=self.error, lost=lost, refused=self._refused, put_off=self._put_off
        )
        self._job.counts.unchanged += result.unchanged
        self._job.counts.bytes += result.bytes
        notes = [*result.notes, result.ways_note()]
        self._job.notes.extend(f"{self._blog}: {note}" for note in notes if note is not None)

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
            self._reached.lose()
            self._walk.window.note(listed.key, None)
            return False
        job.claimed.add(listed.key)
        job.counts.to_read += 1
        self._reached.begin(listed.key)
        await self._record.begin_anew(self._walk)
        return True

    async def _read_posts(self, found: asyncio.Queue[ListedPost | None], store: StoreStage) -> None:
        while (listed := await found.get()) is not None:
            published: float | None = None
            try:
                # Once stopped, what was listed is still taken, so that the walk does not wait for room.
                stopped = self._stopping.error is not None
                read = Unread.WITH_ITS_BLOG if stopped else await self._attempt(listed)
                published = _published(read)
                if not isinstance(read, HeldPost):
                    await self._hand_on(listed, read, store)
            finally:
                # Also of one that is held: the walk may wait for its date before it goes on to others.
                self._walk.window.note(listed.key, published)
            for held, again in await self._reader.released():
                await self._hand_on(held, again, store)

    async def _hand_on(self, listed: ListedPost, read: ReadPost | Unread, store: StoreStage) -> None:
        if isinstance(read, Unread):
            self._give_up(listed, read, store)
            return
        self._has_read = True
        await store.put(read)
        if read.matched and self._job.matches is not None:
            self._job.matches(read)
        self._leave_behind(listed, store)

    async def _attempt(self, listed: ListedPost) -> ReadPost | Unread | HeldPost:
        expected = listed.key in self._tried
        return await self._reader.attempt(listed, listing=self._walk.address, expected=expected)

    def _give_up(self, listed: ListedPost, why: Unread, store: StoreStage) -> None:
        """Have the post asked for again by later runs, however far down in the archive it stands."""
        if why in {Unread.FOR_GOOD, Unread.LOCKED}:
            self._job.given_up.add(listed.key)
            if not self._job.dry_run:
                unread, tries = {listed.key: listed.url}, MAX_TRIES if why is Unread.LOCKED else 1
                store.then(partial(self._job.stores.unreadable.note, self._blog, unread, tries=tries))
            self._leave_behind(listed, store)
            return
        # A blog that keeps us out says nothing of single posts: these count once it was read to its end.
        self._reached.lose()
        if why is Unread.WITH_ITS_BLOG:
            return
        self._job.given_up.add(listed.key)
        kept = self._refused if why is Unread.REFUSED else self._put_off
        kept[listed.key] = listed.url

    def _leave_behind(self, listed: ListedPost, store: StoreStage) -> None:
        """Keep where a walk that is interrupted goes on, once all that it gave before is stored."""
        place = self._reached.done(listed.key)
        if place is not None and self._record.keeps_place:
            store.then(partial(self._job.stores.blogs.set_resume, self._blog, place))

    async def _has_lost(self) -> bool:
        """Return whether a post that another blog of this run was to read was not."""
        stored = await self._job.stores.posts.known(self._shared) if self._shared else {}
        return not self._shared <= stored.keys() | self._job.given_up

    def _count_found(self) -> None:
        found = self._walk.result.found
        self._job.counts.found += found - self._counted
        self._counted = found


def _published(read: ReadPost | Unread | HeldPost) -> float | None:
    if isinstance(read, ReadPost):
        return read.post.published.timestamp if read.post.published else None
    return read.published if isinstance(read, HeldPost) else None


def _is_edited(listed: ListedPost, stored: StoredPost) -> bool:
    """Return whether the post has changed since it was read, as far as its listing tells."""
    if listed.modified is None:
        return False
    if stored.modified is None:  # nobody told when it was read: to read it again is right where it is cheap
        return listed.content is not None
    return listed.modified > stored.modified
