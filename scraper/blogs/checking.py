"""A short look at a blog: how a run would list it, and what its newest posts give. Nothing is kept."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from typing import TYPE_CHECKING, Final

from yarl import URL

from scraper.blogs.check_report import Asked, BlogCheck, RefusedWay, RobotsVerdict, Source, UnreadPost
from scraper.blogs.feeds import looks_like_feed
from scraper.blogs.pages import ListingPage
from scraper.blogs.plan import WalkPlan
from scraper.blogs.reading import ListingReader, WalkResult
from scraper.blogs.sparing_client import EnoughError
from scraper.blogs.walk import Walk
from scraper.blogs.ways.sitemap_names import usual_sitemaps
from scraper.http.errors import FetchError
from scraper.http.robots.rules import RobotsRules
from scraper.post_answers import require_post
from scraper.posts.context import Context
from scraper.posts.entry import understand_entry
from scraper.posts.page.document import UnreadablePageError
from scraper.posts.page.locks import LockedPostError
from scraper.posts.understand import understand
from scraper.posts.worker.aside import Aside
from scraper.stopping import Stopping
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from filters.graph import GenreGraph
    from scraper.blogs.listed import ListedPost
    from scraper.blogs.sparing_client import SparingClient
    from storage.records import Post, Validator

NEWEST: Final = 3
"""Posts that are read."""

_MAX_SOURCES = 3  # of each kind: some pages name a feed for each category


async def check_blog(
    url: str, *, client: SparingClient, graph: GenreGraph, clock: Callable[[], float] = time.time
) -> BlogCheck:
    """Look at the blog at `url` as a first run would, as far as its newest posts.

    What goes wrong is in the report. `clock` tells POSIX seconds UTC.
    """
    return await _Check(url, client=client, graph=graph, clock=clock).run()


class _Check:
    def __init__(
        self, url: str, *, client: SparingClient, graph: GenreGraph, clock: Callable[[], float]
    ) -> None:
        self._url = url
        self._client = client
        self._graph = graph
        self._clock = clock
        self._stopping = Stopping(url, refused_before=False, now=clock)
        self._aside = Aside()
        self._walk = Walk(
            WalkPlan(url=url, full=True, max_posts=NEWEST),
            client=client,
            stored=_none_stored,
            validators=_nothing_kept,
            now=clock,
        )

    async def run(self) -> BlogCheck:
        listed, error = await self._list()
        async with self._aside:
            posts = [await self._understood(post) for post in listed]
        page = await self._page()
        found = None if page is None else page.recognised
        result = self._walk.result
        return BlogCheck(
            url=self._url,
            address=self._walk.address,
            robots=await self._robots(error),
            platform=None if found is None else str(found.platform),
            recognised_by="" if found is None else found.by,
            way=result.way,
            whole=bool(listed) and all(post.content is not None for post in listed),
            announced=result.announced,
            refused=[RefusedWay(way=way, why=why) for way, why in result.passed_over.items()],
            feeds=self._sources([] if page is None else page.feeds, "the page"),
            sitemaps=[] if page is None else await self._sitemaps(page),
            posts=posts,
            notes=result.notes,
            requests=self._client.requests,
            error=error,
            until=self._stopping.until,
        )

    async def _list(self) -> tuple[list[ListedPost], FetchError | None]:
        listed: list[ListedPost] = []
        try:
            async with aclosing(self._walk.posts()) as posts:
                async for post in posts:
                    listed.append(post)  # noqa: PERF401 - what came before an error counts
        except FetchError as error:
            return listed, self._stopping.error if self._stopping.put_off(error) else error
        except EnoughError as error:
            self._walk.result.notes.append(f"{error.what} without coming to the posts; a run goes on")
        if not listed and self._walk.result.way is not None:
            return listed, FetchError(Reason.NO_POSTS, self._url)
        return listed, None

    async def _understood(self, listed: ListedPost) -> Post | UnreadPost:
        try:
            if listed.content is not None:
                return (await understand_entry(listed, self._context(), self._aside)).post
            return await self._from_page(listed)
        except (FetchError, EnoughError, LockedPostError, UnreadablePageError) as error:
            return UnreadPost(url=listed.url, why=error.what)

    def _context(self) -> Context:
        return Context(blog=self._url, graph=self._graph, now=self._clock())

    async def _from_page(self, listed: ListedPost) -> Post:
        page = await self._client.get(listed.url)
        try:
            require_post(page, listed, listing=self._walk.address)
            return (await understand(page, listed, self._context(), self._aside)).post
        finally:
            page.free()

    async def _page(self) -> ListingPage | None:
        """Return what the blog's page says, None where there is none."""
        for page in self._client.pages:
            if page.url != self._walk.address:
                continue
            if looks_like_feed(page.body, page.content_type):
                return ListingPage(feeds=(page.url,))
            try:
                return await ListingReader(self._client, WalkResult()).listing(page)
            except FetchError:
                return None
        return None

    async def _sitemaps(self, page: ListingPage) -> list[Source]:
        try:
            named = await self._client.sitemaps(self._walk.address)
        except FetchError:
            named = ()
        if named:
            return self._sources(named, "robots.txt")
        found = page.recognised
        home, platform = (self._walk.address, None) if found is None else (found.home, found.platform)
        usual = usual_sitemaps(home, platform=platform)
        return self._sources([url for url in usual if url in self._client.outcomes], "its usual place")

    def _sources(self, urls: Collection[str], named_by: str) -> list[Source]:
        sources = []
        for url in list(urls)[:_MAX_SOURCES]:
            asked = url in self._client.outcomes
            error = self._client.outcomes.get(url)
            state = Asked.FAILED if error else Asked.ANSWERED if asked else Asked.NOT_ASKED
            sources.append(Source(url=url, named_by=named_by, asked=state, error=error))
        return sources

    async def _robots(self, error: FetchError | None) -> RobotsVerdict:
        client = self._client
        delay = client.limits.delay
        if not client.obeys_robots:
            return RobotsVerdict(obeyed=False, delay=delay)
        address = self._walk.address if error is None or error.reason is not Reason.ROBOTS else error.url
        try:
            origin = str(URL(address).origin())
        except ValueError:
            return RobotsVerdict(obeyed=True, delay=delay)
        file = client.robots_seen.files.get(origin)
        if file is None:
            return RobotsVerdict(obeyed=True, delay=delay)
        rules = await asyncio.to_thread(RobotsRules, file.text, origin=origin)
        return RobotsVerdict(
            obeyed=True,
            allows=rules.allows(address),
            status=file.status,
            age=file.age,
            crawl_delay=rules.crawl_delay,
            delay=max(delay, rules.crawl_delay),
        )


async def _none_stored(posts: Collection[ListedPost]) -> Mapping[str, float | None]:
    del posts
    return {}


async def _nothing_kept(url: str) -> Validator | None:
    del url
    return None
