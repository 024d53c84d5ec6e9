"""Servers whose certificates are not valid. Numbers are those of the list of hostile inputs."""

from __future__ import annotations

import ssl
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from storage.reasons import Reason

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncIterator, Awaitable, Callable

    from scraper.http.client import Client
    from scraper.http.errors import FetchError

CERTIFICATES = Path(__file__).parent / "certificates"  # make.sh tells how they were made
HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"


@pytest.fixture
def tls(raw_server: Any) -> Callable[..., Any]:
    """Run a raw server with one of the certificates: ``async with tls("good") as server``."""

    @asynccontextmanager
    async def serving(certificate: str) -> AsyncIterator[Any]:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(CERTIFICATES / f"{certificate}.pem")
        server = raw_server(tls=context)
        await server.start()
        try:
            yield server
        finally:
            await server.stop()

    return serving


@pytest.fixture(autouse=True)
def _trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust the authority of the tests, besides those that aiohttp trusts: nothing else is changed."""
    context = ssl.create_default_context()
    context.load_verify_locations(CERTIFICATES / "authority.pem")
    monkeypatch.setattr("aiohttp.connector._SSL_CONTEXT_VERIFIED", context)


async def test_47_a_certificate_that_is_valid_is_accepted(
    tls: Callable[..., Any], impatient: Callable[..., Client]
) -> None:
    async with tls("good") as server, impatient() as client:
        assert (await client.get(server.answer(HELLO))).body == b"hello"


@pytest.mark.parametrize("certificate", ["expired", "future", "wrong-host", "self-signed"])
async def test_47_h7_a_certificate_that_is_not_valid_is_never_passed_over(
    tls: Callable[..., Any], refused: Callable[..., Awaitable[FetchError]], certificate: str
) -> None:
    async with tls(certificate) as server:
        error = await refused(server.answer(HELLO), attempts=3)
        assert server.asked == [], "nothing was sent"
        assert server.connections <= 1, "and nothing tried again"
    assert error.reason is Reason.TLS
    assert not error.transient


async def test_47_a_redirect_to_a_certificate_that_is_not_valid_is_not_followed(
    tls: Callable[..., Any], raw: Any, refused: Callable[..., Awaitable[FetchError]]
) -> None:
    async with tls("self-signed") as server:
        there = server.answer(HELLO).encode()
        here = raw.answer(b"HTTP/1.1 302 Found\r\nLocation: " + there + b"\r\nContent-Length: 0\r\n\r\n")
        assert (await refused(here)).reason is Reason.TLS
        assert server.asked == []


async def test_16_a_step_down_from_https_to_http_is_not_followed(
    tls: Callable[..., Any], raw: Any, refused: Callable[..., Awaitable[FetchError]]
) -> None:
    there = raw.answer(HELLO).encode()
    async with tls("good") as server:
        here = server.answer(b"HTTP/1.1 302 Found\r\nLocation: " + there + b"\r\nContent-Length: 0\r\n\r\n")
        assert (await refused(here)).reason is Reason.BAD_REDIRECT
    assert raw.connections == 0


async def test_47_a_server_that_speaks_no_tls_is_asked_once(
    raw: Any, refused: Callable[..., Awaitable[FetchError]]
) -> None:
    raw.greeting = HELLO
    error = await refused(raw.url.replace("http:", "https:"), attempts=3)
    assert error.reason is Reason.TLS
    assert raw.connections == 1


async def test_47_a_handshake_that_never_ends_is_not_waited_for(
    raw: Any, refused: Callable[..., Awaitable[FetchError]]
) -> None:
    error = await refused(raw.url.replace("http:", "https:"), headers_timeout=0.2)
    assert error.reason is Reason.TIMEOUT


async def test_28_h8_a_body_over_tls_that_is_cut_short_is_short(
    tls: Callable[..., Any], refused: Callable[..., Awaitable[FetchError]]
) -> None:
    async def cut(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhello")
        await writer.drain()
        writer.transport.abort()

    async with tls("good") as server:
        assert (await refused(server.answer(cut))).reason is Reason.SHORT_BODY
