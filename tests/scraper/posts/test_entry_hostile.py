"""Texts of listings that are no text, or meant to do harm: a post that can be kept, or a typed error."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters.graph import default_graph
from scraper.blogs.listed import ListedPost
from scraper.http.addresses.identity import post_key
from scraper.posts.context import Context
from scraper.posts.entry import read_entry, understand_entry
from scraper.posts.page.document import UnreadablePageError
from scraper.posts.page.locks import LockedPostError
from scraper.posts.worker.aside import Aside

if TYPE_CHECKING:
    from storage.records import Post

BLOG = "https://blog.example/"
URL = f"{BLOG}2024/05/a-post/"
CONTEXT = Context(blog=BLOG, graph=default_graph(), now=1_780_000_000.0)
LISTED = ListedPost(
    url=URL, key=post_key(URL), title="Kora – Lines", published="Mon, 04 Mar 2024 10:00:00 +0100"
)
FILE = f"{URL}a.mp3"


def _read(content: str | None, **known: Any) -> Post:
    listed = replace(LISTED, content=content, **known)
    return read_entry(listed, CONTEXT).post


def _links(post: Post) -> list[str]:
    return [link.url for link in post.links]


@pytest.mark.parametrize(
    ("content", "links"),
    [
        pytest.param("https://blog.example/2024/05/a-post/a.mp3", [FILE], id="an address and nothing else"),
        pytest.param("Genre: House &amp; so on", [], id="text without any element"),
        pytest.param("<a href=a.mp3>x</a>", [FILE], id="one link"),
        pytest.param("<!-- nothing -->", [], id="a comment"),
        pytest.param(" \n", [], id="spaces"),
        pytest.param("<?xml version='1.0' encoding='utf-16'?><a href=a.mp3>x</a>", [FILE], id="an XML head"),
        pytest.param("<meta charset=utf-16><a href=a.mp3>x</a>", [FILE], id="a lie about its encoding"),
        pytest.param("<a href='a.mp3'>x\x00</a>\x00\x1b[31m\x9b", [FILE], id="NUL and controls"),
        pytest.param("\ud800<a href='a.mp3'>\udfff</a>", [FILE], id="lone surrogates"),
        pytest.param("&#xD800;&#0;<a href='a.mp3'>x</a>&#x110000;", [FILE], id="references to no character"),
        pytest.param(
            "<iframe src='https://www.youtube.com/embed/abcdefghijk'></iframe>",
            ["https://www.youtube.com/embed/abcdefghijk"],
            id="an iframe",
        ),
        pytest.param(
            "<base href='https://cdn.example/x/'><a href='../a.mp3'>x</a>",
            ["https://cdn.example/a.mp3"],
            id="L2 a base of its own",
        ),
    ],
)
def test_any_text_is_read_as_it_stands(content: str, links: list[str]) -> None:
    post = _read(content)
    assert _links(post) == links
    json.dumps(asdict(post), ensure_ascii=False).encode()


def test_a_surrogate_pair_in_two_halves_is_one_character() -> None:
    (link,) = _read("<a href='/a.mp3'>Kora \ud83d\udd25 Lines</a>").links
    assert link.text == "Kora 🔥 Lines"


@pytest.mark.parametrize(
    "closing", ["</div></article>", "</body></html>", "</main></section></BODY ></html\n>"]
)
def test_nothing_escapes_a_text_that_closes_what_it_did_not_open(closing: str) -> None:
    furniture = '<div class="sharedaddy">Genre: Trance<a href="/t.mp3">t</a></div>'
    post = _read(f'<p>words</p>{closing}<p>Genre: House</p><a href="a.mp3">x</a>{furniture}')
    assert (post.genres, _links(post)) == (("house",), [FILE])


def test_a_whole_document_is_read_as_the_text_that_it_is() -> None:
    post = _read(
        """<!doctype html><html class="category-trance"><head><title>Another</title>
        <meta property="og:title" content="Another"><meta name="author" content="x">
        <meta property="article:published_time" content="2019-01-01">
        <script type="application/ld+json">{"@type": "MusicAlbum", "genre": "Dub"}</script></head>
        <body class="category-trance type_audio trance"><p>Genre: House</p><a href="a.mp3">x</a></body></html>"""
    )
    assert post.title == LISTED.title
    assert (post.genres, _links(post)) == (("house", "dub"), [FILE])
    assert post.published is not None
    assert post.published.text == "2024-03-04T10:00:00+01:00"


def test_L53_ten_thousand_nested_elements_give_a_post() -> None:  # noqa: N802
    post = _read("<p>Genre: House</p>" + "<div>" * 10_000 + "deep")
    assert post.genres == ("house",)


async def test_L53_a_text_of_twelve_megabytes_is_read_aside() -> None:  # noqa: N802
    content = "<p>Genre: House</p>" + f"<p>{'words ' * 200}</p>" * 10_000
    listed = replace(LISTED, content=content)
    async with Aside() as aside:
        post = (await understand_entry(listed, CONTEXT, aside)).post
    assert (len(content) > 12_000_000, post.genres) == (True, ("house",))


def test_an_empty_text_gives_what_the_listing_says() -> None:
    post = _read("", categories=("House",))
    assert (post.title, post.genres, post.links) == (LISTED.title, ("house",), ())


def test_without_a_text_there_is_no_post() -> None:
    with pytest.raises(UnreadablePageError, match="no text of this post"):
        _read(None)


def test_the_form_that_a_feed_has_instead_of_a_locked_post_is_no_post() -> None:
    form = (
        '<p class="post-password-message">This content is password protected.</p>'
        '<form action="/wp-login.php?action=postpass" class="post-password-form" method="post">'
        '<input name="post_password" type="password"></form>'
    )
    with pytest.raises(LockedPostError, match="a-post"):
        _read(form)


_PIECES = st.lists(
    st.sampled_from(["<p>", "</p>", "</div></article>", "</body>", "<h1>", "Genre: House", "\x00", "\ud800"])
    | st.sampled_from(["<base href='http://[/'>", "<a href='http://[/a.mp3'>", "<script>{", "<!--", "\ufffe"])
    | st.sampled_from(
        ["<input type=password>", "<table><td>", "<plaintext>", "&#xD800;", "<title>", "#techno"]
    )
    | st.text(max_size=8)
).map("".join)
_WILD = st.none() | st.text(st.characters(codec=None), max_size=40)


@settings(deadline=None, max_examples=150)
@given(_PIECES, _WILD, _WILD, st.lists(st.text(max_size=20) | st.just("Hou\ud800se")), _WILD)
def test_whatever_a_listing_says_gives_a_post_that_can_be_kept(
    content: str, title: str | None, published: str | None, categories: list[str], cover: str | None
) -> None:
    post = _read(content, title=title, published=published, categories=tuple(categories), cover=cover)
    assert post.title.strip()
    json.dumps(asdict(post), ensure_ascii=False).encode()
