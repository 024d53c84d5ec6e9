"""What came of crawls of simulated platforms."""

from __future__ import annotations

import asyncio
import re
import time
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from scraper.crawl import Crawl
    from scraper.crawl_job import Stores
    from storage.blogs import BlogState
    from tests.scraper.simulated.platform import SimulatedPlatform

    Served: TypeAlias = AbstractAsyncContextManager[tuple[Callable[..., Awaitable[Crawl]], str]]

_NUMBER = re.compile(r"(\d+)(?:\.html|/)?$")


class Clock:
    """A crawl's clock: runs with the true one, and jumps when it is told to."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


def serving(
    serve: Any, crawl_of: Callable[..., Crawl], **always: Any
) -> Callable[[SimulatedPlatform], Served]:
    """Return what serves a blog, and gives what lets one crawl read it, and its address."""

    @asynccontextmanager
    async def served(blog: SimulatedPlatform) -> AsyncIterator[tuple[Callable[..., Awaitable[Crawl]], str]]:
        async with serve(blog.answer) as url:

            async def read(**options: Any) -> Crawl:
                crawl = crawl_of(**always, **options)
                await crawl.run([f"{url}/"])
                return crawl

            yield read, f"{url}/"

    return served


def serving_known(
    serve: Any, crawl_of: Callable[..., Crawl], **always: Any
) -> Callable[[SimulatedPlatform], Served]:
    """Return the same for blogs that a first run has read."""

    @asynccontextmanager
    async def known(blog: SimulatedPlatform) -> AsyncIterator[tuple[Callable[..., Awaitable[Crawl]], str]]:
        async with serving(serve, crawl_of, **always)(blog) as (read, url):
            await read()
            blog.requests()
            yield read, url

    return known


async def stored(stores: Stores) -> list[int]:
    """Return the numbers of the posts that are stored, in order, each as often as it is."""
    return sorted([number_of(post.url) async for post in stores.posts.stored()])


async def files_of(stores: Stores, number: int) -> list[str]:
    """Return the names of the files that the posts of this number link."""
    posts = [post async for post in stores.posts.stored() if number_of(post.url) == number]
    return [link.url.rsplit("/", 1)[-1] for post in posts for link in post.links]


async def queued(stores: Stores) -> set[str]:
    """Return the names of all files in the queue of downloads."""
    return {
        download.url.rsplit("/", 1)[-1]
        async for matched in stores.posts.matched()
        for download in matched.downloads.values()
    }


async def state_of(stores: Stores, url: str) -> BlogState:
    """Return what is known of a blog that was read."""
    state = await stores.blogs.get(url)
    assert state is not None
    return state


def numbers(first: int, last: int) -> list[int]:
    return list(range(first, last + 1))


def number_of(url: str) -> int:
    found = _NUMBER.search(url)
    assert found is not None
    return int(found[1])


async def interrupted(blog: SimulatedPlatform, read: Callable[[], Awaitable[Crawl]], *, after: int) -> None:
    """Let a run begin, and cancel it when it asks for one answer more than `after`."""
    left = after

    async def count(kind: str) -> None:
        nonlocal left
        left -= kind != "robots"
        if left < 0:
            run.cancel()
            await asyncio.Event().wait()

    blog.before = count
    run = asyncio.ensure_future(read())
    await asyncio.wait({run})
    blog.before = None
    assert run.cancelled()
