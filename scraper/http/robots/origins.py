"""The robots.txt of each origin: asked for once a day, kept, and used as RFC 9309 has it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from scraper.http.errors import FetchError
from scraper.http.robots.rules import RobotsRules
from scraper.http.robots.text import robots_text
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from yarl import URL

    from storage.robots import RobotsFile

MAX_AGE: Final = 86_400.0
"""Seconds that a robots.txt is used without asking again (RFC 9309, section 2.4)."""

MAX_STALE: Final = 30 * 86_400.0
"""Seconds that a copy stands in for a file that cannot be read now (RFC 9309, sections 2.3.1.4 and 2.4)."""

FAILURE_AGE: Final = 300.0
"""Seconds until a file that could not be read is asked for again, unless the server wants more."""

MAX_ORIGINS: Final = 2_000
"""Origins that are kept in memory; those used longest ago go first."""

MAX_LINES: Final = 100_000
"""Lines of rules that are kept in memory, of all origins together: some 50 MB."""

_SUCCESS = range(200, 300)
_UNAVAILABLE = frozenset(range(400, 500)) - {429}
_FOUND = 302
_LARGE = 8 * 1024  # characters: at worst 8 ms of parsing, more would hold up everybody else
# What meets each request to the origin, not only the one for its robots.txt, says more as it is.
_OF_THE_HOST = frozenset(
    {
        Reason.UNREACHABLE,
        Reason.TLS,
        Reason.BLOCKED,
        Reason.BLOCKED_ADDRESS,
        Reason.BLOCKED_PORT,
        Reason.URL_INVALID,
    }
)

_log = logging.getLogger(__name__)


class RobotsStore(Protocol):
    """Where robots.txt files are kept between runs."""

    async def get(self, origin: str, *, max_age: float) -> RobotsFile | None:
        """Return what `origin` answered last, if that is at most `max_age` seconds ago."""

    async def save(self, origin: str, status: int, text: str) -> None:
        """Keep what `origin` answered just now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What counts for an origin until `until`: its rules, or why they could not be read.

    Until `copy_until` the rules may stand in for a file that cannot be read any more. Both are times of
    the clock.
    """

    answer: RobotsRules | FetchError
    until: float
    copy_until: float = 0.0

    @property
    def lines(self) -> int:
        return self.answer.lines if isinstance(self.answer, RobotsRules) else 0


class Robots:
    """Judges addresses by the robots.txt of their origin.

    `read` fetches a robots.txt, follows its redirects and returns a status of success with the body, of
    which `robots_text.MAX_BYTES` are enough; or it raises `FetchError`. `clock` tells seconds.
    """

    def __init__(
        self,
        read: Callable[[URL], Awaitable[tuple[int, bytes]]],
        *,
        store: RobotsStore | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read = read
        self._store = store
        self._clock = clock
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._lines = 0
        self._asking: dict[str, asyncio.Task[_Known]] = {}

    async def check(self, url: URL) -> RobotsRules:
        """Return the rules for `url`. Raises `FetchError` if they do not allow it, and as `rules` does."""
        rules = await self.rules(url)
        if not rules.allows(str(url)):
            raise FetchError(Reason.ROBOTS, str(url))
        return rules

    async def rules(self, url: URL) -> RobotsRules:
        """Return the rules of the origin of `url`, after asking for them where none are known.

        Raises `FetchError` where they cannot be read and no copy stands in: then nothing of the origin may
        be asked for (RFC 9309, section 2.3.1.4). Its reason is `robots-unreachable`, or what is wrong with
        the host itself; `asked` is false where the failure is remembered from an earlier call.
        """
        origin = str(url.origin())
        known = self._known.get(origin)
        remembered = known is not None and self._clock() < known.until
        if known is not None and remembered:
            self._known.move_to_end(origin)
        else:
            # Who is cancelled while he waits does not take the answer away from the others.
            known = await asyncio.shield(self._asking.get(origin) or self._ask(origin, url))
        if isinstance(known.answer, FetchError):
            raise self._failure(known.answer, url, until=known.until, remembered=remembered)
        return known.answer

    async def close(self) -> None:
        """Cancel what is still being read."""
        tasks = list(self._asking.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _failure(self, failure: FetchError, url: URL, *, until: float, remembered: bool) -> FetchError:
        wait = None if failure.retry_after is None else max(until - self._clock(), 0.0)
        return FetchError(
            failure.reason,
            str(url),
            status=failure.status,
            retry_after=wait,
            detail=failure.detail,
            asked=failure.asked and not remembered,
        )

    def _ask(self, origin: str, url: URL) -> asyncio.Task[_Known]:
        task = self._asking[origin] = asyncio.create_task(self._find(origin, url.origin() / "robots.txt"))
        task.add_done_callback(lambda _: self._asking.pop(origin))
        return task

    async def _find(self, origin: str, address: URL) -> _Known:
        kept = await self._store.get(origin, max_age=MAX_STALE) if self._store else None
        if kept is not None and kept.age < MAX_AGE:
            known = await self._known_as(
                origin, kept.status, kept.text, age=kept.age, fresh_for=MAX_AGE - kept.age
            )
        else:
            try:
                status, text = await self._answer(address)
            except FetchError as error:
                known = await self._instead(origin, kept, _failure_of(address, error))
            else:
                if self._store:
                    await self._store.save(origin, status, text)
                known = await self._known_as(origin, status, text)
        self._remember(origin, known)
        return known

    async def _answer(self, address: URL) -> tuple[int, str]:
        """Return status and text of the file at `address`, no text where it is "unavailable"."""
        try:
            status, body = await self._read(address)
        except FetchError as error:
            if error.status is not None and error.status in _UNAVAILABLE:
                return error.status, ""
            if error.reason is Reason.REDIRECT_LOOP:  # RFC 9309, section 2.3.1.2
                return _FOUND, ""
            raise
        return status, robots_text(body)

    async def _known_as(
        self, origin: str, status: int, text: str, *, age: float = 0.0, fresh_for: float = MAX_AGE
    ) -> _Known:
        rules = await _parsed(text, origin)
        now = self._clock()
        copy_until = now + MAX_STALE - age if status in _SUCCESS else 0.0
        return _Known(answer=rules, until=now + fresh_for, copy_until=copy_until)

    async def _instead(self, origin: str, kept: RobotsFile | None, failure: FetchError) -> _Known:
        """Return what counts after `failure`: an older copy of the file, or where there is none, nothing."""
        now = self._clock()
        least = FAILURE_AGE if failure.asked else 0.0
        fresh_for = max(least, min(failure.retry_after or 0.0, MAX_AGE))
        old = self._known.get(origin)
        if old is not None and now < old.copy_until:
            known = _Known(answer=old.answer, until=now + fresh_for, copy_until=old.copy_until)
        elif kept is not None and kept.status in _SUCCESS:
            known = await self._known_as(origin, kept.status, kept.text, age=kept.age, fresh_for=fresh_for)
        else:
            return _Known(answer=failure, until=now + fresh_for)
        why = failure.detail or failure.reason
        _log.info("%s cannot be read (%s): an older copy of it is used", failure.url, why)
        return known

    def _remember(self, origin: str, known: _Known) -> None:
        self._forget(origin)
        self._known[origin] = known
        self._lines += known.lines
        while len(self._known) > 1 and (len(self._known) > MAX_ORIGINS or self._lines > MAX_LINES):
            self._forget(next(iter(self._known)))

    def _forget(self, origin: str) -> None:
        if (known := self._known.pop(origin, None)) is not None:
            self._lines -= known.lines


def _failure_of(address: URL, error: FetchError) -> FetchError:
    """Return `error` as what it means for the origin. It is never raised: it would keep its frames alive."""
    url = str(address)
    own = not error.asked or (error.reason in _OF_THE_HOST and error.url == url)
    detail = error.detail if own else f"{error.reason}: {error.detail}" if error.detail else str(error.reason)
    return FetchError(
        error.reason if own else Reason.ROBOTS_UNREACHABLE,
        url,
        status=error.status,
        retry_after=error.retry_after,
        detail=detail,
        asked=error.asked,
    )


async def _parsed(text: str, origin: str) -> RobotsRules:
    if len(text) < _LARGE:
        return RobotsRules(text, origin=origin)
    return await asyncio.to_thread(RobotsRules, text, origin=origin)
