"""What platforms call their posts: unique within a blog where it can be trusted, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from tests.scraper.simulated.crawling import numbers, stored
from tests.scraper.simulated.wordpress import SimulatedWordPress

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scraper.crawl import Crawl
    from scraper.crawl_job import Stores


def feed(ids: Mapping[int, str]) -> web.Response:
    items = "".join(
        f"<item><title>Nemo Vale – Track {number}</title><link>/post/{number}/</link>"
        f'<guid isPermaLink="false">{name}</guid></item>'
        for number, name in ids.items()
    )
    text = f'<rss version="2.0"><channel><title>B</title><link>/</link>{items}</channel></rss>'
    return web.Response(text=text, content_type="application/rss+xml")


async def test_two_posts_that_a_feed_calls_the_same_stay_two_posts(
    simulated: Any, serve: Any, crawl_of: Callable[..., Crawl], stores: Stores
) -> None:
    blog = simulated(3)
    blog.bodies["/feed/"] = feed({3: "same", 2: "same", 1: "other"})
    async with serve(blog.answer) as url:
        await crawl_of().run([f"{url}/"])
        await crawl_of().run([f"{url}/"])
    assert await stored(stores) == [1, 2, 3]


async def test_a_feed_that_calls_its_newest_post_the_same_each_time_overwrites_no_post(
    simulated: Any, serve: Any, crawl_of: Callable[..., Crawl], stores: Stores
) -> None:
    blog = simulated(2, etags=False)
    async with serve(blog.answer) as url:
        for newest in (2, 3, 4):
            blog.numbers = list(range(newest, 0, -1))
            blog.bodies["/feed/"] = feed({newest: "newest"})
            await crawl_of().run([f"{url}/"])
    assert await stored(stores) == [1, 2, 3, 4]


async def test_a_feed_that_numbers_its_items_by_their_place_overwrites_no_post(
    simulated: Any, serve: Any, crawl_of: Callable[..., Crawl], stores: Stores
) -> None:
    blog = simulated(2, etags=False)
    async with serve(blog.answer) as url:
        for newest in (2, 3, 5):
            blog.numbers = list(range(newest, 0, -1))
            blog.bodies["/feed/"] = feed({n: str(place) for place, n in enumerate(blog.numbers)})
            await crawl_of().run([f"{url}/"])
    assert await stored(stores) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("at_once", [True, False], ids=["in one run", "in two runs"])
async def test_two_blogs_whose_posts_are_called_the_same_stay_apart(
    serve: Any, crawl_of: Callable[..., Crawl], stores: Stores, at_once: bool
) -> None:
    one, other = SimulatedWordPress(12), SimulatedWordPress(12)
    async with serve(one.answer) as first, serve(other.answer) as second:
        both = [f"{first}/", f"{second}/"]
        for blogs in [both] if at_once else [[blog] for blog in both]:
            await crawl_of().run(blogs)
        assert await stored(stores) == sorted(2 * numbers(1, 12))
        other.posts[7].name = "renamed-7"
        other.posts[7].modified = other.tick()
        await crawl_of().run(both)
        urls = {post.url async for post in stores.posts.stored()}
    assert await stored(stores) == sorted(2 * numbers(1, 12))
    assert {f"{first}/{one.posts[7].path}/", f"{second}/{other.posts[7].path}/"} <= urls


async def test_p15_the_same_file_on_two_blogs_is_two_posts_and_one_download(
    serve: Any, crawl_of: Callable[..., Crawl], stores: Stores
) -> None:
    one, other = SimulatedWordPress(1), SimulatedWordPress(1)
    one.publish(3).edition = other.publish(3).edition = 0
    for blog in (one, other):
        blog.file_host = "https://files.example"
    async with serve(one.answer) as first, serve(other.answer) as second:
        crawl = crawl_of()
        await crawl.run([f"{first}/", f"{second}/"])
    assert (crawl.counts.new, crawl.counts.matched, crawl.counts.queued) == (4, 4, 2)
    assert await stored(stores) == [1, 1, 3, 3]


async def test_a_blog_that_is_given_as_its_home_and_its_feed_is_stored_once(
    serve: Any, crawl_of: Callable[..., Crawl], stores: Stores
) -> None:
    blog = SimulatedWordPress(30)
    async with serve(blog.answer) as url:
        crawl = crawl_of()
        await crawl.run([f"{url}/", f"{url}/feed/"])
        assert crawl.failures == []
        await crawl_of().run([f"{url}/", f"{url}/feed/"])
    assert await stored(stores) == numbers(1, 30)
