"""First walks by a platform's interface that are interrupted: they go on where they were, and miss nothing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from tests.scraper.simulated.blogger import SimulatedBlogger
from tests.scraper.simulated.crawling import interrupted, numbers, serving, state_of, stored
from tests.scraper.simulated.wordpress import SimulatedWordPress

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.crawl import Crawl
    from scraper.crawl_job import Stores
    from tests.scraper.simulated.platform import SimulatedPlatform

ANSWERS = 12
"""Answers of the listing that a whole walk takes."""


def wordpress() -> SimulatedWordPress:
    blog = SimulatedWordPress(60)
    blog.at_once = 5
    return blog


def feed() -> SimulatedWordPress:
    blog = SimulatedWordPress(60)
    blog.close_rest("401")
    return blog


BLOGS: dict[str, Callable[[], SimulatedPlatform]] = {
    "REST": wordpress,
    "feed": feed,
    "Blogger": partial(SimulatedBlogger, 60, cap=5),
}


@pytest.fixture
def served(serve: Any, crawl_of: Callable[..., Crawl]) -> Callable[..., Any]:
    """Serve a blog, and give what reads it, and its address."""
    return serving(serve, crawl_of)


@pytest.mark.parametrize("after", [1, 2, 3, 7])
@pytest.mark.parametrize("platform", BLOGS)
async def test_an_interrupted_walk_goes_on_and_misses_no_post(
    served: Callable[..., Any], stores: Stores, platform: str, after: int
) -> None:
    blog = BLOGS[platform]()
    async with served(blog) as (read, url):
        await interrupted(blog, read, after=after)
        assert not (await state_of(stores, url)).complete if after > 2 else True
        await read()
        assert await stored(stores) == numbers(1, len(blog.posts))
        state = await state_of(stores, url)
        assert (state.complete, state.resume) == (True, None)


@pytest.mark.parametrize("platform", ["REST", "Blogger"])
async def test_the_answers_that_an_interrupted_walk_had_are_not_all_asked_for_again(
    served: Callable[..., Any], stores: Stores, platform: str
) -> None:
    blog = BLOGS[platform]()
    async with served(blog) as (read, url):
        await interrupted(blog, read, after=10)  # the page, and nine answers
        assert (await state_of(stores, url)).resume is not None
        blog.requests()
        await read()
        # The page, the newest posts, the two answers that may not have been stored, and what is left.
        assert sum(blog.requests().values()) <= 2 + 2 + (ANSWERS - 9) + 1
    assert await stored(stores) == numbers(1, 60)


async def test_posts_that_came_while_the_walk_lay_still_are_found_as_well(
    served: Callable[..., Any], stores: Stores
) -> None:
    blog = wordpress()
    async with served(blog) as (read, url):
        await interrupted(blog, read, after=8)
        for number in numbers(61, 75):
            blog.publish(number)
        await read()
        assert (await state_of(stores, url)).complete
    assert await stored(stores) == numbers(1, 75)


async def test_posts_that_were_deleted_while_the_walk_lay_still_hide_no_others(
    served: Callable[..., Any], stores: Stores
) -> None:
    blog = wordpress()
    async with served(blog) as (read, _):
        await interrupted(blog, read, after=8)
        for number in numbers(56, 58):
            del blog.posts[number]
        await read()
    assert await stored(stores) == numbers(1, 60)


async def test_a_walk_that_is_interrupted_again_and_again_comes_to_its_end(
    served: Callable[..., Any], stores: Stores
) -> None:
    blog = wordpress()
    async with served(blog) as (read, url):
        for turn in range(6):
            await interrupted(blog, read, after=5)
            blog.publish(61 + turn)
        await read()
        assert (await state_of(stores, url)).complete
    assert await stored(stores) == numbers(1, 66)


async def test_a_post_that_could_not_be_read_for_now_is_looked_for_again(
    served: Callable[..., Any], stores: Stores
) -> None:
    blog = wordpress()
    blog.posts[59].cut = True
    blog.status["post"] = 503
    async with served(blog) as (read, url):
        await interrupted(blog, read, after=9)
        blog.status.clear()
        await read()
        assert (await state_of(stores, url)).complete
    assert await stored(stores) == numbers(1, 60)


async def test_a_walk_that_an_error_of_the_server_ends_goes_on_where_it_was(
    served: Callable[..., Any], stores: Stores
) -> None:
    blog = wordpress()
    left = 9

    async def fail(kind: str) -> None:
        nonlocal left
        left -= kind == "rest"
        if left == 0:
            blog.status["rest"] = 503

    async with served(blog) as (read, url):
        blog.before = fail
        crawl = await read()
        assert len(crawl.failures) == 1
        blog.before = None
        blog.status.clear()
        blog.requests()
        crawl = await read()
        assert blog.requests()["rest"] <= 2 + ANSWERS - 7
        assert crawl.failures == []
        assert (await state_of(stores, url)).complete
    assert await stored(stores) == numbers(1, 60)


async def test_the_place_of_one_way_is_not_used_by_another(
    served: Callable[..., Any], stores: Stores
) -> None:
    blog = SimulatedWordPress(60)
    blog.at_once = 5
    async with served(blog) as (read, url):
        await interrupted(blog, read, after=4)
        blog.close_rest("401")
        await read()
        state = await state_of(stores, url)
        assert (state.complete, state.resume) == (True, None)
    assert await stored(stores) == numbers(1, 60)


async def test_an_interrupted_walk_is_forgotten_by_one_that_reads_all_again(
    served: Callable[..., Any], stores: Stores
) -> None:
    blog = wordpress()
    async with served(blog) as (read, url):
        await interrupted(blog, read, after=8)
        crawl = await read(full=True)
        assert crawl.counts.read == 60
        assert (await state_of(stores, url)).resume is None
    assert await stored(stores) == numbers(1, 60)
