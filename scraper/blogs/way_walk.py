"""The walk through all that one way of listing gives."""

from __future__ import annotations

from collections import deque
from enum import Enum, auto
from functools import partial
from typing import TYPE_CHECKING, Final

from scraper.blogs.ways.way import Batch, UnusableAnswerError, WayName
from scraper.http.addresses.identity import link_key
from scraper.http.errors import FetchError
from scraper.posts.page.large import read_aside
from storage.errors import CratedigError
from storage.reasons import Reason, explain

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from scraper.blogs.asking import Asker
    from scraper.blogs.listed import ListedPost
    from scraper.blogs.plan import WalkPlan
    from scraper.blogs.reading import WalkResult
    from scraper.blogs.sieve import Sieve, Sifted
    from scraper.blogs.ways.way import Way
    from scraper.blogs.window import Window
    from scraper.http.client import Client, Page

MAX_ANSWERS: Final = 20_000
"""Answers of one way in one walk: a bound for listings that never end."""

# What says that no other way would fare better now.
_OF_THE_HOST = frozenset(
    {Reason.UNREACHABLE, Reason.RATE_LIMITED, Reason.ROBOTS_UNREACHABLE, Reason.TLS, Reason.INTERNAL_ERROR}
)
_UNAVAILABLE = 503
# Answers in a row without a post of the blog, which some listings give for ever; indexes of sitemaps may have
# many that list other pages.
_BLANK = 3
_BLANK_SITEMAPS = 50
_STALE = 2  # answers in a row with posts of which none is new: the server says the same again and again


class Ended(Enum):
    """How a walk through one way ended."""

    TO_THE_END = auto()
    """Everything was listed, or everything up to what is known."""
    BOUNDED = auto()
    """As many posts were given, or as old ones met, as was asked for."""
    INCOMPLETE = auto()
    """The listing ended with fewer posts than it had announced, or did not end at all."""


class WayFailedError(CratedigError):
    """A way of listing that is of no use at this blog; another one may be. `why` is a clause."""

    def __init__(self, name: WayName, why: str) -> None:
        super().__init__(f"{name}: {why}")
        self.name = name
        self.why = why


class WayWalk:
    """Goes through what `way` lists, the newest first. `ended` says afterwards how it went.

    `reached` is called with the address of an answer whose posts were given, so that a walk that is
    interrupted can go on there: at `resume`, once it has met what is known.
    """

    def __init__(
        self,
        way: Way,
        plan: WalkPlan,
        *,
        client: Client,
        asker: Asker,
        sieve: Sieve,
        window: Window,
        result: WalkResult,
        resume: str | None,
        reached: Callable[[str], None],
    ) -> None:
        self.ended = Ended.INCOMPLETE
        self.only_changes = False
        self.went_on = False
        """Whether it has leapt to where an earlier walk was interrupted."""
        self.announced: int | None = None
        self.answered = False
        """Whether an answer could be read: one that had not changed says nothing."""
        self.gave_whole = False
        """Whether posts came with their text."""
        self._way = way
        self._plan = plan
        self._client = client
        self._asker = asker
        self._sieve = sieve
        self._window = window
        self._result = result
        self._reached = reached
        self._resume = self._interrupted = resume
        self._asked: set[str] = set()
        self._addresses: deque[str] = deque()
        self._stale = 0
        self._blank = 0
        self._shrunk = False
        self._total: int | None = None
        self._last: str | None = None
        self._asked_again: set[str] = set()

    async def posts(self, first: str, *, only_changes: bool) -> AsyncGenerator[ListedPost]:
        """Yield what is new, from the address `first` on, in listing order.

        With `only_changes` the server itself leaves out what is known. Raises `WayFailedError` where this
        way is closed or cannot be understood, `FetchError` where the blog cannot be read at all now.
        """
        self.only_changes = only_changes
        self._sieve.begin_way()
        self._addresses.append(first)
        while self._addresses:
            url = self._addresses.popleft()
            batch = await self._batch(url, is_first=url == first)
            if batch is None:
                continue
            sifted = await self._sieve.sift(batch.posts, locked=batch.locked)
            for post in sifted.news:
                if self._sieve.is_full:
                    self.ended = Ended.BOUNDED
                    return
                self._sieve.given += 1
                yield post
            self._go_on(url, batch, sifted)
            if await self._window.is_behind():
                self.ended = Ended.BOUNDED
                return
        self.ended = self._ending()

    async def _batch(self, url: str, *, is_first: bool) -> Batch | None:
        """Return what `url` lists; None where there is nothing, or nothing new."""
        if link_key(url) in self._asked:
            return None
        self._asked.add(link_key(url))
        try:
            # The address for changes is another one each time: nothing of it is worth keeping.
            keep = is_first and not self.only_changes
            answer = await self._asker.again(url) if keep else await self._client.get(url)
        except FetchError as error:
            if not is_first and self._way.is_end(error):
                return None
            if not _speaks_of_the_way(error, is_first=is_first):
                raise
            why = error.what if error.status is None else explain(error.reason).sentence
            raise WayFailedError(self._way.name, why) from error
        if answer is None:
            return None
        size = len(answer.body)
        batch = await self._read(answer)
        self.answered = True
        self._result.bytes += size
        if batch.announced is not None:
            self._shrunk = self._total is not None and batch.announced < self._total
            self._total = batch.announced
            # What is published meanwhile is the next run's.
            self.announced = min(batch.announced, self.announced or batch.announced)
        return batch

    async def _read(self, answer: Page) -> Batch:
        try:
            return await read_aside(len(answer.body), partial(self._way.read, answer))
        except UnusableAnswerError as error:
            raise WayFailedError(self._way.name, error.what) from error
        finally:
            answer.free()

    def _go_on(self, url: str, batch: Batch, sifted: Sifted) -> None:
        """Decide what is asked for next, after what `batch`, the answer for `url`, gave."""
        self.gave_whole = self.gave_whole or any(post.content is not None for post in batch.posts)
        if not self._addresses and len(batch.more) <= 1:
            # What was deleted meanwhile moves the others up: to be here again is to miss none of them.
            self._reached(url)
        room = MAX_ANSWERS - len(self._asked) - len(self._addresses)
        self._addresses.extendleft(reversed(batch.more[: max(0, room)]))
        if self._shrunk and self._last is not None and link_key(self._last) not in self._asked_again:
            # What was deleted meanwhile has moved others up, to the answer before.
            self._asked_again.add(link_key(self._last))
            self._asked.discard(link_key(self._last))
            self._addresses.appendleft(self._last)
        self._shrunk = False
        self._last = url
        if not batch.posts:
            self._blank += 1
            if self._is_barren():
                self._addresses.clear()
            return
        self._blank = 0
        self._stale = 0 if sifted.turned else self._stale + 1
        if self._stale == _STALE or self._has_caught_up(batch):
            self._addresses.clear()
        elif self._resume is not None and not sifted.news:
            # An interrupted walk has met what it had read: it leaps to where it had come.
            if link_key(self._resume) not in self._asked:
                self._addresses = deque([self._resume])
                self.went_on = True
            self._resume = None

    def _has_caught_up(self, batch: Batch) -> bool:
        # What is listed as changed ends by itself, and what is known among it says nothing of the rest.
        return not self.only_changes and self._sieve.caught_up(batch.posts)

    def _is_barren(self) -> bool:
        return self._blank >= (_BLANK_SITEMAPS if self._way.name is WayName.SITEMAP else _BLANK)

    def _ending(self) -> Ended:
        if len(self._asked) >= MAX_ANSWERS or self._is_barren():
            answers = f"{len(self._asked):,} answers of the {self._way.name}"
            self._result.notes.append(f"stopped after {answers}, which did not come to an end")
            return Ended.INCOMPLETE
        if self.only_changes or self._plan.incremental or self._interrupted is not None:
            return Ended.TO_THE_END
        if self.announced is None or self._sieve.met >= self.announced:
            return Ended.TO_THE_END
        return Ended.INCOMPLETE


def _speaks_of_the_way(error: FetchError, *, is_first: bool) -> bool:
    """Return whether `error` says that this interface is of no use, and not that the blog wants its peace.

    A program that fails (500) fails again, and firewalls close interfaces with 503; a server that has
    answered before and is overloaded now is left for a later run.
    """
    if not error.asked or error.reason in _OF_THE_HOST:
        return False
    return is_first or not (error.reason is Reason.SERVER_ERROR and error.status == _UNAVAILABLE)
