"""Posts that are not there, or not for us: later runs ask again, three in all, wherever they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web
from sqlalchemy import select

from storage.reasons import Reason
from storage.schema import unreadable

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.crawl import Crawl
    from scraper.crawl_job import Stores
    from storage.database import Database


@pytest.fixture
def run(crawl_of: Callable[..., Crawl]) -> Callable[..., Any]:
    """Let a crawl read one blog; options are those of the crawl."""

    async def once(url: str, **options: Any) -> Crawl:
        crawl = crawl_of(**options)
        await crawl.run([url])
        return crawl

    return once


async def stored(stores: Stores) -> set[str]:
    return {post.url.partition("/post/")[2].strip("/") async for post in stores.posts.stored()}


def numbers(first: int, last: int) -> set[str]:
    return {str(number) for number in range(first, last + 1)}


@pytest.mark.parametrize("etags", [True, False], ids=["with validators", "without"])
@pytest.mark.parametrize("post", ["/post/11/", "/post/1/"], ids=["on the first page", "at the end"])
@pytest.mark.parametrize("status", [403, 404, 410], ids=str)
async def test_a_post_that_is_not_there_is_asked_for_by_three_runs_and_by_full_ones(
    simulated: Any, serve: Any, run: Callable[..., Any], *, status: int, post: str, etags: bool
) -> None:
    blog = simulated(12, etags=etags)
    blog.status[post] = status
    async with serve(blog.answer) as url:
        for _ in range(5):
            crawl = await run(f"{url}/")
        assert blog.asked[post] == 3
        assert crawl.counts.failed.total() == 0
        await run(f"{url}/", full=True)
        assert blog.asked[post] == 4


@pytest.mark.parametrize("quiet", [set(), {"/"}], ids=["asked by its page", "asked by its feed"])
async def test_a_post_that_came_late_is_read_though_the_listing_stays_the_same(
    simulated: Any, serve: Any, run: Callable[..., Any], *, stores: Stores, quiet: set[str]
) -> None:
    blog = simulated(12)
    blog.quiet = quiet
    async with serve(blog.answer) as url:
        await run(f"{url}/")
        blog.numbers.insert(0, 13)
        blog.status["/post/13/"] = 404
        await run(f"{url}/")
        blog.status.clear()
        blog.requests()
        counts = (await run(f"{url}/")).counts
        assert blog.requests() == {"/feed/" if quiet else "/": 1, "/post/13/": 1}
        assert (counts.new, counts.to_read, counts.unchanged) == (1, 1, 1)
        await run(f"{url}/")
        assert blog.requests() == {"/feed/" if quiet else "/": 1}
    assert await stored(stores) == numbers(1, 13)


async def test_a_post_deep_in_the_archive_is_asked_for_without_walking_there(
    simulated: Any, serve: Any, run: Callable[..., Any], stores: Stores
) -> None:
    blog = simulated(30)
    blog.status["/post/2/"] = 403
    async with serve(blog.answer) as url:
        await run(f"{url}/")
        blog.numbers.insert(0, 31)
        blog.status.clear()
        blog.requests()
        await run(f"{url}/")
        assert blog.requests() == {"/": 1, "/feed/": 1, "/post/31/": 1, "/post/2/": 1}
    assert await stored(stores) == numbers(1, 31)


async def test_a_server_that_fails_on_a_post_that_is_due_costs_no_walk_and_no_try(
    simulated: Any, serve: Any, run: Callable[..., Any], stores: Stores
) -> None:
    blog = simulated(12, feed=0)
    blog.status["/post/2/"] = 404
    async with serve(blog.answer) as url:
        await run(f"{url}/")
        blog.status["/post/2/"] = 500
        for new in range(13, 17):
            blog.numbers.insert(0, new)
            blog.requests()
            crawl = await run(f"{url}/")
            assert set(blog.requests()) == {"/", f"/post/{new}/", "/post/2/"}
            assert crawl.counts.failed == {Reason.SERVER_ERROR: 1}
        blog.status.clear()
        await run(f"{url}/")
    assert await stored(stores) == numbers(1, 16)


async def test_what_is_due_keeps_to_the_bounds_of_a_run(
    simulated: Any, serve: Any, run: Callable[..., Any], stores: Stores, *, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scraper.visit.MAX_DUE", 3)
    blog = simulated(20)
    blog.status = dict.fromkeys((f"/post/{number}/" for number in range(1, 11)), 404)
    async with serve(blog.answer) as url:
        await run(f"{url}/")
        blog.status.clear()
        for options, new in (({}, 3), ({"max_posts": 1}, 1), ({"max_posts": 5}, 3), ({}, 3), ({}, 0)):
            assert (await run(f"{url}/", **options)).counts.new == new
    assert await stored(stores) == numbers(1, 20)


@pytest.mark.parametrize("status", [503, 410], ids=["cannot be read", "is gone"])
async def test_nothing_is_due_while_the_blog_itself_fails(
    simulated: Any, serve: Any, run: Callable[..., Any], status: int
) -> None:
    blog = simulated(12)
    blog.status["/post/2/"] = 404
    async with serve(blog.answer) as url:
        await run(f"{url}/")
        blog.status["/"] = status
        blog.requests()
        await run(f"{url}/")
    assert "/post/2/" not in blog.asked


async def test_a_host_that_asks_for_an_hour_is_not_asked_for_the_others_that_are_due(
    simulated: Any, serve: Any, run: Callable[..., Any]
) -> None:
    blog = simulated(40)
    due = [f"/post/{number}/" for number in range(2, 42, 2)]
    blog.status = dict.fromkeys(due, 404)
    async with serve(blog.answer) as url:
        await run(f"{url}/")
        blog.status.clear()
        for path in due:
            blog.bodies[path] = web.Response(status=429, headers={"Retry-After": "3600"})
        blog.requests()
        crawl = await run(f"{url}/")
    assert [failure.error.reason for failure in crawl.failures] == [Reason.RATE_LIMITED]
    assert crawl.failures[0].until is not None
    assert blog.posts_asked.total() < len(due) / 2


async def test_of_two_blogs_that_list_a_post_one_asks_again_and_each_run_once(
    simulated: Any, serve: Any, crawl_of: Callable[..., Crawl], stores: Stores
) -> None:
    blog = simulated(12)
    blog.status["/post/9/"] = 404
    async with serve(blog.answer) as url:
        blogs = [f"{url}/", f"{url}/page/2/"]
        await crawl_of().run(blogs)
        await crawl_of().run(blogs)
        assert blog.asked["/post/9/"] == 2
        blog.status.clear()
        await crawl_of().run(blogs)
        assert blog.asked["/post/9/"] == 3
        await crawl_of().run(blogs)
        assert blog.asked["/post/9/"] == 3
    assert await stored(stores) == numbers(1, 12)


async def test_a_dry_run_shows_what_is_due_and_leaves_it_so(
    simulated: Any, serve: Any, run: Callable[..., Any], stores: Stores, *, database: Database
) -> None:
    blog = simulated(12)
    blog.status["/post/9/"] = 404
    async with serve(blog.answer) as url:
        await run(f"{url}/")
        blog.status.clear()
        for _ in range(2):
            assert (await run(f"{url}/", dry_run=True)).counts.new == 1
        assert "9" not in await stored(stores)
        blog.status["/post/9/"] = 404
        await run(f"{url}/", dry_run=True)
        assert await database.rows(select(unreadable.c.times)) == [(1,)]
