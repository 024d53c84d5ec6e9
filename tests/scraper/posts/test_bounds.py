"""L53: pages of any size give a post, within limits, and say so where it is but a part."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from filters.graph import default_graph
from scraper.blogs.listed import ListedPost
from scraper.http.page import MAX_PAGE_BYTES
from scraper.posts.context import Context
from scraper.posts.entry import read_entry
from scraper.posts.links.reading import MAX_LINKS
from scraper.posts.page.document import MAX_ATTRIBUTES, MAX_TAGS
from scraper.posts.page.furniture import MAX_ELEMENTS
from scraper.posts.page.lines import MAX_LINES
from scraper.posts.understand import read_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.records import Post

URL = "https://blog.example/2024/05/kora-lines/"
CONTEXT = Context(blog="https://blog.example/", graph=default_graph(), now=1_780_000_000.0)
START = '<article><h1>Kora - Lines</h1><p>Genre: Techno</p><p><a href="/lines.mp3">Download</a></p>'
DEPTH = 256

MANY_LINKS = "".join(f'<a href="/{number}.mp3">{number}</a> ' for number in range(3000))
TWELVE_MEGABYTES = ("<p>" + "words " * 2000 + "</p>\n") * 1000
NESTED = "<div>" * 10_000 + "deep"
CROWDED = "<p " + " ".join(f"a{number}" for number in range(MAX_ATTRIBUTES + 1000)) + ">x"

TOO_MUCH = {
    "L53 3,000 links": MANY_LINKS,
    "L53 10,000 nested elements": NESTED,
    "L53 more bytes than a page has": "<p>" + ("x" * 990 + "<br>") * (MAX_PAGE_BYTES // 990),
    "L53 a text without end": "<p>" + "x" * 11_000_000,
    "more tags than a page has": "<b>x</b>" * (MAX_TAGS + 1),
    "more elements than a post has": "<b>x</b>" * (MAX_ELEMENTS + 1),
    "more lines than a post has": "<p>x" * (MAX_LINES + 1),
    "a tag of too many attributes": CROWDED,
}
ALL_OF_IT = {
    "nothing more": "",
    "L53 12 MB of prose": TWELVE_MEGABYTES,
    "900 links": MANY_LINKS[: MANY_LINKS.index('<a href="/900.')],
    "200 nested elements": "<div>" * 200 + "deep" + "</div>" * 200,
    "a picture within the page": f'<img src="data:image/png;base64,{"A" * 300_000}">',
    "tags that do not fit": "<b>x</i></u></b>" * 1000,
}


def page(more: str) -> Post:
    body = f"<html><body>{START}{more}</article></body></html>".encode()
    listed = ListedPost(url=URL, key=URL)
    return read_page(body, "utf-8", URL, listed=listed, context=CONTEXT).post


def entry(more: str) -> Post:
    listed = ListedPost(url=URL, key=URL, title="Kora - Lines", content=START + more)
    return read_entry(listed, CONTEXT).post


@pytest.mark.parametrize("read", [page, entry])
@pytest.mark.parametrize("more", TOO_MUCH.values(), ids=TOO_MUCH)
def test_of_a_page_that_is_too_large_the_beginning_is_read_and_flagged(
    read: Callable[[str], Post], more: str
) -> None:
    post = read(more)
    assert (post.artist, post.genres) == ("Kora", ("techno",))
    assert post.partial
    assert 1 <= len(post.links) <= MAX_LINKS


@pytest.mark.parametrize("read", [page, entry])
@pytest.mark.parametrize("more", ALL_OF_IT.values(), ids=ALL_OF_IT)
def test_a_page_within_the_limits_is_read_as_a_whole(read: Callable[[str], Post], more: str) -> None:
    post = read(more)
    assert (post.artist, post.genres) == ("Kora", ("techno",))
    assert not post.partial


def test_l53_of_3000_links_as_many_are_kept_as_a_post_may_have() -> None:
    assert len(page(MANY_LINKS).links) == MAX_LINKS


def test_the_nesting_that_is_read_is_what_lxml_bears() -> None:
    around = 3  # html, body, article
    assert not page("<div>" * (DEPTH - around - 2)).partial
    assert page("<div>" * (DEPTH - around + 1)).partial
