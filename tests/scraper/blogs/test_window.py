"""When a walk has gone past its date."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from scraper.blogs.listed import ListedPost
from scraper.blogs.window import Window

NEW, OLD = 200.0, 50.0


@pytest.mark.parametrize(
    ("pages", "behind"),
    [
        ([[OLD], [OLD]], True),
        ([[OLD]], False),
        ([[NEW], [OLD]], False),
        ([[OLD], [NEW, OLD]], False),
        ([[NEW], [OLD], [OLD]], True),
        ([[OLD], [NEW], [OLD]], False),
        ([[None], [None]], False),
        ([[OLD, None], [OLD]], True),
        ([[], []], False),
    ],
    ids=[
        "two old pages",
        "one old page",
        "P16 one old page after a new one",
        "P16 a sticky post among new ones",
        "two old pages after a new one",
        "P16 a sticky post alone on its page",
        "no dates",
        "some dates",
        "no posts",
    ],
)
async def test_two_pages_in_a_row_that_are_wholly_older_end_the_walk(
    pages: list[list[float | None]], *, behind: bool
) -> None:
    window = Window(100.0)
    for number, dates in enumerate(pages):
        window.open_page({f"{number}-{at}": date for at, date in enumerate(dates)}, pending=[])
    assert await window.is_behind() is behind


async def test_without_a_bound_nothing_is_behind() -> None:
    window = Window(None)
    for _ in range(3):
        window.open_page({"a": OLD}, pending=["b"])
    async with asyncio.timeout(60):
        assert not await window.is_behind()


async def test_the_answer_waits_until_the_pages_are_read() -> None:
    window = Window(100.0)
    window.open_page({"a": OLD}, pending=["b"])
    window.open_page({}, pending=["c", "d"])
    asked = asyncio.create_task(window.is_behind())
    for key, date in (("b", OLD), ("c", None), ("e", NEW)):
        window.note(key, date)
        for _ in range(5):
            await asyncio.sleep(0)
        assert not asked.done()
    window.note("d", OLD)
    async with asyncio.timeout(60):
        assert await asked


async def test_a_post_that_is_new_keeps_the_walk_going() -> None:
    window = Window(100.0)
    window.open_page({}, pending=["a"])
    window.open_page({}, pending=["b"])
    window.note("a", NEW)
    window.note("b", OLD)
    assert not await window.is_behind()


def test_a_post_that_its_listing_dates_before_the_window_is_too_old_to_be_read() -> None:
    window = Window(datetime(2024, 5, 10, tzinfo=UTC).timestamp())
    posts = [
        ListedPost(url="u", key="old", published="Mon, 06 May 2024 10:00:00 GMT"),
        ListedPost(url="u", key="zone", published="2024-05-09T20:00:00"),
        ListedPost(url="u", key="new", published="2024-05-11T10:00:00+02:00"),
        ListedPost(url="u", key="undated"),
        ListedPost(url="u", key="garbage", published="soon"),
    ]
    assert window.too_old(posts).keys() == {"old"}
    assert Window(None).too_old(posts) == {}
