"""Later runs of blogs that say themselves what has changed: two requests, and nothing is missed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.scraper.simulated.blogger import SimulatedBlogger
from tests.scraper.simulated.crawling import (
    files_of,
    interrupted,
    numbers,
    queued,
    serving_known,
    state_of,
    stored,
)
from tests.scraper.simulated.platform import EVERY, START
from tests.scraper.simulated.wordpress import SimulatedWordPress

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.crawl import Crawl
    from scraper.crawl_job import Stores
    from tests.scraper.simulated.platform import SimulatedPlatform

BLOGS: list[Callable[[int], SimulatedPlatform]] = [SimulatedWordPress, SimulatedBlogger]


@pytest.fixture
def known(serve: Any, crawl_of: Callable[..., Crawl]) -> Callable[..., Any]:
    """Serve a blog that a first run has read, and give what reads it again, and its address."""
    return serving_known(serve, crawl_of)


@pytest.mark.parametrize("platform", BLOGS)
async def test_p14_an_unchanged_blog_costs_two_requests_at_most(
    known: Callable[..., Any], stores: Stores, platform: Callable[[int], SimulatedPlatform]
) -> None:
    blog = platform(120)
    async with known(blog) as (again, _):
        for _ in range(3):
            counts = (await again()).counts
            assert sum(blog.requests().values()) <= 2
            assert (counts.read, counts.new, counts.queued, counts.failed.total()) == (0, 0, 0, 0)
    assert await stored(stores) == numbers(1, 120)


@pytest.mark.parametrize("platform", BLOGS)
async def test_one_new_post_costs_three_requests_at_most(
    known: Callable[..., Any], stores: Stores, platform: Callable[[int], SimulatedPlatform]
) -> None:
    blog = platform(120)
    async with known(blog) as (again, _):
        blog.publish(121)
        assert (await again()).counts.new == 1
        assert sum(blog.requests().values()) <= 3
        assert (await again()).counts.read == 0
    assert await stored(stores) == numbers(1, 121)


@pytest.mark.parametrize("platform", BLOGS)
async def test_an_edited_post_is_read_again_and_its_new_links_are_queued(
    known: Callable[..., Any], stores: Stores, platform: Callable[[int], SimulatedPlatform]
) -> None:
    blog = platform(120)
    async with known(blog) as (again, _):
        blog.edit(7)
        counts = (await again()).counts
        assert (counts.read, counts.new, counts.queued) == (1, 0, 1)
        assert await files_of(stores, 7) == ["7-2.mp3"]
        assert "7-2.mp3" in await queued(stores)
        assert (await again()).counts.read == 0
    assert await stored(stores) == numbers(1, 120)


async def test_a_page_of_an_edited_post_that_the_listing_cuts_is_fetched_once_more(
    known: Callable[..., Any], stores: Stores
) -> None:
    blog = SimulatedWordPress(30)
    blog.posts[7].cut = True
    async with known(blog) as (again, _):
        blog.edit(7)
        await again()
        await again()
        assert list(blog.posts_asked.values()) == [1]
    assert await files_of(stores, 7) == ["7-2.mp3"]


@pytest.mark.parametrize("platform", BLOGS)
async def test_more_changes_than_an_answer_holds_are_all_found(
    known: Callable[..., Any], stores: Stores, platform: Callable[[int], SimulatedPlatform]
) -> None:
    blog = platform(60)
    blog.at_once = 20
    async with known(blog) as (again, _):
        for number in numbers(1, 30):
            blog.edit(number)
        for number in numbers(61, 100):
            blog.publish(number)
        await again()
        assert not blog.posts_asked
    assert await stored(stores) == numbers(1, 100)
    assert await files_of(stores, 1) == ["1-2.mp3"]


async def test_a_post_that_is_dated_back_is_found(known: Callable[..., Any], stores: Stores) -> None:
    blog = SimulatedWordPress(120)
    async with known(blog) as (again, _):
        blog.publish(121, at=START + EVERY / 2).modified = blog.tick()
        assert (await again()).counts.new == 1
    assert await stored(stores) == numbers(1, 121)


async def test_a_scheduled_post_that_appears_without_a_new_time_of_change_is_found(
    known: Callable[..., Any], stores: Stores
) -> None:
    blog = SimulatedWordPress(120)
    blog.edit(1, at=blog.tick() - 3600)
    planned = blog.clock
    async with known(blog) as (again, _):
        # Written long before the last change that is known, and planned for an hour behind it.
        blog.publish(121, at=planned).modified = START
        assert (await again()).counts.new == 1
        assert sum(blog.requests().values()) <= 3
        for _ in range(3):
            assert (await again()).counts.read == 0
    assert await stored(stores) == numbers(1, 121)


async def test_a_post_whose_address_changed_keeps_its_row_and_is_no_second_post(
    known: Callable[..., Any], stores: Stores
) -> None:
    blog = SimulatedWordPress(30)
    async with known(blog) as (again, url):
        order = [post.key async for post in stores.posts.stored()]
        blog.posts[7].name = "renamed-7"
        blog.posts[7].modified = blog.tick()
        counts = (await again()).counts
        assert (counts.new, counts.queued) == (0, 0)
        after = [post.key async for post in stores.posts.stored()]
        assert len(after) == 30
        [moved] = [at for at, (old, new) in enumerate(zip(order, after, strict=True)) if old != new]
        assert after[moved] == f"{url}{blog.posts[7].path}".replace("http:", "https:")
        assert (await again()).counts.read == 0
        assert (await again(full=True)).counts.new == 0
    assert await stored(stores) == numbers(1, 30)


@pytest.mark.parametrize("platform", BLOGS)
async def test_a_deleted_post_changes_nothing(
    known: Callable[..., Any], stores: Stores, platform: Callable[[int], SimulatedPlatform]
) -> None:
    blog = platform(120)
    async with known(blog) as (again, url):
        del blog.posts[60]
        crawl = await again()
        assert (crawl.counts.read, crawl.counts.failed.total(), crawl.failures) == (0, 0, [])
        assert sum(blog.requests().values()) <= 2
        blog.publish(121)
        assert (await again()).counts.new == 1
        assert (await state_of(stores, url)).complete
    assert await stored(stores) == numbers(1, 121)


@pytest.mark.parametrize("stop", [1, 2, 3])
async def test_a_run_for_changes_that_is_interrupted_midway_loses_none_of_them(
    known: Callable[..., Any], stores: Stores, stop: int
) -> None:
    blog = SimulatedWordPress(60)
    blog.at_once = 20
    async with known(blog) as (again, url):
        for number in numbers(1, 35):
            blog.edit(number)
        for number in numbers(61, 80):
            blog.publish(number)
        await interrupted(blog, again, after=stop)
        assert (await state_of(stores, url)).complete
        await again()
    assert await stored(stores) == numbers(1, 80)
    assert [await files_of(stores, number) for number in (1, 18, 35)] == [
        [f"{number}-2.mp3"] for number in (1, 18, 35)
    ]
