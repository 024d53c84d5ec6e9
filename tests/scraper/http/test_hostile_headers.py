"""Statuses and headers of a real misbehaving server. Numbers are those of the list of hostile inputs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from scraper.http.client import Client
    from scraper.http.errors import FetchError

OK = b"HTTP/1.1 200 OK\r\n"
END = b"Content-Length: 5\r\n\r\nhello"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        pytest.param(
            OK + b"X-Big: " + b"a" * 1_000_000 + b"\r\n" + END, Reason.HEADER_TOO_LARGE, id="39-1 MB"
        ),
        pytest.param(
            OK + b"a" * 1_000_000 + b": b\r\n" + END, Reason.HEADER_TOO_LARGE, id="39-1 MB of a name"
        ),
        pytest.param(
            OK + b"".join(b"X-%d: a\r\n" % number for number in range(10_000)) + END,
            Reason.HEADER_TOO_LARGE,
            id="39-10,000 headers",
        ),
        pytest.param(
            OK + b"Set-Cookie: a=b\r\n" * 1000 + END, Reason.HEADER_TOO_LARGE, id="39-1,000 cookies"
        ),
        pytest.param(
            b"HTTP/1.1 200 " + b"O" * 1_000_000 + b"\r\n" + END, Reason.HEADER_TOO_LARGE, id="39-reason"
        ),
        pytest.param(
            OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n" + b"X: y\r\n" * 10_000 + b"\r\n",
            Reason.HEADER_TOO_LARGE,
            id="39-trailers",
        ),
        pytest.param(
            OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
            Reason.HEADER_TOO_LARGE,
            id="39-a long trailer",
        ),
        pytest.param(OK + b"X-Nul: a\0b\r\n" + END, Reason.PROTOCOL_ERROR, id="40-NUL"),
        pytest.param(OK + b"X\x1b: a\r\n" + END, Reason.PROTOCOL_ERROR, id="40-ESC in a name"),
        pytest.param(OK + b"no colon\r\n" + END, Reason.PROTOCOL_ERROR, id="40-no colon"),
        pytest.param(OK + b"X : a\r\n" + END, Reason.PROTOCOL_ERROR, id="40-space before the colon"),
        pytest.param(OK + b": a\r\n" + END, Reason.PROTOCOL_ERROR, id="40-no name"),
        pytest.param(OK + b"Content-Length: -5\r\n\r\nhello", Reason.PROTOCOL_ERROR, id="27-negative"),
        pytest.param(OK + b"Content-Length: +5\r\n\r\nhello", Reason.PROTOCOL_ERROR, id="27-plus"),
        pytest.param(OK + b"Content-Length: 1e9\r\n\r\nhello", Reason.PROTOCOL_ERROR, id="27-1e9"),
        pytest.param(OK + b"Content-Length: 0x5\r\n\r\nhello", Reason.PROTOCOL_ERROR, id="27-hexadecimal"),
        pytest.param(OK + b"Content-Length: 5, 6\r\n\r\nhello!", Reason.PROTOCOL_ERROR, id="27-a list"),
        pytest.param(OK + b"Content-Length: \xb2\r\n\r\nhello", Reason.PROTOCOL_ERROR, id="27-superscript"),
        pytest.param(
            OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", Reason.PROTOCOL_ERROR, id="27-two"
        ),
        pytest.param(
            OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            Reason.PROTOCOL_ERROR,
            id="27-with chunked",
        ),
        pytest.param(
            OK + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            Reason.PROTOCOL_ERROR,
            id="27-chunked first",
        ),
        pytest.param(
            OK + b"Content-Length: " + b"9" * 40 + b"\r\n\r\nx", Reason.PROTOCOL_ERROR, id="27-overflow"
        ),
        pytest.param(OK + b"Content-Length: 99999999999\r\n\r\nx", Reason.TOO_LARGE, id="27-huge"),
        pytest.param(b"hello\r\n\r\n", Reason.PROTOCOL_ERROR, id="46-HTTP/0.9"),
        pytest.param(b"<html>hello</html>", Reason.PROTOCOL_ERROR, id="46-HTTP/0.9 page"),
        pytest.param(b"HTTP/3.7 200 OK\r\n" + END, Reason.PROTOCOL_ERROR, id="46-version 3.7"),
        pytest.param(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", Reason.PROTOCOL_ERROR, id="46-HTTP/2"),
        pytest.param(b"\0\0\x12\x04\0\0\0\0\0" * 9, Reason.PROTOCOL_ERROR, id="46-frames of HTTP/2"),
        pytest.param(b"HTTP/1.1 2OO OK\r\n" + END, Reason.PROTOCOL_ERROR, id="46-letters for a status"),
        pytest.param(b"HTTP/1.1\r\n" + END, Reason.PROTOCOL_ERROR, id="46-no status"),
        pytest.param(b"HTTP/1.1 2000 OK\r\n" + END, Reason.PROTOCOL_ERROR, id="46-four digits"),
        pytest.param(b"SSH-2.0-OpenSSH_9.2\r\n", Reason.PROTOCOL_ERROR, id="46-another protocol"),
        pytest.param(
            b"\x15\x03\x01\0\x02\x02\x50", Reason.PROTOCOL_ERROR, id="46-TLS where none was asked for"
        ),
        pytest.param(b"", Reason.UNREACHABLE, id="46-nothing"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: y\r\n", Reason.UNREACHABLE, id="46-half the headers"),
        pytest.param(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n", Reason.HTTP_ERROR, id="46-switching"),
        pytest.param(b"HTTP/1.1 204 No Content\r\n\r\n", Reason.HTTP_ERROR, id="no content"),
        pytest.param(b"HTTP/1.1 299 Hm\r\n" + END, Reason.HTTP_ERROR, id="a status that nobody knows"),
        pytest.param(b"HTTP/1.1 999 No\r\n" + END, Reason.HTTP_ERROR, id="status 999"),
        pytest.param(b"HTTP/1.1 304 Same\r\n\r\n", Reason.PROTOCOL_ERROR, id="304 to a plain GET"),
        pytest.param(
            b"HTTP/1.1 206 Part\r\nContent-Range: bytes 0-4/9\r\n" + END, Reason.PROTOCOL_ERROR, id="32"
        ),
    ],
)
async def test_an_answer_that_breaks_the_rules_says_which(
    raw: Any, refused: Callable[..., Awaitable[FetchError]], answer: bytes, reason: Reason
) -> None:
    error = await refused(raw.answer(answer))
    assert error.reason is reason
    assert str(error).isprintable()
    assert len(str(error)) < 500


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param(b"Content-Security-Policy: " + b"a" * 16_000 + b"\r\n", id="39-an honest long policy"),
        pytest.param(b"".join(b"X-%d: a\r\n" % number for number in range(120)), id="39-120 honest headers"),
        pytest.param(b"X-Esc: a\x1b[2Jb\r\n", id="40-ESC in a value"),
        pytest.param(b"X-Bytes: \xff\xfe\r\n", id="40-bytes"),
        pytest.param(b"X-Fold: a\r\n  b\r\n", id="40-folded"),
        pytest.param(b"Content-Type: text/html\r\nContent-Type: text/plain\r\n", id="42-two types"),
        pytest.param(b'Content-Type: audio/mpeg; charset="\\";rm"\r\n', id="42-quoted charset"),
        pytest.param(b"Content-Type: " + b"a" * 8000 + b"\r\n", id="42-8 kB"),
        pytest.param(b"Content-Type: ;;;=\x80;charset=\r\n", id="42-junk"),
        pytest.param(b"Content-Type: text/html; charset=" + b"x" * 5000 + b"\r\n", id="42-long charset"),
        pytest.param(b"Last-Modified: Thu, 01 Jan 9999 99:99:99 GMT\r\nETag: \xff\r\n", id="44-date"),
        pytest.param(b"Set-Cookie: \x01;;;=; Domain=.; Expires=never\r\n" * 20, id="39-broken cookies"),
        pytest.param(b"Cache-Control: max-age=" + b"9" * 4000 + b"\r\nAge: -1\r\nExpires: 0\r\n", id="ages"),
        pytest.param(b"Link: <" + b"a" * 9000 + b">; rel=next\r\nRefresh: 0; url=file:///\r\n", id="links"),
    ],
)
async def test_odd_headers_of_a_good_answer_do_no_harm(
    raw: Any, impatient: Callable[..., Client], headers: bytes
) -> None:
    async with impatient() as client:
        assert (await client.get(raw.answer(OK + headers + END))).body == b"hello"


async def test_40_headers_that_end_in_bare_line_feeds_are_read(
    raw: Any, impatient: Callable[..., Client]
) -> None:
    answer = b"HTTP/1.1 200 OK\nContent-Length: 5\n\nhello"
    async with impatient() as client:
        assert (await client.get(raw.answer(answer))).body == b"hello"


def _for_ever(line: bytes, *, start: bytes = OK) -> Callable[[asyncio.StreamWriter], Awaitable[None]]:
    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while not writer.is_closing():
            writer.write(line)
            await writer.drain()
            await asyncio.sleep(0)

    return answer


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        pytest.param(_for_ever(b"X-More: a\r\n"), Reason.HEADER_TOO_LARGE, id="39-headers"),
        pytest.param(_for_ever(b"a" * 1000), Reason.HEADER_TOO_LARGE, id="39-one line"),
        pytest.param(_for_ever(b"Set-Cookie: a=b\r\n"), Reason.HEADER_TOO_LARGE, id="39-cookies"),
        pytest.param(_for_ever(b"HTTP/1.1 100 Continue\r\n\r\n", start=b""), None, id="46-100"),
        pytest.param(_for_ever(b"HTTP/1.1 102 Processing\r\n\r\n", start=b""), None, id="46-102"),
        pytest.param(
            _for_ever(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n", start=b""), None, id="46-103"
        ),
        pytest.param(_for_ever(b"\r\n", start=b""), None, id="46-empty lines"),
    ],
)
async def test_headers_without_end_are_bounded_in_time_and_number(
    raw: Any, refused: Callable[..., Awaitable[FetchError]], answer: Any, reason: Reason | None
) -> None:
    async with asyncio.timeout(60):
        # What is refused for its size is so however slowly it comes.
        error = await refused(raw.answer(answer), headers_timeout=0.5 if reason is None else 50)
    assert error.reason is reason or (
        reason is None and error.reason in {Reason.TIMEOUT, Reason.PROTOCOL_ERROR, Reason.HEADER_TOO_LARGE}
    )


async def test_46_a_few_informational_answers_are_passed_over(
    raw: Any, impatient: Callable[..., Client]
) -> None:
    answer = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + OK + END
    async with impatient() as client:
        assert (await client.get(raw.answer(answer))).body == b"hello"


@pytest.mark.parametrize("after", [b"", OK, OK + b"X-Half: "], ids=["nothing", "status", "half a header"])
async def test_45_a_server_that_falls_silent_in_its_headers_is_not_waited_for(
    raw: Any, refused: Callable[..., Awaitable[FetchError]], after: bytes
) -> None:
    async def silent(writer: asyncio.StreamWriter) -> None:
        writer.write(after)
        await asyncio.Event().wait()

    assert (await refused(raw.answer(silent), read_timeout=0.05)).reason is Reason.TIMEOUT


async def test_46_an_old_server_that_lies_about_keeping_the_connection_is_read(
    raw: Any, impatient: Callable[..., Client]
) -> None:
    url = raw.answer(b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n" + END)
    async with impatient(attempts=2) as client:
        for _ in range(3):
            assert (await client.get(url)).body == b"hello"


async def test_30_an_answer_behind_the_answer_is_not_taken_for_the_next(
    raw: Any, impatient: Callable[..., Client]
) -> None:
    url = raw.answer(OK + END + OK + b"Content-Length: 4\r\n\r\nevil", "/a")
    raw.answer(OK + END, "/b")
    async with impatient() as client:
        await client.get(url)
        assert (await client.get(raw.url + "/b")).body == b"hello"
