"""Addresses that must not be asked for, through the client. Numbers are those of the list of hostile inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from scraper.http.client import Client, Limits
from scraper.http.errors import FetchError
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"
PUBLIC = "93.184.216.34"


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that somebody tried to connect to; no attempt gets further."""
    tried: list[str] = []

    async def connect(*, addr_infos: list[Any], **_: Any) -> None:
        tried.extend(info[4][0] for info in addr_infos)
        raise ConnectionRefusedError(111, "nobody there")

    monkeypatch.setattr("aiohttp.connector.aiohappyeyeballs.start_connection", connect)
    return tried


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        pytest.param("file:///etc/passwd", Reason.UNSUPPORTED_SCHEME, id="1"),
        pytest.param("data:text/html,x", Reason.UNSUPPORTED_SCHEME, id="11-data"),
        pytest.param("blob:https://b.example/1", Reason.UNSUPPORTED_SCHEME, id="11-blob"),
        pytest.param("magnet:?xt=urn:btih:1", Reason.UNSUPPORTED_SCHEME, id="11-magnet"),
        pytest.param("javascript:alert(1)", Reason.UNSUPPORTED_SCHEME, id="11-javascript"),
        pytest.param("http://127.0.0.1:22/", Reason.BLOCKED_PORT, id="2-ssh"),
        pytest.param("http://[::1]/", Reason.BLOCKED_ADDRESS, id="2-loopback6"),
        pytest.param("http://0/", Reason.BLOCKED_ADDRESS, id="2-zero"),
        pytest.param("http://2130706433/", Reason.BLOCKED_ADDRESS, id="2-decimal"),
        pytest.param("http://0177.0.0.1/", Reason.BLOCKED_ADDRESS, id="2-octal"),
        pytest.param("http://0x7f.1/", Reason.BLOCKED_ADDRESS, id="2-hexadecimal"),
        pytest.param("http://127.1/", Reason.BLOCKED_ADDRESS, id="2-short"),
        pytest.param("http://127.0.0.1./", Reason.BLOCKED_ADDRESS, id="2-trailing dot"),
        pytest.param("http://①②⑦.0.0.1/", Reason.BLOCKED_ADDRESS, id="2-circled"),
        pytest.param("http://[::ffff:7f00:1]/", Reason.BLOCKED_ADDRESS, id="2-mapped"),
        pytest.param("http://169.254.169.254/latest/meta-data", Reason.BLOCKED_ADDRESS, id="4-metadata"),
        pytest.param("http://[fd00:ec2::254]/", Reason.BLOCKED_ADDRESS, id="4-metadata6"),
        pytest.param("http://[fe80::1%25eth0]/", Reason.BLOCKED_ADDRESS, id="4-link-local"),
        pytest.param("http://134744072/", Reason.URL_INVALID, id="2-a public address as one number"),
        pytest.param("http:\\\\b.example\\x", Reason.URL_INVALID, id="6-back slashes"),
        pytest.param("http://b.example/a\0b", Reason.URL_INVALID, id="6-NUL"),
        pytest.param("http://b.example:99999/", Reason.URL_INVALID, id="a port that does not exist"),
        pytest.param("http://[b.example/", Reason.URL_INVALID, id="a broken host"),
        pytest.param("http:///x", Reason.URL_INVALID, id="no host"),
        pytest.param(f"http://{'a' * 64}.example/", Reason.URL_INVALID, id="a label too long for IDNA"),
        pytest.param("http://b..example/", Reason.URL_INVALID, id="an empty label"),
        pytest.param("http://xn--a/", Reason.URL_INVALID, id="broken punycode"),
        pytest.param("http://b.example/" + "a" * 70_000, Reason.URL_TOO_LONG, id="8-70 kB"),
        pytest.param("http://b.example/?" + "a=1&" * 10_000, Reason.URL_TOO_LONG, id="8-10,000 parameters"),
        pytest.param("http://b.example:25/", Reason.BLOCKED_PORT, id="10-smtp"),
        pytest.param("http://b.example:6379/", Reason.BLOCKED_PORT, id="10-redis"),
        pytest.param("http://b.example:11211/", Reason.BLOCKED_PORT, id="10-memcached"),
        pytest.param("", Reason.UNSUPPORTED_SCHEME, id="nothing"),
        pytest.param("//b.example/x", Reason.UNSUPPORTED_SCHEME, id="6-no scheme"),
    ],
)
async def test_what_must_not_be_asked_for_is_refused_without_a_connection(
    refused: Callable[..., Awaitable[FetchError]], connected: list[str], url: str, reason: Reason
) -> None:
    error = await refused(url, allow_private=False)
    assert error.reason is reason
    assert connected == []
    assert str(error).isprintable()
    assert len(str(error)) < 9000


@pytest.mark.parametrize(
    ("name", "addresses"),
    [
        pytest.param("localhost", ["127.0.0.1"], id="2-localhost"),
        pytest.param("localhost.", ["::1"], id="2-localhost with a dot"),
        pytest.param("rebind.example", ["127.0.0.1"], id="3"),
        pytest.param("metadata.google.internal", ["169.254.169.254"], id="4"),
        pytest.param("intranet.example", ["10.0.0.1", "192.168.0.1", "fd00::1"], id="2-all inside"),
        pytest.param("mapped.example", ["::ffff:127.0.0.1"], id="2-mapped"),
    ],
)
async def test_a_name_that_leads_inside_is_refused_without_a_connection(
    refused: Callable[..., Awaitable[FetchError]],
    lead: Callable[..., None],
    connected: list[str],
    name: str,
    addresses: list[str],
) -> None:
    lead({name: addresses})
    error = await refused(f"http://{name}/", allow_private=False)
    assert error.reason is Reason.BLOCKED_ADDRESS
    assert not error.transient
    assert connected == []


async def test_3_a_name_that_was_public_a_moment_ago_is_judged_where_the_connection_is_made(
    lead: Callable[..., None], connected: list[str]
) -> None:
    lead({"b.example": [PUBLIC]})
    limits = Limits(attempts=1)
    async with Client(obey_robots=False, limits=limits) as client:
        with pytest.raises(FetchError) as caught:
            await client.get("http://b.example/")
        assert caught.value.reason is Reason.UNREACHABLE
        lead({"b.example": ["127.0.0.1"], "c.example": ["127.0.0.1"]})
        for url in ("http://b.example/", "http://b.example:8080/", "http://c.example/"):
            with pytest.raises(FetchError):
                await client.get(url)
    assert set(connected) == {PUBLIC}, "what was judged is connected to, whatever the name says now"


async def test_2_a_public_address_among_private_ones_is_the_one_connected_to(
    refused: Callable[..., Awaitable[FetchError]], lead: Callable[..., None], connected: list[str]
) -> None:
    lead({"b.example": ["10.0.0.1", PUBLIC, "127.0.0.1"]})
    await refused("http://b.example/", allow_private=False)
    assert connected == [PUBLIC]


@pytest.mark.parametrize("url", ["http://169.254.169.254/", "http://[fe80::1]/", "http://127.0.0.1:6379/"])
async def test_4_allow_private_opens_neither_metadata_nor_ports(
    refused: Callable[..., Awaitable[FetchError]], connected: list[str], url: str
) -> None:
    assert (await refused(url)).reason in {Reason.BLOCKED_ADDRESS, Reason.BLOCKED_PORT}
    assert connected == []


async def test_a_name_that_nobody_knows_is_unreachable(
    refused: Callable[..., Awaitable[FetchError]], lead: Callable[..., None]
) -> None:
    lead({})
    assert (await refused("http://b.example/")).reason is Reason.UNREACHABLE


@pytest.mark.parametrize(
    "url",
    [
        "http://user:secret@[x/",
        "http://user:secret@b.example:99999/",
        "http://user:secret@127.0.0.1/",
        "http://user:secret@b.example:25/",
        "ftp://user:secret@b.example/",
        "http://user:secret@b.example/" + "a" * 9000,
        "http://user:secret@b.example/",
    ],
)
async def test_5_no_error_shows_a_password(
    refused: Callable[..., Awaitable[FetchError]], lead: Callable[..., None], url: str
) -> None:
    lead({})
    error = await refused(url, allow_private=False)
    assert "secret" not in str(error)
    assert "secret" not in error.url


@pytest.mark.parametrize(
    "inside", ["\r\nX-Evil: 1", "\n", "\t", "\r\n\r\nGET /evil HTTP/1.1\r\n\r\n"], ids=ascii
)
async def test_6_line_breaks_in_an_address_make_no_second_line(
    raw: Any, impatient: Callable[..., Client], inside: str
) -> None:
    raw.answer(HELLO, "/a")
    async with impatient() as client:
        for url in (f"{raw.url}/a{inside}", f"{raw.url}/a?{inside}"):
            try:
                await client.get(url)
            except FetchError as error:
                assert error.reason in {Reason.URL_INVALID, Reason.UNREACHABLE}  # noqa: PT017 - one of two
    for head in raw.asked:
        assert b"X-Evil:" not in head.split(b"\r\n", 1)[1]
        assert head.count(b"GET ") == 1


async def test_7_a_homograph_is_asked_for_and_shown_as_punycode(
    refused: Callable[..., Awaitable[FetchError]], lead: Callable[..., None]
) -> None:
    lead({})
    assert "xn--pple-43d.example" in str(
        await refused("http://аpple.example/")
    )  # the first letter is Cyrillic


async def test_12_a_fragment_is_not_sent(raw: Any, impatient: Callable[..., Client]) -> None:
    raw.answer(HELLO, "/x")
    async with impatient() as client:
        await client.get(raw.url + "/x#a")
    assert raw.paths == ["/x"]
