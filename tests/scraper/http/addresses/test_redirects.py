"""Where a redirect may lead. Numbers are those of the list of hostile inputs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis.strategies import text
from yarl import URL

from scraper.http.addresses.redirects import next_hop
from scraper.http.errors import FetchError
from storage.reasons import Reason

HERE = URL("https://b.example/posts/one?page=2")


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("https://c.example/x.mp3", "https://c.example/x.mp3"),
        ("/files/x.mp3", "https://b.example/files/x.mp3"),
        ("two", "https://b.example/posts/two"),
        ("/My Song.mp3", "https://b.example/My%20Song.mp3"),
        ("?page=3", "https://b.example/posts/one?page=3"),
        ("//c.example/x", "https://c.example/x"),
        ("https://user:secret@c.example/x", "https://c.example/x"),
        ("/x#part", "https://b.example/x"),
        ("/a%20b?sig=%2F", "https://b.example/a%20b?sig=%2F"),
        pytest.param("http2/", "https://b.example/posts/http2/", id="20-relative"),
        pytest.param("../x", "https://b.example/x", id="20-up"),
        pytest.param("/größe?ü=ö", "https://b.example/gr%C3%B6%C3%9Fe?%C3%BC=%C3%B6", id="20-raw UTF-8"),
        pytest.param("/gr\udcf6\udcdfe", "https://b.example/gr%F6%DFe", id="20-raw Latin-1"),
        pytest.param("https://аpple.example/x", "https://xn--pple-43d.example/x", id="7-homograph"),
        pytest.param("//c.example/%2e%2e/%2e%2e/x", "https://c.example/x", id="6-dots"),
        pytest.param("https:\\\\c.example\\x", "https://c.example/x", id="6-back slashes"),
        pytest.param("/\\c.example/x", "https://c.example/x", id="6-what browsers take for another host"),
    ],
)
def test_a_location_is_resolved_against_the_hop_before(location: str, target: str) -> None:
    assert str(next_hop(HERE, location)) == target


@given(text(max_size=60))
def test_whatever_a_location_says_it_is_a_sendable_address_or_refused(location: str) -> None:
    try:
        target: URL | None = next_hop(HERE, location)
        shown = str(target)
    except FetchError as error:
        target, shown = None, str(error)
    assert shown.isprintable()
    assert target is None or (target.scheme, target.user, shown.isascii()) == ("https", None, True)
    assert target is None or target.host


@pytest.mark.parametrize(
    "location",
    [
        pytest.param("file:///etc/passwd", id="14-file"),
        pytest.param("ftp://c.example/x", id="14-ftp"),
        pytest.param("gopher://c.example/x", id="14-gopher"),
        pytest.param("http://b.example/x", id="16-downgrade"),
        pytest.param("", id="20-empty"),
        pytest.param(None, id="20-absent"),
        pytest.param("/x\r\nSet-Cookie: a=b", id="20-crlf"),
        pytest.param("https://[broken/", id="broken"),
        pytest.param("data:text/html,x", id="14-data"),
        pytest.param("javascript:alert(1)", id="14-javascript"),
        pytest.param("/x\tb", id="20-tab"),
        pytest.param("/x%0d%0aSet-Cookie: a=b", id="20-escaped crlf"),
        pytest.param("https://b.example:99999/", id="a port that does not exist"),
        pytest.param("https://b.example:http/", id="a port that is none"),
    ],
)
def test_a_location_that_leads_where_nobody_should_go_is_refused(location: str | None) -> None:
    with pytest.raises(FetchError) as caught:
        next_hop(HERE, location)
    assert caught.value.reason is Reason.BAD_REDIRECT


def test_8_a_location_without_end_is_too_long() -> None:
    with pytest.raises(FetchError) as caught:
        next_hop(HERE, "/" + "a" * 70_000)
    assert caught.value.reason is Reason.URL_TOO_LONG
    assert len(str(caught.value)) < 300


def test_5_what_is_refused_shows_no_password() -> None:
    for location in (
        "https://user:secret@[x/",
        "ftp://user:secret@c.example/",
        "http://user:secret@c.example/",
    ):
        with pytest.raises(FetchError) as caught:
            next_hop(HERE, location)
        assert "secret" not in str(caught.value)
