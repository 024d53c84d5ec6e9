"""Titles of pages that name the blog first, and prefixes and brackets that are about the post."""

from __future__ import annotations

import pytest
from lxml import html

from scraper.posts.page.document import read_head
from scraper.posts.page.scope import find_scope
from scraper.posts.titles import parse_title
from scraper.posts.titles.headline import read_headline

URL = "https://b.example/2008/05/kora-lines/"
POST = "<div class='post'><h2><a href='/2008/05/kora-lines/'>Kora – Lines</a></h2><p>some words</p></div>"


def _title(page: str) -> str:
    tree = html.document_fromstring(page)
    return read_headline(tree, find_scope(tree, url=URL), read_head(tree, URL), url=URL, listed=None).text


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(
            f"<title>My Blog — Kora – Lines</title><div id='header'><h1><a href='/'>My Blog</a></h1></div>{POST}",
            id="T10 Tumblr",
        ),
        pytest.param(
            "<title>My Blog: Kora – Lines</title><div id='banner'><h1><a href='https://b.example/'>My Blog</a></h1></div>"
            "<div class='entry'><h3 class='entry-header'>Kora – Lines</h3><p>x</p></div>",
            id="T10 TypePad",
        ),
        pytest.param(
            f"<title>My Blog &raquo; Blog Archive   &raquo; Kora – Lines</title><h1><a href='/'>My Blog</a></h1>{POST}",
            id="T10 Kubrick",
        ),
        pytest.param(
            "<title>Kora – Lines - My Blog</title><table><tr><td><font size=5><b>Kora – Lines</b></font><br>words and "
            "more words of the post</td></tr></table>",
            id="T10 a table without headings",
        ),
    ],
)
def test_the_name_of_the_blog_is_no_part_of_the_title(page: str) -> None:
    assert _title(page) == "Kora – Lines"


def test_an_artist_shown_alone_is_not_the_title() -> None:
    page = "<title>Kora – Lines</title><div class='post'><p><b>Kora</b></p><p>some words</p></div>"
    assert _title(page) == "Kora – Lines"


@pytest.mark.parametrize(
    ("title", "artist", "track"),
    [
        pytest.param("[mtk187] Lomov – Slow Horizons", "Lomov", "Slow Horizons", id="T6 a number in front"),
        pytest.param("Sublab 014: Ossa – Wet Concrete", "Ossa", "Wet Concrete", id="T3 a series"),
        pytest.param("Mix #7: Kora – Lines", "Kora", "Lines", id="T3 a numbered series"),
        pytest.param("Прем’єра: Пасош – «Ліс»", "Пасош", "Ліс", id="T3 another apostrophe"),
        pytest.param("【フリーDL】Kora – Lines", "Kora", "Lines", id="T3 T13 Japanese"),
        pytest.param("Mercan Dede – Dünya (2013) İndir", "Mercan Dede", "Dünya", id="T13 Turkish"),
        pytest.param("Sum 41: Live – Lines", "Sum 41: Live", "Lines", id="T7 a number of the name"),
        pytest.param("Blink-182 – Dammit", "Blink-182", "Dammit", id="T7 a number in the name"),
    ],
)
def test_what_stands_before_the_artist_is_left_out(title: str, artist: str, track: str) -> None:
    parts = parse_title(title)
    assert (parts.artist, parts.track) == (artist, track)


@pytest.mark.parametrize(
    ("bracket", "label", "version"),
    [
        ("[24 tracks]", None, None),
        ("[2xLP Review]", None, None),
        ("[Sendspace | 320]", None, None),
        ("(incl. Kasra V Remix)", None, None),
        ("[Deconstruction]", "Deconstruction", None),
        ("(Kasra V Deconstruction)", None, "Kasra V Deconstruction"),
        ("[Review Records]", "Review Records", None),
        ("[Track Records]", "Track Records", None),
    ],
)
def test_a_bracket_about_the_post_is_neither_label_nor_version(
    bracket: str, label: str | None, version: str | None
) -> None:
    parts = parse_title(f"Kora – Lines {bracket}")
    assert (parts.artist, parts.track, parts.label, parts.version) == ("Kora", "Lines", label, version)
