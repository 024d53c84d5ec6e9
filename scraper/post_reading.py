"""Reading posts: from their pages, or from what their listing has; and why one could not be read."""

from __future__ import annotations

import logging
from enum import Enum, auto
from typing import TYPE_CHECKING, TypeVar

from scraper.downloads.choosing.wanted import wanted_downloads
from scraper.held_posts import HeldPost, HeldPosts
from scraper.http.errors import FetchError
from scraper.own_players import with_players
from scraper.post_answers import require_post
from scraper.posts.context import Context
from scraper.posts.entry import understand_entry
from scraper.posts.page.document import UnreadablePageError
from scraper.posts.page.locks import LockedPostError
from scraper.posts.understand import understand
from storage.errors import CratedigError
from storage.reasons import Reason
from storage.records import ReadPost

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from scraper.blogs.listed import ListedPost
    from scraper.crawl_job import Job
    from scraper.furniture_memory import FurnitureMemory
    from scraper.http.client import Page
    from scraper.posts.understood import Understood
    from scraper.stopping import Stopping

_LOG = logging.getLogger(__name__)
_Read = TypeVar("_Read")


class Unread(Enum):
    """Why there is nothing of a post."""

    FOR_GOOD = auto()
    """It is not there, or cannot be understood."""
    LOCKED = auto()
    """It is behind a password."""
    REFUSED = auto()
    """It is there, and not for us."""
    FOR_NOW = auto()
    """A later run may get it."""
    WITH_ITS_BLOG = auto()
    """It is the blog that cannot be read now."""


class PostReader:
    """Reads posts of one blog and counts what becomes of them; `stopping` is told of what goes wrong.

    `furniture` is what is known of what repeats on the posts of the blog, and learns more of it.
    """

    def __init__(self, blog: str, job: Job, stopping: Stopping, furniture: FurnitureMemory) -> None:
        self._blog = blog
        self._job = job
        self._stopping = stopping
        self._furniture = furniture
        self._held = HeldPosts()

    async def attempt(
        self, listed: ListedPost, *, listing: str, expected: bool
    ) -> ReadPost | Unread | HeldPost:
        """Read a post that the listing at `listing` has; `expected` says that it has failed before.

        The first pages that only what repeats can tell the post on are held: see `released`.
        """
        return await self._guarded(self._read(listed, listing), listed, expected=expected)

    async def released(self, *, all_of_them: bool = False) -> list[tuple[ListedPost, ReadPost | Unread]]:
        """Return the posts that were held: once enough is known to read them, or if no more will come.

        To be called after each post: those that wait do not wait for ever.
        """
        waited = self._held.pass_one()
        if not (all_of_them or waited or self._furniture.known):
            return []
        held = self._held.release()
        return [(one.listed, await self._guarded(self._again(one), one.listed)) for one in held]

    async def _guarded(
        self, reading: Awaitable[_Read], listed: ListedPost, *, expected: bool = False
    ) -> _Read | Unread:
        failed = self._job.counts.failed
        try:
            return await reading
        except FetchError as error:
            _LOG.info("%s: %s", error.reason, error)
            if self._stopping.failed(error, expected=expected):
                return Unread.WITH_ITS_BLOG
            failed[error.reason] += 1
            if error.reason is Reason.FORBIDDEN:
                return Unread.REFUSED
            for_good = not error.transient and error.reason is not Reason.BLOCKED
        except LockedPostError as error:
            _LOG.info("%s", error)
            return Unread.LOCKED  # nothing went wrong: it is not for us
        except UnreadablePageError as error:
            _LOG.info("%s: %s: %s", Reason.UNREADABLE_POST, error, listed.url)
            failed[Reason.UNREADABLE_POST] += 1
            for_good = True
        except CratedigError:
            raise
        except Exception:  # noqa: BLE001 - logged, counted, and tried again by the next run
            # A page that a reader of ours breaks on must not end the run for all the others.
            _LOG.exception("%s could not be read", listed.url)
            failed[Reason.UNREADABLE_POST] += 1
            for_good = False
        return Unread.FOR_GOOD if for_good else Unread.FOR_NOW

    async def _read(self, listed: ListedPost, listing: str) -> ReadPost | HeldPost:
        if listed.content is None:
            understood = await self._from_page(listed, listing)
        else:
            understood = await understand_entry(listed, self._context(), self._job.aside)
        self._stopping.read()
        return understood if isinstance(understood, HeldPost) else await self._matched(understood)

    async def _again(self, held: HeldPost) -> ReadPost:
        understood = held.understood
        if self._furniture.known:
            understood = await self._anew(held.page, held.listed, understood)
        return await self._matched(understood)

    async def _matched(self, understood: Understood) -> ReadPost:
        job = self._job
        understood = await with_players(job.client, understood, job.aside)
        post = self._furniture.without_boilerplate(understood.post)
        job.counts.read += 1
        match = job.criteria.match(post, job.graph, now=job.clock())
        if not match:
            return ReadPost(post=post)
        job.counts.matched += 1
        return ReadPost(post=post, matched=match.matched, wanted=wanted_downloads(post, job.criteria.wants))

    def _context(self) -> Context:
        return Context(
            blog=self._blog,
            graph=self._job.graph,
            now=self._job.clock(),
            furniture=self._furniture.prints,
        )

    async def _from_page(self, listed: ListedPost, listing: str) -> Understood | HeldPost:
        job = self._job
        page = await job.client.get(listed.url)
        try:
            require_post(page, listed, listing=listing)
            job.counts.bytes += len(page.body)
            knew = self._furniture.known  # others may teach it while a heavy page is read
            understood = await understand(page, listed, self._context(), self._job.aside)
            return await self._by_what_repeats(page, listed, understood, knew=knew)
        finally:
            page.free()

    async def _by_what_repeats(
        self, page: Page, listed: ListedPost, understood: Understood, *, knew: bool
    ) -> Understood | HeldPost:
        """Return the post again, better understood, where its page itself did not tell it from furniture.

        `knew` says that it was understood by what repeats already.
        """
        if understood.prints is None:
            return understood
        self._furniture.learn(listed.key, understood.prints)
        if knew:
            return understood
        if self._furniture.known:
            return await self._anew(page, listed, understood)
        held = HeldPost(listed=listed, page=page, understood=understood)
        return held if self._held.take(held) else understood

    async def _anew(self, page: Page, listed: ListedPost, before: Understood) -> Understood:
        """Return the post as what repeats tells it, or as understood `before` where that takes too much."""
        try:
            return await understand(page, listed, self._context(), self._job.aside)
        except UnreadablePageError as error:
            _LOG.info("%s is kept as it was first read: %s", listed.url, error)
            return before
