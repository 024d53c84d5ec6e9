"""Several blogs in one crawl, errors and cancellation: nothing waits for ever, nothing is lost."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from scraper.http.client import Limits
from scraper.http.errors import FetchError
from storage.errors import StorageError
from storage.posts import Posts
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from scraper.crawl import Crawl
    from scraper.crawl_job import Stores
    from scraper.http.client import Client, Page
    from storage.database import Database
    from storage.records import ReadPost, Saved


async def stored(stores: Stores) -> set[str]:
    return {post.url.partition("/post/")[2].strip("/") async for post in stores.posts.stored()}


def numbers(first: int, last: int) -> set[str]:
    return {str(number) for number in range(first, last + 1)}


async def is_complete(stores: Stores, url: str) -> bool:
    state = await stores.blogs.get(url)
    return state is not None and state.complete


# Several blogs


async def test_a_post_that_two_blogs_list_is_fetched_once(
    simulated: Any, serve: Any, crawl_of: Callable[..., Crawl], stores: Stores
) -> None:
    blog = simulated(25)
    async with serve(blog.answer) as url:
        for path in ("/category/house/", "/category/house"):
            blog.bodies[path] = web.Response(body=blog.listing(1).encode(), content_type="text/html")
        async with asyncio.timeout(120):
            await crawl_of(since=0.0).run([f"{url}/", f"{url}/category/house/", f"{url}/"])
        assert set(blog.posts_asked.values()) == {1}
        await crawl_of().run([f"{url}/", f"{url}/category/house/"])
        assert await is_complete(stores, f"{url}/")
        assert await is_complete(stores, f"{url}/category/house/")
    assert await stored(stores) == numbers(1, 25)
    assert set(blog.posts_asked.values()) == {1}


async def test_a_slow_blog_does_not_delay_another(
    simulated: Any, serve: Any, crawl_of: Callable[..., Crawl], stores: Stores
) -> None:
    slow, quick = simulated(12), simulated(30)
    done = asyncio.Event()

    async def wait_for_the_other(path: str) -> None:
        if path.startswith("/post/"):
            await done.wait()

    slow.before = wait_for_the_other
    async with serve(slow.answer) as one, serve(quick.answer) as other, asyncio.timeout(120):
        crawl = crawl_of()
        running = asyncio.create_task(crawl.run([f"{one}/", f"{other}/"]))
        while crawl.counts.blogs_done == 0:  # noqa: ASYNC110 - ended by the timeout around it
            await asyncio.sleep(0)
        assert await stored(stores) >= numbers(1, 30)
        assert slow.posts_asked.total() <= Limits().per_host
        done.set()
        counts = await running
    assert (counts.blogs_done, counts.new) == (2, 42)


class Waiting:
    """A client that lets a host wait for as long as it is slow, as for a Crawl-delay."""

    limits = Limits()

    def __init__(self, quick: Client) -> None:
        self.quick = quick
        self.over = asyncio.Event()

    async def get(self, url: str, *, validators: Mapping[str, str] | None = None) -> Page:
        if "slow" in url:
            await self.over.wait()
            raise FetchError(Reason.UNREACHABLE, url)
        return await self.quick.get(url, validators=validators)


async def test_a_hundred_slow_blogs_do_not_hold_up_the_next(
    simulated: Any, serve: Any, crawl_of: Callable[..., Crawl], *, client: Client
) -> None:
    blog, waiting = simulated(12), Waiting(client)
    async with serve(blog.answer) as url, asyncio.timeout(120):
        crawl = crawl_of(reads=waiting)
        slow = [f"https://slow{number}.example/" for number in range(100)]
        running = asyncio.create_task(crawl.run([*slow, f"{url}/"]))
        while crawl.counts.blogs_done == 0:  # noqa: ASYNC110 - ended by the timeout around it
            await asyncio.sleep(0)
        assert crawl.counts.new == 12
        waiting.over.set()
        counts = await running
    assert (counts.blogs_done, counts.failed) == (101, {Reason.UNREACHABLE: 100})


async def test_a_blog_that_fails_does_not_stop_the_others(
    simulated: Any, serve: Any, crawl_of: Callable[..., Crawl], stores: Stores
) -> None:
    blog, broken = simulated(12), simulated(12)
    broken.bodies["/"] = web.Response(text="nothing here", content_type="text/html")
    async with serve(blog.answer) as url, serve(broken.answer) as other:
        crawl = crawl_of()
        counts = await crawl.run([f"{other}/", f"{url}/"])
    assert counts.failed == {Reason.NO_POSTS: 1}
    assert isinstance(crawl.failures[0].error, FetchError)
    assert await stored(stores) == numbers(1, 12)


# Errors and cancellation


class FailingPosts(Posts):
    """Storage whose save number `at` and later ones fail."""

    at = 3
    saves = 0

    async def save(self, batch: Sequence[ReadPost]) -> Saved:
        self.saves += 1
        if self.saves >= self.at:
            raise StorageError("the disk is full", where="here")
        return await super().save(batch)


@pytest.mark.parametrize("at", [1, 2, 5], ids=str)
async def test_an_error_of_storage_ends_the_run_as_itself_and_nothing_hangs(
    simulated: Any,
    serve: Any,
    crawl_of: Callable[..., Crawl],
    stores: Stores,
    *,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    at: int,
) -> None:
    monkeypatch.setattr("scraper.store.BATCH", 8)  # so that there are more saves than the test lets pass
    blog, other = simulated(60), simulated(60)
    failing = FailingPosts(database)
    failing.at = at
    async with serve(blog.answer) as url, serve(other.answer) as second, asyncio.timeout(120):
        with pytest.raises(StorageError):
            await crawl_of(keeps=replace(stores, posts=failing)).run([f"{url}/", f"{second}/"])
        assert failing.saves == at
        await crawl_of().run([f"{url}/", f"{second}/"])
    assert len([post async for post in stores.posts.stored()]) == 120


async def test_an_error_of_whoever_takes_the_matches_ends_the_run_as_itself(
    simulated: Any, serve: Any, crawl_of: Callable[..., Crawl]
) -> None:
    def refuse(read: ReadPost) -> None:
        raise KeyError(read.post.key)

    blog = simulated(60)
    async with serve(blog.answer) as url, asyncio.timeout(120):
        with pytest.raises(KeyError):
            await crawl_of(matches=refuse).run([f"{url}/"])


@pytest.mark.parametrize("at", [1, 2, 3, 7, 20, 45, 60], ids=str)
async def test_interrupted_at_any_request_and_resumed_equals_one_run(
    simulated: Any, serve: Any, crawl_of: Callable[..., Crawl], stores: Stores, at: int
) -> None:
    blog = simulated(50)
    running: asyncio.Task[Any]

    async def interrupt(path: str) -> None:
        if blog.asked.total() == at:
            running.cancel()

    blog.before = interrupt
    async with serve(blog.answer) as url, asyncio.timeout(120):
        crawl = crawl_of()
        running = asyncio.create_task(crawl.run([f"{url}/"]))
        with pytest.raises(asyncio.CancelledError):
            await running
        assert len(await stored(stores)) == crawl.counts.read == crawl.counts.new
        blog.before = None
        await crawl_of().run([f"{url}/"])
        assert await is_complete(stores, f"{url}/")
    assert await stored(stores) == numbers(1, 50)
    again = blog.posts_asked.total() - 50
    assert 0 <= again <= Limits().per_host


@pytest.mark.parametrize("at", [4, 8, 12, 20, 30], ids=str)
async def test_news_behind_an_interrupted_search_for_news_are_not_lost(
    simulated: Any, serve: Any, crawl_of: Callable[..., Crawl], stores: Stores, at: int
) -> None:
    blog = simulated(20)
    async with serve(blog.answer) as url, asyncio.timeout(120):
        await crawl_of().run([f"{url}/"])
        blog.numbers[:0] = range(50, 20, -1)
        blog.asked.clear()
        running: asyncio.Task[Any]

        async def interrupt(path: str) -> None:
            if blog.asked.total() == at:
                running.cancel()

        blog.before = interrupt
        running = asyncio.create_task(crawl_of().run([f"{url}/"]))
        with pytest.raises(asyncio.CancelledError):
            await running
        blog.before = None
        await crawl_of().run([f"{url}/"])
    assert await stored(stores) == numbers(1, 50)


async def test_two_runs_at_once_keep_each_post_once(
    simulated: Any, serve: Any, crawl_of: Callable[..., Crawl], stores: Stores
) -> None:
    blog = simulated(40)
    async with serve(blog.answer) as url, asyncio.timeout(120):
        await asyncio.gather(crawl_of().run([f"{url}/"]), crawl_of().run([f"{url}/"]))
        assert await is_complete(stores, f"{url}/")
    assert len([post async for post in stores.posts.stored()]) == 40


@pytest.mark.parametrize("where", ["http://xn--a/feed", "http://b.example:99999/feed"])
async def test_an_address_that_cannot_be_costs_its_blog_at_most(
    simulated: Any, serve: Any, crawl_of: Callable[..., Crawl], stores: Stores, where: str
) -> None:
    blog, hostile = simulated(12), simulated(3)
    link = f'<link rel="alternate" type="application/rss+xml" href="{where}">'
    hostile.bodies["/"] = web.Response(
        text=f"<html><head>{link}</head><body><article><h2>x</h2></article></body></html>",
        content_type="text/html",
    )
    async with serve(blog.answer) as url, serve(hostile.answer) as other:
        crawl = crawl_of()
        await crawl.run([f"{other}/", f"{url}/"])
    assert [failure.blog for failure in crawl.failures] == [f"{other}/"]
    assert await stored(stores) == numbers(1, 12)
