"""Reading one post: from its page or its listing, and what becomes of one that cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from filters.criteria import Criteria
from filters.graph import default_graph
from scraper.blogs.listed import ListedPost
from scraper.crawl_job import CrawlBounds, Job
from scraper.furniture_memory import FurnitureMemory
from scraper.http.addresses.identity import post_key
from scraper.post_reading import PostReader, Unread
from scraper.stopping import MAX_REFUSALS, Stopping
from storage.errors import StorageError
from storage.reasons import Reason
from storage.records import ReadPost

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.crawl_job import Stores
    from scraper.held_posts import HeldPost
    from scraper.http.client import Client

CONTENT = '<p>Genre: Deep House</p><p><a href="/files/a.mp3">Download</a></p>'
PAGE = f"<html><head><title>Kora – Lines</title></head><body><article><h1>Kora – Lines</h1>{CONTENT}</article></body></html>"
FORM = '<form action="/wp-login.php?action=postpass"><input name="post_password" type="password"></form>'
LOCKED = f"<html><body><article><h1>Protected: Kora – Lines</h1><div>{FORM}</div></article></body></html>"


class Reading:
    """Reads the post "/a/" of a blog on loopback; `asked` counts what that takes."""

    def __init__(self, client: Client, stores: Stores, url: str, answer: web.Response) -> None:
        self.url = url
        self.asked = 0
        self.answer = answer
        graph = default_graph()
        self.job = Job(
            client=client,
            stores=stores,
            criteria=Criteria.parse(("house",), graph=graph),
            bounds=CrawlBounds(),
            dry_run=False,
            matches=None,
            graph=graph,
            clock=lambda: 1_700_000_000.0,
        )
        self.stopping = Stopping(url, refused_before=False, now=self.job.clock)
        furniture = FurnitureMemory(url, stores.blogs, anew=False)
        self.reader = PostReader(url, self.job, self.stopping, furniture)

    async def read(self, *, expected: bool = False, **told: Any) -> ReadPost | Unread | HeldPost:
        url = f"{self.url}a/"
        listed = ListedPost(url=url, key=post_key(url), **told)
        return await self.reader.attempt(listed, listing=self.url, expected=expected)


@pytest.fixture
def reading(serve: Any, client: Client, stores: Stores) -> Callable[..., Any]:
    from contextlib import asynccontextmanager

    @asynccontextmanager
    async def of(**answer: Any) -> Any:
        found: list[Reading] = []

        async def respond(request: web.Request) -> web.Response:
            if request.path == "/robots.txt":
                return web.Response(status=404)
            found[0].asked += 1
            return web.Response(**({"content_type": "text/html"} | answer))

        async with serve(respond) as url:
            found.append(Reading(client, stores, f"{url}/", web.Response()))
            yield found[0]

    return of


async def test_a_post_whose_text_is_listed_is_read_without_a_request(reading: Callable[..., Any]) -> None:
    async with reading(status=500) as post:
        read = await post.read(content=CONTENT, title="Kora – Lines", id="7", modified=5.0)
    assert isinstance(read, ReadPost)
    assert (read.post.artist, read.post.genres, read.matched) == ("Kora", ("deep house",), ("house",))
    assert [wish.url for wish in read.wanted] == [f"{post.url}files/a.mp3"]
    assert (read.post.listed_id, read.post.modified, read.post.blog) == ("7", 5.0, post.url)
    counts = post.job.counts
    assert (post.asked, counts.read, counts.matched, counts.bytes) == (0, 1, 1, 0)


async def test_any_other_is_read_from_its_page(reading: Callable[..., Any]) -> None:
    async with reading(text=PAGE) as post:
        read = await post.read(id="7", modified=5.0)
    assert isinstance(read, ReadPost)
    assert (read.post.title, read.post.genres, read.post.listed_id) == ("Kora – Lines", ("deep house",), "7")
    assert (read.post.modified, post.asked, post.job.counts.bytes) == (5.0, 1, len(PAGE.encode()))


async def test_a_post_that_does_not_match_is_kept_and_wants_nothing(reading: Callable[..., Any]) -> None:
    async with reading() as post:
        read = await post.read(content=CONTENT.replace("Deep House", "Dubstep"), title="A – B")
    assert isinstance(read, ReadPost)
    assert (read.matched, read.wanted, post.job.counts.matched) == ((), (), 0)


@pytest.mark.parametrize("listed", [{"content": FORM}, {}], ids=["in its listing", "on its page"])
async def test_a_post_behind_a_password_is_not_for_us_and_no_failure(
    reading: Callable[..., Any], listed: dict[str, str]
) -> None:
    async with reading(text=LOCKED) as post:
        assert await post.read(title="Protected: Kora – Lines", **listed) is Unread.LOCKED
    assert (post.job.counts.failed.total(), post.job.counts.read) == (0, 0)
    assert post.stopping.error is None


@pytest.mark.parametrize(
    ("answer", "unread", "reason"),
    [
        ({"status": 404}, Unread.FOR_GOOD, Reason.NOT_FOUND),
        ({"status": 410}, Unread.FOR_GOOD, Reason.GONE),
        ({"status": 403}, Unread.REFUSED, Reason.FORBIDDEN),
        ({"status": 403, "headers": {"cf-mitigated": "challenge"}}, Unread.FOR_NOW, Reason.BLOCKED),
        ({"status": 500}, Unread.FOR_NOW, Reason.SERVER_ERROR),
        ({"text": "ID3", "content_type": "audio/mpeg"}, Unread.FOR_GOOD, Reason.NOT_HTML),
        ({"text": ""}, Unread.FOR_GOOD, Reason.UNREADABLE_POST),
    ],
)
async def test_a_page_that_cannot_be_read_is_counted_by_its_reason(
    reading: Callable[..., Any], answer: dict[str, Any], unread: Unread, reason: Reason
) -> None:
    async with reading(**answer) as post:
        assert await post.read() is unread
    assert post.job.counts.failed == {reason: 1}


async def test_a_host_that_is_to_be_left_alone_fails_the_blog_and_not_the_post(
    reading: Callable[..., Any],
) -> None:
    async with reading(status=503, headers={"Retry-After": "3600"}) as post:
        assert await post.read() is Unread.WITH_ITS_BLOG
    assert post.job.counts.failed.total() == 0
    assert post.stopping.error is not None


@pytest.mark.parametrize("expected", [True, False])
async def test_refusals_in_a_row_stop_the_blog_unless_they_were_expected(
    reading: Callable[..., Any], expected: bool
) -> None:
    async with reading(status=403) as post:
        for _ in range(MAX_REFUSALS):
            await post.read(expected=expected)
    assert (post.stopping.error is None) is expected


async def test_a_post_that_is_read_ends_a_row_of_refusals(reading: Callable[..., Any]) -> None:
    async with reading(status=403) as post:
        for _ in range(2):
            for _ in range(MAX_REFUSALS - 1):
                await post.read()
            await post.read(content=CONTENT)
    assert post.stopping.error is None


async def test_a_reader_of_ours_that_breaks_on_a_post_does_not_end_the_run(
    reading: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("scraper.post_reading.wanted_downloads", broken)
    async with reading() as post:
        assert await post.read(content=CONTENT) is Unread.FOR_NOW
    assert post.job.counts.failed == {Reason.UNREADABLE_POST: 1}


async def test_an_error_of_storage_is_nobodys_post(
    reading: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise StorageError("the disk is full")

    monkeypatch.setattr("scraper.post_reading.wanted_downloads", full)
    async with reading() as post:
        with pytest.raises(StorageError):
            await post.read(content=CONTENT)
