"""Redirects between real servers. Numbers are those of the list of hostile inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from scraper.http.client import Client
    from scraper.http.errors import FetchError

HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"


def _to(location: str | bytes, *, status: int = 302, more: bytes = b"") -> bytes:
    raw = location if isinstance(location, bytes) else location.encode()
    return b"HTTP/1.1 %d Moved\r\nLocation: %b\r\n%bContent-Length: 0\r\nConnection: close\r\n\r\n" % (
        status,
        raw,
        more,
    )


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "location",
    [
        pytest.param("/b", id="20-absolute path"),
        pytest.param("b", id="20-relative"),
        pytest.param("./x/../b", id="20-dots"),
        pytest.param("{url}/b", id="20-whole"),
        pytest.param("//{host}/b", id="20-without scheme"),
        pytest.param("  /b  ", id="20-spaces around"),
        pytest.param("/b#part", id="20-fragment"),
        pytest.param("http://user:secret@{host}/b", id="5-credentials"),
    ],
)
async def test_a_redirect_is_followed_by_a_get(
    raw: Any, impatient: Callable[..., Client], status: int, location: str
) -> None:
    raw.answer(HELLO, "/b")
    target = location.format(url=raw.url, host=raw.url.removeprefix("http://"))
    start = raw.answer(_to(target, status=status), "/a/")
    if not location.strip().startswith(("/", "http")):
        raw.answer(HELLO, "/a/b")
    async with impatient() as client:
        page = await client.get(start)
    assert page.body == b"hello"
    assert page.url.endswith("/b")
    assert all(head.startswith(b"GET ") for head in raw.asked)
    assert not any(b"authorization" in head.lower() for head in raw.asked)


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        pytest.param("file:///etc/passwd", Reason.BAD_REDIRECT, id="14-file"),
        pytest.param("FILE:///etc/passwd", Reason.BAD_REDIRECT, id="14-FILE"),
        pytest.param("ftp://b.example/x", Reason.BAD_REDIRECT, id="14-ftp"),
        pytest.param("gopher://127.0.0.1:25/x", Reason.BAD_REDIRECT, id="14-gopher"),
        pytest.param("data:text/html,x", Reason.BAD_REDIRECT, id="14-data"),
        pytest.param("javascript:alert(1)", Reason.BAD_REDIRECT, id="14-javascript"),
        pytest.param("", Reason.BAD_REDIRECT, id="20-empty"),
        pytest.param("   ", Reason.BAD_REDIRECT, id="20-spaces"),
        pytest.param("http://[", Reason.BAD_REDIRECT, id="20-broken"),
        pytest.param("http://b.example:port/", Reason.BAD_REDIRECT, id="20-broken port"),
        pytest.param("/a\tb", Reason.BAD_REDIRECT, id="20-tab"),
        pytest.param("/a%0d%0aX-Evil: 1", Reason.BAD_REDIRECT, id="20-escaped CR LF"),
        pytest.param("/a\x1b[2J", Reason.BAD_REDIRECT, id="40-escape"),
        pytest.param("/" + "a" * 9000, Reason.URL_TOO_LONG, id="8-too long"),
        pytest.param("http://169.254.169.254/latest/meta-data", Reason.BLOCKED_ADDRESS, id="15-metadata"),
        pytest.param("http://[fe80::1]/", Reason.BLOCKED_ADDRESS, id="15-link-local"),
        pytest.param("http://2852039166/", Reason.BLOCKED_ADDRESS, id="15-metadata as a number"),
        pytest.param("//169.254.169.254/", Reason.BLOCKED_ADDRESS, id="15-without scheme"),
        pytest.param("/\\169.254.169.254/", Reason.BLOCKED_ADDRESS, id="6-back slash"),
        pytest.param("http://127.0.0.1:25/", Reason.BLOCKED_PORT, id="10-port"),
        pytest.param("http://xn--a/", Reason.URL_INVALID, id="7-broken punycode"),
    ],
)
async def test_a_redirect_that_leads_where_nobody_should_go_is_not_followed(
    raw: Any, refused: Callable[..., Awaitable[FetchError]], location: str, reason: Reason
) -> None:
    error = await refused(raw.answer(_to(location)))
    assert error.reason is reason
    assert raw.connections == 1
    assert str(error).isprintable()


@pytest.mark.parametrize("line", [b"", b"Location\r\n", b"Location: \r\n"], ids=["none", "no colon", "empty"])
async def test_20_a_redirect_to_nowhere_is_a_bad_one(
    raw: Any, refused: Callable[..., Awaitable[FetchError]], line: bytes
) -> None:
    error = await refused(raw.answer(b"HTTP/1.1 302 Found\r\n" + line + b"Content-Length: 0\r\n\r\n"))
    assert error.reason in {Reason.BAD_REDIRECT, Reason.PROTOCOL_ERROR}


async def test_20_what_is_in_the_body_of_a_redirect_is_not_read(
    raw: Any, impatient: Callable[..., Client]
) -> None:
    endless = b"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 99999999999\r\n\r\n" + b"x" * 500_000
    raw.answer(HELLO, "/b")
    async with impatient() as client:
        assert (await client.get(raw.answer(endless))).body == b"hello"


async def test_20_bytes_of_a_location_that_are_not_utf_8_are_sent_as_they_came(
    raw: Any, impatient: Callable[..., Client]
) -> None:
    raw.answer(HELLO, "/gr%F6%DFe")
    async with impatient() as client:
        assert (await client.get(raw.answer(_to(b"/gr\xf6\xdfe")))).body == b"hello"


async def test_15_a_redirect_to_this_machine_is_not_followed(
    raw: Any, other: Any, lead: Callable[..., None], monkeypatch: pytest.MonkeyPatch, refused: Any
) -> None:
    # The first server stands for a public one: only its own address is let through.
    from scraper.http.addresses import guard

    is_public = guard.is_public
    monkeypatch.setattr(guard, "is_public", lambda address: address == "127.0.0.1" or is_public(address))
    lead({"inside.example": ["127.0.0.2"]})
    for target in ("http://127.0.0.2/", "http://[::1]/", f"http://inside.example:{other.port}/", "http://0/"):
        error = await refused(raw.answer(_to(target)), allow_private=False)
        assert error.reason is Reason.BLOCKED_ADDRESS
    assert other.connections == 0


@pytest.mark.parametrize(
    "locations",
    [
        pytest.param(["/"], id="13-to itself"),
        pytest.param(["/1", "/2", "/"], id="13-circle of three"),
        pytest.param(["/#a", "/#b"], id="13-fragments"),
        pytest.param([f"/{number}" for number in range(1, 40)], id="13-forty hops"),
    ],
)
async def test_redirects_end_after_ten_hops_or_where_they_began(
    raw: Any, refused: Callable[..., Awaitable[FetchError]], locations: list[str]
) -> None:
    for here, there in zip(["/", *locations], locations, strict=False):
        raw.answer(_to(there), here)
    error = await refused(raw.url + "/")
    assert error.reason is Reason.REDIRECT_LOOP
    assert raw.connections <= 11


async def test_13_ten_hops_are_followed(raw: Any, impatient: Callable[..., Client]) -> None:
    for number in range(10):
        raw.answer(_to(f"/{number + 1}"), f"/{number}")
    raw.answer(HELLO, "/10")
    async with impatient() as client:
        assert (await client.get(raw.url + "/0")).body == b"hello"


async def test_17_18_nothing_secret_goes_along_to_another_origin(
    raw: Any, other: Any, impatient: Callable[..., Client]
) -> None:
    target = other.answer(HELLO, "/x")  # same host, other port: another origin
    start = raw.answer(_to(target, more=b"Set-Cookie: a=b; Domain=127.0.0.1; Path=/\r\n"))
    async with impatient() as client:
        await client.get(start.replace("http://", "http://user:secret@"))
    for head in raw.asked + other.asked:
        assert b"cookie" not in head.lower()
        assert b"authorization" not in head.lower()
        assert b"referer" not in head.lower()


async def test_19_a_chain_between_two_hosts_that_sets_cookies_is_bounded(
    raw: Any, other: Any, refused: Callable[..., Awaitable[FetchError]]
) -> None:
    raw.answer(_to(other.url + "/", more=b"Set-Cookie: step=1\r\n"))
    other.answer(_to(raw.url + "/", more=b"Set-Cookie: step=2\r\n"))
    assert (await refused(raw.url + "/")).reason is Reason.REDIRECT_LOOP
    assert raw.connections + other.connections <= 11
    assert not any(b"step" in head for head in raw.asked + other.asked)


async def test_validators_go_along_only_as_far_as_the_client_says(
    raw: Any, other: Any, impatient: Callable[..., Client]
) -> None:
    raw.answer(_to(other.answer(HELLO, "/x")))
    async with impatient() as client:
        await client.get(raw.url + "/", validators={"If-None-Match": '"a"'})
    assert b'If-None-Match: "a"' in raw.asked[0]


@pytest.mark.parametrize("status", [300, 304, 305, 306])
async def test_20_other_statuses_of_the_300s_are_no_redirects(
    raw: Any, refused: Callable[..., Awaitable[FetchError]], status: int
) -> None:
    raw.answer(HELLO, "/b")
    error = await refused(raw.answer(_to("/b", status=status)))
    assert error.reason in {Reason.HTTP_ERROR, Reason.PROTOCOL_ERROR}
    assert raw.paths == ["/"]
