from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.posts.links.player_page import read_player
from scraper.posts.links.reading import MAX_PLAYERS, read_links
from scraper.posts.page.document import UnreadablePageError
from storage.records import LinkKind

PAGE = "https://b.example/p/"
PLAYER = "https://b.example/player/?id=3"


def frame(src: str) -> str:
    return f'<iframe src="{src}"></iframe>'


def players_of(html: str) -> list[str]:
    return list(read_links(BeautifulSoup(html, "lxml"), base=PAGE, page=PAGE).players)


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(frame("/player/?id=3"), id="L15"),
        pytest.param(frame("../player/?id=3"), id="L15 relative"),
        pytest.param('<iframe src="about:blank" data-src="/player/?id=3"></iframe>', id="L15 lazy"),
        pytest.param(f"<noscript>{frame('/player/?id=3')}</noscript>", id="L15 noscript"),
        pytest.param(frame("/player/?id=3") * 2, id="L15 twice"),
    ],
)
def test_a_frame_of_the_blogs_own_player_is_told(html: str) -> None:
    assert players_of(html) == [PLAYER]


def test_a_player_is_a_link_to_listen_to_as_well() -> None:
    reading = read_links(BeautifulSoup(frame("/player/?id=3"), "lxml"), base=PAGE, page=PAGE)
    assert [(each.kind, each.url) for each in reading.links] == [(LinkKind.EMBED, PLAYER)]


@pytest.mark.parametrize(
    "html",
    [
        frame("https://ads.example/player/?id=3"),
        frame("/2024/05/another-post/embed/"),
        '<a href="/player/?id=3">Play</a>',
        frame("https://www.youtube.com/embed/abcdefghijk"),
        frame("/sponsor.html"),
    ],
)
def test_other_frames_are_no_players(html: str) -> None:
    assert players_of(html) == []


def test_there_is_an_end_of_players() -> None:
    assert len(players_of("".join(frame(f"/player/?id={number}") for number in range(9)))) == MAX_PLAYERS


def read(html: str) -> tuple[list[str], list[str]]:
    reading = read_player(html.encode(), "utf-8", PLAYER)
    return [each.url for each in reading.links], list(reading.players)


@pytest.mark.parametrize(
    ("html", "links", "players"),
    [
        pytest.param(
            f"<html><body><nav>{frame('https://archive.org/embed/mtk043')}</nav></body></html>",
            ["https://archive.org/embed/mtk043"],
            [],
            id="L15",
        ),
        pytest.param('<audio src="3.mp3"></audio>', ["https://b.example/player/3.mp3"], [], id="L15 audio"),
        pytest.param(
            '<head><base href="/x/"><script>play({file: "3.mp3", title: "T"})</script></head>',
            ["https://b.example/x/3.mp3"],
            [],
            id="L15 script",
        ),
        pytest.param(
            frame("/player/inner?id=3"),
            ["https://b.example/player/inner?id=3"],
            ["https://b.example/player/inner?id=3"],
            id="L15 deeper",
        ),
        pytest.param(frame("/player/?id=3"), [], [], id="L15 itself"),
        pytest.param("<p>Nothing here.</p>", [], [], id="nothing"),
    ],
)
def test_the_page_of_a_player_tells_what_it_plays(html: str, links: list[str], players: list[str]) -> None:
    assert read(html) == (links, players)


def test_an_empty_page_cannot_be_read() -> None:
    with pytest.raises(UnreadablePageError):
        read_player(b"", None, PLAYER)


@settings(deadline=None, max_examples=40)
@given(st.binary(max_size=80))
def test_any_page_is_read_or_refused(body: bytes) -> None:
    try:
        reading = read_player(b"<p>x" + body, None, PLAYER)
    except UnreadablePageError:
        return
    assert all(each.url.startswith(("http://", "https://")) for each in reading.links)
