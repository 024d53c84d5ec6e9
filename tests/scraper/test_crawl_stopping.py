"""Blogs that ban, challenge or want to be left alone: one failure, what was read is kept, later runs go on."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from scraper.http.client import Limits
from scraper.stopping import MAX_REFUSALS
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.crawl import Crawl
    from scraper.crawl_job import Stores

READERS = Limits().per_host
CHALLENGE = web.Response(status=403, text="Just a moment...", headers={"cf-mitigated": "challenge"})
REFUSED = web.Response(status=403, text="Forbidden")


async def stored(stores: Stores) -> set[str]:
    return {post.url.partition("/post/")[2].strip("/") async for post in stores.posts.stored()}


def numbers(first: int, last: int) -> set[str]:
    return {str(number) for number in range(first, last + 1)}


async def is_complete(stores: Stores, url: str) -> bool:
    state = await stores.blogs.get(url)
    return state is not None and state.complete


def refuse(blog: Any, answer: web.Response, first: int, last: int) -> None:
    blog.bodies |= {f"/post/{number}/": answer for number in range(first, last + 1)}


@pytest.mark.parametrize(
    ("answer", "reason"), [(REFUSED, Reason.FORBIDDEN), (CHALLENGE, Reason.BLOCKED)], ids=["403", "challenge"]
)
async def test_a_blog_that_refuses_one_post_after_the_other_is_left_alone_and_read_later(
    simulated: Any,
    serve: Any,
    crawl_of: Callable[..., Crawl],
    stores: Stores,
    *,
    answer: web.Response,
    reason: Reason,
) -> None:
    blog = simulated(60)
    refuse(blog, answer, 1, 40)
    async with serve(blog.answer) as url:
        crawl = crawl_of()
        counts = await crawl.run([f"{url}/"])
        assert await stored(stores) == numbers(41, 60)
        refused = blog.posts_asked.total() - 20
        assert MAX_REFUSALS <= refused < MAX_REFUSALS + READERS
        [failure] = crawl.failures
        assert (failure.blog, failure.until) == (f"{url}/", None)
        assert re.search(r"posts in a row; the next run goes on", str(failure.error))
        assert counts.failed == {reason: refused + 1}
        assert not await is_complete(stores, f"{url}/")
        blog.bodies.clear()
        await crawl_of().run([f"{url}/"])
        assert await stored(stores) == numbers(1, 60)
        assert await is_complete(stores, f"{url}/")


async def test_the_refused_blog_stays_complete_to_the_end_where_only_single_posts_are_for_members(
    simulated: Any, serve: Any, crawl_of: Callable[..., Crawl], stores: Stores
) -> None:
    blog = simulated(30)
    for first in (3, 9, 15, 21):
        refuse(blog, REFUSED, first, first + 1)
    async with serve(blog.answer) as url:
        crawl = crawl_of()
        await crawl.run([f"{url}/"])
        assert crawl.failures == []
        assert await is_complete(stores, f"{url}/")


async def test_a_row_of_posts_for_members_hides_what_is_behind_it_for_one_run_only(
    simulated: Any, serve: Any, crawl_of: Callable[..., Crawl], stores: Stores
) -> None:
    blog = simulated(60, etags=False)
    refuse(blog, REFUSED, 41, 60)
    async with serve(blog.answer) as url:
        await crawl_of().run([f"{url}/"])
        assert await stored(stores) == set()
        crawl = crawl_of()
        await crawl.run([f"{url}/"])
        assert await stored(stores) == numbers(1, 40)
        assert crawl.failures == []
        # From now on these refusals speak of no ban, and after two more runs they are not asked for.
        for _ in range(4):
            crawl = crawl_of()
            await crawl.run([f"{url}/"])
            assert crawl.failures == []
        assert set(blog.posts_asked.values()) <= {1, 3, 4}
        blog.asked.clear()
        await crawl_of().run([f"{url}/"])
        assert not blog.posts_asked


@pytest.mark.parametrize("status", [429, 503], ids=str)
async def test_a_host_that_asks_for_an_hour_fails_its_blog_once_and_the_next_run_goes_on(
    simulated: Any, serve: Any, crawl_of: Callable[..., Crawl], stores: Stores, *, status: int
) -> None:
    blog, other = simulated(60), simulated(12)
    wait = web.Response(status=status, headers={"Retry-After": "3600"})
    blog.bodies["/post/41/"] = wait
    async with serve(blog.answer) as url, serve(other.answer) as second:
        crawl = crawl_of()
        before = time.time()
        counts = await crawl.run([f"{url}/", second.replace("127.0.0.1", "localhost") + "/"])
        assert other.posts_asked.total() == 12
        kept = await stored(stores)
        assert numbers(45, 60) <= kept
        assert blog.posts_asked.total() < 20 + 2 * READERS
        [failure] = crawl.failures
        assert failure.until is not None
        assert 3590 < failure.until - before < 3660
        assert counts.failed == {failure.error.reason: 1}
        assert re.search(r"not before (\d{4}-\d\d-\d\d )?\d\d:\d\d; the next run goes on", str(failure.error))
        state = await stores.blogs.get(f"{url}/")
        assert state is not None
        assert (state.complete, state.reason) == (False, failure.error.reason)


async def test_a_listing_that_asks_for_patience_is_put_off_in_the_same_words(
    simulated: Any, serve: Any, crawl_of: Callable[..., Crawl], stores: Stores
) -> None:
    blog = simulated(12)
    blog.bodies["/page/2/"] = web.Response(status=503, headers={"Retry-After": "7200"})
    async with serve(blog.answer) as url:
        crawl = crawl_of()
        counts = await crawl.run([f"{url}/"])
        [failure] = crawl.failures
        assert failure.until is not None
        assert "the next run goes on" in str(failure.error)
        assert counts.failed == {Reason.SERVER_ERROR: 1}
        assert blog.asked["/page/2/"] == 1


async def test_a_post_that_fails_for_a_while_only_does_not_stop_the_blog(
    simulated: Any, serve: Any, crawl_of: Callable[..., Crawl], stores: Stores
) -> None:
    blog = simulated(12)
    blog.bodies["/post/5/"] = web.Response(status=500)
    async with serve(blog.answer) as url:
        crawl = crawl_of()
        await crawl.run([f"{url}/"])
        assert crawl.failures == []
        assert await stored(stores) == numbers(1, 12) - {"5"}
