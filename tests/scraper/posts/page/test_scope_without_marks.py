"""The fixture blog robbed of every mark that tells its posts from its furniture: what repeats tells them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

from filters.graph import default_graph
from scraper.blogs.listed import ListedPost
from scraper.http.addresses.identity import post_key
from scraper.posts.context import Context
from scraper.posts.page.document import parse_document
from scraper.posts.page.repeats import Repeats
from scraper.posts.understand import read_page

if TYPE_CHECKING:
    from scraper.posts.understood import Understood

FIXTURES = Path(__file__).parents[4] / "fixtures"
ORIGIN = "http://blog.example"
TRUTH: dict[str, dict[str, Any]] = {
    post["path"]: post
    for post in json.loads((FIXTURES / "expected.json").read_text(encoding="utf-8"))["posts"]
}
ON_ALL_POSTS = "https://nell.example/radio.mp3"
"""Stands in the words about the author, a line of the article; a visit leaves it out at its end."""
_TELLING = {"article", "main", "nav", "aside", "header", "footer", "section"}
_MARKS = ("class", "id", "role", "itemprop", "itemtype", "itemscope")


def robbed(path: str) -> bytes:
    """Return the page of a post, all of it in elements that say nothing."""
    page = (FIXTURES / "blog" / path.strip("/") / "index.html").read_bytes()
    tree = parse_document(page, charset="utf-8")
    for element in tree.iter(etree.Element):
        if element.tag in _TELLING:
            element.tag = "div"
        for mark in _MARKS:
            element.attrib.pop(mark, None)
    return etree.tostring(tree, method="html", encoding="utf-8")


PAGES = {path: robbed(path) for path in TRUTH}


def read(path: str, furniture: frozenset[int]) -> Understood:
    url = ORIGIN + path
    context = Context(blog=f"{ORIGIN}/", graph=default_graph(), now=1_780_000_000.0, furniture=furniture)
    return read_page(
        PAGES[path], "utf-8", url, listed=ListedPost(url=url, key=post_key(url)), context=context
    )


@pytest.fixture(scope="module")
def furniture() -> frozenset[int]:
    repeats = Repeats()
    for path in TRUTH:
        prints = read(path, frozenset()).prints
        assert prints is not None
        repeats.add(path, prints)
    return repeats.furniture()


@pytest.mark.parametrize("path", TRUTH)
def test_a_page_without_marks_gives_no_more_than_its_post(path: str, furniture: frozenset[int]) -> None:
    understood = read(path, furniture)
    truth = TRUTH[path]
    assert understood.scope == "block that differs from other posts"
    assert set(understood.post.genres) <= set(truth["genres"])
    assert {link.url for link in understood.post.links if link.kind.queued} - {ON_ALL_POSTS} == {
        link["url"] for link in truth["links"] if link["kind"] in {"direct", "archive", "hoster"}
    }


def test_hardly_a_genre_is_lost(furniture: frozenset[int]) -> None:
    lost = [path for path in TRUTH if set(read(path, furniture).post.genres) != set(TRUTH[path]["genres"])]
    assert len(lost) * 10 <= len(TRUTH), lost
