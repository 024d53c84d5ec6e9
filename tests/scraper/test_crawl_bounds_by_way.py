"""How far a run by a platform's interface goes: --max-posts, --since, --full, --dry-run; and locked posts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.scraper.simulated.blogger import SimulatedBlogger
from tests.scraper.simulated.crawling import files_of, interrupted, numbers, serving, state_of, stored
from tests.scraper.simulated.platform import EVERY, START
from tests.scraper.simulated.wordpress import SimulatedWordPress

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.crawl import Crawl
    from scraper.crawl_job import Stores
    from tests.scraper.simulated.platform import SimulatedPlatform


@pytest.fixture
def served(serve: Any, crawl_of: Callable[..., Crawl]) -> Callable[..., Any]:
    """Serve a blog, and give what reads it, and its address."""
    return serving(serve, crawl_of)


def wordpress(posts: int = 60) -> SimulatedWordPress:
    blog = SimulatedWordPress(posts)
    blog.at_once = 10
    return blog


def blogger() -> SimulatedBlogger:
    return SimulatedBlogger(60, cap=10)


def by_feed() -> SimulatedWordPress:
    blog = SimulatedWordPress(60)
    blog.close_rest("401")
    return blog


BLOGS: dict[str, Callable[[], SimulatedPlatform]] = {"REST": wordpress, "Blogger": blogger, "feed": by_feed}


# --max-posts


@pytest.mark.parametrize("platform", BLOGS)
async def test_max_posts_reads_the_newest_and_later_runs_the_rest(
    served: Callable[..., Any], stores: Stores, platform: str
) -> None:
    blog = BLOGS[platform]()
    async with served(blog) as (read, url):
        await read(max_posts=7)
        assert await stored(stores) == numbers(54, 60)
        assert not (await state_of(stores, url)).complete
        await read(max_posts=13)
        assert await stored(stores) == numbers(41, 60)
        await read(max_posts=25)
        assert await stored(stores) == numbers(16, 60)
        await read()
        assert (await state_of(stores, url)).complete
    assert await stored(stores) == numbers(1, 60)


async def test_max_posts_asks_for_no_more_answers_than_hold_them(
    served: Callable[..., Any], stores: Stores
) -> None:
    blog = wordpress()
    async with served(blog) as (read, _):
        await read(max_posts=15)
    assert blog.requests() == {"page": 1, "rest": 2}


async def test_as_many_posts_as_there_are_is_the_whole_blog(
    served: Callable[..., Any], stores: Stores
) -> None:
    async with served(wordpress(40)) as (read, url):
        await read(max_posts=40)
        assert (await state_of(stores, url)).complete


async def test_a_run_for_changes_that_max_posts_ends_loses_none_of_them(
    served: Callable[..., Any], stores: Stores
) -> None:
    blog = wordpress()
    async with served(blog) as (read, _):
        await read()
        for number in numbers(1, 30):
            blog.edit(number)
        for number in numbers(61, 75):
            blog.publish(number)
        for _ in range(5):
            await read(max_posts=10)
        await read()
    assert await stored(stores) == numbers(1, 75)
    assert [await files_of(stores, number) for number in (1, 30)] == [["1-2.mp3"], ["30-2.mp3"]]


# --since


@pytest.mark.parametrize("platform", BLOGS)
async def test_since_reads_what_is_newer_and_asks_for_little_more(
    served: Callable[..., Any], stores: Stores, platform: str
) -> None:
    blog = BLOGS[platform]()
    async with served(blog) as (read, url):
        await read(since=START + 41 * EVERY)
        found = await stored(stores)
        # A day is allowed for zones that nobody named: four posts.
        assert numbers(41, 60) == [number for number in found if number >= 41]
        assert min(found) >= 41 - 5
        assert not (await state_of(stores, url)).complete
        assert sum(blog.requests().values()) <= 8
        await read()
        assert (await state_of(stores, url)).complete
    assert await stored(stores) == numbers(1, 60)


async def test_p16_a_sticky_post_older_than_the_window_does_not_end_the_paging(
    served: Callable[..., Any], stores: Stores
) -> None:
    blog = SimulatedWordPress(60)
    blog.close_rest("401")
    blog.close_feeds()
    blog.status["sitemap"] = 404
    blog.sticky = {1, 2}
    async with served(blog) as (read, _):
        await read(since=START + 31 * EVERY)
        assert set(await stored(stores)) - {1, 2} >= set(numbers(31, 60))
        assert blog.addresses("page")[-1] in {"/page/5/", "/page/6/"}


# --full


@pytest.mark.parametrize("platform", BLOGS)
async def test_full_reads_everything_again(served: Callable[..., Any], stores: Stores, platform: str) -> None:
    blog = BLOGS[platform]()
    async with served(blog) as (read, url):
        await read()
        blog.posts[7].edition = 2  # nothing says that it changed
        counts = (await read(full=True)).counts
        assert (counts.read, counts.new, counts.found) == (60, 0, 60)
        assert (await state_of(stores, url)).complete
    assert await stored(stores) == numbers(1, 60)
    assert await files_of(stores, 7) == ["7-2.mp3"]


async def test_a_full_run_that_is_interrupted_leaves_a_blog_that_is_read_to_its_end_by_the_next(
    served: Callable[..., Any], stores: Stores
) -> None:
    blog = wordpress()
    async with served(blog) as (read, url):
        await read(max_posts=20)
        await interrupted(blog, lambda: read(full=True), after=3)
        await read()
        assert (await state_of(stores, url)).complete
    assert await stored(stores) == numbers(1, 60)


# --dry-run


@pytest.mark.parametrize("before", ["never read", "complete", "interrupted"])
async def test_a_dry_run_stores_nothing(served: Callable[..., Any], stores: Stores, before: str) -> None:
    blog = wordpress()
    async with served(blog) as (read, url):
        if before == "complete":
            await read()
            blog.publish(61)
        elif before == "interrupted":
            await interrupted(blog, read, after=4)
        kept = (await stored(stores), await stores.blogs.get(url))
        crawl = await read(dry_run=True)
        assert crawl.counts.new == (1 if before == "complete" else 60 - len(kept[0]))
        assert (await stored(stores), await stores.blogs.get(url)) == kept


# Posts behind a password


@pytest.mark.parametrize("how", ["REST", "feed", "sitemap", "pages"])
async def test_posts_behind_a_password_are_neither_kept_nor_failures_nor_asked_for_every_night(
    served: Callable[..., Any], stores: Stores, how: str
) -> None:
    blog = SimulatedWordPress(30)
    for number in (3, 14, 29):
        blog.posts[number].locked = True
    if how != "REST":
        blog.close_rest("401")
    if how in {"sitemap", "pages"}:
        blog.close_feeds()
    if how == "pages":
        blog.status["sitemap"] = 404
    locked = {f"/{blog.posts[number].path}/" for number in (3, 14, 29)}
    async with served(blog) as (read, url):
        crawl = await read()
        assert (crawl.counts.failed.total(), crawl.failures, crawl.counts.new) == (0, [], 27)
        assert (await state_of(stores, url)).complete
        for _ in range(3):
            await read()
        assert all(blog.posts_asked[path] <= 3 for path in locked)
        assert how not in {"REST", "feed"} or not locked & set(blog.posts_asked)
        blog.requests()
        await read()
        assert not locked & set(blog.posts_asked)
    assert await stored(stores) == [number for number in numbers(1, 30) if number not in {3, 14, 29}]


async def test_a_post_whose_password_is_taken_away_is_found(
    served: Callable[..., Any], stores: Stores
) -> None:
    blog = SimulatedWordPress(30)
    blog.posts[3].locked = True
    async with served(blog) as (read, _):
        await read()
        blog.posts[3].locked = False
        blog.posts[3].modified = blog.tick()
        await read()
    assert await stored(stores) == numbers(1, 30)


async def test_a_post_that_gets_a_password_later_stays_as_it_was_read(
    served: Callable[..., Any], stores: Stores
) -> None:
    blog = SimulatedWordPress(30)
    async with served(blog) as (read, _):
        await read()
        blog.posts[3].locked = True
        blog.posts[3].modified = blog.tick()
        counts = (await read()).counts
        assert counts.failed.total() == 0
    assert await files_of(stores, 3) == ["3-1.mp3"]
