"""Where a listing by a platform's interface ends: while it changes, lies, or never does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from scraper.blogs import way_walk
from scraper.blogs.ways.way import WayName
from tests.scraper.simulated.blogger import SimulatedBlogger
from tests.scraper.simulated.crawling import numbers, state_of, stored
from tests.scraper.simulated.wordpress import SimulatedWordPress

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

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


def at(answer: int, kind: str, act: Callable[[], object]) -> Callable[[str], Awaitable[None]]:
    """Make what a blog does `before` an answer: `act` at one of a kind, counted from 1."""
    met = 0

    async def before(asked: str) -> None:
        nonlocal met
        met += asked == kind
        if asked == kind and met == answer:
            act()

    return before


def wordpress(posts: int = 120) -> SimulatedWordPress:
    blog = SimulatedWordPress(posts)
    blog.at_once = 20
    return blog


async def test_p11_status_400_behind_the_last_page_is_a_normal_end(
    read: Callable[..., Any], stores: Stores
) -> None:
    blog = wordpress()
    blog.totals = False
    crawl, url = await read(blog)
    assert blog.requests() == {"page": 1, "rest": 7}
    assert (crawl.failures, crawl.notes) == ([], [])
    assert (await state_of(stores, url)).complete
    assert await stored(stores) == numbers(1, 120)


async def test_p11_totals_that_shrink_while_paging_are_a_normal_end(
    read: Callable[..., Any], stores: Stores
) -> None:
    blog = wordpress()

    def delete() -> None:
        for number in numbers(1, 30):
            del blog.posts[number]

    blog.before = at(3, "rest", delete)
    crawl, url = await read(blog)
    assert (crawl.failures, crawl.notes) == ([], [])
    assert (await state_of(stores, url)).complete
    assert await stored(stores) == numbers(31, 120)


async def test_p11_totals_that_shrink_with_every_answer_hide_no_post(
    read: Callable[..., Any], stores: Stores
) -> None:
    blog = wordpress()
    blog.announced = 200

    async def shrink(kind: str) -> None:
        assert blog.announced is not None
        blog.announced -= kind == "rest"

    blog.before = shrink
    await read(blog)
    assert await stored(stores) == numbers(1, 120)
    assert len(blog.addresses("rest")) <= 20


@pytest.mark.parametrize("platform", [wordpress, lambda: SimulatedBlogger(120, cap=20)])
async def test_p4_a_post_that_moves_to_the_next_answer_while_paging_is_read_once_and_none_is_missed(
    read: Callable[..., Any], stores: Stores, platform: Callable[[], SimulatedPlatform]
) -> None:
    blog = platform()
    kind = "rest" if isinstance(blog, SimulatedWordPress) else "feed"
    blog.before = at(3, kind, lambda: [blog.publish(number) for number in numbers(121, 123)])
    crawl, url = await read(blog)
    assert await stored(stores) == numbers(1, 120)
    assert (crawl.counts.read, crawl.counts.found) == (120, 120)
    assert (await state_of(stores, url)).complete


@pytest.mark.parametrize("platform", [wordpress, lambda: SimulatedBlogger(120, cap=20)])
async def test_p4_what_is_published_while_paging_is_found_by_the_next_run(
    serve: Any, crawl_of: Callable[..., Crawl], stores: Stores, platform: Callable[[], SimulatedPlatform]
) -> None:
    blog = platform()
    kind = "rest" if isinstance(blog, SimulatedWordPress) else "feed"
    blog.before = at(3, kind, lambda: blog.publish(121))
    async with serve(blog.answer) as url:
        await crawl_of().run([f"{url}/"])
        await crawl_of().run([f"{url}/"])
    assert await stored(stores) == numbers(1, 121)


@pytest.mark.parametrize("platform", [wordpress, lambda: SimulatedBlogger(120, cap=20)])
async def test_a_post_that_is_deleted_while_paging_hides_no_other(
    serve: Any, crawl_of: Callable[..., Crawl], stores: Stores, platform: Callable[[], SimulatedPlatform]
) -> None:
    blog = platform()
    kind = "rest" if isinstance(blog, SimulatedWordPress) else "feed"
    blog.before = at(3, kind, lambda: blog.posts.pop(115))
    async with serve(blog.answer) as url:
        await crawl_of().run([f"{url}/"])
        await crawl_of().run([f"{url}/"])
    assert await stored(stores) == numbers(1, 120)


async def test_a_blog_that_announces_more_than_it_lists_is_read_by_the_next_way_as_well(
    read: Callable[..., Any], stores: Stores
) -> None:
    blog = wordpress(45)
    hidden = [blog.posts.pop(number) for number in (3, 17, 44)]
    blog.announced = 45

    def show() -> None:
        blog.posts |= {post.number: post for post in hidden}

    blog.before = at(1, "feed", show)
    blog.summary = True  # so that each post which is read from the feed costs its page
    crawl, url = await read(blog)
    assert await stored(stores) == numbers(1, 45)
    assert sorted(blog.posts_asked) == sorted(f"/{post.path}/" for post in hidden)
    assert [note for note in crawl.notes if "announced 45" in note and "listed 42" in note]
    state = await state_of(stores, url)
    assert (state.complete, state.way) == (True, WayName.WORDPRESS)


async def test_what_is_missing_is_found_though_the_next_way_begins_with_much_that_is_known(
    read: Callable[..., Any], stores: Stores
) -> None:
    blog = wordpress(60)
    hidden = blog.posts.pop(1)
    blog.announced = 60
    blog.before = at(1, "feed", lambda: blog.posts.update({1: hidden}))
    await read(blog)
    assert await stored(stores) == numbers(1, 60)


async def test_a_server_that_gives_the_same_posts_for_every_number_has_the_next_way_take_over(
    read: Callable[..., Any], stores: Stores
) -> None:
    blog = wordpress(60)
    blog.numbered = False
    crawl, _ = await read(blog)
    assert await stored(stores) == numbers(1, 60)
    assert [note for note in crawl.notes if "announced 60" in note and "listed 20" in note]


async def test_a_server_that_gives_the_same_posts_for_ever_and_announces_nothing_is_left_after_a_few(
    read: Callable[..., Any], stores: Stores
) -> None:
    blog = wordpress(60)
    blog.numbered = blog.totals = False
    await read(blog)
    assert len(blog.addresses("rest")) <= 4


async def test_a_blog_that_announces_posts_which_nobody_lists_is_complete_all_the_same(
    read: Callable[..., Any], stores: Stores
) -> None:
    blog = wordpress(40)
    blog.announced = 43
    crawl, url = await read(blog)
    assert crawl.failures == []
    assert (await state_of(stores, url)).complete
    assert await stored(stores) == numbers(1, 40)
    assert not blog.posts_asked


async def test_a_blog_whose_home_shows_no_post_does_not_fail_where_its_interface_lists_them(
    read: Callable[..., Any], stores: Stores
) -> None:
    blog = wordpress(40)
    blog.home = False
    crawl, _ = await read(blog)
    assert (crawl.failures, crawl.notes) == ([], [])
    assert await stored(stores) == numbers(1, 40)


async def test_a_blog_whose_home_shows_no_post_and_that_announces_too_many_does_not_fail_either(
    read: Callable[..., Any], stores: Stores
) -> None:
    blog = wordpress(40)
    blog.home = False
    blog.announced = 43
    blog.close_feeds()
    blog.status["sitemap"] = 404
    crawl, url = await read(blog)
    assert await stored(stores) == numbers(1, 40)
    assert crawl.failures == []
    assert (await state_of(stores, url)).complete


async def test_a_listing_that_invents_posts_for_ever_is_bounded(
    read: Callable[..., Any], stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(way_walk, "MAX_ANSWERS", 5)
    blog = wordpress(20)
    blog.totals = False
    blog.status["feed"] = blog.status["sitemap"] = 404

    async def invent(kind: str) -> None:
        if kind == "rest":
            newest = max(blog.posts)
            for number in range(newest + 1, newest + 21):
                blog.publish(number, at=blog.posts[1].published - number)

    blog.before = invent
    crawl, _ = await read(blog)
    assert len(blog.addresses("rest")) == 5
    assert [note for note in crawl.notes if "stopped after 5 answers" in note]
    assert len(await stored(stores)) == 120  # those of five answers, and those of the home page


async def test_addresses_that_lead_on_for_ever_without_a_post_are_bounded(
    read: Callable[..., Any], stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(way_walk, "MAX_ANSWERS", 30)
    blog = SimulatedWordPress(25)
    blog.close_rest("401")
    blog.close_feeds()
    asked = 0

    def nested() -> web.Response:
        nonlocal asked
        asked += 2
        parts = "".join(
            f"<sitemap><loc>/wp-sitemap-posts-post-{asked + more}.xml</loc></sitemap>" for more in (1, 2)
        )
        return web.Response(text=f"<sitemapindex>{parts}</sitemapindex>", content_type="application/xml")

    blog.bodies["sitemap"] = nested
    crawl, _ = await read(blog)
    assert len(blog.addresses("sitemap")) <= 5 * 30  # at each of the places where one may be
    assert [note for note in crawl.notes if "stopped after 30 answers" in note]
    assert await stored(stores) == numbers(1, 25)
