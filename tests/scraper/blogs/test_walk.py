"""The walk from page to page, against real local servers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from scraper.blogs.plan import WalkPlan
from scraper.blogs.walk import Walk
from scraper.http.errors import FetchError
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from scraper.blogs.listed import ListedPost
    from scraper.http.client import Client
    from storage.records import Validator


@pytest.fixture
def walk_of(client: Client) -> Callable[..., Walk]:
    """Make a walk; `known` are the keys that storage is to know, all of them with True."""

    def make(
        url: str,
        *,
        known: Collection[str] | bool = (),
        kept: dict[str, Validator] | None = None,
        **plan: Any,
    ) -> Walk:
        async def look_up(posts: Collection[ListedPost]) -> dict[str, float | None]:
            return {post.key: None for post in posts if known is True or (known and post.key in known)}

        async def validator(url: str) -> Validator | None:
            return (kept or {}).get(url)

        return Walk(WalkPlan(url=url, **plan), client=client, stored=look_up, validators=validator)

    return make


async def listed(walk: Walk) -> list[str]:
    return [post.url.partition("/post/")[2].strip("/") async for post in walk.posts()]


def numbers(first: int, last: int) -> list[str]:
    return [str(number) for number in range(first, last - 1, -1)]


def page(*slugs: str, older: str = "", head: str = "") -> web.Response:
    entries = "".join(f'<article><h2><a href="/post/{slug}/">{slug}</a></h2></article>' for slug in slugs)
    link = f'<a class="next" href="{older}">x</a>' if older else ""
    return web.Response(
        text=f"<html><head>{head}</head><body>{entries}{link}</body></html>", content_type="text/html"
    )


def feed(*slugs: str, home: str = "/") -> web.Response:
    items = "".join(f"<item><title>{slug}</title><link>/post/{slug}/</link></item>" for slug in slugs)
    text = f'<rss version="2.0"><channel><title>B</title><link>{home}</link>{items}</channel></rss>'
    return web.Response(text=text, content_type="application/rss+xml")


CANONICAL = '<link rel="canonical" href="/">'
FEED = '<link rel="alternate" type="application/rss+xml" href="/feed/">'


@pytest.mark.parametrize("fed", [0, 3, 10, 18, 1000], ids=lambda fed: f"a feed of {fed}")
async def test_every_post_is_listed_once_however_long_the_feed_is(
    simulated: Any, serve: Any, walk_of: Callable[..., Walk], fed: int
) -> None:
    blog = simulated(23, feed=fed)
    async with serve(blog.answer) as url:
        walk = walk_of(f"{url}/")
        found = await listed(walk)
    assert sorted(found) == sorted(numbers(23, 1))
    assert walk.result.to_the_end
    assert walk.result.found == 23
    assert set(blog.asked.values()) == {1}


async def test_a_feed_given_as_the_blog_leads_to_its_home(
    simulated: Any, serve: Any, walk_of: Callable[..., Walk]
) -> None:
    blog = simulated(23)
    async with serve(blog.answer) as url:
        walk = walk_of(f"{url}/feed/")
        assert sorted(await listed(walk)) == sorted(numbers(23, 1))
        assert walk.address == f"{url}/"
    assert walk.result.to_the_end


async def test_a_feed_whose_home_fails_is_read_and_the_archive_stays_open(
    simulated: Any, serve: Any, walk_of: Callable[..., Walk]
) -> None:
    blog = simulated(23)
    blog.status["/"] = 503
    async with serve(blog.answer) as url:
        walk = walk_of(f"{url}/feed/")
        assert await listed(walk) == numbers(23, 14)
    assert not walk.result.to_the_end
    assert any("only the feed" in note for note in walk.result.notes)


async def serve_pages(
    simulated: Any, serve: Any, walk_of: Callable[..., Walk], pages: dict[str, web.Response], **plan: Any
) -> tuple[Walk, list[str], Any]:
    blog = simulated(0)
    blog.bodies = pages
    async with serve(blog.answer) as url:
        walk = walk_of(f"{url}{plan.pop('at', '/')}", **plan)
        return walk, await listed(walk), blog.asked


@pytest.mark.parametrize(
    ("pages", "found", "asked"),
    [
        pytest.param(
            {"/": page("c", "b", older="/page/2/"), "/page/2/": page("b", "a")},
            "cba",
            2,
            id="P4 a post that moved",
        ),
        pytest.param(
            {
                "/": page("d", "c", older="/page/2/"),
                "/page/2/": page("d", "c", older="/page/3/"),
                "/page/3/": page("b", "a"),
            },
            "dcba",
            3,
            id="P4 a whole page that moved",
        ),
        pytest.param(
            {"/": page("b", "a", older="/page/2/")}
            | {f"/page/{n}/": page("b", "a", older=f"/page/{n + 1}/") for n in range(2, 99)},
            "ba",
            3,
            id="P2 pages without end",
        ),
        pytest.param(
            {"/": page("b", "a", older="/page/2/"), "/page/2/": page("x", "y", older="/page/3/")}
            | {f"/page/{n}/": page("x", "y", older=f"/page/{n + 1}/") for n in range(3, 99)},
            "baxy",
            4,
            id="P2 the same unrelated posts on every page past the end",
        ),
        pytest.param(
            {"/": page("b", "a", older="/page/2/"), "/page/2/": page("d", "c", older="/page/2/")},
            "badc",
            2,
            id="a page that leads to itself",
        ),
        pytest.param(
            {
                "/": page("f", "e", older="/page/2/", head=CANONICAL),
                "/page/2/": page("d", "c", older="/page/3/", head=CANONICAL),
                "/page/3/": page("b", "a", head=CANONICAL),
            },
            "fedcba",
            3,
            id="P3 the same canonical address on all pages",
        ),
        pytest.param(
            {
                "/": page("d", "c", older="/page/2/", head='<link rel="next" href="/gone/">'),
                "/page/2/": page("b", "a"),
            },
            "dcba",
            3,
            id="a likelier page that is not there",
        ),
        pytest.param(
            {"/": page("b", "a", older="/page/2/")}, "ba", 2, id="P11 an older page that is not there"
        ),
        pytest.param(
            {
                "/": page("b", "a", older="/page/1/"),
                "/page/1/": web.Response(status=301, headers={"Location": "/"}),
            },
            "ba",
            1,
            id="P1 the first page by number",
        ),
        pytest.param(
            {"/": page(head=FEED), "/feed/": feed("b", "a")}, "ba", 2, id="a page of scripts with a feed"
        ),
        pytest.param(
            {
                "/": page("b", "a", head=FEED),
                "/feed/": web.Response(text="not a feed", content_type="text/xml"),
            },
            "ba",
            2,
            id="P10 a feed that is none",
        ),
    ],
)
async def test_a_walk_ends_where_nothing_new_is_listed(
    simulated: Any,
    serve: Any,
    walk_of: Callable[..., Walk],
    *,
    pages: dict[str, web.Response],
    found: str,
    asked: int,
) -> None:
    walk, posts, requests = await serve_pages(simulated, serve, walk_of, pages)
    assert posts == list(found)
    assert requests.total() - requests["/robots.txt"] == asked
    assert walk.result.to_the_end


async def test_the_feed_of_the_whole_site_adds_no_posts_to_a_category(
    simulated: Any, serve: Any, walk_of: Callable[..., Walk]
) -> None:
    pages = {"/category/house/": page("b", "a", head=FEED), "/feed/": feed("z", "b")}
    walk = walk_of
    _, posts, _ = await serve_pages(simulated, serve, walk, pages, at="/category/house/")
    assert posts == ["b", "a"]


async def test_a_page_and_a_feed_without_posts_are_no_blog(
    simulated: Any, serve: Any, walk_of: Callable[..., Walk]
) -> None:
    with pytest.raises(FetchError) as caught:
        await serve_pages(simulated, serve, walk_of, {"/": page(head=FEED), "/feed/": feed()})
    assert caught.value.reason is Reason.NO_POSTS


async def test_a_listing_without_posts_fails_as_its_feed_does(
    simulated: Any, serve: Any, walk_of: Callable[..., Walk]
) -> None:
    pages = {"/": page(head=FEED), "/feed/": web.Response(status=503)}
    with pytest.raises(FetchError) as caught:
        await serve_pages(simulated, serve, walk_of, pages)
    assert caught.value.reason is Reason.SERVER_ERROR


async def test_an_unchanged_feed_of_a_page_without_posts_is_no_failure(
    simulated: Any, serve: Any, walk_of: Callable[..., Walk]
) -> None:
    blog = simulated(5)
    blog.bodies["/"] = page(head=FEED)
    async with serve(blog.answer) as url:
        first = walk_of(f"{url}/")
        assert await listed(first) == numbers(5, 1)
        again = walk_of(f"{url}/", complete=True, known=True, kept=first.result.validators)
        assert await listed(again) == []
    assert again.result.to_the_end
    assert again.result.unchanged == 1


async def test_validators_are_sent_only_by_a_walk_for_news(
    simulated: Any, serve: Any, walk_of: Callable[..., Walk]
) -> None:
    blog = simulated(5)
    async with serve(blog.answer) as url:
        first = walk_of(f"{url}/")
        await listed(first)
        kept = first.result.validators
        assert set(kept) == {f"{url}/", f"{url}/feed/"}
        for plan, unchanged in (({"complete": True}, 1), ({}, 0), ({"complete": True, "full": True}, 0)):
            walk = walk_of(f"{url}/", kept=kept, known=True, **plan)
            await listed(walk)
            assert walk.result.unchanged == unchanged


@pytest.mark.parametrize(
    ("first", "known", "asked"),
    [
        ("dcba", "cba", 1),
        ("dcba", "", 2),
        ("dcba", "a", 2),
        ("dcba", "dcba", 1),
        ("dcba", "dcb", 2),
    ],
    ids=["one new", "all new", "mostly new above an old block", "none new", "the last is new"],
)
async def test_a_walk_for_news_turns_the_page_unless_it_ends_with_known_posts(
    simulated: Any, serve: Any, walk_of: Callable[..., Walk], *, first: str, known: str, asked: int
) -> None:
    pages = {"/": page(*first, older="/page/2/"), "/page/2/": page("y", "x")}
    blog = simulated(0)
    blog.bodies = pages
    async with serve(blog.answer) as url:
        keys = {f"{url.replace('http:', 'https:')}/post/{slug}" for slug in f"{known}xy"}
        walk = walk_of(f"{url}/", complete=True, known=keys)
        assert await listed(walk) == [slug for slug in first if slug not in known]
    assert blog.asked.total() - blog.asked["/robots.txt"] == asked
    assert walk.result.to_the_end


async def test_max_posts_ends_a_walk_that_then_has_not_come_to_the_end(
    simulated: Any, serve: Any, walk_of: Callable[..., Walk]
) -> None:
    blog = simulated(23)
    async with serve(blog.answer) as url:
        walk = walk_of(f"{url}/", max_posts=7)
        assert await listed(walk) == numbers(23, 17)
    assert not walk.result.to_the_end


async def test_what_the_feed_knows_completes_what_the_page_lists(
    simulated: Any, serve: Any, walk_of: Callable[..., Walk]
) -> None:
    blog = simulated(5)
    async with serve(blog.answer) as url:
        posts = [post async for post in walk_of(f"{url}/").posts()]
    assert {post.title for post in posts} == {f"Nemo Vale – Track {number}" for number in range(1, 6)}
    assert all(post.url.startswith(f"{url}/post/") for post in posts)
