"""Where a walk through one way of listing is, and how it goes on after an interruption."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from scraper.blogs.way_walk import Ended
from tests.scraper.simulated.answers import Answers, chain, walking

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.http.client import Client


@pytest.fixture
def walked(serve: Any, client: Client) -> Callable[..., Any]:
    """Walk through answers, which a local server gives."""
    return walking(serve, client)


async def test_the_places_are_told_with_the_posts_that_lead_there(walked: Callable[..., Any]) -> None:
    seen = await walked(chain("fe", "dc", "ba"), known="d")
    assert seen.places == [("fe", "/1"), ("fec", "/2"), ("fecba", "/3")]


async def test_where_several_answers_are_still_to_come_there_is_no_place_to_go_on_from(
    walked: Callable[..., Any],
) -> None:
    seen = await walked(
        Answers({"/1": ("", ("/a", "/b"), None), "/a": ("ba", (), None), "/b": ("dc", (), None)})
    )
    assert seen.places == [("badc", "/b")]


async def test_an_interrupted_walk_leaps_to_its_place_once_it_meets_what_is_known(
    walked: Callable[..., Any],
) -> None:
    pages = ("lk", "ji", "hg", "fe", "dc", "ba")
    seen = await walked(chain(*pages), known="lkjihgfe", resume="/4")
    assert (seen.posts, seen.asked) == ("dcba", ["/1", "/4", "/5", "/6"])
    assert seen.walk.went_on
    assert seen.ended is Ended.TO_THE_END


async def test_it_reads_what_has_come_meanwhile_first(walked: Callable[..., Any]) -> None:
    pages = ("nm", "lk", "ji", "hg", "fe", "dc", "ba")
    seen = await walked(chain(*pages), known="lkjihgfe", resume="/4")
    assert (seen.posts, seen.asked) == ("nmdcba", ["/1", "/2", "/4", "/5", "/6", "/7"])


@pytest.mark.parametrize("place", ["/1", "/2"])
async def test_it_misses_nothing_where_its_place_is_where_it_begins(
    walked: Callable[..., Any], place: str
) -> None:
    seen = await walked(chain("fe", "dc", "ba"), known="fe", resume=place)
    assert seen.posts == "dcba"


async def test_it_misses_nothing_where_news_have_pushed_its_place_down(walked: Callable[..., Any]) -> None:
    pages = ("nm", "lk", "ji", "hg", "fe", "dc", "ba")
    seen = await walked(chain(*pages), known="lk", resume="/1")
    assert sorted(seen.posts) == sorted("nmjihgfedcba")


async def test_an_interrupted_walk_is_not_held_against_what_was_announced(
    walked: Callable[..., Any],
) -> None:
    seen = await walked(chain("fe", "dc", "ba", announced=6), known="fedc", resume="/3")
    assert (seen.posts, seen.ended, seen.notes) == ("ba", Ended.TO_THE_END, [])


async def test_a_place_that_is_behind_the_end_by_now_ends_the_walk(walked: Callable[..., Any]) -> None:
    seen = await walked(chain("dc", "ba"), known="dcba", resume="/9", status={"/9": 400})
    assert (seen.posts, seen.ended) == ("", Ended.TO_THE_END)
