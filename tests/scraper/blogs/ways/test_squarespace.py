"""A Squarespace collection as JSON: what is asked, what its answers list, and answers that are none."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.blogs.ways.squarespace import SquarespaceWay
from scraper.blogs.ways.way import Batch, UnusableAnswerError, WayName
from scraper.http.errors import FetchError
from scraper.http.page import Page
from storage.reasons import Reason

WAY = SquarespaceWay("https://b.example/blog")
NEWEST, OLDEST = 1714557600000, 1700000000000
IMAGE = "https://static1.squarespace.com/static/5a/t/5b/1700000000000/"


def answer(value: object, url: str | None = None) -> Page:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return Page(
        url=WAY.first() if url is None else url, status=200, body=body, content_type="application/json",
        charset=None, etag=None, last_modified=None,
    )  # fmt: skip


def item(**fields: Any) -> dict[str, Any]:
    return {
        "id": "5b7ada404f87d200b5b1f9c8",
        "recordType": 1,
        "title": "Q&amp;A with a crate",
        "fullUrl": "/blog/2024/5/1/q-a",
        "addedOn": NEWEST - 1000,
        "publishOn": NEWEST,
        "updatedOn": NEWEST + 5500,
        "categories": ["House", "House", 3],
        "tags": ["Premiere"],
        "body": '<div class="sqs-layout"><p>A track.</p></div>',
        "excerpt": "<p>A…</p>",
        "assetUrl": f"{IMAGE}a.jpg",
        **fields,
    }


def listing(*items: object, **pagination: object) -> dict[str, object]:
    return {"website": {}, "items": list(items), "pagination": pagination}


@pytest.mark.parametrize(
    ("page", "first"),
    [
        ("https://b.example/blog", "https://b.example/blog?format=json"),
        ("https://b.example/", "https://b.example/?format=json"),
        (
            "https://b.example/blog?category=Deep+House&offset=5&format=rss#x",
            "https://b.example/blog?category=Deep+House&format=json",
        ),
        ("https://b.example/blog?offset=5&reversePaginate=true", "https://b.example/blog?format=json"),
    ],
)
def test_the_collection_is_asked_for_as_json_with_its_filter(page: str, first: str) -> None:
    way = SquarespaceWay(page)
    assert way.name is WayName.SQUARESPACE
    assert way.first() == first
    assert way.changes(0) is None


def test_an_answer_lists_posts_with_their_content() -> None:
    (listed,) = WAY.read(answer(listing(item()))).posts
    assert listed.url == "https://b.example/blog/2024/5/1/q-a"
    assert listed.key == "https://b.example/blog/2024/5/1/q-a"
    assert listed.title == "Q&A with a crate"
    assert listed.published == "2024-05-01T10:00:00Z"
    assert listed.modified == 1714557605.5
    assert listed.categories == ("House", "Premiere")
    assert listed.content == '<div class="sqs-layout"><p>A track.</p></div>'
    assert listed.cover == f"{IMAGE}a.jpg"
    assert listed.id == "5b7ada404f87d200b5b1f9c8"


def test_what_is_not_there_is_none() -> None:
    (listed,) = WAY.read(answer(listing({"fullUrl": "/blog/a"}))).posts
    assert (listed.title, listed.published, listed.modified, listed.content, listed.cover, listed.id) == (
        None,
    ) * 6
    (listed,) = WAY.read(answer(listing(item(publishOn=None, body=" ", assetUrl=IMAGE)))).posts
    assert (listed.published, listed.content, listed.cover) == ("2024-05-01T09:59:59Z", None, None)


def test_what_a_shop_or_a_calendar_lists_is_no_post() -> None:
    batch = WAY.read(
        answer(listing(item(recordType=11), item(recordType=12), item(recordType=1, fullUrl="/blog/b")))
    )
    assert [post.url for post in batch.posts] == ["https://b.example/blog/b"]


def test_p9_items_of_other_sites_are_left_out() -> None:
    foreign = [
        item(fullUrl=url) for url in ("https://o.example/a", "//o.example/a", "javascript:x", "", None, "//[")
    ]
    assert WAY.read(answer(listing(*foreign))).posts == ()


def test_the_older_page_is_at_the_offset_that_is_named() -> None:
    batch = WAY.read(answer(listing(item(), nextPage=True, nextPageOffset=OLDEST)))
    assert batch.more == (f"https://b.example/blog?format=json&offset={OLDEST}",)
    kept = SquarespaceWay("https://b.example/blog?tag=x")
    batch = kept.read(answer(listing(item(), nextPage=True, nextPageOffset=OLDEST), kept.first()))
    assert batch.more == (f"https://b.example/blog?tag=x&format=json&offset={OLDEST}",)


def test_an_older_page_without_offset_is_behind_the_last_item() -> None:
    batch = WAY.read(answer(listing(item(), item(addedOn=OLDEST, fullUrl="/blog/b"), nextPage=True)))
    assert batch.more == (f"https://b.example/blog?format=json&offset={OLDEST}",)


@pytest.mark.parametrize(
    "pagination",
    [
        {},
        {"nextPage": False, "nextPageOffset": OLDEST - 1},
        {"nextPage": "true", "nextPageOffset": OLDEST - 1},
        {"nextPage": True, "nextPageOffset": OLDEST},
        {"nextPage": True, "nextPageOffset": OLDEST + 1},
        {"nextPage": True, "nextPageOffset": -1},
        {"nextPage": True, "nextPageOffset": 1e400},
    ],
)
def test_an_offset_that_does_not_advance_ends_the_listing(pagination: dict[str, object]) -> None:
    at = f"{WAY.first()}&offset={OLDEST}"
    assert WAY.read(answer(listing(item(addedOn=None), **pagination), at)).more == ()


def test_an_empty_page_ends_the_listing() -> None:
    at = f"{WAY.first()}&offset={OLDEST}"
    assert WAY.read(answer(listing(nextPage=True, nextPageOffset=1), at)) == Batch()
    assert not WAY.is_end(FetchError(Reason.NOT_FOUND, at, status=404))


@pytest.mark.parametrize(
    "value",
    [
        b"", b"<!doctype html><title>x</title>", b'{"items": [{"fullUrl": "/b', b"\xff\xfe", b"null", b"{}", b"[]",
        b'{"items": {}}', b'{"items": [1, "x", null]}', b'{"items": []}', b'{"collection": {}, "mainContent": "x"}',
        b"[" * 100_000, b"9" * 10_000, b"NaN", b'"\\ud800"',
    ],
)  # fmt: skip
def test_what_is_no_collection_is_unusable(value: bytes) -> None:
    with pytest.raises(UnusableAnswerError):
        WAY.read(answer(value))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from([*item()]), json_values), json_values, json_values)
def test_wrong_types_everywhere_raise_nothing_else(
    fields: dict[str, Any], whole: object, pagination: object
) -> None:
    value = {"items": [whole, item(**fields)], "pagination": pagination}
    for post in WAY.read(answer(value)).posts:
        assert post.url.startswith("https://b.example/")
    with suppress(UnusableAnswerError):
        WAY.read(answer(whole))


@given(st.binary(), st.text())
def test_no_bytes_raise_anything_else(body: bytes, url: str) -> None:
    with suppress(UnusableAnswerError):
        WAY.read(answer(body, url))
