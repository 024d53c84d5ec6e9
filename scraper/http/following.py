"""One request through its redirects, hop by hop: each is judged like a first one."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scraper.http.addresses.guard import check_url
from scraper.http.addresses.redirects import MAX_REDIRECTS, next_hop
from scraper.http.answers.statuses import MOVED_FOR_GOOD, REDIRECTS
from scraper.http.errors import FetchError
from scraper.http.judging import require
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping

    import aiohttp
    from yarl import URL

    from scraper.http.exchange import Exchanges

GET = "GET"
HEAD = "HEAD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked for: `expected` are the statuses that answer it.

    Conditions among the `headers` (If-…) are of the host of `home`, or else of `url`: no other is told
    them. `obey_robots` is false for robots.txt itself.
    """

    url: URL
    method: str = GET
    headers: Mapping[str, str] = field(default_factory=dict)
    expected: Collection[int] = frozenset({200})
    home: URL | None = None
    obey_robots: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer at the end of the redirects; `moved_to` is where what was asked for moved for good."""

    response: aiohttp.ClientResponse
    moved_to: str | None


class Follower:
    """Follows redirects, at most ten; `interval` tells the Crawl-delay of an address, or raises."""

    def __init__(
        self, exchanges: Exchanges, *, allow_private: bool, interval: Callable[[URL], Awaitable[float]]
    ) -> None:
        self._exchanges = exchanges
        self._allow_private = allow_private
        self._interval = interval

    @asynccontextmanager
    async def follow(self, request: Request) -> AsyncIterator[Answer]:
        """Yield the answer to `request`, its body unread. Raises `FetchError`."""
        current = request.url
        seen = {current}
        moved_to: URL | None = None
        for_good = True
        for _ in range(MAX_REDIRECTS + 1):
            check_url(current, allow_private=self._allow_private)
            interval = await self._interval(current) if request.obey_robots else 0.0
            headers = _headers_for(current, request)
            async with self._exchanges.open(
                current, headers, interval=interval, method=request.method
            ) as response:
                if response.status not in REDIRECTS:
                    await require(response, request.expected)
                    yield Answer(response, str(moved_to) if moved_to else None)
                    return
                for_good = for_good and response.status in MOVED_FOR_GOOD
                current = next_hop(current, response.headers.get("Location"))
            if for_good:
                moved_to = current
            if current in seen:
                break
            seen.add(current)
        raise FetchError(Reason.REDIRECT_LOOP, str(request.url), detail=f"last to {current}")


def _headers_for(url: URL, request: Request) -> Mapping[str, str]:
    """Return the headers for `url`: the validators of one host mean nothing at another."""
    if url.host == (request.home or request.url).host:
        return request.headers
    return {name: value for name, value in request.headers.items() if not name.lower().startswith("if-")}
