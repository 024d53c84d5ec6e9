"""Pages that wait for others of their blog: however the others come, nothing of a run depends on them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from scraper.http.client import Client, Limits
from scraper.posts.page.document import UnreadablePageError
from scraper.posts.understand import understand
from tests.scraper.simulated import handmade
from tests.scraper.simulated.handmade import HandmadeBlog
from tests.scraper.test_crawl_handmade import assert_own, files_of, posts_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.crawl import Crawl
    from scraper.crawl_job import Stores

HEAVY = "<i></i>" * 2000


@pytest.fixture
def one_at_a_time(quick: Any) -> Client:
    """A client that lets each blog have one reader."""
    return Client(
        allow_private=True, limits=Limits(read_timeout=60, per_host=1), sleep=quick.sleep, clock=quick.clock
    )


async def test_heavy_pages_that_are_read_while_the_first_are_learned_from_count_what_these_taught(
    serve: Any, crawl_of: Callable[..., Crawl], stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    # They take their turns in the worker: all five have asked before anything is known of any.
    light = handmade.page
    monkeypatch.setattr(handmade, "page", lambda theme, number: light(theme, number) + HEAVY)
    async with serve(HandmadeBlog("div soup", 5).answer) as url:
        await crawl_of(genres=("any",)).run([f"{url}/"])
    assert sorted(await posts_of(stores)) == [1, 2, 3, 4, 5]
    assert_own(await posts_of(stores))


class MostlyMarked(HandmadeBlog):
    """A blog whose newest two posts have no marks, and all others have."""

    async def answer(self, request: Any) -> Any:
        response: Any = await super().answer(request)
        number = int(request.path.strip("/").split("/")[-1]) if request.path.startswith("/post/") else 0
        if 0 < number <= len(self.numbers) - 2 and response.status == 200:
            response.text = (
                f"<html><body><article class='post'><h1>{handmade.title(number)}</h1><p>{handmade.text(number)}</p>"
                f"<p>Genre: Techno</p><a href='/files/{number}.mp3'>Download</a></article></body></html>"
            )
        return response


async def test_pages_that_wait_in_vain_for_others_without_marks_are_stored_before_the_visit_ends(
    serve: Any, crawl_of: Callable[..., Crawl], stores: Stores, one_at_a_time: Client
) -> None:
    blog = MostlyMarked("tables", 120, per_page=10)

    async def cancel(number: int) -> None:
        if number == 20:
            run.cancel()
            await asyncio.Event().wait()

    blog.before = cancel
    async with serve(blog.answer) as url, one_at_a_time as reads:
        run = asyncio.ensure_future(crawl_of(genres=("any",), reads=reads).run([f"{url}/"]))
        await asyncio.wait({run})
        assert run.cancelled()
        assert {119, 120} <= (await posts_of(stores)).keys()


async def test_a_page_that_cannot_be_read_again_is_kept_as_it_was_first_read(
    serve: Any, crawl_of: Callable[..., Crawl], stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def once(page: Any, listed: Any, context: Any, aside: Any = None) -> Any:
        if context.furniture:
            raise UnreadablePageError("the page took too long to read")
        return await understand(page, listed, context, aside)

    monkeypatch.setattr("scraper.post_reading.understand", once)
    async with serve(HandmadeBlog("flat", 3).answer) as url:
        counts = await crawl_of(genres=("any",)).run([f"{url}/"])
    posts = await posts_of(stores)
    assert sorted(posts) == [1, 2, 3]
    assert all(f"/files/{number}.mp3" in files_of(post) for number, post in posts.items())
    assert (counts.read, counts.failed.total()) == (3, 0)


@pytest.mark.parametrize(
    ("status", "per_page"),
    [pytest.param(403, 100, id="five refusals end the visit"), pytest.param(200, 2, id="the listing fails")],
)
async def test_pages_that_wait_when_a_visit_ends_early_are_stored_and_the_next_goes_on(
    serve: Any,
    crawl_of: Callable[..., Crawl],
    stores: Stores,
    one_at_a_time: Client,
    *,
    status: int,
    per_page: int,
) -> None:
    blog = HandmadeBlog("tables", 9, per_page=per_page)
    if status == 403:
        blog.status = dict.fromkeys(range(1, 8), status)
    broken = per_page == 2

    async def answer(request: Any) -> Any:
        if broken and request.path == "/page/2/":
            raise ConnectionResetError
        return await blog.answer(request)

    async with serve(answer) as url, one_at_a_time as reads:
        crawl = crawl_of(genres=("any",), reads=reads)
        await crawl.run([f"{url}/"])
        assert sorted(await posts_of(stores)) == [8, 9]
        assert crawl.failures
        broken = False
        blog.status.clear()
        await crawl_of(genres=("any",), reads=reads).run([f"{url}/"])
    posts = await posts_of(stores)
    assert sorted(posts) == list(range(1, 10))
    assert_own({number: post for number, post in posts.items() if number < 8})
