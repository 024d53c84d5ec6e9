"""What is kept of a blog from run to run: how it is listed, up to when its changes are known."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.scraper.simulated.crawling import Clock, files_of, numbers, serving_known, state_of, stored
from tests.scraper.simulated.platform import DAY, START
from tests.scraper.simulated.wordpress import SimulatedWordPress

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.crawl import Crawl
    from scraper.crawl_job import Stores


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def known(serve: Any, crawl_of: Callable[..., Crawl], clock: Clock) -> Callable[..., Any]:
    """Serve a blog that a first run has read, and give what reads it again, and its address."""
    return serving_known(serve, crawl_of, clock=clock)


async def test_a_time_of_change_that_is_still_to_come_hides_no_later_change(
    known: Callable[..., Any], stores: Stores
) -> None:
    blog = SimulatedWordPress(30)
    blog.posts[3].modified = time.time() + 900 * DAY
    async with known(blog) as (again, url):
        marker = (await state_of(stores, url)).marker
        assert marker is not None
        assert marker <= time.time()
        blog.edit(7, at=time.time())
        await again()
        assert await files_of(stores, 7) == ["7-2.mp3"]
        assert (await again()).counts.read == 0


async def test_what_is_known_of_the_blog_outlives_a_run_that_only_asks_for_changes(
    known: Callable[..., Any], stores: Stores
) -> None:
    blog = SimulatedWordPress(30)
    async with known(blog) as (again, url):
        before = await state_of(stores, url)
        blog.publish(31)
        await again()
        after = await state_of(stores, url)
    assert (after.platform, after.way, after.way_address) == (before.platform, before.way, before.way_address)
    assert after.announced in {30, 31}
    assert after.marker == blog.clock


async def test_a_change_far_down_is_found_though_the_whole_listing_was_due_meanwhile(
    known: Callable[..., Any], stores: Stores, clock: Clock
) -> None:
    blog = SimulatedWordPress(60)
    blog.at_once = 20
    async with known(blog) as (again, _):
        blog.edit(7)  # on the third page of the listing
        blog.edit(60)  # on the first, a day later
        clock.ahead += 8 * DAY
        await again()
        assert await files_of(stores, 60) == ["60-2.mp3"]
        await again()
        assert await files_of(stores, 7) == ["7-2.mp3"]


async def test_the_whole_listing_is_asked_once_a_week_and_costs_little_where_nothing_is_new(
    known: Callable[..., Any], stores: Stores, clock: Clock
) -> None:
    blog = SimulatedWordPress(60)
    blog.at_once = 10
    async with known(blog) as (again, _):
        for number in numbers(61, 65):
            blog.publish(number)
            await again()
        clock.ahead += 8 * DAY
        blog.requests()
        await again()
        assert sum(blog.requests().values()) <= 3
        await again()
        assert not [path for path in blog.addresses("rest") if "after=" not in path]


@pytest.mark.parametrize(
    ("way", "address"),
    [
        ("telepathy", "home=http%3A%2F%2Fb.example%2F"),
        ("WordPress REST", "%%%&&&==="),
        ("WordPress REST", ""),
        ("WordPress REST", "home=x"),
        ("WordPress REST", "root=nonsense&home=nonsense"),
        ("WordPress REST", "root=http%3A%2F%2F%5B&home=http%3A%2F%2F%5B"),
        ("feed", "feed=http%3A%2F%2Fb.example%2Ffeed%2F&home=http%3A%2F%2Fb.example%2F&paging=unheard"),
        ("Ghost Content API", "api=x&home=y"),
        ("sitemap", "sitemap=x&home=y"),
        ("pages", ""),
    ],
)
async def test_what_another_version_kept_of_the_way_has_the_blog_looked_at_anew(
    known: Callable[..., Any], stores: Stores, *, way: str, address: str
) -> None:
    blog = SimulatedWordPress(30)
    async with known(blog) as (again, url):
        await stores.blogs.note_way(
            url, platform=None, way=way, way_address=address, announced=None, marker=START
        )
        blog.publish(31)
        crawl = await again()
        assert crawl.failures == []
        state = await state_of(stores, url)
        assert state.complete
    assert await stored(stores) == numbers(1, 31)
