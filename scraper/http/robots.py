"""robots.txt as RFC 9309 has it: who may be asked for what, and how often."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from protego import Protego

from scraper.http.errors import FetchError
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from yarl import URL

MAX_BYTES = 500 * 1024
"""Bytes of a robots.txt that are read (RFC 9309, section 2.5)."""

MAX_AGE = 86_400.0
"""Seconds that a robots.txt is used without asking again (RFC 9309, section 2.4)."""

MAX_CRAWL_DELAY = 60.0
"""Seconds; a longer Crawl-delay counts as this."""

PRODUCT_TOKEN = "cratedig"  # noqa: S105 - the name that robots.txt files address
_ALLOW_ALL = ""
_REFUSED = range(400, 500)


class RobotsStore(Protocol):
    """Where robots.txt files are kept between runs."""

    async def get(self, origin: str, *, max_age: float) -> tuple[int, str] | None:
        """Return status and text of `origin`'s robots.txt if it is not older than `max_age` seconds."""

    async def save(self, origin: str, status: int, body: str) -> None:
        """Keep what `origin` answered."""


class RobotsRules:
    """The rules of one robots.txt for cratedig."""

    def __init__(self, text: str) -> None:
        self._rules = Protego.parse(text)

    def allows(self, url: str) -> bool:
        """Return whether `url` may be requested."""
        return bool(self._rules.can_fetch(url, PRODUCT_TOKEN))

    @property
    def crawl_delay(self) -> float:
        """Seconds between two requests, fractions kept, 0 where none are asked for."""
        delay = self._rules.crawl_delay(PRODUCT_TOKEN)
        return min(float(delay), MAX_CRAWL_DELAY) if delay else 0.0


class Robots:
    """Judges addresses by the robots.txt of their origin, which is read at most once a day.

    `read` fetches a robots.txt and returns its status and text, or raises `FetchError`.
    """

    def __init__(
        self,
        read: Callable[[URL], Awaitable[tuple[int, str]]],
        *,
        store: RobotsStore | None,
        found_delay: Callable[[URL, float], None],
    ) -> None:
        self._read = read
        self._store = store
        self._found_delay = found_delay
        self._rules: dict[str, asyncio.Task[RobotsRules]] = {}

    async def check(self, url: URL) -> None:
        """Raise `FetchError` unless the origin's robots.txt allows `url`.

        An unreachable or failing robots.txt raises as well, and is asked for again by the next call
        (RFC 9309, section 2.3.1.4).
        """
        origin = str(url.origin())
        task = self._rules.get(origin)
        if task is None:
            task = self._rules[origin] = asyncio.create_task(self._load(origin, url))
        try:
            rules = await asyncio.shield(task)
        except FetchError:
            self._rules.pop(origin, None)
            raise
        if not rules.allows(str(url)):
            raise FetchError(Reason.ROBOTS, str(url))

    async def close(self) -> None:
        """Cancel what is still being read."""
        tasks = list(self._rules.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _load(self, origin: str, url: URL) -> RobotsRules:
        kept = await self._store.get(origin, max_age=MAX_AGE) if self._store else None
        if kept is None:
            kept = await self._ask(url)
            if self._store:
                await self._store.save(origin, *kept)
        status, text = kept
        rules = RobotsRules(_ALLOW_ALL if status in _REFUSED else text)
        self._found_delay(url, rules.crawl_delay)
        return rules

    async def _ask(self, url: URL) -> tuple[int, str]:
        try:
            return await self._read(url.origin() / "robots.txt")
        except FetchError as error:
            if (
                error.status is not None
                and error.status in _REFUSED
                and error.reason is not Reason.RATE_LIMITED
            ):
                return error.status, _ALLOW_ALL
            if error.status is not None:
                detail = f"status {error.status}"
                raise FetchError(Reason.ROBOTS_UNREACHABLE, str(url), detail=detail) from error
            raise
