"""One request on the wire: the pooled aiohttp session behind the client, and its limits."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import aiohttp

from scraper.http.addresses.resolver import GuardedResolver
from scraper.http.answers.failures import translate
from scraper.http.bodies.codings import ACCEPT_ENCODING
from scraper.http.kept import KeptHosts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import SimpleNamespace

    from yarl import URL

_KEEP_ALIVE = 75.0  # seconds: longer than a polite delay, or every request would shake hands again
_KEPT_OPEN = 500  # connections that may wait for a later request: a process may often open 1,024 files
_DNS_CACHE = 600  # seconds

# Honest servers send policies of 16 kB in one header, and more than a hundred headers.
_MAX_HEADER_BYTES = 32_768
_MAX_HEADERS = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How hard the client may work.

    Requests at once in all and to one host, seconds between starts at a host, tries, and the seconds to
    wait for a connection, for a byte, for all headers, for a whole page.
    """

    concurrency: int = 20
    per_host: int = 5
    delay: float = 0.0
    attempts: int = 3
    connect_timeout: float = 10.0
    read_timeout: float = 30.0
    headers_timeout: float = 60.0
    page_timeout: float = 90.0


class Leaving(Protocol):
    """A request that is about to leave. `spaced`: the moment when it does matters to somebody."""

    @property
    def spaced(self) -> bool:
        """Whether the next request keeps a distance in time from this one."""

    def sent(self) -> None:
        """Note that the headers of the request are on their way."""


class Session:
    """The one pool of connections. It follows no redirect, keeps no cookie and waits for no turn.

    How many connections there are is the gate's business: the connector itself bounds nothing, so that
    no request waits inside it with its clock running. Bodies come as they are sent: their coding is undone
    by who reads them.
    """

    def __init__(self, *, headers: Mapping[str, str], limits: Limits, allow_private: bool) -> None:
        self.requests = 0
        """Requests sent so far, redirects and retries included."""
        self._headers_timeout = limits.headers_timeout
        self._kept = KeptHosts(places=max(1, _KEPT_OPEN // limits.per_host), idle=_KEEP_ALIVE)
        resolver = GuardedResolver(allow_private=allow_private)
        self._pool, self._no_pool = (
            aiohttp.TCPConnector(limit=0, resolver=resolver, ttl_dns_cache=_DNS_CACHE, **options)
            for options in ({"keepalive_timeout": _KEEP_ALIVE}, {"force_close": True})
        )
        # To hear of the moment when a request leaves costs a sixth of a request: where it matters.
        tracing = aiohttp.TraceConfig()
        tracing.on_request_headers_sent.append(_tell)
        self._plain, self._traced, self._single = (
            aiohttp.ClientSession(
                connector=connector,
                connector_owner=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"Accept-Encoding": ACCEPT_ENCODING, **headers},
                timeout=aiohttp.ClientTimeout(
                    total=None, sock_connect=limits.connect_timeout, sock_read=limits.read_timeout
                ),
                auto_decompress=False,
                max_line_size=_MAX_HEADER_BYTES,
                max_field_size=_MAX_HEADER_BYTES,
                max_headers=_MAX_HEADERS,
                trace_configs=traces,
            )
            for connector, traces in (
                (self._pool, []),
                (self._pool, [tracing]),
                (self._no_pool, [tracing]),
            )
        )
        for session in (self._plain, self._traced, self._single):
            # Where a connection ends before an answer, aiohttp sends the request again at once: past the
            # gate, its intervals and the count. There is no public switch; the tries are ours.
            session._retry_connection = False  # noqa: SLF001

    async def close(self) -> None:
        """Close every connection."""
        for session in (self._plain, self._traced, self._single):
            await session.close()
        await self._pool.close()
        await self._no_pool.close()

    async def send(
        self, method: str, url: URL, headers: Mapping[str, str], request: Leaving
    ) -> aiohttp.ClientResponse:
        """Return the answer to a request for `url`, its body unread; the caller gives it to `end`.

        Raises `FetchError`.
        """
        self.requests += 1
        if not self._kept.keeps(url.authority):
            session = self._single
        elif request.spaced:
            session = self._traced
        else:
            session = self._plain
            request.sent()
        with translate(str(url)):
            # The time without a byte is bounded by sock_read; this bounds headers that never end.
            async with asyncio.timeout(self._headers_timeout):
                return await session.request(
                    method, url, headers=headers, allow_redirects=False, trace_request_ctx=request
                )


def end(response: aiohttp.ClientResponse) -> None:
    """Give the connection of `response` back, or close it where its body was not read to the end.

    An answer that nobody reads costs its connection, not the time to read it.
    """
    response.release() if response.content.is_eof() else response.close()


async def _tell(_session: aiohttp.ClientSession, context: SimpleNamespace, _what: object) -> None:
    context.trace_request_ctx.sent()
