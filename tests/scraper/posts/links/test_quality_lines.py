"""The quality that a line beside links states without a label."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.posts.links.quality_lines import with_quality_lines
from scraper.posts.links.reading import read_links
from scraper.posts.page.lines import read_lines

PAGE = "https://b.example/p/"
ONE = "<p><a href='https://mega.nz/file/aaaa1111#k'>Mega</a> <a href='https://gofile.io/d/bbbb2222'>Gofile</a></p>"
OTHER = "<p><a href='/kora-waves.zip'>Kora – Waves album</a></p>"


def _qualities(markup: str) -> list[str | None]:
    soup = BeautifulSoup(f"<article>{markup}</article>", "lxml")
    links = read_links(soup, base=PAGE, page=PAGE).links
    return [link.quality for link in with_quality_lines(links, read_lines(soup))]


@pytest.mark.parametrize(
    ("line", "quality"),
    [
        ("VBR V0", "v0"),
        ("MP3 / 320 kbps", "320"),
        ("IDM | 2CD | VBR V0 | 160MB", "v0"),
        ("320 kbps | 80 MB", "320"),
        ("(MP3 192 kbps, 2009)", "192"),
        ("FLAC", "lossless"),
        ("House · 320 kbps · 12:10", "320"),
        ("320", None),
        ("MP3", None),
        ("Room 320", None),
        ("FLAC / MP3 320", None),
        ("Deep House - 320kbps", None),
        ("Kora – Lines – 320 kbps", None),
        ("We had it at 320 kbps in the room", None),
    ],
)
def test_a_line_before_links_says_their_quality(line: str, quality: str | None) -> None:
    assert _qualities(f"<p>Nice one.</p><p>{line}</p>{ONE}") == [quality, quality]


@pytest.mark.parametrize(
    ("markup", "qualities"),
    [
        pytest.param(f"{ONE}<p>VBR V0</p>", ["v0", "v0"], id="behind the last links"),
        pytest.param(
            "<p>VBR V0</p><p><a href='lines.mp3'>Kora – Lines</a></p>", ["v0"], id="a relative address"
        ),
        pytest.param(f"{ONE}<p>Nice.</p><p>VBR V0</p>", [None, None], id="not beside them"),
        pytest.param(f"<p>VBR V0</p><p>Nice.</p>{ONE}", [None, None], id="not beside them, before"),
        pytest.param(f"{ONE}<p>VBR V0</p>{OTHER}", [None, None, "v0"], id="of the links that follow"),
        pytest.param(f"<p>VBR V0</p>{ONE}<p>320 kbps</p>{OTHER}", ["v0", "v0", "320"], id="each its own"),
        pytest.param(f"<p>V0 <a href='/x'>more</a></p>{ONE}", [None, None], id="a line with a link"),
        pytest.param(f"<table><tr><td>VBR V0</td></tr></table>{ONE}", [None, None], id="a cell"),
        pytest.param("<p>FLAC</p><p><a href='/a.mp3'>Kora – Lines</a></p>", [None], id="no MP3 is lossless"),
        pytest.param("<p>VBR V0</p><p>https://mega.nz/file/aaaa1111#k</p>", ["v0"], id="an address as text"),
        pytest.param(
            "<p>VBR V0</p><p><a href='https://mega.nz/file/aaaa1111#k'>320</a> "
            "<a href='https://gofile.io/d/bbbb2222'>Gofile</a></p>",
            ["320", None],
            id="one has its own",
        ),
    ],
)
def test_a_line_counts_for_the_links_beside_it_alone(markup: str, qualities: list[str | None]) -> None:
    assert _qualities(markup) == qualities


@given(
    st.lists(st.sampled_from(["<p>VBR V0</p>", "<p>320 kbps</p>", "<p>Nice.</p>", ONE, OTHER]), max_size=8)
)
@settings(max_examples=60, deadline=None)
def test_no_line_changes_anything_but_the_quality(parts: list[str]) -> None:
    soup = BeautifulSoup(f"<article>{''.join(parts)}</article>", "lxml")
    links = read_links(soup, base=PAGE, page=PAGE).links
    found = with_quality_lines(links, read_lines(soup))
    assert [(link.key, link.format, link.group) for link in found] == [
        (link.key, link.format, link.group) for link in links
    ]
