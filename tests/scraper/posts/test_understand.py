"""Whole pages understood: every post of the fixture blog against the truth that was written by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from filters.graph import default_graph
from scraper.blogs.feeds import read_feed
from scraper.blogs.listed import ListedPost
from scraper.http.addresses.identity import post_key
from scraper.http.client import Page
from scraper.posts.context import Context
from scraper.posts.page.document import UnreadablePageError
from scraper.posts.page.locks import LockedPostError
from scraper.posts.understand import read_page, understand
from scraper.posts.worker.aside import Aside
from storage.records import Post, Trust

FIXTURES = Path(__file__).parents[3] / "fixtures"
ORIGIN = "http://blog.example"
POSTS: list[dict[str, Any]] = json.loads((FIXTURES / "expected.json").read_text(encoding="utf-8"))["posts"]
FEED = {
    post.key: post
    for post in read_feed((FIXTURES / "blog/feed/index.xml").read_bytes(), f"{ORIGIN}/feed/").posts
}
CONTEXT = Context(blog=f"{ORIGIN}/", graph=default_graph(), now=1_780_000_000.0)


def _page(body: bytes, *, url: str = f"{ORIGIN}/2025/06/a-post/") -> Page:
    return Page(
        url=url,
        status=200,
        body=body,
        content_type="text/html",
        charset="utf-8",
        etag=None,
        last_modified=None,
    )


def _post(page: Page, listed: ListedPost) -> Post:
    return read_page(page.body, page.charset, page.url, listed=listed, context=CONTEXT).post


def _read(path: str) -> Post:
    url = ORIGIN + path
    body = (FIXTURES / "blog" / path.strip("/") / "index.html").read_bytes()
    listed = FEED.get(post_key(url), ListedPost(url=url, key=post_key(url)))
    return _post(_page(body, url=url), listed)


@pytest.mark.parametrize("truth", POSTS, ids=lambda truth: truth["path"])
def test_a_post_of_the_fixture_blog_is_understood_as_its_author_meant_it(truth: dict[str, Any]) -> None:
    post = _read(truth["path"])
    assert post.title == truth["title"]
    assert (post.artist, post.track, post.version) == (truth["artist"], truth["track"], truth["version"])
    assert post.published is not None
    assert post.published.text == truth["published"]
    assert sorted(post.genres) == sorted(truth["genres"])
    assert {(link.url, str(link.kind), link.format) for link in post.links} == {
        (link["url"], link["kind"], link["format"]) for link in truth["links"]
    }


@pytest.mark.parametrize("truth", POSTS, ids=lambda truth: truth["path"])
def test_each_genre_has_evidence_that_can_be_shown(truth: dict[str, Any]) -> None:
    post = _read(truth["path"])
    assert set(post.genres) <= {evidence.genre for evidence in post.evidence}
    assert all(evidence.text and evidence.source and evidence.trust in Trust for evidence in post.evidence)


async def test_a_large_page_is_read_to_the_same_post() -> None:
    filler = "<p>" + "words without meaning " * 20 + "</p>"
    body = f"<article><h1>Kora – Lines</h1><p>Genre: Techno</p>{filler * 1000}</article>".encode()
    listed = ListedPost(url=f"{ORIGIN}/x/", key=post_key(f"{ORIGIN}/x/"))
    async with Aside() as aside:
        post = (await understand(_page(body), listed, CONTEXT, aside)).post
    assert (len(body) > 250_000, post.genres, post.artist) == (True, ("techno",), "Kora")


def test_what_the_listing_knows_completes_the_post() -> None:
    listed = ListedPost(
        url=f"{ORIGIN}/x/",
        key="k",
        published="Mon, 04 Mar 2024 10:00:00 GMT",
        categories=("Deep House", "Berlin"),
    )
    body = b"<article><h1>Kora - Lines</h1><p>words</p></article>"
    post = _post(_page(body), listed)
    assert (post.key, post.genres) == ("k", ("deep house",))
    assert post.published is not None
    assert post.published.text == "2024-03-04T10:00:00+00:00"


def test_a_redirect_to_another_site_does_not_change_whose_post_it_is() -> None:
    listed = ListedPost(url=f"{ORIGIN}/x/", key="k")
    page = _page(b"<article><h1>x</h1></article>", url="https://elsewhere.example/y/")
    assert _post(page, listed).url == f"{ORIGIN}/x/"


def test_a_body_without_any_element_is_no_post() -> None:
    listed = ListedPost(url=f"{ORIGIN}/x/", key="k")
    with pytest.raises(UnreadablePageError):
        _post(_page(b""), listed)


def test_a_page_that_asks_for_a_password_is_no_post() -> None:
    listed = ListedPost(url=f"{ORIGIN}/x/", key="k")
    form = b'<form class="post-password-form"><input type="password" name="post_password"></form>'
    page = _page(b"<article><h1>Protected: Kora - Lines</h1>" + form + b"</article>")
    with pytest.raises(LockedPostError):
        _post(page, listed)


def test_the_cover_that_only_the_listing_knows_is_kept() -> None:
    listed = ListedPost(url=f"{ORIGIN}/x/", key="k", cover=f"{ORIGIN}/c.jpg")
    page = _page(b"<article><h1>x</h1></article>")
    assert _post(page, listed).cover == f"{ORIGIN}/c.jpg"
