"""The one HTTP client: everything that cratedig reads or downloads goes through it."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Self, TypeAlias

import aiohttp
from yarl import URL

from scraper import __version__
from scraper.http import robots as robots_txt
from scraper.http.body import read_body, read_start
from scraper.http.errors import FetchError
from scraper.http.failures import translate
from scraper.http.gate import HostGate, HostHeldError
from scraper.http.guard import GuardedResolver, check_url
from scraper.http.redirects import MAX_REDIRECTS, REDIRECT_STATUSES, next_hop, without_credentials
from scraper.http.retry import MAX_PATIENCE, parse_retry_after, reason_of_status, retrying
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
    from types import TracebackType

    from scraper.http.robots import RobotsStore

_ReadBody: TypeAlias = "Callable[[aiohttp.ClientResponse], Awaitable[bytes]]"

MAX_PAGE_BYTES = 15_000_000
"""Bytes of a page after decompression; a larger one is refused, never shortened."""

_NOT_MODIFIED = 304
_PARTIAL = 206
_FIRST_ERROR = 400
_KEEP_ALIVE = 75.0  # seconds: longer than a polite delay, or every request would shake hands again
_DNS_CACHE = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How hard the client may work.

    Connections in all and to one host, seconds between starts at a host, tries, and the seconds to wait
    for a connection, for a byte, for all headers, for a whole page.
    """

    concurrency: int = 20
    per_host: int = 5
    delay: float = 0.0
    attempts: int = 3
    connect_timeout: float = 10.0
    read_timeout: float = 30.0
    headers_timeout: float = 60.0
    page_timeout: float = 90.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An answer read in full. `status` is 200, or 304 with an empty body; `url` is the final address.

    `moved_to` is the address that the one asked for has moved to for good, by redirects that say so;
    `fresh_for` the seconds in which the server says that asking again is of no use.
    """

    url: str
    status: int
    body: bytes
    content_type: str
    charset: str | None
    etag: str | None
    last_modified: str | None
    moved_to: str | None = None
    fresh_for: float = 0.0

    @property
    def unchanged(self) -> bool:
        """Whether the server said that nothing changed since the validators sent (304)."""
        return self.status == _NOT_MODIFIED


class Client:
    """One pooled aiohttp session with a gate per host, an address guard, redirects by hand and retries.

    Use as an async context manager. No cookies are kept and no credentials sent.
    """

    def __init__(
        self,
        *,
        limits: Limits | None = None,
        allow_private: bool = False,
        obey_robots: bool = True,
        robots_store: RobotsStore | None = None,
        contact: str | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.limits = limits or Limits()
        self.requests = 0
        """Requests sent so far, redirects and retries included."""
        self._allow_private = allow_private
        self._contact = contact
        self._sleep = sleep
        self._gate = HostGate(
            per_host=self.limits.per_host, delay=self.limits.delay, patience=MAX_PATIENCE, sleep=sleep
        )
        self._robots: robots_txt.Robots | None = None
        if obey_robots:
            self._robots = robots_txt.Robots(
                self._read_robots, store=robots_store, found_delay=self._found_delay
            )
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Open the session."""
        connector = aiohttp.TCPConnector(
            limit=self.limits.concurrency,
            limit_per_host=self.limits.per_host,
            resolver=GuardedResolver(allow_private=self._allow_private),
            ttl_dns_cache=_DNS_CACHE,
            keepalive_timeout=_KEEP_ALIVE,
        )
        contact = f" (+{self._contact})" if self._contact else ""
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": f"cratedig/{__version__}{contact}"},
            timeout=aiohttp.ClientTimeout(
                total=None, sock_connect=self.limits.connect_timeout, sock_read=self.limits.read_timeout
            ),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the session and every connection."""
        if self._robots is not None:
            await self._robots.close()
        if self._session is not None:
            await self._session.close()

    async def get(
        self,
        url: str,
        *,
        validators: Mapping[str, str] | None = None,
        max_bytes: int = MAX_PAGE_BYTES,
    ) -> Page:
        """Read `url` in full, trying again a few times where that may help.

        `validators` are the conditional request headers (If-None-Match, If-Modified-Since). Raises
        `FetchError` for what is refused, fails, or exceeds `max_bytes` after decompression.
        """
        whole = partial(read_body, max_bytes=max_bytes)
        return await self._get(url, validators or {}, whole, obey_robots=True)

    @asynccontextmanager
    async def stream(
        self, url: str, *, headers: Mapping[str, str] | None = None, obey_robots: bool = True
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Yield the answer to a GET of `url` after redirects: status 200, 206 or 304, body unread.

        The host's slot is held until the block ends. One attempt. Raises `FetchError`.
        """
        current = _parse(url)
        seen = {current}
        for _ in range(MAX_REDIRECTS + 1):
            check_url(current, allow_private=self._allow_private)
            if obey_robots and self._robots is not None:
                await self._robots.check(current)
            async with self._slot(current), self._send(current, headers or {}) as response:
                if response.status not in REDIRECT_STATUSES:
                    self._judge(response, current)
                    yield response
                    return
                current = next_hop(current, response.headers.get("Location"))
            if current in seen:
                break
            seen.add(current)
        raise FetchError(Reason.REDIRECT_LOOP, url, detail=f"last to {current}")

    async def _get(self, url: str, headers: Mapping[str, str], read: _ReadBody, *, obey_robots: bool) -> Page:
        loop = retrying(attempts=self.limits.attempts, sleep=self._sleep)
        return await loop(self._get_once, url, headers, read, obey_robots=obey_robots)

    async def _get_once(
        self, url: str, headers: Mapping[str, str], read: _ReadBody, *, obey_robots: bool
    ) -> Page:
        try:
            async with self.stream(url, headers=headers, obey_robots=obey_robots) as response:
                # The clock starts after the turn at the host: a polite wait is no slow answer.
                async with asyncio.timeout(self.limits.page_timeout):
                    with translate(str(response.url)):
                        body = await read(response)
                return Page(
                    url=str(response.url),
                    status=response.status,
                    body=body,
                    content_type=response.content_type,
                    charset=response.charset,
                    etag=response.headers.get("ETag"),
                    last_modified=response.headers.get("Last-Modified"),
                )
        except TimeoutError as error:
            raise FetchError(Reason.TIMEOUT, url, detail=f"{self.limits.page_timeout:g} s") from error

    @asynccontextmanager
    async def _slot(self, url: URL) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            try:
                await stack.enter_async_context(self._gate.slot(_host(url)))
            except HostHeldError as held:
                detail = f"the host asked to wait {held.seconds:.0f} s more"
                raise FetchError(
                    Reason.RATE_LIMITED, str(url), retry_after=held.seconds, detail=detail, asked=False
                ) from held
            yield

    @asynccontextmanager
    async def _send(self, url: URL, headers: Mapping[str, str]) -> AsyncIterator[aiohttp.ClientResponse]:
        if self._session is None:
            raise RuntimeError("the client is used as an async context manager")
        self.requests += 1
        # The time without a byte is bounded by sock_read; this bounds headers that never end.
        with translate(str(url)):
            async with asyncio.timeout(self.limits.headers_timeout):
                response = await self._session.get(url, headers=headers, allow_redirects=False)
        try:
            yield response
        finally:
            # An answer that was not read to its end costs its connection, not the time to read it.
            response.release() if response.content.is_eof() else response.close()

    def _judge(self, response: aiohttp.ClientResponse, url: URL) -> None:
        if response.status < _FIRST_ERROR:
            if response.status in {200, _PARTIAL, _NOT_MODIFIED}:
                return
            raise FetchError(
                Reason.HTTP_ERROR, str(url), status=response.status, detail=f"status {response.status}"
            )
        reason = reason_of_status(response.status)
        if response.headers.get("cf-mitigated") == "challenge":
            reason = Reason.BLOCKED
        retry_after = parse_retry_after(response.headers.get("Retry-After"))
        if retry_after is not None and reason in {Reason.RATE_LIMITED, Reason.SERVER_ERROR}:
            self._gate.hold(_host(url), retry_after)
        raise FetchError(
            reason,
            str(url),
            status=response.status,
            retry_after=retry_after,
            detail=f"status {response.status}",
        )

    async def _read_robots(self, url: URL) -> tuple[int, str]:
        start = partial(read_start, max_bytes=robots_txt.MAX_BYTES)
        page = await self._get(str(url), {}, start, obey_robots=False)
        return page.status, page.body.decode("utf-8-sig", errors="replace")

    def _found_delay(self, url: URL, delay: float) -> None:
        if delay:
            self._gate.slow_down(_host(url), delay)


def _parse(url: str) -> URL:
    try:
        return without_credentials(URL(url, encoded=url.isascii()))
    except ValueError as error:
        raise FetchError(Reason.URL_INVALID, url, detail=str(error)) from error


def _host(url: URL) -> str:
    return url.authority
