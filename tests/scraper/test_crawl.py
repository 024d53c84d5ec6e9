"""The main job end to end: every post once, nothing lost, nothing asked for in vain."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web
from sqlalchemy import func, select

from scraper.http.addresses.identity import post_key
from scraper.posts.understand import understand
from storage.reasons import Reason
from storage.schema import metadata

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.crawl import Crawl
    from scraper.crawl_job import Stores
    from scraper.demo.server import DemoServer
    from storage.database import Database
    from storage.records import ReadPost


async def stored(stores: Stores) -> set[str]:
    return {post.url.partition("/post/")[2].strip("/") async for post in stores.posts.stored()}


def numbers(first: int, last: int) -> set[str]:
    return {str(number) for number in range(first, last + 1)}


async def is_complete(stores: Stores, url: str) -> bool:
    state = await stores.blogs.get(url)
    return state is not None and state.complete


# The fixture blog


async def test_a_crawl_of_the_fixture_blog_reads_each_of_its_posts_once(
    blog: DemoServer, expected: dict[str, Any], crawl_of: Callable[..., Crawl], stores: Stores
) -> None:
    crawl = crawl_of(genres=("house", "techno"))
    counts = await crawl.run([blog.url])
    origin = blog.url.rstrip("/")
    assert {post.key async for post in stores.posts.stored()} == {
        post_key(origin + post["path"]) for post in expected["posts"]
    }
    asked = [line.split()[1] for line in blog.requests]
    assert sorted(asked) == sorted(set(asked))
    matching = {post_key(origin + path) for path in expected["matching"]}
    assert {matched.post.key async for matched in stores.posts.matched()} == matching
    assert (counts.found, counts.read, counts.new) == (52, 52, 52)
    assert counts.matched == len(matching)
    assert counts.failed.total() == 0
    assert counts.blogs_done == 1


# What fails


@pytest.mark.parametrize("status", [404, 410, 403, 503, 500])
async def test_a_post_that_fails_keeps_no_blog_incomplete_and_is_asked_for_again(
    simulated: Any, serve: Any, crawl_of: Callable[..., Crawl], stores: Stores, *, status: int
) -> None:
    blog = simulated(12)
    blog.status["/post/9/"] = status
    async with serve(blog.answer) as url:
        crawl = crawl_of()
        counts = await crawl.run([f"{url}/"])
        assert await is_complete(stores, f"{url}/")
        assert counts.failed.total() == 1
        assert crawl.failures == []
        blog.status.clear()
        blog.asked.clear()
        await crawl_of().run([f"{url}/"])
    assert "/page/2/" not in blog.asked
    assert await stored(stores) == numbers(1, 12)


async def test_a_transient_failure_behind_news_is_found_by_the_next_run(
    simulated: Any, serve: Any, crawl_of: Callable[..., Crawl], stores: Stores
) -> None:
    blog = simulated(30)
    async with serve(blog.answer) as url:
        await crawl_of().run([f"{url}/"])
        blog.numbers[:0] = range(50, 30, -1)
        blog.status["/post/32/"] = 503
        await crawl_of().run([f"{url}/"])
        blog.status.clear()
        blog.asked.clear()
        await crawl_of().run([f"{url}/"])
    assert blog.posts_asked == {"/post/32/": 1}
    assert await stored(stores) == numbers(1, 50)


@pytest.mark.parametrize("path", ["/page/3/", "/"], ids=["an older page", "the first page"])
async def test_a_listing_page_that_fails_is_a_failure_of_the_blog_and_keeps_what_was_read(
    simulated: Any, serve: Any, crawl_of: Callable[..., Crawl], stores: Stores, path: str
) -> None:
    blog = simulated(30, feed=0)
    blog.status[path] = 503
    async with serve(blog.answer) as url:
        crawl = crawl_of()
        counts = await crawl.run([f"{url}/"])
        assert [failure.blog for failure in crawl.failures] == [f"{url}/"]
        assert counts.failed == {Reason.SERVER_ERROR: 1}
        assert len(await stored(stores)) == (10 if path != "/" else 0)
        state = await stores.blogs.get(f"{url}/")
        assert state is not None, "a blog that was never read is kept too, so that status can tell of it"
        assert state.reason is Reason.SERVER_ERROR
        blog.status.clear()
        await crawl_of().run([f"{url}/"])
        assert set(blog.posts_asked.values()) == {1}
    assert await stored(stores) == numbers(1, 30)


async def test_a_complete_blog_that_cannot_be_reached_once_stays_complete(
    simulated: Any, serve: Any, crawl_of: Callable[..., Crawl], stores: Stores
) -> None:
    blog = simulated(30)
    async with serve(blog.answer) as url:
        await crawl_of().run([f"{url}/"])
        blog.status["/"] = 503
        await crawl_of().run([f"{url}/"])
        assert await is_complete(stores, f"{url}/")
        blog.status.clear()
        blog.asked.clear()
        await crawl_of().run([f"{url}/"])
    assert blog.asked == {"/": 1}


async def test_what_robots_forbid_is_given_up_be_it_older_pages_or_a_post(
    simulated: Any, serve: Any, crawl_of: Callable[..., Crawl], stores: Stores
) -> None:
    blog = simulated(30)
    blog.bodies["/robots.txt"] = web.Response(text="User-agent: *\nDisallow: /page/\nDisallow: /post/25/\n")
    async with serve(blog.answer) as url:
        crawl = crawl_of()
        counts = await crawl.run([f"{url}/"])
        assert await stored(stores) == numbers(21, 30) - {"25"}
        assert await is_complete(stores, f"{url}/")
        blog.asked.clear()
        await crawl_of().run([f"{url}/"])
        assert blog.asked == {"/": 1}
    assert counts.failed == {Reason.ROBOTS: 1}
    assert any("robots.txt" in note for note in crawl.notes)
    assert not any(path.startswith("/page/") for path in blog.asked)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (web.Response(body=b"ID3", content_type="audio/mpeg"), Reason.NOT_HTML),
        (web.Response(status=301, headers={"Location": "/"}), Reason.BAD_REDIRECT),
        (web.Response(status=301, headers={"Location": "/category/house/"}), Reason.BAD_REDIRECT),
        (web.Response(status=302, headers={"Location": "http://localhost:{port}/x/"}), Reason.BAD_REDIRECT),
        (web.Response(body=b"", content_type="text/html"), Reason.UNREADABLE_POST),
    ],
    ids=["audio", "to the listing", "to a category", "to another site", "an empty page"],
)
async def test_what_turns_out_to_be_no_post_is_counted_and_not_stored(
    simulated: Any,
    serve: Any,
    crawl_of: Callable[..., Crawl],
    stores: Stores,
    *,
    answer: web.Response,
    reason: Reason,
) -> None:
    blog = simulated(6)
    async with serve(blog.answer) as url:
        headers = {
            name: value.replace("{port}", url.split(":")[-1]) for name, value in answer.headers.items()
        }
        blog.bodies["/post/4/"] = web.Response(status=answer.status, body=answer.body, headers=headers)
        blog.bodies["/category/house/"] = blog.bodies["/x/"] = web.Response(
            body=b"<html><body><article><h1>House</h1></article></body></html>", content_type="text/html"
        )
        counts = await crawl_of().run([f"{url}/"])
        assert await is_complete(stores, f"{url}/")
    assert counts.failed == {reason: 1}
    assert await stored(stores) == numbers(1, 6) - {"4"}


@pytest.mark.parametrize("kind", ["application/octet-stream", "text/plain"])
async def test_a_page_whose_server_does_not_know_its_type_is_read(
    simulated: Any, serve: Any, crawl_of: Callable[..., Crawl], stores: Stores, kind: str
) -> None:
    blog = simulated(6)
    blog.bodies["/post/4/"] = web.Response(body=blog.post(4).encode(), content_type=kind)
    async with serve(blog.answer) as url:
        await crawl_of().run([f"{url}/"])
    assert await stored(stores) == numbers(1, 6)


async def test_a_page_that_breaks_the_reader_does_not_end_the_run(
    simulated: Any,
    serve: Any,
    crawl_of: Callable[..., Crawl],
    stores: Stores,
    *,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def breaking(page: Any, *rest: Any) -> Any:
        if page.url.endswith("/post/4/"):
            raise RecursionError
        return await understand(page, *rest)

    monkeypatch.setattr("scraper.post_reading.understand", breaking)
    blog = simulated(6)
    async with serve(blog.answer) as url:
        counts = await crawl_of().run([f"{url}/"])
    assert await stored(stores) == numbers(1, 6) - {"4"}
    assert counts.failed == {Reason.UNREADABLE_POST: 1}
    assert "/post/4/" in caplog.text


# Bounds


async def test_max_posts_cuts_a_run_and_the_next_ones_go_on_where_it_stopped(
    simulated: Any, serve: Any, crawl_of: Callable[..., Crawl], stores: Stores
) -> None:
    blog = simulated(23)
    async with serve(blog.answer) as url:
        for done in (10, 20, 23):
            await crawl_of(max_posts=10).run([f"{url}/"])
            assert len(await stored(stores)) == done
        assert await is_complete(stores, f"{url}/")
    assert set(blog.posts_asked.values()) == {1}


async def test_max_posts_on_a_complete_blog_hides_none_of_its_news(
    simulated: Any, serve: Any, crawl_of: Callable[..., Crawl], stores: Stores
) -> None:
    blog = simulated(20)
    async with serve(blog.answer) as url:
        await crawl_of().run([f"{url}/"])
        blog.numbers[:0] = range(50, 20, -1)
        await crawl_of(max_posts=7).run([f"{url}/"])
        await crawl_of().run([f"{url}/"])
    assert await stored(stores) == numbers(1, 50)
    assert set(blog.posts_asked.values()) == {1}


async def test_since_ends_the_walk_and_a_run_without_it_goes_on(
    simulated: Any, serve: Any, crawl_of: Callable[..., Crawl], stores: Stores
) -> None:
    blog = simulated(27, feed=0)  # one post a day, the 27 days after 2025-01-01
    async with serve(blog.answer) as url:
        since = 1737676800.0  # 2025-01-24
        await crawl_of(since=since).run([f"{url}/"])
        assert await stored(stores) == numbers(13, 27)
        await crawl_of().run([f"{url}/"])
        assert await is_complete(stores, f"{url}/")
    assert await stored(stores) == numbers(1, 27)
    assert set(blog.posts_asked.values()) == {1}


async def test_full_reads_everything_again(
    simulated: Any, serve: Any, crawl_of: Callable[..., Crawl], stores: Stores
) -> None:
    blog = simulated(12)
    async with serve(blog.answer) as url:
        await crawl_of().run([f"{url}/"])
        counts = await crawl_of(full=True).run([f"{url}/"])
        assert await is_complete(stores, f"{url}/")
    assert set(blog.posts_asked.values()) == {2}
    assert (counts.read, counts.new) == (12, 0)


async def test_a_dry_run_reads_and_matches_and_writes_nothing_at_all(
    simulated: Any, serve: Any, crawl_of: Callable[..., Crawl], database: Database
) -> None:
    blog = simulated(12)
    found: list[ReadPost] = []

    async with serve(blog.answer) as url:
        with closing(sqlite3.connect(database.path)) as beside:
            version = beside.execute("PRAGMA data_version").fetchone()
            counts = await crawl_of(dry_run=True, matches=found.append).run([f"{url}/"])
            assert beside.execute("PRAGMA data_version").fetchone() == version
    assert (counts.new, counts.matched, counts.queued) == (12, 6, 6)
    assert len(found) == 6
    for rows in ("blogs", "posts", "downloads", "validators", "robots"):
        count = select(func.count()).select_from(metadata.tables[rows])
        assert await database.rows(count) == [(0,)]
