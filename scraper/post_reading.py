"""Reading posts: from their pages, or from what their listing has; and why one could not be read."""

from __future__ import annotations

import logging
from enum import Enum, auto
from typing import TYPE_CHECKING

from scraper.downloads.wanted import wanted_downloads
from scraper.http.errors import FetchError
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
    from scraper.blogs.listed import ListedPost
    from scraper.crawl_job import Job
    from scraper.stopping import Stopping
    from storage.records import Post

_LOG = logging.getLogger(__name__)


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
    """Reads posts of one blog and counts what becomes of them; `stopping` is told of what goes wrong."""

    def __init__(self, blog: str, job: Job, stopping: Stopping) -> None:
        self._blog = blog
        self._job = job
        self._stopping = stopping

    async def attempt(self, listed: ListedPost, *, listing: str, expected: bool) -> ReadPost | Unread:
        """Read a post that the listing at `listing` has; `expected` says that it has failed before."""
        failed = self._job.counts.failed
        try:
            return await self._read(listed, listing)
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

    async def _read(self, listed: ListedPost, listing: str) -> ReadPost:
        job = self._job
        now = job.clock()
        if listed.content is None:
            post = await self._from_page(listed, listing)
        else:
            post = (await understand_entry(listed, self._context())).post
        self._stopping.read()
        job.counts.read += 1
        match = job.criteria.match(post, job.graph, now=now)
        if not match:
            return ReadPost(post=post)
        job.counts.matched += 1
        return ReadPost(post=post, matched=match.matched, wanted=wanted_downloads(post))

    def _context(self) -> Context:
        return Context(blog=self._blog, graph=self._job.graph, now=self._job.clock())

    async def _from_page(self, listed: ListedPost, listing: str) -> Post:
        job = self._job
        page = await job.client.get(listed.url)
        try:
            require_post(page, listed, listing=listing)
            job.counts.bytes += len(page.body)
            return (await understand(page, listed, self._context())).post
        finally:
            page.free()
