"""Blogs that have moved for good: one server under two names, 127.0.0.1 and localhost."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.crawl import Crawl
    from scraper.crawl_job import Stores

DAY = 86_400.0


class Moved:
    """A blog at localhost; asked by its old name it answers with `status` and the new address."""

    def __init__(self, blog: Any) -> None:
        self.blog = blog
        self.status: int | None = 301
        self.new: int | web.Response | None = None
        self.asked: Counter[str] = Counter()
        self.ahead = 0.0

    def clock(self) -> float:
        return time.time() + self.ahead

    async def answer(self, request: web.Request) -> web.StreamResponse:
        name, port = request.host.split(":")
        if request.path in {"/", "/feed/"}:
            self.asked[f"{name}{request.path}"] += 1
        if name != "localhost":
            if self.status is not None and request.path != "/robots.txt":
                where = f"http://localhost:{port}{request.path}"
                return web.Response(status=self.status, headers={"Location": where})
        elif self.new is not None and request.path == "/":
            if isinstance(self.new, int):
                return web.Response(status=self.new)
            return web.Response(body=self.new.body, content_type="text/html")
        response: web.StreamResponse = await self.blog.answer(request)
        return response

    def requests(self) -> dict[str, int]:
        asked = dict(self.asked)
        self.asked.clear()
        return asked


@pytest.fixture
def moved(simulated: Any) -> Moved:
    return Moved(simulated(12))


@pytest.fixture
def run(crawl_of: Callable[..., Crawl], moved: Moved) -> Callable[..., Any]:
    async def once(url: str, **options: Any) -> Crawl:
        crawl = crawl_of(clock=moved.clock, **options)
        await crawl.run([f"{url}/"])
        return crawl

    return once


OLD, NEW = "127.0.0.1/", "localhost/"


@pytest.mark.parametrize("status", [301, 308], ids=str)
async def test_a_move_for_good_is_told_once_and_then_taken_at_its_word_for_a_month(
    moved: Moved, serve: Any, run: Callable[..., Any], *, stores: Stores, status: int
) -> None:
    moved.status = status
    async with serve(moved.answer) as url:
        crawl = await run(url)
        assert crawl.notes == [f"{url}/: it has moved for good to {url.replace('127.0.0.1', 'localhost')}/"]
        assert moved.requests() == {OLD: 1, NEW: 1, "localhost/feed/": 1}
        for _ in range(4):
            moved.ahead += 7 * DAY
            crawl = await run(url)
            assert (moved.requests(), crawl.notes) == ({NEW: 1}, [])
            assert (crawl.counts.unchanged, crawl.counts.new) == (1, 0)
        moved.ahead += 3 * DAY
        crawl = await run(url)
        assert (moved.requests(), crawl.notes) == ({OLD: 1, NEW: 1}, [])
        await run(url)
        assert moved.requests() == {NEW: 1}
        assert [state.url for state in await stores.blogs.all()] == [f"{url}/"]
        assert {post.blog async for post in stores.posts.stored()} == {f"{url}/"}


@pytest.mark.parametrize("status", [302, 303, 307], ids=str)
async def test_a_move_for_today_is_followed_each_time(
    moved: Moved, serve: Any, run: Callable[..., Any], status: int
) -> None:
    moved.status = status
    async with serve(moved.answer) as url:
        assert (await run(url)).notes == []
        moved.requests()
        await run(url)
        assert moved.requests()[OLD] == 1


async def test_a_move_is_remembered_of_a_blog_that_was_not_read_to_its_end(
    moved: Moved, serve: Any, run: Callable[..., Any], stores: Stores
) -> None:
    async with serve(moved.answer) as url:
        await run(url, max_posts=1)
        moved.requests()
        assert (await run(url, max_posts=1)).notes == []
        asked = moved.requests()
        assert NEW in asked
        assert OLD not in asked
        kept = await stores.validators.get(f"{url}/")
    assert kept is not None
    assert (kept.etag, kept.fresh_until) == (None, None)


async def test_full_asks_the_address_that_was_given(
    moved: Moved, serve: Any, run: Callable[..., Any]
) -> None:
    async with serve(moved.answer) as url:
        await run(url)
        moved.requests()
        await run(url, full=True)
    assert moved.requests()[OLD] == 1


PARKED = web.Response(
    text="<html><body><p>This name is for sale.</p></body></html>", content_type="text/html"
)


@pytest.mark.parametrize("new", [404, 410, 403, PARKED], ids=["404", "410", "403", "parked"])
async def test_where_the_new_address_fails_the_old_one_is_asked_once(
    moved: Moved, serve: Any, run: Callable[..., Any], *, stores: Stores, new: int | web.Response
) -> None:
    async with serve(moved.answer) as url:
        await run(url)
        moved.requests()
        moved.status, moved.new = None, new
        moved.blog.numbers.insert(0, 13)
        crawl = await run(url)
        asked = moved.requests()
        assert (asked[OLD], asked[NEW]) == (1, 1)
        assert crawl.failures == []
        assert f"{url}/post/13/" in {post.url async for post in stores.posts.stored()}
        await run(url)
        assert moved.requests() == {OLD: 1}


@pytest.mark.parametrize(
    ("new", "reason", "asked"),
    [
        (404, Reason.NOT_FOUND, {OLD: 1, NEW: 2}),
        (410, Reason.GONE, {OLD: 1, NEW: 2}),
        (503, Reason.SERVER_ERROR, {NEW: 3}),
    ],
    ids=["404", "410", "503"],
)
async def test_where_both_fail_the_blog_fails(
    moved: Moved,
    serve: Any,
    run: Callable[..., Any],
    *,
    stores: Stores,
    new: int,
    reason: Reason,
    asked: dict[str, int],
) -> None:
    async with serve(moved.answer) as url:
        await run(url)
        moved.requests()
        moved.new = new
        crawl = await run(url)
        assert moved.requests() == asked
        assert [failure.error.reason for failure in crawl.failures] == [reason]
        state = await stores.blogs.get(f"{url}/")
        assert state is not None
        assert (state.gone_since is not None) == (reason is Reason.GONE)
