"""The walk through a blog, by the best way that it offers: newest first, as far as there is something new."""

from __future__ import annotations

import time
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING

from scraper.blogs.asking import Asker
from scraper.blogs.choice import Offer, offered_before
from scraper.blogs.pages_walk import PagesWalk
from scraper.blogs.reading import ListingReader, WalkResult
from scraper.blogs.sieve import Sieve
from scraper.blogs.start import Beginning
from scraper.blogs.way_walk import Ended, WayFailedError, WayWalk
from scraper.blogs.ways.way import WayName
from scraper.blogs.window import Window
from scraper.http.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Iterable, Mapping, Sequence

    from scraper.blogs.listed import ListedPost
    from scraper.blogs.plan import WalkPlan
    from scraper.blogs.start import Start
    from scraper.http.client import Client
    from storage.records import Validator

_CLOCKS_DIFFER = 3600.0  # seconds, by which a blog's clock may be behind ours


class Walk:
    """Yields the posts of one blog that are to be read, each once.

    `stored` tells which of some posts are not to be read, by key, with their published timestamps;
    `validators` looks up what is kept of earlier answers; `now` tells POSIX seconds UTC. Whoever takes the
    posts tells `window` of each one that was read or given up. `reached` is called with what `resume` of the
    next plan is to be once all posts that were given before are stored.
    """

    def __init__(
        self,
        plan: WalkPlan,
        *,
        client: Client,
        stored: Callable[[Collection[ListedPost]], Awaitable[Mapping[str, float | None]]],
        validators: Callable[[str], Awaitable[Validator | None]],
        reached: Callable[[str], None] | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.result = WalkResult()
        self.window = Window(plan.since)
        self.address = plan.url
        """Where the listing is, once it is read: redirects followed, a feed's home instead of the feed."""
        self._plan = plan
        self._client = client
        self._reached = reached
        self._started = now()
        self._reader = ListingReader(client, self.result)
        self._asker = Asker(
            client,
            kept=validators,
            full=plan.full,
            conditional=plan.incremental,
            now=now,
            result=self.result,
        )
        self._sieve = Sieve(plan, stored=stored, window=self.window, result=self.result)
        self._beginning = Beginning(
            plan, asker=self._asker, reader=self._reader, stored=stored, result=self.result
        )
        self._ended: Ended | None = None
        self._way_walk: WayWalk | None = None

    @property
    def only_changes(self) -> bool:
        """Whether the blog itself says, at the moment, what has changed since the last walk."""
        return self._way_walk is not None and self._way_walk.only_changes

    @property
    def went_on(self) -> bool:
        """Whether the walk has leapt to where an earlier one was interrupted."""
        return self._way_walk is not None and self._way_walk.went_on

    async def posts(self) -> AsyncGenerator[ListedPost]:
        """Yield what is new, in listing order. Raises `FetchError` when the blog cannot be listed."""
        known = offered_before(self._plan)
        if known is not None:
            async with aclosing(self._news_by(known)) as posts:
                async for post in posts:
                    yield post
            if self._ended in {Ended.TO_THE_END, Ended.BOUNDED}:
                return
        # Where it is not known how the blog can be listed, that the page is unchanged says nothing.
        unknown = self._plan.incremental and self._plan.way is None
        start = await self._beginning.find(anew=known is not None or unknown)
        if start is None:
            self.result.to_the_end = True
            return
        self.address = start.url
        async with aclosing(self._from(start)) as posts:
            async for post in posts:
                yield post

    async def _news_by(self, known: Offer) -> AsyncGenerator[ListedPost]:
        """Go through what has changed since the last walk, and where it is due through the listing as well.

        The listing shows gaps; what has changed far down in it only the changes tell.
        """
        changes = None if self._plan.marker is None else known.way.changes(self._plan.marker)
        if changes is not None:
            async with aclosing(self._by([known], changes=changes)) as posts:
                async for post in posts:
                    yield post
        if changes is None or (self._plan.listing_due and self._ended is Ended.TO_THE_END):
            self._ended = None
            # What was proven of the blog once is to be proven again now and then.
            async with aclosing(self._by([known.unproven()])) as posts:
                async for post in posts:
                    yield post

    async def _from(self, start: Start) -> AsyncGenerator[ListedPost]:
        async with aclosing(self._by(start.offers, shown=start.listing.posts)) as posts:
            async for post in posts:
                yield post
        if self._ended in {Ended.TO_THE_END, Ended.BOUNDED}:
            return
        pages = await self._pages(start)
        if pages is None:
            self.result.to_the_end = True
            return
        self._sieve.cut = self._sieve.cut or pages.cut
        async with aclosing(self._by(pages.offers, shown=start.listing.posts)) as posts:
            async for post in posts:
                yield post
        if self._ended not in {Ended.TO_THE_END, Ended.BOUNDED}:
            async with aclosing(self._through_pages(pages)) as posts:
                async for post in posts:
                    yield post

    async def _pages(self, start: Start) -> Start | None:
        """Return where the walk from page to page begins; None where no page lists what is not known."""
        try:
            return await self._beginning.with_feed(start)
        except FetchError as error:
            if self._ended is not Ended.INCOMPLETE or error.transient or not self._sieve.met:
                raise
            return None  # a way has listed posts; the pages would only have been asked for more

    async def _through_pages(self, start: Start) -> AsyncGenerator[ListedPost]:
        walk = PagesWalk(
            self._plan, reader=self._reader, sieve=self._sieve, window=self.window, result=self.result
        )
        async with aclosing(walk.posts(start)) as posts:
            async for post in posts:
                yield post
        self.result.to_the_end = walk.ended and not self._sieve.cut
        self.result.way = self.result.way or WayName.PAGES

    async def _by(
        self, offers: Iterable[Offer], *, changes: str | None = None, shown: Sequence[ListedPost] = ()
    ) -> AsyncGenerator[ListedPost]:
        """Go through the first of `offers` that works; where it ends too early, through the next as well.

        With `changes`, the address of what has changed, through nothing else. `shown` are the posts that the
        blog's page shows: a way that has not listed them has missed some.
        """
        for offer in offers:
            walk = self._way_walk = WayWalk(
                offer.way,
                self._plan,
                client=self._client,
                asker=self._asker,
                sieve=self._sieve,
                window=self.window,
                result=self.result,
                resume=offer.resume_of(self._plan),
                reached=partial(self._note_reached, offer),
            )
            try:
                async with aclosing(
                    walk.posts(changes or offer.way.first(), only_changes=changes is not None)
                ) as posts:
                    async for post in posts:
                        yield post
            except WayFailedError as error:
                self.result.passed_over[error.name] = error.why
                continue
            if walk.ended is Ended.TO_THE_END and (why := self._misses(walk, shown)):
                self._distrust(offer, walk, why)
                continue
            self._note(offer, walk)
            if walk.ended is not Ended.INCOMPLETE:
                return

    def _misses(self, walk: WayWalk, shown: Sequence[ListedPost]) -> str | None:
        """Return what a way that came to its end has left out, where it cannot be believed; a clause."""
        if walk.only_changes or walk.went_on:
            return None
        if walk.answered and not self._sieve.met:
            return "it lists no post"
        if self._plan.incremental:
            return None
        missing = sum(not self._sieve.has_met(post.key) for post in shown)
        if walk.announced is None and 2 * missing > len(shown):
            return f"it lists {len(shown) - missing} of the {len(shown)} posts that the page shows"
        return None

    def _distrust(self, offer: Offer, walk: WayWalk, why: str) -> None:
        """Count a way that came to its end as incomplete, and not as one that tells what is new.

        How many posts it announces is believed: a gap is worth a look at everything.
        """
        self._ended = Ended.INCOMPLETE
        if walk.announced and self.result.announced is None:
            self.result.announced = walk.announced
        self.result.passed_over[offer.way.name] = why
        if self.result.way == offer.way.name:
            self.result.way = self.result.way_source = None

    def _note_reached(self, offer: Offer, address: str) -> None:
        if self._reached is not None:
            self._reached(offer.resume(address))

    def _note(self, offer: Offer, walk: WayWalk) -> None:
        result = self.result
        self._ended = walk.ended
        if walk.ended is Ended.INCOMPLETE and walk.announced is not None:
            why = f"it announced {walk.announced:,} posts and listed {self._sieve.met:,}"
            result.passed_over[offer.way.name] = why
        if result.way in {None, offer.way.name}:
            kept = offer.proven() if walk.gave_whole else offer
            result.way, result.way_source = kept.way.name, kept.source
        result.announced = walk.announced if result.announced is None else result.announced
        markers = [one for one in (self._sieve.marker, self._plan.marker) if one is not None]
        # What changed while the walk went on may have been passed by already, and clocks differ.
        result.marker = min(max(markers), self._started - _CLOCKS_DIFFER) if markers else None
        result.listed = result.listed or not walk.only_changes
        result.leapt = result.leapt or walk.went_on
        result.to_the_end = walk.ended is Ended.TO_THE_END and not self._sieve.cut
