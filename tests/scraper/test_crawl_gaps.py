"""Posts that a way of listing leaves out, for once or for good: another run or another way finds them."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from tests.scraper.simulated.crawling import Clock, numbers, serving, serving_known, state_of, stored
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
def served(serve: Any, crawl_of: Callable[..., Crawl]) -> Callable[..., Any]:
    return serving(serve, crawl_of)


@pytest.fixture
def known(serve: Any, crawl_of: Callable[..., Crawl], clock: Clock) -> Callable[..., Any]:
    return serving_known(serve, crawl_of, clock=clock)


async def test_posts_that_were_restored_far_down_are_found_though_others_were_edited(
    known: Callable[..., Any], stores: Stores, clock: Clock
) -> None:
    blog = SimulatedWordPress(240)
    async with known(blog) as (again, _):
        for number in (241, 242, 243):
            blog.publish(number, at=START - number)
        for number in (230, 231, 232):
            blog.edit(number)
        clock.ahead += 8 * DAY
        assert any("the next run goes through all of it" in note for note in (await again()).notes)
        await again()
        assert await stored(stores) == numbers(1, 243)
        clock.ahead += 8 * DAY
        blog.requests()
        assert (await again()).notes == []
        assert sum(blog.requests().values()) <= 4


async def test_posts_that_the_interface_hides_are_found_by_the_next_way(
    known: Callable[..., Any], stores: Stores, clock: Clock
) -> None:
    blog = SimulatedWordPress(30)
    async with known(blog) as (again, _):
        blog.publish(31, at=START - 1)
        blog.bodies["rest"] = lambda: web.json_response([], headers={"X-WP-Total": "31"})
        clock.ahead += 8 * DAY
        await again()
        await again()
    assert await stored(stores) == numbers(1, 31)


async def test_a_way_that_lists_nothing_any_more_is_not_relied_on(
    known: Callable[..., Any], stores: Stores, clock: Clock
) -> None:
    blog = SimulatedWordPress(30)
    async with known(blog) as (again, url):
        blog.bodies["rest"] = lambda: web.json_response([], headers={"X-WP-Total": "0"})
        clock.ahead += 8 * DAY
        await again()
        assert (await state_of(stores, url)).way == "feed"
        blog.publish(31)
        await again()
    assert await stored(stores) == numbers(1, 31)


async def test_a_way_that_lists_nothing_is_no_way(served: Callable[..., Any], stores: Stores) -> None:
    blog = SimulatedWordPress(30)
    blog.bodies["rest"] = lambda: web.json_response([], headers={"X-WP-Total": "0"})
    async with served(blog) as (read, url):
        await read()
        assert (await state_of(stores, url)).complete
    assert await stored(stores) == numbers(1, 30)


async def test_a_post_that_was_being_read_when_the_run_was_interrupted_is_not_left_behind(
    served: Callable[..., Any], stores: Stores
) -> None:
    blog = SimulatedWordPress(120)
    blog.close_rest("401")
    blog.summary = True
    asked, far = 0, asyncio.Event()

    async def hang(kind: str) -> None:
        nonlocal asked
        asked += kind == "post"
        if kind == "post" and asked == 15:
            await asyncio.Event().wait()
        if asked > 70:
            far.set()

    async with served(blog) as (read, _):
        blog.before = hang
        running = asyncio.create_task(read())
        await far.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        blog.before = None
        await read()
    assert await stored(stores) == numbers(1, 120)


async def test_what_changes_while_the_walk_goes_on_is_within_the_next_question(
    known: Callable[..., Any], stores: Stores
) -> None:
    blog = SimulatedWordPress(30)
    blog.posts[3].modified = time.time()
    async with known(blog) as (_, url):
        marker = (await state_of(stores, url)).marker
    assert marker is not None
    assert marker <= time.time() - 3600


async def test_an_interface_that_is_closed_later_is_noted_once(
    known: Callable[..., Any], stores: Stores
) -> None:
    blog = SimulatedWordPress(30)
    async with known(blog) as (again, url):
        blog.close_rest("401")
        blog.publish(31)
        assert len((await again()).notes) == 1
        assert (await state_of(stores, url)).way == "feed"
        assert (await again()).notes == []
    assert await stored(stores) == numbers(1, 31)
