"""The one HTTP client: everything that cratedig reads or downloads goes through it."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, Self, TypeAlias

from yarl import URL

from scraper.http.addresses.guard import check_url
from scraper.http.addresses.redirects import MAX_REDIRECTS, next_hop, without_credentials
from scraper.http.agent import identity_headers
from scraper.http.answers.challenges import START_BYTES, challenge_of, may_be_challenge
from scraper.http.answers.failures import translate
from scraper.http.answers.freshness import fresh_for
from scraper.http.answers.statuses import (
    FIRST_ERROR,
    MOVED_FOR_GOOD,
    REDIRECTS,
    reason_of_status,
    verdict_of_failure,
    verdict_of_status,
)
from scraper.http.bodies.reading import read_body, read_start
from scraper.http.errors import FetchError
from scraper.http.page import Page
from scraper.http.politeness.gate import HostGate, HostHeldError
from scraper.http.politeness.holds import Holds
from scraper.http.politeness.hosts import host_of
from scraper.http.retry import MAX_PATIENCE, parse_retry_after, retried
from scraper.http.robots.origins import Robots
from scraper.http.robots.text import MAX_BYTES as MAX_ROBOTS_BYTES
from scraper.http.session import Limits, Session, end
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
    from types import TracebackType

    import aiohttp

    from scraper.http.politeness.holds import HoldStore
    from scraper.http.politeness.hosts import Host
    from scraper.http.robots.origins import RobotsStore

__all__ = ["MAX_PAGE_BYTES", "Client", "Limits", "Page"]

_ReadBody: TypeAlias = "Callable[[aiohttp.ClientResponse], Awaitable[bytes]]"

MAX_PAGE_BYTES: Final = 15_000_000
"""Bytes of a page, on the wire and after decompression; a larger one is refused, never shortened."""

_USERINFO = re.compile(r"//[^/?#]*@")
_OK = frozenset({200})
_OF_ROBOTS = frozenset(range(200, 300))
_NOT_MODIFIED = 304
_PARTIAL = 206
_START_TIMEOUT = 5.0  # seconds for the beginning of a page that is an error anyway


@dataclass(frozen=True, slots=True)
class _Answer:
    response: aiohttp.ClientResponse
    moved_to: str | None


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
        self._session: Session | None = None

    @property
    def requests(self) -> int:
        """Requests sent so far, redirects and retries included."""
        return self._session.requests if self._session else 0

    async def __aenter__(self) -> Self:
        """Open the session, and remember which hosts earlier runs were asked to leave alone."""
        self._session = Session(headers=self._headers, limits=self.limits, allow_private=self._allow_private)
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
        expected = _OK | {_NOT_MODIFIED} if validators else _OK
        return await self._get(url, validators or {}, whole, expected=expected, obey_robots=True)

    @asynccontextmanager
    async def stream(
        self, url: str, *, headers: Mapping[str, str] | None = None
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Yield the answer to a GET of `url` after redirects, its body unread: status 200, or 206 to a Range.

        The turn at the host is held until the block ends. One attempt. Raises `FetchError`.
        """
        headers = headers or {}
        expected = _OK | {_PARTIAL} if "Range" in headers else _OK
        async with self._follow(url, headers, expected=expected, obey_robots=True) as answer:
            yield answer.response

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
        follow = self._follow(url, headers, expected=expected, obey_robots=obey_robots)
        async with follow as answer:
            response = answer.response
            try:
                # The clock starts after the turn at the host: a polite wait is no slow answer.
                async with asyncio.timeout(self.limits.page_timeout):
                    with translate(str(response.url)):
                        body = await read(response)
            except TimeoutError as error:
                detail = f"{self.limits.page_timeout:g} s"
                raise FetchError(Reason.TIMEOUT, str(response.url), detail=detail) from error
            if (who := challenge_of(response.status, response.headers, body[:START_BYTES])) is not None:
                raise FetchError(Reason.BLOCKED, str(response.url), status=response.status, detail=who)
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
            )

    @asynccontextmanager
    async def _follow(
        self, url: str, headers: Mapping[str, str], *, expected: Collection[int], obey_robots: bool
    ) -> AsyncIterator[_Answer]:
        """Yield the answer at the end of the redirects from `url`; each hop is judged like a first one."""
        start = current = _parse(url)
        seen = {current}
        moved_to: URL | None = None
        for_good = True
        for _ in range(MAX_REDIRECTS + 1):
            check_url(current, allow_private=self._allow_private)
            interval = await self._interval(current) if obey_robots else 0.0
            if current.host != start.host:
                headers = _unconditional(headers)
            async with self._send(current, headers, interval=interval) as response:
                if response.status not in REDIRECTS:
                    await self._judge(response, current, expected)
                    yield _Answer(response, str(moved_to) if moved_to else None)
                    return
                for_good = for_good and response.status in MOVED_FOR_GOOD
                current = next_hop(current, response.headers.get("Location"))
            if for_good:
                moved_to = current
            if current in seen:
                break
            seen.add(current)
        raise FetchError(Reason.REDIRECT_LOOP, url, detail=f"last to {current}")

    async def _interval(self, url: URL) -> float:
        """Return the Crawl-delay that counts for `url`. Raises `FetchError` unless robots.txt allows it."""
        return (await self._robots.check(url)).crawl_delay if self._robots is not None else 0.0

    @asynccontextmanager
    async def _send(
        self, url: URL, headers: Mapping[str, str], *, interval: float
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Wait for a turn at the host of `url`, send the request, and tell the gate how it went."""
        if self._session is None:
            raise RuntimeError("the client is used as an async context manager")
        host = host_of(url)
        async with AsyncExitStack() as stack:
            try:
                turn = await stack.enter_async_context(self._gate.turn(host, interval=interval))
            except HostHeldError as held:
                raise await self._left_alone(url, host, held) from held
            try:
                response = await self._session.send(url, headers, turn)
            except FetchError as error:
                turn.judge(verdict_of_failure(error), error.reason)
                raise
            stack.callback(end, response)
            if (seconds := _retry_after(response)) is not None:
                # Before the turn ends, so that nobody slips in between.
                await self._holds.begin(host, seconds, reason_of_status(response.status))
            turn.judge(verdict_of_status(response.status), reason_of_status(response.status))
            yield response

    async def _left_alone(self, url: URL, host: Host, held: HostHeldError) -> FetchError:
        await self._holds.keep(host, held.seconds, held.reason)
        detail = f"{host.group} is left alone for {held.seconds:.0f} s more"
        return FetchError(held.reason, str(url), retry_after=held.seconds, detail=detail, asked=False)

    async def _judge(self, response: aiohttp.ClientResponse, url: URL, expected: Collection[int]) -> None:
        """Raise `FetchError` unless the answer is one that was asked for."""
        status = response.status
        if status in expected:
            return
        detail = f"status {status}"
        if status < FIRST_ERROR:
            # A part that nobody asked for, or "not modified" to whom has nothing, breaks the protocol.
            unasked = status in {_NOT_MODIFIED, _PARTIAL}
            reason = Reason.PROTOCOL_ERROR if unasked else Reason.HTTP_ERROR
        else:
            reason = reason_of_status(status)
        if (who := await self._challenger(response)) is not None:
            reason, detail = Reason.BLOCKED, f"{who}, status {status}"
        raise FetchError(reason, str(url), status=status, retry_after=_retry_after(response), detail=detail)

    async def _challenger(self, response: aiohttp.ClientResponse) -> str | None:
        """Return who keeps programs out, where the answer is a challenge."""
        start = b""
        # Who says when to come back is not fighting programs off, whatever its page says.
        if _retry_after(response) is None and may_be_challenge(response.status, response.headers):
            with contextlib.suppress(FetchError, TimeoutError):
                async with asyncio.timeout(_START_TIMEOUT):
                    with translate(str(response.url)):
                        start = await read_start(response, max_bytes=START_BYTES)
        return challenge_of(response.status, response.headers, start)

    async def _read_robots(self, url: URL) -> tuple[int, bytes]:
        start = partial(read_start, max_bytes=MAX_ROBOTS_BYTES)
        page = await self._get(str(url), {}, start, expected=_OF_ROBOTS, obey_robots=False)
        return page.status, page.body


def _retry_after(response: aiohttp.ClientResponse) -> float | None:
    if reason_of_status(response.status) not in {Reason.RATE_LIMITED, Reason.SERVER_ERROR}:
        return None
    return parse_retry_after(response.headers.get("Retry-After"))


def _unconditional(headers: Mapping[str, str]) -> dict[str, str]:
    """Return `headers` without conditions: the validators of one host mean nothing at another."""
    return {name: value for name, value in headers.items() if not name.lower().startswith("if-")}


def _parse(url: str) -> URL:
    try:
        return without_credentials(URL(url, encoded=url.isascii()))
    except ValueError as error:
        # What cannot be taken apart may hold a password all the same.
        raise FetchError(Reason.URL_INVALID, _USERINFO.sub("//", url)) from error
