"""The quality that a post states for all of its files."""

from __future__ import annotations

import pytest

from filters.graph import default_graph
from scraper.blogs.listed import ListedPost
from scraper.posts.context import Context
from scraper.posts.understand import read_page

URL = "https://b.example/kora-lines/"
CONTEXT = Context(blog="https://b.example/", graph=default_graph(), now=1_780_000_000.0)
PLAIN = "<a href='https://mega.nz/file/aaaa1111#k'>Mega</a> <a href='https://gofile.io/d/bbbb2222'>Gofile</a>"


def _qualities(inner: str) -> list[str | None]:
    page = f"<article class='post'><h1>Kora – Lines</h1>{inner}</article>"
    post = read_page(page.encode(), "utf-8", URL, listed=ListedPost(url=URL, key=URL), context=CONTEXT).post
    return [link.quality for link in post.links]


@pytest.mark.parametrize(
    ("stated", "quality"),
    [
        ("Quality: MP3 320 kbps", "320"),
        ("Calidad: 320 kbps", "320"),
        ("Качество: mp3 | 320 kbps", "320"),
        ("Аудио кодек: FLAC<br>Битрейт аудио: lossless", "lossless"),
        ("Bitrate: 192", "192"),
        ("Format: FLAC 24bit/96kHz", "24bit"),
        ("Quality: MP3 320 / FLAC", None),
        ("Format: MP3, FLAC", None),
        ("Quality: excellent", None),
        ("Room: 320 kbps", None),
    ],
)
def test_a_quality_stated_once_counts_for_every_file(stated: str, quality: str | None) -> None:
    assert _qualities(f"<p>{stated}</p><p>{PLAIN}</p>") == [quality, quality]


def test_where_a_link_has_a_quality_of_its_own_nothing_is_stated_for_the_others() -> None:
    # L45
    links = (
        "<a href='https://mega.nz/file/aaaa1111#k'>FLAC</a> <a href='https://gofile.io/d/bbbb2222'>Gofile</a>"
    )
    assert _qualities(f"<p>Quality: 320 kbps</p><p>{links}</p>") == ["lossless", None]


def test_a_file_whose_format_cannot_have_the_quality_is_left_alone() -> None:
    links = "<a href='/a.zip'>Kora – Lines album</a> <a href='/b.mp3'>Kora – Lines</a>"
    assert _qualities(f"<p>Quality: Lossless</p><p>{links}</p>") == ["lossless", None]


def test_players_and_shops_have_no_quality() -> None:
    player = "<iframe src='https://www.youtube.com/embed/abcdefghijk'></iframe>"
    assert _qualities(f"<p>Quality: 320 kbps</p>{player}") == [None]


def test_parts_of_an_archive_have_the_quality_of_their_heading() -> None:
    # L43 L45
    links = (
        "<b>FLAC:</b> <a href='https://rapidgator.net/file/a1/x.part1.rar'>Part 1</a> "
        "<a href='https://rapidgator.net/file/a2/x.part2.rar'>Part 2</a>"
    )
    assert _qualities(f"<p>{links}</p>") == ["lossless", "lossless"]
