"""Substack's archive: what is asked, what its answers list, and answers that are none."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.blogs.ways.substack import SubstackWay
from scraper.blogs.ways.way import Batch, UnusableAnswerError, WayName
from scraper.http.errors import FetchError
from scraper.http.page import Page
from storage.reasons import Reason

WAY = SubstackWay("https://b.substack.com/")


def answer(value: object, url: str | None = None) -> Page:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return Page(
        url=WAY.first() if url is None else url, status=200, body=body, content_type="application/json",
        charset=None, etag=None, last_modified=None,
    )  # fmt: skip


def post(**fields: Any) -> dict[str, Any]:
    return {
        "id": 149158514,
        "title": "Five tracks for May",
        "slug": "five",
        "canonical_url": "https://b.substack.com/p/five",
        "post_date": "2024-05-01T10:00:00.000Z",
        "updated_at": "2024-05-02T10:00:00.000Z",
        "audience": "everyone",
        "cover_image": "https://substackcdn.com/image/a.jpg",
        "postTags": [{"name": "House"}, {"name": "Draft", "hidden": True}, {"name": None}, 3],
        **fields,
    }


def asking(offset: int) -> str:
    return f"https://b.substack.com/api/v1/archive?sort=new&offset={offset}&limit=50"


def test_the_archive_is_asked_from_its_newest_post() -> None:
    assert WAY.name is WayName.SUBSTACK
    assert WAY.first() == asking(0)
    assert SubstackWay("https://b.substack.com/archive?x=1").first() == asking(0)
    assert WAY.changes(0) is None


@pytest.mark.parametrize("wrap", [lambda posts: posts, lambda posts: {"posts": posts}])
def test_a_list_and_an_object_with_posts_are_read_alike(wrap: Any) -> None:
    batch = WAY.read(answer(wrap([post()])))
    (listed,) = batch.posts
    assert listed.url == "https://b.substack.com/p/five"
    assert listed.key == "https://b.substack.com/p/five"
    assert listed.title == "Five tracks for May"
    assert listed.published == "2024-05-01T10:00:00.000Z"
    assert listed.modified == 1714644000
    assert listed.categories == ("House",)
    assert listed.cover == "https://substackcdn.com/image/a.jpg"
    assert listed.id == "149158514"
    assert listed.content is None
    assert batch.more == (asking(1),)


@pytest.mark.parametrize(
    ("body", "content"),
    [
        ("<p>All of it</p>", "<p>All of it</p>"),
        ("<p>The beginning […]</p>", None),
        (" ", None),
        (None, None),
        (["<p>"], None),
    ],
)
def test_content_is_given_where_it_is_whole(body: object, content: str | None) -> None:
    (listed,) = WAY.read(answer([post(body_html=body)])).posts
    assert listed.content == content


@pytest.mark.parametrize("audience", ["only_paid", "founding", "only_free", None, 7])
def test_posts_for_subscribers_are_locked(audience: object) -> None:
    batch = WAY.read(answer([post(audience=audience, body_html="<p>teaser</p>")]))
    assert (batch.posts, batch.locked) == ((), frozenset({"https://b.substack.com/p/five"}))


def test_a_post_without_audience_is_for_everyone() -> None:
    item = post()
    del item["audience"]
    assert len(WAY.read(answer([item])).posts) == 1


def test_p12_fewer_posts_than_asked_for_decide_where_the_next_answer_begins() -> None:
    posts = [post(canonical_url=f"https://b.substack.com/p/{number}") for number in range(23)]
    assert WAY.read(answer(posts, asking(50))).more == (asking(73),)


def test_an_empty_answer_ends_the_archive() -> None:
    assert WAY.read(answer([], asking(50))) == Batch()
    assert WAY.read(answer({"posts": []}, asking(50))) == Batch()
    assert not WAY.is_end(FetchError(Reason.NOT_FOUND, asking(50), status=404))


def test_an_archive_without_end_is_left() -> None:
    assert WAY.read(answer([post()], asking(100_000))).more == ()
    assert WAY.read(answer([post()], asking(10**30))).more == (asking(1),)


def test_p9_recommended_posts_of_other_publications_are_left_out() -> None:
    foreign = [post(canonical_url=url) for url in ("https://o.substack.com/p/x", "javascript:x", "http://[")]
    assert WAY.read(answer([*foreign, post()])).posts == WAY.read(answer([post()])).posts


def test_a_post_without_address_is_at_its_slug() -> None:
    (listed,) = WAY.read(answer([post(canonical_url=None, slug="a b/ü")])).posts
    assert listed.url == "https://b.substack.com/p/a%20b%2F%C3%BC"
    assert WAY.read(answer([post(canonical_url=None, slug=None)])).posts == ()


def test_posts_of_a_domain_that_the_archive_redirects_to_are_its_own() -> None:
    moved = asking(0).replace("b.substack.com", "www.b.example")
    (listed,) = WAY.read(answer([post(canonical_url="https://www.b.example/p/five")], moved)).posts
    assert listed.key == "https://b.example/p/five"


@pytest.mark.parametrize(
    "value",
    [
        b"", b"<!doctype html><title>x</title>", b'[{"canonical_url": "https://b', b"\xff\xfe", b"null", b"{}", b"[]",
        b'{"posts": {}}', b'[1, "x", null]', b'{"error": "x"}', b"[" * 100_000, b"9" * 10_000, b"NaN", b'"\\ud800"',
    ],
)  # fmt: skip
def test_what_is_no_archive_is_unusable(value: bytes) -> None:
    with pytest.raises(UnusableAnswerError):
        WAY.read(answer(value))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from([*post(), "body_html"]), json_values), json_values)
def test_wrong_types_everywhere_raise_nothing_else(fields: dict[str, Any], whole: object) -> None:
    for listed in WAY.read(answer([whole, post(**fields)])).posts:
        assert listed.url.startswith("https://b.substack.com/")
    with suppress(UnusableAnswerError):
        WAY.read(answer(whole))


@given(st.binary(), st.text())
def test_no_bytes_raise_anything_else(body: bytes, url: str) -> None:
    with suppress(UnusableAnswerError):
        WAY.read(answer(body, url))
