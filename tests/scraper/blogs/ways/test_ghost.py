"""Ghost's Content API: what is asked, what its answers list, and answers that are none."""

from __future__ import annotations

import json
import math
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.blogs.ways.ghost import GhostWay
from scraper.blogs.ways.way import Batch, UnusableAnswerError, WayName
from scraper.http.errors import FetchError
from scraper.http.page import Page
from storage.reasons import Reason

KEY = "22444f78447824223cefc48062"
WAY = GhostWay("https://b.ghost.io/ghost/api/content/", KEY, "https://b.example/")


def answer(value: object, url: str | None = None) -> Page:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return Page(
        url=WAY.first() if url is None else url, status=200, body=body, content_type="application/json",
        charset=None, etag=None, last_modified=None,
    )  # fmt: skip


def post(**fields: Any) -> dict[str, Any]:
    return {
        "id": "5b7ada404f87d200b5b1f9c8",
        "title": "Vågor & Ljus <3",
        "url": "https://b.example/vagor/",
        "html": '<p>A track.</p><a href="/files/a.mp3">mp3</a>',
        "published_at": "2024-05-01T10:00:00.000+02:00",
        "updated_at": "2024-05-02T10:00:00.000+00:00",
        "feature_image": "/content/images/a.jpg",
        "visibility": "public",
        "access": True,
        "tags": [
            {"name": "Deep House", "visibility": "public"},
            {"name": "#premiere", "visibility": "internal"},
            {"name": "#old"},
            {"name": 7},
            "x",
        ],
        **fields,
    }


def listing(*posts: object, **pagination: object) -> dict[str, object]:
    return {"posts": list(posts), "meta": {"pagination": pagination}}


def test_the_first_address_asks_for_the_newest_posts_with_tags() -> None:
    assert WAY.name is WayName.GHOST
    assert WAY.first() == (
        f"https://b.ghost.io/ghost/api/content/posts/?key={KEY}&limit=100&include=tags&formats=html"
        "&order=published_at%20desc&page=1"
    )


def test_a_way_is_made_of_the_address_with_its_key() -> None:
    assert GhostWay.of(f"https://b.ghost.io/ghost/api/content/?key={KEY}", "https://b.example/") == WAY
    versioned = GhostWay.of(
        f"https://b.example/ghost/api/v3/content?key={KEY}", "https://b.example/", "house"
    )
    assert versioned.first() == (
        f"https://b.example/ghost/api/v3/content/posts/?key={KEY}&limit=100&include=tags&formats=html"
        "&filter=tag%3Ahouse&order=published_at%20desc&page=1"
    )


def test_changes_are_asked_by_change_and_by_publication_in_utc() -> None:
    asked = "(updated_at%3A%3E%3D%272024-05-01%2008%3A00%3A00%27%2Cpublished_at%3A%3E%3D%272024-05-01%2008%3A00%3A00%27)"
    changes = WAY.changes(1714550400.9)
    assert changes is not None
    assert changes.replace("%28", "(").replace("%29", ")") == WAY.first().replace(
        "&order", f"&filter={asked}&order"
    )
    of_tag = GhostWay(WAY.api, KEY, WAY.home, "house").changes(0)
    assert of_tag is not None
    assert "filter=tag%3Ahouse%2B%28updated_at" in of_tag


@pytest.mark.parametrize("since", [math.inf, -math.inf, math.nan, 1e300])
def test_changes_since_no_date_cannot_be_asked(since: float) -> None:
    assert WAY.changes(since) is None


def test_an_answer_lists_posts_with_their_content() -> None:
    (listed,) = WAY.read(answer(listing(post()))).posts
    assert listed.url == "https://b.example/vagor/"
    assert listed.key == "https://b.example/vagor"
    assert listed.title == "Vågor & Ljus <3"
    assert listed.published == "2024-05-01T10:00:00.000+02:00"
    assert listed.modified == 1714644000
    assert listed.categories == ("Deep House",)
    assert listed.content == '<p>A track.</p><a href="/files/a.mp3">mp3</a>'
    assert listed.cover == "https://b.example/content/images/a.jpg"
    assert listed.id == "5b7ada404f87d200b5b1f9c8"


@pytest.mark.parametrize(
    ("fields", "locked", "content"),
    [
        ({"visibility": "paid", "access": False, "html": ""}, True, None),
        ({"visibility": "members", "access": False, "html": None}, True, None),
        ({"visibility": "members", "access": False, "html": "<p>The beginning</p>"}, False, None),
        ({"visibility": "tiers", "access": None, "html": "  "}, True, None),
        ({"visibility": "members", "access": True, "html": "<p>All</p>"}, False, "<p>All</p>"),
        ({"html": ""}, False, None),
        ({"html": None, "access": None}, False, None),
    ],
)
def test_what_members_read_is_locked_or_without_content(
    fields: dict[str, object], locked: bool, content: str | None
) -> None:
    batch = WAY.read(answer(listing(post(**fields))))
    assert batch.locked == ({"https://b.example/vagor"} if locked else frozenset())
    assert [listed.content for listed in batch.posts] == ([] if locked else [content])


def test_each_page_names_the_next_one() -> None:
    batch = WAY.read(answer(listing(post(), page=1, pages=3, next=2, total=201)))
    assert batch.announced == 201
    assert batch.more == (WAY.first().replace("page=1", "page=2"),)
    last = WAY.read(answer(listing(post(), page=2, pages=2, next=None, total=201), batch.more[0]))
    assert last.more == ()


def test_pages_of_changes_keep_their_question_and_announce_nothing() -> None:
    changes = WAY.changes(0) or ""
    batch = WAY.read(answer(listing(post(), page=1, pages=2, next=2, total=101), changes))
    assert batch.more == (changes.replace("page=1", "page=2"),)
    assert batch.announced is None
    assert WAY.read(answer(listing(page=1, pages=1, next=None, total=0), changes)) == Batch()


@pytest.mark.parametrize(
    "pagination", [{}, {"next": 1}, {"next": 9}, {"next": -2}, {"next": "x"}, {"next": [2]}, {"pages": 9}]
)
def test_pages_that_do_not_advance_end_the_listing(pagination: dict[str, object]) -> None:
    assert WAY.read(answer(listing(post(), **pagination))).more == ()


def test_behind_the_last_page_is_an_empty_answer() -> None:
    behind = WAY.first().replace("page=1", "page=9")
    assert WAY.read(answer(listing(next=10, pages=99, total=3), behind)) == Batch(announced=3)
    assert not WAY.is_end(FetchError(Reason.NOT_FOUND, behind, status=404))


def test_p9_posts_of_other_sites_are_left_out() -> None:
    foreign = [post(url=url) for url in ("https://o.example/a/", "javascript:x", "", None, "http://[", 7)]
    assert WAY.read(answer(listing(*foreign))).posts == ()


@pytest.mark.parametrize(
    "value",
    [
        b"", b"<!doctype html><title>x</title>", b'{"posts": [{"url": "https://b.ex', b"\xff\xfe", b"null", b"[]",
        b'{"posts": {}}', b'{"posts": [1, "x", null]}', b'{"posts": []}', b'{"errors": [{"message": "Unknown key"}]}',
        b"[" * 100_000, b"9" * 10_000, b"NaN", b'"\\ud800"',
    ],
)  # fmt: skip
def test_what_is_no_answer_of_the_api_is_unusable(value: bytes) -> None:
    with pytest.raises(UnusableAnswerError):
        WAY.read(answer(value))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from([*post()]), json_values), json_values, json_values)
def test_wrong_types_everywhere_raise_nothing_else(
    fields: dict[str, Any], whole: object, pagination: object
) -> None:
    value = {"posts": [whole, post(**fields)], "meta": {"pagination": pagination}}
    for posts in WAY.read(answer(value)).posts:
        assert posts.url.startswith("https://b.example/")
    with suppress(UnusableAnswerError):
        WAY.read(answer(whole))


@given(st.binary(), st.text())
def test_no_bytes_raise_anything_else(body: bytes, url: str) -> None:
    with suppress(UnusableAnswerError):
        WAY.read(answer(body, url))
