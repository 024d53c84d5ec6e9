"""Where a redirect may lead. Numbers are those of the list of hostile inputs."""

from __future__ import annotations

import pytest
from yarl import URL

from scraper.http.errors import FetchError
from scraper.http.redirects import next_hop
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
    ],
)
def test_a_location_is_resolved_against_the_hop_before(location: str, target: str) -> None:
    assert str(next_hop(HERE, location)) == target


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
        pytest.param("https://b.example:99999/", id="a port that does not exist"),
        pytest.param("https://b.example:http/", id="a port that is none"),
    ],
)
def test_a_location_that_leads_where_nobody_should_go_is_refused(location: str | None) -> None:
    with pytest.raises(FetchError) as caught:
        next_hop(HERE, location)
    assert caught.value.reason is Reason.BAD_REDIRECT
