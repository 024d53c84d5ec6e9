"""Which text of a page is the title of its post."""

from __future__ import annotations

import pytest
from lxml import html

from scraper.posts.page.document import read_head
from scraper.posts.page.scope import find_scope
from scraper.posts.titles.headline import read_headline

URL = "https://b.example/2024/05/567145_m0b-allein-allein-transa1004/"


def _headline(page: str, *, listed: str | None = None, url: str = URL) -> str:
    tree = html.document_fromstring(page)
    return read_headline(tree, find_scope(tree, url=url), read_head(tree, url), url=url, listed=listed)


@pytest.mark.parametrize(
    ("page", "title"),
    [
        pytest.param(
            "<head><title>Kora – Lines | My Blog</title><meta property='og:title' content='Kora – Lines'></head>"
            "<body><div id='sidebar'><h2>Recent posts</h2></div><article><h2>Kora – Lines</h2><p>x</p></article>",
            "Kora – Lines",
            id="T10",
        ),
        pytest.param(
            "<head><title>Kora – Lines | My Blog</title><meta property='og:site_name' content='My Blog'></head>"
            "<body><h1><a href='/'>My Blog</a></h1><article><p>no heading of its own</p></article>",
            "Kora – Lines",
            id="T10 only the title element names it",
        ),
        pytest.param(
            "<title>My Blog</title><h1 class='site-title'>My Blog</h1><article><h1 class='entry-title'>Kora – Lines</h1></article>",
            "Kora – Lines",
            id="a heading marked as the post's own",
        ),
        pytest.param(
            "<title>Lines of the week: a long story - My Blog</title><main><h2>Related</h2><h1>Lines of the week: a long story</h1></main>",
            "Lines of the week: a long story",
            id="the heading that the title repeats",
        ),
        pytest.param(
            "<article><h1>A &amp; B –\n\t Title</h1><p>x</p></article>",
            "A & B – Title",
            id="entities and spaces",
        ),
    ],
)
def test_the_title_is_the_posts_own(page: str, title: str) -> None:
    assert _headline(page) == title


def test_what_the_feed_says_stands_in_where_the_page_has_no_title() -> None:
    assert _headline("<article><p>x</p></article>", listed="Kora – Lines") == "Kora – Lines"


def test_T14_the_address_stands_in_where_nothing_else_names_the_post() -> None:  # noqa: N802
    title = _headline("<article><h1><img src='logo.png'></h1><p>x</p></article>")
    assert "allein" in title.lower()


def test_a_title_is_never_empty() -> None:
    assert _headline("<p>x</p>", url="https://b.example/")
