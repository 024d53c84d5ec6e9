"""What storage knows of a blog: what a visit begins with, and what it leaves for the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from scraper.blogs.plan import WalkPlan
from storage.reasons import Reason
from storage.records import Validator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scraper.blogs.reading import WalkResult
    from scraper.blogs.walk import Walk
    from scraper.crawl_job import Job
    from scraper.furniture_memory import FurnitureMemory
    from scraper.http.errors import FetchError
    from storage.blogs import BlogState

LISTING_AGE: Final = 7 * 86_400.0
"""Seconds after which the listing of a blog is asked for even where its feed says that nothing is new."""

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


class VisitRecord:
    """The record of one visit to `blog`, of which storage knows `state`. In a dry run nothing is kept."""

    def __init__(self, blog: str, job: Job, state: BlogState | None) -> None:
        self._blog = blog
        self._job = job
        self._state = state
        self._complete = state is not None and state.complete
        self._resume = None if state is None else state.resume
        self._stored = 0

    @property
    def keeps_place(self) -> bool:
        """Whether a walk that is interrupted is to go on where it was: a first one, without bounds."""
        bounds = self._job.bounds
        was_complete = self._state is not None and self._state.complete
        return not (self._job.dry_run or was_complete or bounds.full or bounds.since)

    def plan(self) -> WalkPlan:
        """Return what the walk is to do."""
        bounds, state, now = self._job.bounds, self._state, self._job.clock()
        listed_at = None if state is None else state.listed_at
        return WalkPlan(
            url=self._blog,
            complete=self._complete,
            full=bounds.full,
            since=bounds.since,
            max_posts=bounds.max_posts,
            listing_due=listed_at is None or not now - LISTING_AGE < listed_at <= now,
            **({} if state is None else _remembered(state)),
        )

    async def begin(self) -> None:
        """Note how many posts of the blog are stored before the walk."""
        if self._state is not None and not self._job.dry_run:
            self._stored = await self._job.stores.posts.count_of(self._blog)

    async def begin_anew(self, walk: Walk) -> None:
        """Forget how far earlier runs came, before anything new is stored.

        A crash after the newest posts would hide the others behind them. Where the blog itself says what has
        changed since, it says so again.
        """
        if self._job.dry_run:
            return
        blogs = self._job.stores.blogs
        if self._complete and not walk.only_changes:
            await blogs.set_complete(self._blog, complete=False)
            self._complete = False
        if self._resume is not None and not walk.went_on:
            await blogs.set_resume(self._blog, None)
        self._resume = None

    async def close(
        self,
        result: WalkResult,
        *,
        error: FetchError | None,
        lost: bool,
        refused: Mapping[str, str],
        put_off: Mapping[str, str],
    ) -> None:
        """Keep what later runs need to know, now that all that was found is stored.

        `error` is why the visit ended early; `lost` says that a post was not read which a later run is to
        look for. `refused` and `put_off` are posts that later runs ask for again, addresses by key: of the
        first it counts how often that was tried.
        """
        is_known = self._state is not None or result.found or result.gone
        if self._job.dry_run or not (is_known or (error and error.reason in _OF_A_BLOG)):
            return  # an address under which nothing was ever found, such as a mistyped one, is not kept
        stores, now = self._job.stores, self._job.clock()
        if error is None:
            await stores.unreadable.note(self._blog, refused)
            await stores.unreadable.put_off(self._blog, put_off)
        if result.gone:
            await stores.blogs.note_gone(self._blog, at=now)
            return
        stored = await stores.posts.count_of(self._blog)
        if error is None and result.to_the_end and not lost:
            await self._note_listing(result, now=now, stored=stored)
            has_gap = self._has_gap(result, stored)
            if has_gap:
                result.notes.append("it announces more than it gave: the next run goes through all of it")
            if has_gap or not self._complete:
                await stores.blogs.set_complete(self._blog, complete=not has_gap)
        else:
            await stores.validators.save(_moves(result.validators))
        reason = None if error is None else error.reason
        await stores.blogs.note_run(
            self._blog, ok=error is None, reason=reason, at=now, brought=stored > self._stored
        )

    async def drop_boilerplate(self, furniture: FurnitureMemory, *, all_read: bool) -> int:
        """Take from all posts the links that stand on most of them; return how many links these are.

        They are kept with the `furniture` of the blog, so that later runs leave them out at once; `all_read`
        says that the walk came to its end.
        """
        blogs = self._job.stores.blogs
        links = await blogs.drop_boilerplate(self._blog)
        await furniture.keep(links=links, all_read=all_read)
        return len(links)

    async def _note_listing(self, result: WalkResult, *, now: float, stored: int) -> None:
        stores = self._job.stores
        listed_at = now if result.listed else None
        await stores.blogs.note_listing(self._blog, feed=result.feed, listed_at=listed_at)
        if result.way is not None:
            before = self._state
            announced = result.announced
            if announced is None and before is not None and before.announced is not None:
                # What tells of changes does not tell how many posts there are.
                announced = before.announced + stored - self._stored
            if announced is not None and result.leapt:
                # Nobody has counted: if posts are missing, the next run that asks for the listing sees a gap.
                announced = min(announced, stored)
            await stores.blogs.note_way(
                self._blog,
                platform=result.platform or (before.platform if before is not None else None),
                way=result.way,
                way_address=result.way_source,
                announced=announced,
                marker=result.marker,
            )
        await stores.blogs.set_resume(self._blog, None)
        await stores.validators.save(result.validators)

    def _has_gap(self, result: WalkResult, stored: int) -> bool:
        """Return whether more posts are missing than before, after a walk that only looked for news.

        Then the next one goes through everything again. What even that does not find is missing from then on.
        """
        before = self._state
        if before is None or not before.complete or self._job.bounds.full:
            return False
        if result.announced is None or before.announced is None:
            return False
        return result.announced - stored > before.announced - self._stored


def _remembered(state: BlogState) -> dict[str, Any]:
    return {
        "feed": state.feed,
        "way": state.way,
        "way_source": state.way_address,
        "marker": state.marker,
        "announced": state.announced,
        "resume": state.resume,
    }


def _moves(given: dict[str, Validator]) -> dict[str, Validator]:
    """Return what is true of the addresses whatever became of their posts: where they have moved for good."""
    return {
        url: Validator(moved_to=one.moved_to, moved_at=one.moved_at)
        for url, one in given.items()
        if one.moved_to is not None
    }
