"""Players of AMP pages: elements of their own that name what they play."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from scraper.posts.links.reading import read_links
from storage.records import LinkKind

PAGE = "https://b.example/p/amp/"


@pytest.mark.parametrize(
    ("element", "kind", "key"),
    [
        pytest.param(
            "<amp-audio src='/a.mp3'></amp-audio>", LinkKind.DIRECT, "https://b.example/a.mp3", id="L9 audio"
        ),
        pytest.param(
            "<amp-iframe src='https://bandcamp.com/EmbeddedPlayer/album=55/'></amp-iframe>",
            LinkKind.EMBED,
            "album=55",
            id="L14 frame",
        ),
        pytest.param(
            "<amp-soundcloud data-trackid='1957'></amp-soundcloud>",
            LinkKind.EMBED,
            "soundcloud.com/tracks/1957",
            id="L13 SoundCloud",
        ),
        pytest.param(
            "<amp-youtube data-videoid='abcdefghijk'></amp-youtube>",
            LinkKind.EMBED,
            "abcdefghijk",
            id="YouTube",
        ),
    ],
)
def test_a_player_of_an_amp_page_is_a_link(element: str, kind: LinkKind, key: str) -> None:
    soup = BeautifulSoup(f"<div><p>words</p>{element}</div>", "lxml")
    (link,) = read_links(soup, base=PAGE, page=PAGE).links
    assert link.kind is kind
    assert key in link.key


def test_a_player_that_names_no_item_is_no_link() -> None:
    soup = BeautifulSoup("<div><amp-youtube data-videoid='../x?y'></amp-youtube></div>", "lxml")
    assert read_links(soup, base=PAGE, page=PAGE).links == ()
