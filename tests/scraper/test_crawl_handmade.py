"""Whole runs over blogs with themes made by hand: the posts' own genres and links, and nothing else."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from scraper.http.client import Client, Limits
from scraper.posts.page.repeats import ENOUGH
from tests.scraper.simulated import handmade
from tests.scraper.simulated.handmade import THEMES, HandmadeBlog

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.crawl import Crawl
    from scraper.crawl_job import Stores
    from storage.records import Post


async def posts_of(stores: Stores) -> dict[int, Post]:
    return {int(post.url.strip("/").split("/")[-1]): post async for post in stores.posts.stored()}


def files_of(post: Post) -> list[str]:
    return [urlsplit(link.url).path for link in post.links if link.kind.queued]


def assert_own(posts: dict[int, Post]) -> None:
    """Assert that each post has its own genre and its own file."""
    assert {number: (post.title, post.genres, files_of(post)) for number, post in posts.items()} == {
        number: (handmade.title(number), (handmade.genre(number).lower(),), [f"/files/{number}.mp3"])
        for number in posts
    }


@pytest.mark.parametrize("theme", THEMES)
async def test_of_a_page_without_marks_only_the_post_counts_g25_g29_g37_l39(
    serve: Any, crawl_of: Callable[..., Crawl], stores: Stores, theme: str
) -> None:
    blog = HandmadeBlog(theme, 12)
    async with serve(blog.answer) as url:
        counts = await crawl_of(genres=("any",)).run([f"{url}/"])
        posts = await posts_of(stores)
        assert sorted(posts) == list(range(1, 13))
        assert_own(posts)
        assert (counts.read, counts.new, counts.matched) == (12, 12, 12)
        assert sorted(blog.asked) == list(range(1, 13))
        # One new post a night is told from its page at once, by what the first run has learned.
        for number in (13, 14):
            blog.numbers.insert(0, number)
            blog.asked.clear()
            await crawl_of(genres=("any",)).run([f"{url}/"])
            assert blog.asked == [number]
            assert_own(await posts_of(stores))


@pytest.fixture
def one_at_a_time(quick: Any) -> Client:
    """A client that lets each blog have one reader."""
    return Client(
        allow_private=True, limits=Limits(read_timeout=60, per_host=1), sleep=quick.sleep, clock=quick.clock
    )


async def test_with_one_reader_that_holds_a_page_the_run_goes_on(
    serve: Any, crawl_of: Callable[..., Crawl], stores: Stores, one_at_a_time: Client
) -> None:
    blog = HandmadeBlog("tables", 6)
    async with serve(blog.answer) as url, one_at_a_time as reads, asyncio.timeout(120):
        await crawl_of(genres=("any",), reads=reads).run([f"{url}/"])
    assert blog.asked == [6, 5, 4, 3, 2, 1]
    assert_own(await posts_of(stores))


async def test_a_window_of_dates_does_not_wait_for_a_page_that_is_held(
    serve: Any, crawl_of: Callable[..., Crawl], stores: Stores, one_at_a_time: Client
) -> None:
    blog = HandmadeBlog("tables", 6, per_page=1)
    async with serve(blog.answer) as url, one_at_a_time as reads, asyncio.timeout(120):
        await crawl_of(genres=("any",), reads=reads, since=1.0).run([f"{url}/"])
    assert sorted(await posts_of(stores)) == [1, 2, 3, 4, 5, 6]


async def test_nights_of_one_post_each_learn_together_what_is_furniture(
    serve: Any, crawl_of: Callable[..., Crawl], stores: Stores
) -> None:
    blog = HandmadeBlog("div soup", 5)
    async with serve(blog.answer) as url:
        for night in range(1, 6):
            counts = await crawl_of(genres=("any",), max_posts=1).run([f"{url}/"])
            posts = await posts_of(stores)
            assert (len(posts), counts.read, counts.new) == (night, 1, 1)
    # The first two came before anything was known of others; nothing of them is lost.
    assert sorted(posts) == [1, 2, 3, 4, 5]
    assert all(f"/files/{number}.mp3" in files_of(post) for number, post in posts.items())
    assert_own({number: post for number, post in posts.items() if number <= len(posts) - ENOUGH + 1})


@pytest.mark.parametrize("status", [404, 500])
async def test_pages_that_are_held_when_no_other_comes_are_stored_at_the_end(
    serve: Any, crawl_of: Callable[..., Crawl], stores: Stores, status: int
) -> None:
    blog = HandmadeBlog("utility classes", 5)
    blog.status = dict.fromkeys((1, 2, 3), status)
    async with serve(blog.answer) as url:
        await crawl_of(genres=("any",)).run([f"{url}/"])
        assert sorted(await posts_of(stores)) == [4, 5]
        blog.status.clear()
        await crawl_of(genres=("any",), full=True).run([f"{url}/"])
    assert_own(await posts_of(stores))


async def test_a_run_that_is_cancelled_has_stored_no_page_that_was_held_and_the_next_reads_it(
    serve: Any, crawl_of: Callable[..., Crawl], stores: Stores, one_at_a_time: Client
) -> None:
    blog = HandmadeBlog("translated classes", 8)

    async def cancel(number: int) -> None:
        if number == 6:
            run.cancel()
            await asyncio.Event().wait()

    blog.before = cancel
    async with serve(blog.answer) as url, one_at_a_time as reads:
        run = asyncio.ensure_future(crawl_of(genres=("any",), reads=reads).run([f"{url}/"]))
        await asyncio.wait({run})
        assert run.cancelled()
        assert await posts_of(stores) == {}
        blog.before = None
        await crawl_of(genres=("any",), reads=reads).run([f"{url}/"])
    assert sorted(await posts_of(stores)) == list(range(1, 9))
    assert_own(await posts_of(stores))


async def test_a_post_that_is_edited_again_and_again_does_not_become_furniture(
    serve: Any, crawl_of: Callable[..., Crawl], stores: Stores
) -> None:
    blog = HandmadeBlog("div soup", 2)
    async with serve(blog.answer) as url:
        for _ in range(4):
            await crawl_of(genres=("any",), full=True).run([f"{url}/"])
    posts = await posts_of(stores)
    assert {number: post.title for number, post in posts.items()} == {
        1: handmade.title(1),
        2: handmade.title(2),
    }
    assert all(f"/files/{number}.mp3" in files_of(post) for number, post in posts.items())


async def test_a_dry_run_reads_the_same_and_leaves_nothing(
    serve: Any, crawl_of: Callable[..., Crawl], stores: Stores
) -> None:
    blog = HandmadeBlog("flat", 6)
    found: list[Post] = []
    async with serve(blog.answer) as url:
        crawl = crawl_of(genres=("any",), dry_run=True, matches=lambda read: found.append(read.post))
        await crawl.run([f"{url}/"])
        assert_own({int(post.url.strip("/").split("/")[-1]): post for post in found})
        assert len(found) == 6
        assert await stores.blogs.get(f"{url}/") is None
