"""The one HTTP client: everything that cratedig reads or downloads goes through it."""

from __future__ import annotations

import asyncio
import re
import time
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Protocol, Self

from yarl import URL

from scraper.http.addresses.guard import check_url
from scraper.http.addresses.redirects import without_credentials
from scraper.http.agent import identity_headers
from scraper.http.answers.failures import translate
from scraper.http.answers.freshness import fresh_for
from scraper.http.answers.statuses import NOT_MODIFIED, PARTIAL, UNSATISFIABLE
from scraper.http.bodies.large import LargeBodies
from scraper.http.bodies.reading import read_body, read_start
from scraper.http.errors import FetchError
from scraper.http.exchange import Exchanges
from scraper.http.following import HEAD, Follower, Request
from scraper.http.head import Head
from scraper.http.judging import require_no_challenge
from scraper.http.page import MAX_PAGE_BYTES, Page
from scraper.http.politeness.gate import HostGate
from scraper.http.politeness.holds import Holds
from scraper.http.politeness.hosts import host_of
from scraper.http.retry import MAX_PATIENCE, retried
from scraper.http.robots.origins import Robots
from scraper.http.robots.text import MAX_BYTES as MAX_ROBOTS_BYTES
from scraper.http.session import Limits, Session
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
    from contextlib import AbstractAsyncContextManager
    from types import TracebackType

    import aiohttp

    from scraper.http.bodies.large import Permit
    from scraper.http.following import Answer
    from scraper.http.politeness.holds import HoldStore
    from scraper.http.robots.origins import RobotsStore
    from storage.holds import Hold

__all__ = ["Client", "Limits", "Page"]


class _ReadBody(Protocol):
    async def __call__(
        self, response: aiohttp.ClientResponse, *, large: Callable[[], Awaitable[None]]
    ) -> bytes: ...


_USERINFO = re.compile(r"//[^/?#]*@")
_OK = frozenset({200})
_OK_OF_RANGE = _OK | {PARTIAL, UNSATISFIABLE}
_AS_IT_IS = {"Accept-Encoding": "identity"}  # the length of what is compressed for the way says nothing
_OF_ROBOTS = frozenset(range(200, 300))


class Client:
    """One pooled session with a gate per host, an address guard, redirects by hand and retries.

    Use as an async context manager. No cookies are kept and no credentials sent. `sender` is the mailbox
    of the From header (RFC 9110, section 10.1.2); `sleep` and `clock` (seconds, monotonic) are the gate's.
    """

    def __init__(
        self,
        *,
        limits: Limits | None = None,
        allow_private: bool = False,
        obey_robots: bool = True,
        robots_store: RobotsStore | None = None,
        hold_store: HoldStore | None = None,
        contact: str | None = None,
        sender: str | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.limits = limits or Limits()
        self._allow_private = allow_private
        self._headers = identity_headers(contact=contact, sender=sender)
        self._sleep = sleep
        self._gate = HostGate(
            concurrency=self.limits.concurrency,
            per_host=self.limits.per_host,
            delay=self.limits.delay,
            patience=MAX_PATIENCE,
            clock=clock,
            sleep=sleep,
        )
        self._robots = Robots(self._read_robots, store=robots_store, clock=clock) if obey_robots else None
        self._holds = Holds(self._gate, hold_store)
        self._large = LargeBodies()
        self._session: Session | None = None
        self._follower: Follower | None = None

    @property
    def requests(self) -> int:
        """Requests sent so far, redirects and retries included."""
        return self._session.requests if self._session else 0

    async def __aenter__(self) -> Self:
        """Open the session, and remember which hosts earlier runs were asked to leave alone."""
        self._session = Session(headers=self._headers, limits=self.limits, allow_private=self._allow_private)
        exchanges = Exchanges(self._session, self._gate, self._holds)
        self._follower = Follower(exchanges, allow_private=self._allow_private, interval=self._interval)
        await self._holds.restore()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the session and every connection."""
        if self._robots is not None:
            await self._robots.close()
        await self._gate.close()
        if self._session is not None:
            await self._session.close()

    async def heed_holds(self) -> Sequence[Hold]:
        """Leave the hosts alone that this or another process was asked to leave alone; return these holds."""
        return await self._holds.restore()

    async def get(
        self,
        url: str,
        *,
        validators: Mapping[str, str] | None = None,
        max_bytes: int = MAX_PAGE_BYTES,
    ) -> Page:
        """Read `url` in full, trying again a few times where that may help.

        `validators` are the conditional request headers (If-None-Match, If-Modified-Since). Raises
        `FetchError` for what is refused, fails, or exceeds `max_bytes`.
        """
        whole = partial(read_body, max_bytes=max_bytes)
        expected = _OK | {NOT_MODIFIED} if validators else _OK
        return await self._get(url, validators or {}, whole, expected=expected, obey_robots=True)

    async def head(self, url: str) -> Head:
        """Ask what the file at `url` is like, trying again a few times. Raises `FetchError`."""
        request = Request(url=_parse(url), method=HEAD, headers=_AS_IT_IS)

        async def once() -> Head:
            async with self._follow(request) as answer:
                return Head.of(answer.response)

        return await retried(once, attempts=self.limits.attempts, sleep=self._sleep)

    @asynccontextmanager
    async def stream(
        self, url: str, *, headers: Mapping[str, str] | None = None, home: str | None = None
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Yield the answer to a GET of `url` after redirects, its body unread.

        Its status is 200, or to a Range also 206 and 416. Conditions among the `headers` (If-…) are told
        to the host of `home` alone, which is that of `url` unless it is given. The turn at the host is
        held until the block ends. One attempt. Raises `FetchError`.
        """
        headers = headers or {}
        expected = _OK_OF_RANGE if "Range" in headers else _OK
        request = Request(
            url=_parse(url), headers=headers, expected=expected, home=_parse(home) if home else None
        )
        async with self._follow(request) as answer:
            yield answer.response

    async def sitemaps(self, url: str) -> tuple[str, ...]:
        """Return the addresses of the sitemaps that robots.txt of the origin of `url` names.

        Nothing where robots.txt is not to be obeyed. Raises `FetchError` where it cannot be read.
        """
        if self._robots is None:
            return ()
        origin = _parse(url)
        check_url(origin, allow_private=self._allow_private)
        return (await self._robots.rules(origin)).sitemaps

    async def _get(
        self,
        url: str,
        headers: Mapping[str, str],
        read: _ReadBody,
        *,
        expected: Collection[int],
        obey_robots: bool,
    ) -> Page:
        once = partial(self._get_once, url, headers, read, expected=expected, obey_robots=obey_robots)
        return await retried(once, attempts=self.limits.attempts, sleep=self._sleep)

    async def _get_once(
        self,
        url: str,
        headers: Mapping[str, str],
        read: _ReadBody,
        *,
        expected: Collection[int],
        obey_robots: bool,
    ) -> Page:
        request = Request(url=_parse(url), headers=headers, expected=expected, obey_robots=obey_robots)
        async with self._follow(request) as answer:
            response = answer.response
            body, permit = await self._read(response, read)
            try:
                require_no_challenge(response, body)
            except FetchError:
                if permit is not None:
                    permit.release()
                raise
            return Page(
                url=str(response.url),
                status=response.status,
                body=body,
                content_type=response.content_type,
                charset=response.charset,
                etag=response.headers.get("ETag"),
                last_modified=response.headers.get("Last-Modified"),
                moved_to=answer.moved_to,
                fresh_for=fresh_for(response.headers, now=time.time()),
                headers=response.headers,
                permit=permit,
            )

    async def _read(self, response: aiohttp.ClientResponse, read: _ReadBody) -> tuple[bytes, Permit | None]:
        """Return the body within the time for a page, and the permit to hold it if it is large."""
        url, seconds = str(response.url), self.limits.page_timeout
        permit: Permit | None = None
        try:
            # The clock starts after the turn at the host, and stands while we make a page wait: a polite
            # wait is no slow answer.
            async with asyncio.timeout(seconds) as limit:

                async def large() -> None:
                    nonlocal permit
                    limit.reschedule(None)
                    if permit is None:
                        permit = await self._large.enter(host_of(response.url).group)
                    else:
                        await self._large.grow(permit)
                    limit.reschedule(asyncio.get_running_loop().time() + seconds)

                with translate(url):
                    return await read(response, large=large), permit
        except BaseException as error:
            if permit is not None:
                permit.release()
            if isinstance(error, TimeoutError):
                raise FetchError(Reason.TOO_SLOW, url, detail=f"more than {seconds:g} s") from error
            raise

    def _follow(self, request: Request) -> AbstractAsyncContextManager[Answer]:
        if self._follower is None:
            raise RuntimeError("the client is used as an async context manager")
        return self._follower.follow(request)

    async def _interval(self, url: URL) -> float:
        """Return the Crawl-delay that counts for `url`. Raises `FetchError` unless robots.txt allows it."""
        if self._robots is None:
            return 0.0
        interval = (await self._robots.check(url)).crawl_delay
        if interval:
            self._gate.asked_before(host_of(url))  # robots.txt may be known from a run that ended just now
        return interval

    async def _read_robots(self, url: URL) -> tuple[int, bytes]:
        page = await self._get(str(url), {}, _read_robots_start, expected=_OF_ROBOTS, obey_robots=False)
        return page.status, page.body


async def _read_robots_start(
    response: aiohttp.ClientResponse, *, large: Callable[[], Awaitable[None]]
) -> bytes:
    del large
    return await read_start(response, max_bytes=MAX_ROBOTS_BYTES)


def _parse(url: str) -> URL:
    try:
        return without_credentials(URL(url, encoded=url.isascii()))
    except ValueError as error:
        # What cannot be taken apart may hold a password all the same.
        raise FetchError(Reason.URL_INVALID, _USERINFO.sub("//", url)) from error
