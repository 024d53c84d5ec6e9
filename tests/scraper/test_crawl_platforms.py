"""Blogs of known platforms, listed by what these offer: every post once, with few requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from scraper.blogs.ways import way
from tests.scraper.simulated.blogger import SimulatedBlogger
from tests.scraper.simulated.crawling import files_of, numbers, state_of, stored
from tests.scraper.simulated.wordpress import CLOSED, SimulatedWordPress

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.crawl import Crawl
    from scraper.crawl_job import Stores
    from tests.scraper.simulated.platform import SimulatedPlatform


@pytest.fixture
def read(serve: Any, crawl_of: Callable[..., Crawl]) -> Callable[..., Any]:
    """Let one crawl read a blog."""

    async def once(blog: SimulatedPlatform, **options: Any) -> tuple[Crawl, str]:
        async with serve(blog.answer) as url:
            crawl = crawl_of(**options)
            await crawl.run([f"{url}/"])
        return crawl, f"{url}/"

    return once


@pytest.mark.parametrize("plain", [False, True], ids=["pretty permalinks", "plain permalinks"])
async def test_240_posts_by_the_interface_of_wordpress_cost_few_requests_and_none_of_their_pages(
    read: Callable[..., Any], stores: Stores, plain: bool
) -> None:
    blog = SimulatedWordPress(240, plain=plain)
    crawl, url = await read(blog)
    assert not blog.posts_asked
    assert sum(blog.requests().values()) <= 8
    assert await stored(stores) == numbers(1, 240)
    counts = crawl.counts
    assert (counts.found, counts.read, counts.new, counts.matched) == (240, 240, 240, 120)
    assert (crawl.failures, crawl.notes) == ([], [])
    state = await state_of(stores, url)
    assert (state.complete, state.platform, state.way) == (True, "WordPress", way.WayName.WORDPRESS)
    assert (state.announced, state.resume) == (240, None)


async def test_a_post_by_the_interface_is_the_same_as_by_its_page(
    serve: Any, crawl_of: Callable[..., Crawl], stores: Stores
) -> None:
    blog = SimulatedWordPress(3)
    blog.posts[2].cut = True  # is read from its page
    async with serve(blog.answer) as url:
        await crawl_of().run([f"{url}/"])
    posts = {post.url: post async for post in stores.posts.stored()}
    for post in blog.posts.values():
        one = posts[blog.url(post, url)]
        assert one.published is not None
        assert (one.artist, one.track) == ("Nemo Vale", f"Track {post.number}")
        assert (one.published.timestamp, one.genres) == (post.published, (post.genre.lower(),))
        assert [link.url for link in one.links] == [f"{url}{post.file}"]
        assert (one.listed_id, one.modified) == (str(post.number), post.modified)
    assert list(blog.posts_asked.values()) == [1]


@pytest.mark.parametrize("how", CLOSED)
async def test_p10_where_the_interface_is_closed_the_feed_with_its_pages_gives_the_same_posts(
    read: Callable[..., Any], stores: Stores, how: str
) -> None:
    blog = SimulatedWordPress(45)
    blog.close_rest(how)
    crawl, url = await read(blog)
    assert await stored(stores) == numbers(1, 45)
    assert blog.requests() == {"page": 1, "rest": 1, "feed": 6}
    assert (await state_of(stores, url)).way == way.WayName.FEED
    assert [note for note in crawl.notes if way.WayName.WORDPRESS in note]
    assert crawl.failures == []


async def test_p10_where_the_interface_is_disallowed_by_robots_txt_the_feed_takes_over(
    read: Callable[..., Any], stores: Stores
) -> None:
    blog = SimulatedWordPress(25)
    blog.bodies["robots"] = lambda: _text("User-agent: *\nDisallow: /wp-json/\n")
    crawl, _ = await read(blog)
    assert await stored(stores) == numbers(1, 25)
    assert not blog.addresses("rest")
    assert "robots.txt" in crawl.notes[0].lower()


async def test_p10_a_feed_of_summaries_leads_to_the_pages_of_all_posts(
    read: Callable[..., Any], stores: Stores
) -> None:
    blog = SimulatedWordPress(25)
    blog.close_rest("401")
    blog.summary = True
    await read(blog)
    assert len(blog.posts_asked) == 25
    assert set(blog.posts_asked.values()) == {1}
    assert await stored(stores) == numbers(1, 25)
    assert await files_of(stores, 7) == ["7-1.mp3"]


@pytest.mark.parametrize(
    ("how", "sitemap"), [("401", True), ("no JSON", True), ("403", False), ("404", False)]
)
async def test_p10_where_feeds_are_closed_too_sitemap_or_pages_give_the_same_posts(
    read: Callable[..., Any], stores: Stores, *, how: str, sitemap: bool
) -> None:
    blog = SimulatedWordPress(45)
    blog.close_rest(how)
    blog.close_feeds()
    if not sitemap:
        blog.status["sitemap"] = 404
    crawl, url = await read(blog)
    assert await stored(stores) == numbers(1, 45)
    assert set(blog.posts_asked.values()) == {1}
    state = await state_of(stores, url)
    assert (state.way, state.complete) == (way.WayName.SITEMAP if sitemap else way.WayName.PAGES, True)
    closed = [way.WayName.WORDPRESS, way.WayName.FEED] + ([] if sitemap else [way.WayName.SITEMAP])
    said = " ".join(crawl.notes).lower()
    assert all(f"{name}: ".lower() in said for name in closed)


async def test_an_interface_that_always_fails_does_not_keep_the_posts_of_the_feed_away(
    read: Callable[..., Any], stores: Stores
) -> None:
    blog = SimulatedWordPress(25)
    blog.status["rest"] = 500  # as where the memory of PHP does not suffice for a hundred posts
    await read(blog)
    assert await stored(stores) == numbers(1, 25)


async def test_p12_blogger_gives_fewer_posts_than_were_asked_for_and_none_is_missed(
    read: Callable[..., Any], stores: Stores
) -> None:
    blog = SimulatedBlogger(240, cap=100)
    _, url = await read(blog)
    assert await stored(stores) == numbers(1, 240)
    starts = [path.partition("start-index=")[2].partition("&")[0] for path in blog.addresses("feed")]
    assert starts == ["1", "101", "201"]
    assert all("max-results=500" in path for path in blog.addresses("feed"))
    assert blog.requests() == {"page": 1, "feed": 3}
    assert (await state_of(stores, url)).way == way.WayName.BLOGGER


async def test_the_posts_of_a_blogger_blog_whose_feed_ends_at_the_jump_break_are_read_from_their_pages(
    read: Callable[..., Any], stores: Stores
) -> None:
    blog = SimulatedBlogger(30)
    blog.whole = False
    await read(blog)
    assert await stored(stores) == numbers(1, 30)
    assert set(blog.posts_asked.values()) == {1}
    assert await files_of(stores, 30) == ["30-1.mp3"]


async def test_only_the_page_of_a_post_that_the_listing_cuts_is_fetched(
    read: Callable[..., Any], stores: Stores
) -> None:
    blog = SimulatedWordPress(120)
    blog.posts[77].cut = True
    await read(blog)
    assert blog.addresses("post") == [f"/{blog.posts[77].path}/"]
    assert await stored(stores) == numbers(1, 120)
    assert await files_of(stores, 77) == ["77-1.mp3"]


def _text(text: str) -> Any:
    from aiohttp import web

    return web.Response(text=text)
