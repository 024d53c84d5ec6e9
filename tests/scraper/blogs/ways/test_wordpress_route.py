"""Paging through the posts of WordPress, and asking for what changed."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.blogs.ways.way import UnusableAnswerError
from scraper.blogs.ways.wordpress_route import PER_PAGE, PostsRoute
from scraper.http.errors import FetchError
from scraper.http.page import Page
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

HOME = "https://b.example/"
ROUTE = PostsRoute("https://b.example/wp-json/wp/v2/posts", HOME)
DAY = 86_400.0


def answer(body: object, url: str = ROUTE.first(), **headers: str) -> Page:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Page(
        url=url,
        status=200,
        body=data,
        content_type="application/json",
        charset="utf-8",
        etag=None,
        last_modified=None,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


def posts(count: int, start: int = 0, **fields: Any) -> list[dict[str, Any]]:
    return [
        {"id": number, "link": f"{HOME}{number}/", "content": {"rendered": "<p>A</p>"}, **fields}
        for number in range(start, start + count)
    ]


def query(url: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlsplit(url).query).items()}


def ids(found: Sequence[Any]) -> list[str | None]:
    return [post.id for post in found]


def test_the_newest_posts_are_asked_for_with_what_is_used_only() -> None:
    asked = query(ROUTE.first())
    assert (asked["per_page"], asked["orderby"], asked["order"]) == ("100", "date", "desc")
    assert {"link", "content", "_embedded", "_links.wp:term"} <= set(asked["_fields"].split(","))
    assert asked["_embed"] == "wp:term,wp:featuredmedia"


def test_one_page_follows_another_as_far_as_the_server_says() -> None:
    first = ROUTE.read(answer(posts(3), X_WP_Total="5", X_WP_TotalPages="2"))
    assert first.announced == 5
    (second,) = first.more
    assert query(second) == {**query(ROUTE.first()), "page": "2"}
    assert ROUTE.read(answer(posts(2), second, X_WP_Total="5", X_WP_TotalPages="2")).more == ()


def test_the_query_of_plain_permalinks_stays() -> None:
    plain = PostsRoute("https://b.example/index.php?rest_route=/wp/v2/posts", HOME)
    (second,) = plain.read(answer(posts(1), plain.first(), X_WP_TotalPages="9")).more
    assert second == plain.first() + "&page=2"
    (third,) = plain.read(answer(posts(1), second, X_WP_TotalPages="9")).more
    assert third == plain.first() + "&page=3"


@pytest.mark.parametrize("pages", [None, "", "many", "-1", "0"])
def test_without_a_number_of_pages_the_next_is_asked_for_until_one_is_empty(pages: str | None) -> None:
    headers = {} if pages is None else {"X_WP_TotalPages": pages, "X_WP_Total": pages}
    batch = ROUTE.read(answer(posts(1), **headers))
    assert len(batch.more) == 1
    assert batch.announced in {None, 0}
    assert ROUTE.read(answer([], batch.more[0], **headers)).more == ()


def test_p11_a_page_behind_the_last_is_a_normal_end() -> None:
    second = ROUTE.first() + "&page=2"
    assert ROUTE.is_end(FetchError(Reason.HTTP_ERROR, second, status=400))
    assert not ROUTE.is_end(FetchError(Reason.HTTP_ERROR, ROUTE.first(), status=400))
    assert not ROUTE.is_end(FetchError(Reason.NOT_FOUND, second, status=404))
    assert not ROUTE.is_end(FetchError(Reason.TIMEOUT, second))


def test_p11_a_number_of_pages_that_shrinks_is_a_normal_end() -> None:
    assert ROUTE.read(answer(posts(1), ROUTE.first() + "&page=3", X_WP_TotalPages="2")).more == ()


def test_posts_behind_a_password_are_locked_and_announced() -> None:
    secret = {"id": 9, "link": f"{HOME}secret/", "content": {"rendered": "", "protected": True}}
    batch = ROUTE.read(answer([*posts(1), secret], X_WP_Total="2"))
    assert ids(batch.posts) == ["0"]
    assert batch.locked == {f"{HOME}secret"}
    assert batch.announced == 2


def test_p4_p9_one_post_is_listed_once_and_other_sites_not_at_all() -> None:
    listed = [*posts(2), *posts(1), {"id": 7, "link": "https://other.example/a/"}, None, "x", {}]
    assert ids(ROUTE.read(answer(listed)).posts) == ["0", "1"]


def test_more_posts_than_asked_for_are_not_read() -> None:
    assert len(ROUTE.read(answer(posts(PER_PAGE + 50))).posts) == PER_PAGE


def test_a_list_of_php_with_gaps_is_a_list() -> None:
    first, second = posts(2)
    assert ids(ROUTE.read(answer({"0": first, "2": second})).posts) == ["0", "1"]


def test_changes_are_asked_for_in_whole_seconds_so_that_none_is_lost() -> None:
    asked = query(ROUTE.changes(DAY + 3600) or "")
    assert (asked["orderby"], asked["modified_after"]) == ("modified", "1970-01-01T23:59:59Z")
    assert query(ROUTE.changes(DAY + 3600.5) or "")["modified_after"] == "1970-01-02T00:00:00Z"
    assert query(ROUTE.changes(-5.0) or "")["modified_after"] == "1970-01-01T00:00:00Z"


@pytest.mark.parametrize("since", [float("nan"), float("inf"), float("-inf"), 1e30])
def test_changes_since_no_moment_cannot_be_told(since: float) -> None:
    assert ROUTE.changes(since) is None


def test_changes_name_what_was_published_as_well_for_scheduled_posts_do_not_change() -> None:
    changes = ROUTE.changes(3 * DAY) or ""
    (published,) = ROUTE.read(answer([], changes, X_WP_Total="0", X_WP_TotalPages="0")).more
    assert query(published)["after"] < "1970-01-03T00:00:00Z"
    batch = ROUTE.read(answer(posts(1), published, X_WP_Total="1", X_WP_TotalPages="1"))
    assert ids(batch.posts) == ["0"]
    assert batch.more == ()
    assert batch.announced is None


def test_changes_go_on_to_their_last_page() -> None:
    changes = ROUTE.changes(3 * DAY) or ""
    changed = posts(2, modified_gmt="1970-01-04T00:00:00")
    second, _published = ROUTE.read(answer(changed, changes, X_WP_TotalPages="3")).more
    assert ids(ROUTE.read(answer(changed, second, X_WP_TotalPages="3")).posts) == ["0", "1"]
    (third,) = ROUTE.read(answer(changed, second, X_WP_TotalPages="3")).more
    assert query(third)["page"] == "3"


def test_a_server_that_knows_no_changes_is_asked_no_further_than_them() -> None:
    changes = ROUTE.changes(3 * DAY) or ""
    listed = [*posts(1, modified_gmt="1970-01-04T00:00:00"), *posts(1, 5, modified_gmt="1970-01-02T00:00:00")]
    batch = ROUTE.read(answer(listed, changes, X_WP_TotalPages="30", X_WP_Total="3000"))
    assert ids(batch.posts) == ["0"]
    assert ["modified_after" in more for more in batch.more] == [False]
    assert batch.announced is None


@pytest.mark.parametrize(
    ("body", "says"),
    [
        pytest.param(b"", "JSON", id="nothing"),
        pytest.param(b"<!DOCTYPE html><title>403</title>", "JSON", id="P10-HTML"),
        pytest.param(b"[" * 100_000, "JSON", id="deep nesting"),
        pytest.param(
            b'{"code":"rest_cannot_access","message":"No"}', "rest_cannot_access", id="P10-an error"
        ),
        pytest.param(b'{"code":"\\u001b[31m","message":"No"}', "no list", id="an error with controls"),
        pytest.param(b"{}", "no list", id="an empty object"),
        pytest.param(b"null", "no list", id="null"),
        pytest.param(b"7", "no list", id="a number"),
        pytest.param(b'[{"name": "House"}]', "something else", id="a list of terms"),
        pytest.param(b"[1, 2]", "something else", id="a list of numbers"),
    ],
)
def test_what_lists_no_posts_is_refused(body: bytes, says: str) -> None:
    with pytest.raises(UnusableAnswerError, match=says):
        ROUTE.read(answer(body))


def test_a_blog_without_posts_lists_none() -> None:
    batch = ROUTE.read(answer([], X_WP_Total="0", X_WP_TotalPages="0"))
    assert (batch.posts, batch.more, batch.announced) == ((), (), 0)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"\xef\xbb\xbf[%s]", id="BOM"),
        pytest.param(
            b"<br />\n<b>Warning</b>: x in <b>a.php</b> on line <b>1</b><br />\n[%s]", id="a warning"
        ),
        pytest.param(b"[%s]<!-- cached -->", id="a comment of a cache"),
    ],
)
def test_noise_around_the_posts_does_not_matter(body: bytes) -> None:
    assert ids(ROUTE.read(answer(body % json.dumps(posts(1)[0]).encode())).posts) == ["0"]


def test_duplicate_keys_nan_and_lone_surrogates_are_read() -> None:
    body = b'[{"id": NaN, "id": 3, "link": "https://b.example/a/", "title": {"rendered": "\\ud800A"}, "x": -Infinity}]'
    (post,) = ROUTE.read(answer(body)).posts
    assert (post.id, post.title) == ("3", "\ufffdA")


@given(
    st.one_of(
        st.binary(),
        st.lists(st.dictionaries(st.sampled_from(["id", "link", "content", "title"]), st.text())).map(
            lambda value: json.dumps(value).encode()
        ),
    ),
    st.text(max_size=20),
)
def test_any_answer_gives_a_batch_or_the_documented_error(body: bytes, header: str) -> None:
    with contextlib.suppress(UnusableAnswerError):
        ROUTE.read(answer(body, X_WP_Total=header, X_WP_TotalPages=header))
