"""Whatever the bytes or the text, there is a post within its limits, or the error that says why not."""

from __future__ import annotations

import pickle
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from filters.graph import default_graph
from scraper.blogs.listed import ListedPost
from scraper.posts.context import Context
from scraper.posts.entry import read_entry
from scraper.posts.links.reading import MAX_LINKS
from scraper.posts.page.document import UnreadablePageError
from scraper.posts.page.locks import LockedPostError
from scraper.posts.understand import read_page

if TYPE_CHECKING:
    from scraper.posts.understood import Understood

FIXTURES = Path(__file__).parents[3] / "fixtures/blog"
PAGES = sorted(FIXTURES.glob("20*/**/index.html"))[::7]
URL = "https://blog.example/2024/05/a-post/"
CONTEXT = Context(blog="https://blog.example/", graph=default_graph(), now=1_780_000_000.0, explaining=True)
MAX_EVIDENCE = 200
MAX_IGNORED = 2000
MAX_STORED_TEXT = 100_000

PIECES = (
    "<p>", "</p>", "<div class='entry-content'>", "</div>", "<article>", "<h1>Kora - Lines", "</h1>", "<b>",
    "<table><tr><td>", "<li>", "<br>", "<a href='/x.mp3'>", "<a href='http://[::1'>", "</a>", "<!--", "-->",
    "<![CDATA[", "]]>", "<script>", "</script>", "<svg><title>", "<template>", "<iframe src=//x>", "\x00",
    "Genre: Techno", "Жанр:", "#house", "&#xd800;", "&#0;", "&", "<", ">", '"', "'", "\ud800", "\ufffe", "é",
    "<html \x01x=1><body \x01y=2 class=k>", "<b \x02=3>", "2024-02-31", "Password: x", "\u202e", " ", "\n\n", "<form><input type=password name=post_password>",
)  # fmt: skip
ENCODINGS = ("utf-8", "utf-16", "utf-32", "cp1251", "shift_jis", "gb18030", "iso2022_jp", "cp037", "utf-7")
FAST = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)

soups = st.lists(st.sampled_from(PIECES) | st.text(st.characters(codec=None), max_size=20), max_size=60).map(
    "".join
)
charsets = st.none() | st.sampled_from(ENCODINGS) | st.text(max_size=10)


@st.composite
def mutated_pages(draw: st.DrawFn) -> bytes:
    """A page of the fixture blog, cut, stirred, and with foreign bytes in it."""
    body = draw(st.sampled_from(PAGES)).read_bytes()
    for _ in range(draw(st.integers(1, 4))):
        start, end = sorted(draw(st.tuples(*[st.integers(0, len(body))] * 2)))
        foreign = draw(st.binary(max_size=40) | soups.map(_bytes))
        body = draw(
            st.sampled_from(
                (
                    body[:start],
                    body[:start] + body[end:],
                    body[:start] + foreign + body[start:],
                    body[start:end] + body[:start] + body[end:],
                    body[:end] + body[start:end] * 3 + body[end:],
                )
            )
        )
    return body[:200_000]


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _is_bounded(understood: Understood) -> bool:
    post = understood.post
    return (
        bool(post.title)
        and len(post.links) <= MAX_LINKS
        and len(post.evidence) <= MAX_EVIDENCE
        and len(understood.ignored_genres) + len(understood.ignored_links) <= MAX_IGNORED
        and len(pickle.dumps(post.evidence)) <= MAX_STORED_TEXT
    )


def _strange(value: object) -> list[object]:
    """What of a result is no plain value: a text that drags its tree along, or one that no file can hold."""
    if isinstance(value, str):
        if type(value) is not str and not isinstance(value, Enum):
            return [type(value)]
        return [value] if any("\ud800" <= letter <= "\udfff" for letter in value) else []
    if is_dataclass(value):
        return [found for each in fields(value) for found in _strange(getattr(value, each.name))]
    if isinstance(value, tuple | frozenset):
        return [found for each in value for found in _strange(each)]
    return [] if value is None or isinstance(value, int | float) else [type(value)]


def _check_page(body: bytes, charset: str | None) -> None:
    try:
        understood = read_page(
            body, charset, URL, listed=ListedPost(url=URL, key="blog.example/post"), context=CONTEXT
        )
    except (UnreadablePageError, LockedPostError):
        return
    assert _is_bounded(understood)
    assert _strange(understood) == []


@FAST
@given(st.binary(max_size=600), charsets)
def test_any_bytes_are_a_post_or_a_typed_error(body: bytes, charset: str | None) -> None:
    _check_page(body, charset)


@FAST
@given(soups, st.sampled_from(("utf-8", *ENCODINGS[1:-1])), charsets)
def test_any_soup_of_tags_in_any_encoding_is_a_post_or_a_typed_error(
    text: str, encoding: str, charset: str | None
) -> None:
    body = _bytes(text) if encoding == "utf-8" else text.encode(encoding, "replace")
    _check_page(b"<html><body>" + body, charset)
    _check_page(body + _bytes(text), charset)


@FAST
@given(mutated_pages(), charsets)
def test_a_real_page_however_spoilt_is_a_post_or_a_typed_error(body: bytes, charset: str | None) -> None:
    _check_page(body, charset)


@settings(deadline=None, max_examples=15)
@given(st.sampled_from(PIECES), st.integers(100, 3000), st.sampled_from(("", "<article><h1>T</h1>")))
def test_one_thing_over_and_over_is_a_post_or_a_typed_error(piece: str, times: int, before: str) -> None:
    _check_page(_bytes(before + piece * times), "utf-8")


@settings(deadline=None, max_examples=15)
@given(
    st.sampled_from(("class", "id", "href", "style", "title", "data-file", "onclick", "content", "alt")),
    st.sampled_from(("x", "mp3 ", "http://x/", "&amp;", "a b ", "Genre: ", "%25", "..", "\t", "é")),
    st.sampled_from(("a", "div", "article", "meta", "iframe", "img", "time", "body")),
)
def test_an_attribute_of_any_length_is_a_post_or_a_typed_error(name: str, word: str, tag: str) -> None:
    _check_page(_bytes(f'<html><{tag} {name}="{word * 20_000}">text</{tag}>'), "utf-8")


@FAST
@given(soups, st.none() | soups, st.none() | soups)
def test_any_text_of_a_listing_is_a_post_or_a_typed_error(
    content: str, title: str | None, published: str | None
) -> None:
    listed = ListedPost(url=URL, key="key", title=title, published=published, content=content)
    try:
        understood = read_entry(listed, CONTEXT)
    except (UnreadablePageError, LockedPostError):
        return
    assert _is_bounded(understood)
    assert _strange(understood) == []
