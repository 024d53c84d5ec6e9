"""What later runs ask for, counted in requests by real servers: as little as loses no post."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.crawl import Crawl
    from scraper.crawl_job import Stores
    from scraper.demo.server import DemoServer

DAY = 86_400.0


class Clock:
    """The crawl's clock: runs with the true one, and jumps when it is told to."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def run(crawl_of: Callable[..., Crawl], clock: Clock) -> Callable[..., Any]:
    """Let a crawl read one blog; options are those of the crawl."""

    async def once(url: str, **options: Any) -> Crawl:
        crawl = crawl_of(clock=clock, **options)
        await crawl.run([url])
        return crawl

    return once


async def stored(stores: Stores) -> set[str]:
    return {post.url.partition("/post/")[2].strip("/") async for post in stores.posts.stored()}


def numbers(first: int, last: int) -> set[str]:
    return {str(number) for number in range(first, last + 1)}


# Unchanged


async def test_an_unchanged_blog_with_validators_costs_one_request(
    blog: DemoServer, run: Callable[..., Any]
) -> None:
    await run(blog.url)
    blog.requests.clear()
    counts = (await run(blog.url)).counts
    assert list(blog.requests) == ["GET / 304"]
    assert (counts.unchanged, counts.read, counts.queued, counts.new) == (1, 0, 0, 0)


@pytest.mark.parametrize("quiet", [{"/"}, {"/", "/feed/"}], ids=["its feed has", "its feed has none either"])
async def test_a_blog_whose_page_has_no_validators_is_asked_by_its_feed_alone(
    simulated: Any, serve: Any, run: Callable[..., Any], quiet: set[str]
) -> None:
    blog = simulated(40)
    blog.quiet = quiet
    async with serve(blog.answer) as url:
        assert (await run(f"{url}/")).counts.new == 40
        blog.requests()
        for _ in range(3):
            counts = (await run(f"{url}/")).counts
            assert blog.requests() == {"/feed/": 1}
            assert (counts.unchanged, counts.new) == (int("/feed/" not in quiet), 0)


async def test_a_blog_without_validators_and_feed_costs_its_page(
    simulated: Any, serve: Any, run: Callable[..., Any]
) -> None:
    blog = simulated(40, etags=False, feed=0)
    async with serve(blog.answer) as url:
        await run(f"{url}/")
        blog.requests()
        await run(f"{url}/")
    assert blog.requests() == {"/": 1}


async def test_a_page_whose_validators_never_hold_gives_way_to_the_feed(
    simulated: Any, serve: Any, run: Callable[..., Any]
) -> None:
    blog = simulated(40)
    async with serve(blog.answer) as url:
        await run(f"{url}/")
        blog.requests()
        for asked in ({"/": 1}, {"/feed/": 1}, {"/feed/": 1}):
            # Something beside the posts changes with each request.
            text = blog.listing(1).replace("<main>", f"<p>{time.monotonic_ns()}</p><main>")
            blog.bodies["/"] = web.Response(
                text=text, headers={"ETag": f'"{time.monotonic_ns()}"'}, content_type="text/html"
            )
            await run(f"{url}/")
            assert blog.requests() == asked


async def test_a_blog_given_as_its_feed_is_asked_by_the_feed_alone(
    simulated: Any, serve: Any, run: Callable[..., Any]
) -> None:
    blog = simulated(40, etags=False)
    async with serve(blog.answer) as url:
        await run(f"{url}/feed/")
        blog.requests()
        await run(f"{url}/feed/")
    assert blog.requests() == {"/feed/": 1}


# Fresh


async def test_nothing_is_asked_while_the_answer_is_fresh(
    simulated: Any, serve: Any, run: Callable[..., Any], clock: Clock
) -> None:
    blog = simulated(12)
    blog.headers["/"] = {"Cache-Control": "max-age=600"}
    async with serve(blog.answer) as url:
        await run(f"{url}/")
        blog.requests()
        counts = (await run(f"{url}/")).counts
        assert blog.requests() == {}
        assert (counts.unchanged, counts.failed.total()) == (1, 0)
        clock.ahead += 601
        await run(f"{url}/")
        assert blog.requests() == {"/": 1}  # a 304, which renews it
        await run(f"{url}/")
        assert blog.requests() == {}
        await run(f"{url}/", full=True)
        assert blog.asked["/"] == 1


async def test_a_blog_that_was_not_read_to_its_end_is_asked_however_fresh_it_is(
    simulated: Any, serve: Any, run: Callable[..., Any], stores: Stores
) -> None:
    blog = simulated(12)
    blog.headers["/"] = {"Cache-Control": "max-age=600"}
    blog.status["/page/3/"] = 500
    async with serve(blog.answer) as url:
        await run(f"{url}/")
        blog.status.clear()
        blog.requests()
        await run(f"{url}/")
        asked = blog.requests()
    assert asked.keys() == {"/", "/feed/", "/page/2/", "/page/3/", "/post/2/", "/post/1/"}
    assert await stored(stores) == numbers(1, 12)


async def test_a_year_of_freshness_ends_before_the_next_night(
    simulated: Any, serve: Any, run: Callable[..., Any], *, clock: Clock, stores: Stores
) -> None:
    blog = simulated(12)
    blog.headers["/"] = {"Cache-Control": "max-age=31536000"}
    async with serve(blog.answer) as url:
        await run(f"{url}/")
        blog.numbers.insert(0, 13)
        clock.ahead += DAY / 2
        await run(f"{url}/")
    assert await stored(stores) == numbers(1, 13)


# One new post


async def test_one_new_post_costs_the_listing_the_feed_and_the_post(
    simulated: Any, serve: Any, run: Callable[..., Any]
) -> None:
    blog = simulated(40)
    async with serve(blog.answer) as url:
        await run(f"{url}/")
        blog.requests()
        blog.numbers.insert(0, 41)
        assert (await run(f"{url}/")).counts.new == 1
        assert blog.requests() == {"/": 1, "/feed/": 1, "/post/41/": 1}
        await run(f"{url}/")
        assert blog.requests() == {"/": 1}


async def test_one_new_post_of_a_blog_that_is_asked_by_its_feed_costs_the_same(
    simulated: Any, serve: Any, run: Callable[..., Any]
) -> None:
    blog = simulated(40)
    blog.quiet = {"/"}
    async with serve(blog.answer) as url:
        await run(f"{url}/")
        blog.requests()
        blog.numbers.insert(0, 41)
        assert (await run(f"{url}/")).counts.new == 1
        assert blog.requests() == {"/": 1, "/feed/": 1, "/post/41/": 1}
        await run(f"{url}/")
        assert blog.requests() == {"/feed/": 1}


@pytest.mark.parametrize("quiet", [set(), {"/"}, {"/", "/feed/"}], ids=["both", "feed", "none"])
async def test_more_news_than_a_page_and_the_feed_hold_are_all_found(
    simulated: Any, serve: Any, run: Callable[..., Any], *, stores: Stores, quiet: set[str]
) -> None:
    blog = simulated(30)
    blog.quiet = quiet
    async with serve(blog.answer) as url:
        await run(f"{url}/")
        blog.numbers[:0] = range(60, 30, -1)
        await run(f"{url}/")
    assert set(blog.posts_asked.values()) == {1}
    assert await stored(stores) == numbers(1, 60)


async def test_a_post_that_only_the_page_lists_is_found_within_a_week(
    simulated: Any, serve: Any, run: Callable[..., Any], *, clock: Clock, stores: Stores
) -> None:
    blog = simulated(40)
    blog.quiet = {"/"}
    async with serve(blog.answer) as url:
        await run(f"{url}/")
        blog.requests()
        blog.bodies["/feed/"] = web.Response(text=blog.feed_text(), content_type="application/rss+xml")
        blog.numbers.insert(0, 41)  # the feed stands still from now on
        for _ in range(6):
            clock.ahead += DAY
            await run(f"{url}/")
            assert blog.requests() == {"/feed/": 1}
        clock.ahead += 2 * DAY
        await run(f"{url}/")
        assert blog.requests() == {"/": 1, "/feed/": 1, "/post/41/": 1}
        assert "41" in await stored(stores)
        # A feed that does not keep up is not relied on again.
        await run(f"{url}/")
        assert "/" in blog.requests()


@pytest.mark.parametrize(
    "feed",
    [
        "<item><link>/post/1/</link></item>",
        "<item><link>/post/40/</link></item><item><link>/post/2/</link></item>",
    ],
    ids=["of old posts", "that misses the second newest"],
)
async def test_a_feed_that_does_not_list_what_is_newest_is_not_relied_on(
    simulated: Any, serve: Any, run: Callable[..., Any], feed: str
) -> None:
    blog = simulated(40, etags=False)
    text = (
        f'<rss version="2.0"><channel><link>/</link>{feed}<item><link>/post/3/</link></item></channel></rss>'
    )
    blog.bodies["/feed/"] = web.Response(text=text, content_type="application/rss+xml")
    async with serve(blog.answer) as url:
        await run(f"{url}/")
        blog.requests()
        await run(f"{url}/")
    assert "/" in blog.requests()


async def test_a_category_that_has_read_the_feed_of_the_site_hides_nothing_from_the_site(
    simulated: Any, serve: Any, run: Callable[..., Any], stores: Stores
) -> None:
    blog = simulated(40)
    blog.quiet = {"/"}
    async with serve(blog.answer) as url:
        await run(f"{url}/")
        await run(f"{url}/category/house/")  # not there yet
        blog.numbers.insert(0, 41)
        blog.bodies["/category/house/"] = web.Response(
            text=blog.listing(3).replace("/page/4/", ""), content_type="text/html"
        )
        await run(f"{url}/category/house/")
        blog.requests()
        await run(f"{url}/")
    assert blog.requests() == {"/": 1, "/feed/": 1, "/post/41/": 1}
    assert "41" in await stored(stores)


@pytest.mark.parametrize("status", [404, 410], ids=str)
async def test_a_feed_that_is_not_there_is_left_alone_for_a_week(
    simulated: Any, serve: Any, run: Callable[..., Any], *, clock: Clock, status: int
) -> None:
    blog = simulated(40, etags=False)
    async with serve(blog.answer) as url:
        await run(f"{url}/")
        blog.requests()
        blog.status["/feed/"] = status
        clock.ahead += DAY
        assert len((await run(f"{url}/")).notes) == 1
        assert blog.requests() == {"/": 1, "/feed/": 1}
        clock.ahead += DAY
        assert (await run(f"{url}/")).notes == []
        assert blog.requests() == {"/": 1}
        blog.numbers.insert(0, 41)
        assert (await run(f"{url}/")).counts.new == 1
        assert blog.requests() == {"/": 1, "/post/41/": 1}
        clock.ahead += 7 * DAY
        blog.status.clear()
        await run(f"{url}/")
        assert blog.requests() == {"/": 1, "/feed/": 1}
        await run(f"{url}/")
        assert blog.requests() == {"/feed/": 1}


# Validators


async def test_a_server_that_stops_giving_validators_gets_no_old_ones(
    simulated: Any, serve: Any, run: Callable[..., Any]
) -> None:
    blog = simulated(12, feed=0)
    async with serve(blog.answer) as url:
        await run(f"{url}/")
        await run(f"{url}/")
        assert blog.conditions["/"] is not None
        blog.etags = False
        await run(f"{url}/")
        await run(f"{url}/")
    assert blog.conditions["/"] is None


async def test_a_304_may_bring_new_validators(simulated: Any, serve: Any, run: Callable[..., Any]) -> None:
    blog = simulated(12, feed=0)
    async with serve(blog.answer) as url:
        await run(f"{url}/")
        blog.bodies["/"] = web.Response(status=304, headers={"ETag": 'W/"é"'})
        await run(f"{url}/")
        await run(f"{url}/")
        assert blog.conditions["/"] == 'W/"é"'


async def test_a_304_of_another_page_than_the_one_that_was_read_hides_nothing(
    simulated: Any, serve: Any, run: Callable[..., Any], stores: Stores
) -> None:
    blog = simulated(12, feed=0)
    target = "/old/"

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path == "/start/":
            return web.Response(status=302, headers={"Location": target})
        if request.path in {"/old/", "/new/"}:
            if request.headers.get("If-None-Match"):
                return web.Response(status=304)
            return web.Response(text=blog.listing(1), headers={"ETag": '"1"'}, content_type="text/html")
        response: web.StreamResponse = await blog.answer(request)
        return response

    async with serve(answer) as url:
        await run(f"{url}/start/")
        blog.numbers.insert(0, 13)
        await run(f"{url}/start/")
        assert "13" not in await stored(stores)  # the server says so
        target = "/new/"
        await run(f"{url}/start/")
    assert "13" in await stored(stores)


# Gone


async def test_a_blog_that_is_gone_fails_once_and_is_asked_again_only_by_full(
    simulated: Any, serve: Any, run: Callable[..., Any], stores: Stores
) -> None:
    blog = simulated(12)
    async with serve(blog.answer) as url:
        await run(f"{url}/")
        blog.requests()
        blog.status["/"] = 410
        crawl = await run(f"{url}/")
        assert [failure.error.reason for failure in crawl.failures] == [Reason.GONE]
        state = await stores.blogs.get(f"{url}/")
        assert state is not None
        assert state.gone_since is not None
        blog.requests()
        crawl = await run(f"{url}/")
        assert blog.requests() == {}
        assert (crawl.counts.failed.total(), crawl.failures, crawl.counts.blogs_done) == (0, [], 1)
        assert len(crawl.notes) == 1
        assert "gone for good since 20" in crawl.notes[0]
        crawl = await run(f"{url}/", full=True)
        assert (blog.requests(), len(crawl.failures)) == ({"/": 1}, 1)
        blog.status.clear()
        blog.numbers.insert(0, 13)
        await run(f"{url}/", full=True)
        blog.numbers.insert(0, 14)
        await run(f"{url}/")
    assert await stored(stores) == numbers(1, 14)


async def test_an_address_that_was_gone_from_the_first_is_remembered(
    simulated: Any, serve: Any, run: Callable[..., Any]
) -> None:
    blog = simulated(12)
    blog.status["/"] = 410
    async with serve(blog.answer) as url:
        assert len((await run(f"{url}/")).failures) == 1
        blog.requests()
        assert (await run(f"{url}/")).failures == []
    assert blog.requests() == {}


@pytest.mark.parametrize("gone", ["/feed/", "/elsewhere/"], ids=["its feed", "a temporary address"])
async def test_what_is_gone_beside_the_blog_does_not_end_it(
    simulated: Any, serve: Any, run: Callable[..., Any], *, stores: Stores, gone: str
) -> None:
    blog = simulated(12)
    async with serve(blog.answer) as url:
        await run(f"{url}/")
        blog.status[gone] = 410
        listing = "<html><head><link rel='alternate' type='application/rss+xml' href='/feed/'></head></html>"
        blog.bodies["/"] = (
            web.Response(text=listing, content_type="text/html")
            if gone == "/feed/"
            else web.Response(status=302, headers={"Location": gone})
        )
        crawl = await run(f"{url}/")
        assert [failure.error.reason for failure in crawl.failures] == [Reason.GONE]
        state = await stores.blogs.get(f"{url}/")
    assert state is not None
    assert state.gone_since is None
