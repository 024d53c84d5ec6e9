"""Which text of a page is the title of its post."""

from __future__ import annotations

import pytest
from lxml import html

from scraper.posts.page.document import read_head
from scraper.posts.page.scope import find_scope, whole_scope
from scraper.posts.titles import Confidence
from scraper.posts.titles.headline import Headline, read_entry_headline, read_headline

URL = "https://b.example/2024/05/567145_m0b-allein-allein-transa1004/"


def _read(page: str, *, listed: str | None = None, url: str = URL) -> Headline:
    tree = html.document_fromstring(page)
    return read_headline(tree, find_scope(tree, url=url), read_head(tree, url), url=url, listed=listed)


def _entry(content: str, *, listed: str | None = None, url: str = URL) -> Headline:
    return read_entry_headline(whole_scope(html.document_fromstring(content)), url=url, listed=listed)


REPEATED = "heading that the page's title repeats"


@pytest.mark.parametrize(
    ("page", "title", "source"),
    [
        pytest.param(
            "<head><title>Kora – Lines | My Blog</title><meta property='og:title' content='Kora – Lines'></head>"
            "<body><div id='sidebar'><h2>Recent posts</h2></div><article><h2>Kora – Lines</h2><p>x</p></article>",
            "Kora – Lines",
            REPEATED,
            id="T10",
        ),
        pytest.param(
            "<head><title>Kora – Lines | My Blog</title><meta property='og:site_name' content='My Blog'></head>"
            "<body><h1><a href='/'>My Blog</a></h1><article><p>no heading of its own</p></article>",
            "Kora – Lines",
            "title of the page",
            id="T10 only the title element names it",
        ),
        pytest.param(
            "<head><meta property='og:title' content='Kora – Lines'></head><body><article><p>x</p></article>",
            "Kora – Lines",
            "og:title",
            id="T10 only og:title names it",
        ),
        pytest.param(
            "<title>My Blog</title><h1 class='site-title'>My Blog</h1><article><h1 class='entry-title'>Kora – Lines</h1></article>",
            "Kora – Lines",
            "heading marked entry-title",
            id="a heading marked as the post's own",
        ),
        pytest.param(
            "<article itemscope><h2 itemprop='headline'>Kora – Lines</h2><h2>Tracklist</h2></article>",
            "Kora – Lines",
            "heading marked itemprop headline",
            id="a heading marked by microdata",
        ),
        pytest.param(
            "<title>Lines of the week: a long story - My Blog</title><main><h2>Related</h2><h1>Lines of the week: a long story</h1></main>",
            "Lines of the week: a long story",
            REPEATED,
            id="the heading that the title repeats",
        ),
        pytest.param(
            "<title>It's Kora - My Blog</title><main><h2>Related</h2><h2>It’s Kora</h2></main>",
            "It’s Kora",
            REPEATED,
            id="the heading that the title repeats in plain signs",
        ),
        pytest.param(
            "<title>Kora – Lines | My Blog</title><article><h1>Kora – Lines</h1><h3 class='entry-title'>Another</h3></article>",
            "Kora – Lines",
            REPEATED,
            id="a marked heading below the post's own",
        ),
        pytest.param(
            "<title>Kora – Lines | My Blog</title><h1 class='head'>Kora – Lines</h1><article><h2>Intro</h2><p>x</p></article>"
            "<div><h3 class='entry-title'>One</h3><h3 class='entry-title'>Two</h3></div>",
            "Kora – Lines",
            REPEATED,
            id="a heading outside the post, and marked ones of other posts",
        ),
        pytest.param(
            "<article><h1>A &amp; B –\n\t Title</h1><p>x</p></article>",
            "A & B – Title",
            "first heading of the post",
            id="entities and spaces",
        ),
        pytest.param(
            "<head><meta property='og:title' content='Kora – Lines'><title>Kora – Lines – My Blog</title></head>"
            "<article><h1>Kora</h1><p>x</p></article>",
            "Kora – Lines",
            "og:title",
            id="a heading of the artist alone",
        ),
        pytest.param(
            "<title>Kora – Lines – My Blog</title><article><h1 class='entry-title'>Kora</h1><h2>Lines</h2></article>",
            "Kora – Lines",
            "heading marked entry-title",
            id="artist and title in two headings",
        ),
        pytest.param(
            "<title>Kora – My Blog</title><article><h1 class='entry-title'>Kora</h1><p>A long story.</p></article>",
            "Kora",
            "heading marked entry-title",
            id="text below a heading is not its title",
        ),
        pytest.param(
            "<article><h3>Major Lazer &amp; DJ Snake</h3><h4>Lean On (Ft. MØ)</h4><p>x</p></article>",
            "Major Lazer & DJ Snake – Lean On (Ft. MØ)",
            "two headings of the post",
            id="T9",
        ),
        pytest.param(
            "<title>Major Lazer & DJ Snake - Lean On (Ft. MØ) | Indie</title>"
            "<article><h3>Major Lazer &amp; DJ Snake</h3><h4>Lean On (Ft. MØ)</h4><p>x</p></article>",
            "Major Lazer & DJ Snake – Lean On (Ft. MØ)",
            REPEATED,
            id="T9 with a title",
        ),
    ],
)
def test_the_title_is_the_posts_own(page: str, title: str, source: str) -> None:
    assert _read(page) == Headline(text=title, source=source)


def test_what_the_feed_says_stands_in_where_the_page_has_no_title() -> None:
    assert _read("<article><p>x</p></article>", listed=" Kora –\nLines") == Headline(
        text="Kora – Lines", source="the listing"
    )


@pytest.mark.parametrize(
    "page",
    [
        pytest.param("<article><h1><img src='logo.png'></h1><p>x</p></article>", id="T14"),
        pytest.param("<title>\u200b</title><article><h1> \u200b </h1></article>", id="T14 unseen characters"),
        pytest.param(
            "<head><title>My Blog</title><meta property='og:site_name' content='My Blog'></head>"
            "<body><h1>My Blog</h1><p>x</p>",
            id="T14 only the site has a name",
        ),
    ],
)
def test_the_address_stands_in_where_nothing_names_the_post(page: str) -> None:
    headline = _read(page)
    assert (headline.text, headline.source) == ("m0b allein allein", "words of the address")
    assert headline.parts is not None
    assert (headline.parts.catalogue, headline.parts.confidence) == ("TRANSA1004", Confidence.LOW)


def test_a_title_is_never_empty() -> None:
    assert _read("<p>x</p>", url="https://b.example/").text == "untitled"


@pytest.mark.parametrize(
    ("content", "listed", "title", "source"),
    [
        pytest.param(
            "<h1 class='entry-title'>Another</h1>", "Kora – Lines", "Kora – Lines", "the listing", id="listed"
        ),
        pytest.param(
            "<h3 class='entry-title'>Kora – Lines</h3><h1>Words</h1>",
            " ",
            "Kora – Lines",
            "heading marked entry-title",
            id="marked",
        ),
        pytest.param(
            "<h2>Words</h2><h1>Kora – Lines</h1>", None, "Kora – Lines", "first heading of the post", id="h1"
        ),
        pytest.param("<h2>Words</h2>", None, "m0b allein allein", "words of the address", id="T14 address"),
    ],
)
def test_the_title_of_an_entry_is_the_listings_before_the_texts(
    content: str, listed: str | None, title: str, source: str
) -> None:
    headline = _entry(content, listed=listed)
    assert (headline.text, headline.source) == (title, source)


def test_ten_thousand_headings_are_not_all_read() -> None:
    page = (
        "<title>Kora – Lines</title><article>" + "<h2>words</h2>" * 10_000 + "<h2>Kora – Lines</h2></article>"
    )
    assert _read(page).source == "title of the page"
