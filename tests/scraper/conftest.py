"""A blog made of numbers, for tests of the walk and the crawl."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from filters.criteria import Criteria
from filters.graph import default_graph
from scraper.crawl import Crawl
from scraper.crawl_job import CrawlBounds, Stores
from storage.blogs import Blogs
from storage.posts import Posts
from storage.turns import Turns
from storage.unreadable import Unreadable
from storage.validators import Validators

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from scraper.http.client import Client
    from storage.database import Database
    from storage.records import ReadPost

_DAY = "2025-{:02}-{:02}T10:00:00+00:00"


class SimulatedBlog:
    """Posts by number, the highest first.

    `status` makes paths fail, `quiet` paths give no validators, `headers` are added to the answers of a path,
    `asked` counts requests by path and `conditions` holds the validators that came with the last one.
    """

    def __init__(
        self, posts: int, *, per_page: int = 5, feed: int = 10, etags: bool = True, pause: float = 0
    ) -> None:
        self.numbers = list(range(posts, 0, -1))
        self.per_page = per_page
        self.feed = feed
        self.etags = etags
        self.pause = pause
        self.asked: Counter[str] = Counter()
        self.status: dict[str, int] = {}
        self.bodies: dict[str, web.Response] = {}
        self.quiet: set[str] = set()
        self.headers: dict[str, dict[str, str]] = {}
        self.conditions: dict[str, str | None] = {}
        self.before: Callable[[str], Awaitable[None]] | None = None

    @property
    def posts_asked(self) -> Counter[str]:
        return Counter({path: times for path, times in self.asked.items() if path.startswith("/post/")})

    @property
    def paths(self) -> set[str]:
        return {f"/post/{number}/" for number in self.numbers}

    def requests(self) -> dict[str, int]:
        """Return what was asked since the last time, but for robots.txt."""
        asked = {path: times for path, times in self.asked.items() if path != "/robots.txt"}
        self.asked.clear()
        return asked

    async def answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        self.asked[path] += 1
        self.conditions[path] = request.headers.get("If-None-Match")
        if self.before is not None:
            await self.before(path)
        if self.pause:
            await asyncio.sleep(self.pause)
        if path in self.status:
            return web.Response(status=self.status[path])
        if path in self.bodies:
            found = self.bodies[path]
            return web.Response(
                status=found.status, body=found.body, headers=found.headers.copy(), content_type=None
            )
        response = self._answer(request)
        response.headers.update(self.headers.get(path, {}))
        return response

    def _answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        if path == "/" or path.startswith("/page/"):
            text, kind = self.listing(1 if path == "/" else int(path.strip("/").split("/")[-1])), "text/html"
        elif path == "/feed/" and self.feed:
            text, kind = self.feed_text(), "application/rss+xml"
        elif path.startswith("/post/"):
            text, kind = self.post(int(path.strip("/").split("/")[-1])), "text/html"
        else:
            return web.Response(status=404)
        response = web.Response(text=text, content_type=kind)
        if self.etags and path not in self.quiet and not path.startswith("/post/"):
            response.etag = str(abs(hash(text)))
            if response.etag and response.etag in (request.if_none_match or ()):
                return web.Response(status=304, headers={"ETag": response.headers["ETag"]})
        return response

    def listing(self, page: int) -> str:
        start = (page - 1) * self.per_page
        shown = self.numbers[start : start + self.per_page]
        entries = "".join(
            f'<article class="post"><h2><a href="/post/{n}/">Nemo Vale – Track {n}</a></h2></article>'
            for n in shown
        )
        more = start + self.per_page < len(self.numbers)
        older = f'<a class="older" href="/page/{page + 1}/">Older posts</a>' if more else ""
        feed = '<link rel="alternate" type="application/rss+xml" href="/feed/">' if self.feed else ""
        return f"<html><head>{feed}</head><body><main>{entries}</main><nav>{older}</nav></body></html>"

    def feed_text(self) -> str:
        items = "".join(
            f"<item><title>Nemo Vale – Track {n}</title><link>/post/{n}/</link></item>"
            for n in self.numbers[: self.feed]
        )
        return f'<rss version="2.0"><channel><title>B</title><link>/</link>{items}</channel></rss>'

    def post(self, number: int) -> str:
        when = _DAY.format(1 + number // 28 % 12, 1 + number % 28)
        genre = "Deep House" if number % 2 else "Dubstep"
        return (
            f"<html><head><title>Nemo Vale – Track {number}</title></head><body><article>"
            f'<h1>Nemo Vale – Track {number}</h1><time datetime="{when}">then</time>'
            f'<p>Genre: {genre}</p><p><a href="/files/{number}.mp3">Download</a></p>'
            "</article></body></html>"
        )


@pytest.fixture
def simulated() -> type[SimulatedBlog]:
    """The class of blogs that are made of numbers: serve the `answer` of one."""
    return SimulatedBlog


@pytest.fixture
def stores(database: Database) -> Iterator[Stores]:
    with closing(Turns(database.path)) as turns:
        yield Stores(
            blogs=Blogs(database),
            posts=Posts(database),
            validators=Validators(database),
            turns=turns,
            unreadable=Unreadable(database),
        )


@pytest.fixture
def crawl_of(client: Client, stores: Stores) -> Callable[..., Crawl]:
    """Make a crawl for house with the client and the storage of the test; options are those of `Crawl`."""
    graph = default_graph()

    def make(
        *,
        dry_run: bool = False,
        matches: Callable[[ReadPost], None] | None = None,
        reads: Client = client,
        keeps: Stores = stores,
        genres: tuple[str, ...] = ("house",),
        full: bool = False,
        since: float | None = None,
        max_posts: int | None = None,
        clock: Callable[[], float] = time.time,
    ) -> Crawl:
        return Crawl(
            client=reads,
            stores=keeps,
            criteria=Criteria.parse(genres, graph=graph),
            bounds=CrawlBounds(full=full, since=since, max_posts=max_posts),
            dry_run=dry_run,
            matches=matches,
            graph=graph,
            clock=clock,
        )

    return make
