"""A short look at a blog: what is told, and how little is asked for it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from filters.graph import default_graph
from scraper.blogs.check_report import Asked, BlogCheck, UnreadPost
from scraper.blogs.checking import check_blog
from scraper.blogs.sparing_client import MOST, SparingClient
from storage.reasons import Reason
from storage.records import Post
from storage.robots import RobotsFiles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storage.database import Database

BODY = '<p>Genre: Deep House</p><p><a href="/files/{0}.mp3">Download</a></p>'


def html(text: str, head: str = "") -> web.Response:
    return web.Response(text=f"<html><head>{head}</head><body>{text}</body></html>", content_type="text/html")


def listing(count: int = 5, head: str = "") -> web.Response:
    entries = (f'<article><h2><a href="/post/{n}/">Track {n}</a></h2></article>' for n in range(count, 0, -1))
    return html("".join(entries), head)


def feed(count: int = 5) -> web.Response:
    items = (
        f"<item><title>Nemo Vale – Track {n}</title><link>/post/{n}/</link><content:encoded><![CDATA["
        f"{BODY.format(n)}]]></content:encoded></item>"
        for n in range(count, 0, -1)
    )
    text = (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>B</title><link>/</link>{''.join(items)}</channel></rss>"
    )
    return web.Response(text=text, content_type="application/rss+xml")


def post(number: int) -> web.Response:
    return html(f"<article><h1>Nemo Vale – Track {number}</h1>{BODY.format(number)}</article>")


WORDPRESS = (
    '<meta name="generator" content="WordPress 6.1"><link rel="https://api.w.org/" href="/wp-json/">'
    '<link rel="alternate" type="application/rss+xml" href="/feed/">'
)


class Site:
    """Answers by path; anything else is 404."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self.answers = dict(answers)
        self.asked: Counter[str] = Counter()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked[request.path] += 1
        if request.path.startswith("/post/"):
            return post(int(request.path.split("/")[2]))
        answer = self.answers.get(request.path, 404)
        return web.Response(status=answer) if isinstance(answer, int) else answer()


async def look(site: Site, serve: Any, quick: Any, *, path: str = "/", **options: Any) -> BlogCheck:
    async with (
        serve(site.answer) as url,
        SparingClient(allow_private=True, sleep=quick.sleep, clock=quick.clock, **options) as client,
    ):
        return await check_blog(f"{url}{path}", client=client, graph=default_graph())


async def test_ways_that_are_closed_are_told_with_their_reason_and_the_next_one_is_used(
    serve: Any, quick: Any
) -> None:
    site = Site({"/": lambda: listing(head=WORDPRESS), "/wp-json/wp/v2/posts": 401, "/feed/": feed})
    found = await look(site, serve, quick)
    assert (found.platform, found.recognised_by) == ("WordPress", "meta generator WordPress 6.1")
    assert (found.way, found.whole, found.error) == ("feed", True, None)
    (refused,) = found.refused
    assert refused.way == "WordPress REST"
    assert "the server refuses it (401 or 403)" in refused.why
    assert found.notes == []
    assert [source.asked for source in found.feeds] == [Asked.ANSWERED]
    assert found.requests == sum(site.asked.values()) == 4


async def test_the_three_newest_posts_are_understood_as_a_run_would(serve: Any, quick: Any) -> None:
    site = Site({"/": listing})
    found = await look(site, serve, quick)
    assert (found.way, found.whole, found.announced) == ("pages", False, None)
    posts = [one for one in found.posts if isinstance(one, Post)]
    assert [(one.artist, one.track, one.genres) for one in posts] == [
        ("Nemo Vale", f"Track {number}", ("deep house",)) for number in (5, 4, 3)
    ]
    assert all([str(link.kind) for link in one.links] == ["direct"] for one in posts)
    assert sum(times for path, times in site.asked.items() if path.startswith("/post/")) == 3


async def test_an_answer_that_is_no_list_is_told_without_its_address(serve: Any, quick: Any) -> None:
    nonsense = lambda: web.Response(text='{"code": "rest_off"}', content_type="application/json")  # noqa: E731
    site = Site({"/": lambda: listing(head=WORDPRESS), "/wp-json/wp/v2/posts": nonsense, "/feed/": feed})
    (refused,) = (await look(site, serve, quick)).refused
    assert "rest_off" in refused.why
    assert "http" not in refused.why


async def test_robots_that_forbid_the_blog_are_told_after_one_request(serve: Any, quick: Any) -> None:
    rules = lambda: web.Response(text="User-agent: *\nDisallow: /\nCrawl-delay: 7\n")  # noqa: E731
    site = Site({"/": listing, "/robots.txt": rules})
    found = await look(site, serve, quick)
    assert found.error is not None
    assert (found.error.reason, found.requests) == (Reason.ROBOTS, 1)
    assert (found.robots.allows, found.robots.crawl_delay, found.robots.delay) == (False, 7.0, 7.0)
    assert (found.platform, found.way, found.posts) == (None, None, [])


async def test_the_longer_of_the_delay_that_is_asked_for_and_ours_is_in_force(
    serve: Any, quick: Any, database: Database
) -> None:
    rules = lambda: web.Response(text="User-agent: *\nCrawl-delay: 0.5\n")  # noqa: E731
    site = Site({"/": listing, "/robots.txt": rules})
    store = RobotsFiles(database)
    first = await look(site, serve, quick, robots_store=store)
    assert (first.robots.allows, first.robots.status, first.robots.delay) == (True, 200, 0.5)


async def test_robots_that_cannot_be_read_leave_the_verdict_open(serve: Any, quick: Any) -> None:
    found = await look(Site({"/": listing, "/robots.txt": 503}), serve, quick)
    assert found.error is not None
    assert found.error.reason is Reason.ROBOTS_UNREACHABLE
    assert (found.robots.obeyed, found.robots.allows) == (True, None)


async def test_without_robots_there_is_no_verdict(serve: Any, quick: Any) -> None:
    found = await look(Site({"/": listing, "/robots.txt": 503}), serve, quick, obey_robots=False)
    assert (found.robots.obeyed, found.error) == (False, None)


async def test_a_page_without_posts_says_so_and_names_its_platform(serve: Any, quick: Any) -> None:
    site = Site({"/": lambda: html("<p>Soon</p>", '<meta name="generator" content="Hugo 0.111.3">')})
    found = await look(site, serve, quick)
    assert found.error is not None
    assert (found.error.reason, found.platform) == (Reason.NO_POSTS, "Hugo")


async def test_a_post_that_cannot_be_read_is_told_among_the_others(serve: Any, quick: Any) -> None:
    site = Site({"/": listing})
    answer = site.answer

    async def fails_once(request: web.Request) -> web.StreamResponse:
        return web.Response(status=404) if request.path == "/post/4/" else await answer(request)

    site.answer = fails_once  # type: ignore[method-assign]
    found = await look(site, serve, quick)
    assert [isinstance(one, UnreadPost) for one in found.posts] == [False, True, False]


async def test_a_host_that_asks_for_patience_says_until_when(serve: Any, quick: Any) -> None:
    busy = lambda: web.Response(status=429, headers={"Retry-After": "7200"})  # noqa: E731
    found = await look(Site({"/": busy}), serve, quick)
    assert found.error is not None
    assert found.error.reason is Reason.RATE_LIMITED
    assert found.until is not None
    assert "not before" in str(found.error)


async def test_an_address_that_redirects_is_told_with_where_the_blog_is(serve: Any, quick: Any) -> None:
    moved = lambda: web.Response(status=301, headers={"Location": "/"})  # noqa: E731
    found = await look(Site({"/": listing, "/old/": moved}), serve, quick, path="/old/")
    assert found.url.endswith("/old/")
    assert found.address == found.url.removesuffix("old/")


async def test_a_feed_given_as_the_blog_is_looked_at_with_its_home(serve: Any, quick: Any) -> None:
    site = Site({"/": lambda: listing(head=WORDPRESS), "/feed/": feed})
    found = await look(site, serve, quick, path="/feed/")
    assert (found.platform, len(found.posts), found.error) == ("WordPress", 3, None)


async def test_a_blog_that_leads_on_and_on_is_left_after_a_few_requests(serve: Any, quick: Any) -> None:
    def index(request: web.Request) -> web.Response:
        here = f"{request.scheme}://{request.host}"
        named = "".join(f"<sitemap><loc>{here}/sitemap-{n}.xml</loc></sitemap>" for n in range(100))
        return web.Response(text=f"<sitemapindex>{named}</sitemapindex>", content_type="text/xml")

    site = Site({"/": lambda: html("<p>Soon</p>", '<meta name="generator" content="WordPress 6.1">')})
    answer = site.answer

    async def endless(request: web.Request) -> web.StreamResponse:
        if "sitemap" not in request.path:
            return await answer(request)
        site.asked[request.path] += 1
        return index(request)

    site.answer = endless  # type: ignore[method-assign]
    found = await look(site, serve, quick)
    assert sum(site.asked.values()) <= MOST + 1
    assert (found.way, found.posts) == (None, [])
    assert any("addresses were asked for" in note for note in found.notes)


@pytest.mark.parametrize("body", [b"", b"\x00" * 500, b"%PDF-1.4", b"<rss>", b"<html" * 1000, b"\xff\xfe{"])
async def test_whatever_the_page_is_the_report_says_why_it_cannot_be_read(
    serve: Any, quick: Any, body: bytes
) -> None:
    found = await look(Site({"/": lambda: web.Response(body=body)}), serve, quick)
    assert found.error is not None
    assert found.posts == []
