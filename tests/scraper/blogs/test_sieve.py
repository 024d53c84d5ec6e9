"""What of the listed posts is new, and what is to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from scraper.blogs.listed import ListedPost
from scraper.blogs.plan import WalkPlan
from scraper.blogs.reading import WalkResult
from scraper.blogs.sieve import Sieve
from scraper.blogs.window import Window

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

DAY = 86_400.0
SINCE = 1_700_000_000.0  # 2023-11-14


def post(key: str, **told: Any) -> ListedPost:
    return ListedPost(url=f"https://b.example/{key}/", key=key, **told)


def posts(keys: str) -> list[ListedPost]:
    return [post(key) for key in keys]


def keys(listed: Collection[ListedPost]) -> str:
    return "".join(one.key for one in listed)


def sieve_of(known: Mapping[str, float | None] | str = "", **plan: Any) -> tuple[Sieve, WalkResult]:
    stored = known if not isinstance(known, str) else dict.fromkeys(known)

    async def look_up(asked: Collection[ListedPost]) -> dict[str, float | None]:
        return {one.key: stored[one.key] for one in asked if one.key in stored}

    result = WalkResult()
    whole = WalkPlan(url="https://b.example/", **plan)
    return Sieve(whole, stored=look_up, window=Window(whole.since), result=result), result


async def test_posts_are_fresh_once_and_news_unless_they_are_stored() -> None:
    sieve, result = sieve_of("b")
    first = await sieve.sift(posts("abc"))
    assert (keys(first.fresh.values()), keys(first.news), first.turned) == ("abc", "ac", True)
    second = await sieve.sift(posts("cd"))
    assert (keys(second.fresh.values()), keys(second.news), second.turned) == ("d", "d", True)
    assert (result.found, sieve.met) == (4, 4)


async def test_p4_a_listing_with_nothing_that_was_not_listed_before_has_not_turned() -> None:
    sieve, result = sieve_of()
    await sieve.sift(posts("abc"))
    again = await sieve.sift(posts("cb"))
    assert (dict(again.fresh), list(again.news), again.turned) == ({}, [], False)
    assert result.found == 3


async def test_a_post_that_one_listing_has_twice_is_one() -> None:
    sieve, _ = sieve_of()
    assert keys((await sieve.sift(posts("aba"))).news) == "ab"


async def test_what_only_a_feed_tells_is_news_and_turns_no_page() -> None:
    sieve, result = sieve_of()
    first = await sieve.sift(posts("a"), fed=posts("abc"))
    assert (keys(first.news), first.turned) == ("abc", True)
    of_feed = await sieve.sift(posts("a"), fed=posts("d"))
    assert (keys(of_feed.news), of_feed.turned) == ("d", False)
    assert result.found == 4


async def test_a_page_with_what_only_the_feed_had_told_has_turned_though_nothing_of_it_is_fresh() -> None:
    sieve, _ = sieve_of()
    await sieve.sift(posts("a"), fed=posts("abc"))
    page = await sieve.sift(posts("bc"))
    assert (list(page.news), page.turned) == ([], True)
    assert not (await sieve.sift(posts("bc"))).turned


async def test_posts_behind_a_password_are_met_and_never_news() -> None:
    sieve, result = sieve_of()
    sifted = await sieve.sift(posts("a"), locked={"x", "y"})
    assert (keys(sifted.news), sieve.met, result.found) == ("a", 3, 1)
    assert list((await sieve.sift(posts("x"))).news) == []


async def test_a_full_walk_asks_storage_for_nothing() -> None:
    sieve, _ = sieve_of("abc", full=True)
    assert keys((await sieve.sift(posts("abc"))).news) == "abc"


@pytest.mark.parametrize(
    ("page", "known", "caught_up"),
    [
        ("abcd", "abcd", True),
        ("abcd", "bcd", True),
        ("abcd", "cd", True),
        ("abcd", "d", False),
        ("abcd", "abc", False),
        ("abcd", "", False),
        ("", "", True),
    ],
)
async def test_a_walk_for_news_has_caught_up_where_the_listing_ends_known_and_is_mostly_so(
    page: str, known: str, caught_up: bool
) -> None:
    sieve, _ = sieve_of(known, complete=True)
    await sieve.sift(posts(page))
    assert sieve.caught_up(posts(page)) is caught_up


@pytest.mark.parametrize("plan", [{}, {"complete": True, "full": True}], ids=["first", "full"])
async def test_any_other_walk_never_has(plan: dict[str, bool]) -> None:
    sieve, _ = sieve_of("abcd", **plan)
    await sieve.sift(posts("abcd"))
    assert not sieve.caught_up(posts("abcd"))


async def test_what_was_news_a_page_before_does_not_count_as_known() -> None:
    sieve, _ = sieve_of("", complete=True)
    await sieve.sift(posts("ab"))
    await sieve.sift(posts("ab"))
    assert not sieve.caught_up(posts("ab"))


async def test_posts_that_the_listing_dates_before_the_window_are_not_read_and_cut_the_walk() -> None:
    sieve, _ = sieve_of(since=SINCE)
    new, old = post("new", published="2023-11-20"), post("old", published="2023-11-01")
    undated = post("undated")
    assert keys((await sieve.sift([new, old, undated])).news) == "newundated"
    assert sieve.cut


async def test_old_posts_that_are_stored_cut_nothing() -> None:
    sieve, _ = sieve_of({"old": SINCE - 30 * DAY}, since=SINCE)
    await sieve.sift([post("old", published="2023-11-01")])
    assert not sieve.cut


async def test_p16_one_old_post_among_new_ones_does_not_put_the_walk_behind_the_window() -> None:
    window = Window(SINCE)

    async def nothing(_: Collection[ListedPost]) -> dict[str, float | None]:
        return {}

    plan = WalkPlan(url="https://b.example/", since=SINCE)
    sieve = Sieve(plan, stored=nothing, window=window, result=WalkResult())
    for page in ("ab", "cd"):
        sticky = post(f"sticky{page}", published="2020-01-01")
        sifted = await sieve.sift([sticky, *posts(page)])
        for one in sifted.news:
            window.note(one.key, SINCE + DAY)
    assert not await window.is_behind()


async def test_the_marker_is_the_latest_change_of_all_that_was_listed() -> None:
    sieve, _ = sieve_of("a")
    await sieve.sift([post("a", modified=30.0), post("b"), post("c", modified=10.0)])
    assert sieve.marker == 30.0
    await sieve.sift([post("d", modified=20.0)])
    assert sieve.marker == 30.0


async def test_what_is_called_by_a_name_that_another_post_has_is_without_a_name() -> None:
    sieve, _ = sieve_of()
    first = await sieve.sift([post("a", id="1"), post("b", id="1"), post("c", id="2")])
    assert [one.id for one in first.news] == ["1", None, "2"]
    second = await sieve.sift([post("d", id="2"), post("e", id="3")])
    assert [one.id for one in second.news] == [None, "3"]


@pytest.mark.parametrize(("most", "given", "full"), [(None, 0, False), (3, 2, False), (3, 3, True)])
def test_a_sieve_is_full_where_as_many_were_given_as_the_walk_may(
    most: int | None, given: int, full: bool
) -> None:
    sieve, _ = sieve_of(max_posts=most)
    sieve.given = given
    assert sieve.is_full is full
