"""HEAD for plans, and Ranges for downloads, against real servers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from scraper.http.errors import FetchError
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.http.client import Client

_OK = b"HTTP/1.1 200 OK\r\n"
_CLOSE = b"Connection: close\r\n\r\n"


@pytest.mark.parametrize(
    ("headers", "length", "ranges"),
    [
        pytest.param(
            b"Content-Length: 5000000000\r\nAccept-Ranges: bytes\r\n", 5_000_000_000, True, id="all"
        ),
        pytest.param(b"", None, False, id="nothing"),
        pytest.param(b"Accept-Ranges: none\r\nContent-Length: 0\r\n", 0, False, id="an empty file"),
        pytest.param(b"Content-Encoding: gzip\r\nContent-Length: 10\r\n", None, False, id="41 compressed"),
        pytest.param(b"Transfer-Encoding: chunked\r\n", None, False, id="chunks"),
    ],
)
async def test_a_head_tells_what_a_file_is_like_without_its_body(
    *, raw: Any, impatient: Callable[..., Client], headers: bytes, length: int | None, ranges: bool
) -> None:
    said = b'Content-Type: audio/mpeg; x=y\r\nETag: "1"\r\n'
    url = raw.answer(_OK + said + headers + _CLOSE)
    async with impatient() as client:
        head = await client.head(url)
    assert (head.status, head.length, head.ranges) == (200, length, ranges)
    assert (head.url, head.content_type, head.etag) == (url, "audio/mpeg", '"1"')
    assert raw.asked[0].startswith(b"HEAD / ")
    assert b"Accept-Encoding: identity\r\n" in raw.asked[0]


async def test_a_head_follows_redirects_as_a_head(raw: Any, impatient: Callable[..., Client]) -> None:
    raw.answer(_OK + b"Content-Length: 7\r\n" + _CLOSE, "/file")
    url = raw.answer(b"HTTP/1.1 302 Found\r\nLocation: /file\r\nContent-Length: 0\r\n" + _CLOSE)
    async with impatient() as client:
        head = await client.head(url)
    assert (head.url, head.length) == (f"{raw.url}/file", 7)
    assert [asked.split(b" ")[0] for asked in raw.asked] == [b"HEAD", b"HEAD"]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (404, Reason.NOT_FOUND),
        (405, Reason.HTTP_ERROR),
        (403, Reason.FORBIDDEN),
        (206, Reason.PROTOCOL_ERROR),
    ],
)
async def test_a_head_that_is_refused_says_why(
    raw: Any, impatient: Callable[..., Client], status: int, reason: Reason
) -> None:
    url = raw.answer(b"HTTP/1.1 %d X\r\nContent-Length: 99\r\n" % status + _CLOSE)
    async with impatient() as client:
        with pytest.raises(FetchError) as caught:
            await client.head(url)
    assert (caught.value.reason, caught.value.status) == (reason, status)


async def test_the_connection_of_a_head_serves_again(serve: Any, impatient: Callable[..., Client]) -> None:
    from aiohttp import web

    ports = set()

    async def answer(request: web.Request) -> web.Response:
        assert request.transport is not None
        ports.add(request.transport.get_extra_info("peername")[1])
        return web.Response(body=b"x" * 1000)

    async with serve(answer) as url, impatient() as client:
        assert [(await client.head(url)).length for _ in range(3)] == [1000] * 3
    assert len(ports) == 1


@pytest.mark.parametrize(("headers", "passes"), [({"Range": "bytes=5-"}, True), ({}, False)])
async def test_37_a_416_is_passed_on_to_who_asked_for_a_range(
    *, raw: Any, impatient: Callable[..., Client], headers: dict[str, str], passes: bool
) -> None:
    url = raw.answer(b"HTTP/1.1 416 X\r\nContent-Range: bytes */4\r\nContent-Length: 0\r\n" + _CLOSE)
    async with impatient() as client:
        try:
            async with client.stream(url, headers=headers) as response:
                assert passes
                assert response.status == 416
        except FetchError as error:
            assert not passes
            assert error.reason is Reason.HTTP_ERROR  # noqa: PT017 - one of two outcomes


@pytest.mark.parametrize("home", ["first", "second", None])
async def test_a_condition_goes_to_the_host_that_it_is_of_and_a_range_to_all(
    raw: Any, raw_server: Any, impatient: Callable[..., Client], home: str | None
) -> None:
    other = raw_server(host="127.0.0.2")
    await other.start()
    try:
        last = other.answer(b"HTTP/1.1 206 X\r\nContent-Length: 0\r\n" + _CLOSE)
        first = raw.answer(
            b"HTTP/1.1 302 X\r\nLocation: %b\r\nContent-Length: 0\r\n" % last.encode() + _CLOSE
        )
        headers = {"Range": "bytes=5-", "If-Range": '"1"'}
        whose = {"first": first, "second": last, None: None}[home]
        async with impatient() as client, client.stream(first, headers=headers, home=whose):
            pass
    finally:
        await other.stop()
    assert (b"If-Range" in raw.asked[0]) is (home != "second")
    assert (b"If-Range" in other.asked[0]) is (home == "second")
    assert all(b"Range: bytes=5-\r\n" in asked for asked in (raw.asked[0], other.asked[0]))
