"""What the tests of downloads share: music to serve, a filled queue, a client that tries once."""

from __future__ import annotations

import random
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from scraper.http.client import Client, Limits
from storage.posts import Posts
from storage.queue import Queue
from storage.records import LinkKind, Post, ReadPost, WantedDownload

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
    from pathlib import Path

    from storage.database import Database


def _wav(seed: object, size: int = 4096) -> bytes:
    data = random.Random(str(seed)).randbytes(size - 44)
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 8000, 8000, 1, 8)
    chunks = b"WAVE" + form + struct.pack("<4sI", b"data", len(data)) + data
    return struct.pack("<4sI", b"RIFF", len(chunks)) + chunks


@pytest.fixture(scope="session")
def wav() -> Callable[..., bytes]:
    """Make a whole WAV file of `size` bytes whose content depends on `seed`."""
    return _wav


@pytest.fixture
def music(wav: Callable[..., bytes]) -> Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]:
    """A handler that answers every path but robots.txt with music of its own."""

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/robots.txt":
            return web.Response(status=404)
        return web.Response(body=wav(request.path), content_type="audio/wav")

    return answer


@pytest.fixture
async def once() -> AsyncIterator[Client]:
    """A client that reaches loopback, tries everything once and asks for no robots.txt."""
    limits = Limits(attempts=1, read_timeout=60)
    async with Client(allow_private=True, obey_robots=False, limits=limits) as opened:
        yield opened


@dataclass(frozen=True, slots=True)
class Crate:
    """The folder that a test's files go to."""

    path: Path

    @property
    def incomplete(self) -> Path:
        """Where they grow."""
        return self.path / ".incomplete"


@pytest.fixture
def folder(tmp_path: Path) -> Crate:
    """Where files go."""
    return Crate(tmp_path / "crate")


@pytest.fixture
def queue(database: Database) -> Queue:
    return Queue(database)


@pytest.fixture
def enqueue(database: Database) -> Callable[..., Awaitable[None]]:
    """Put addresses into the queue: ``await enqueue(urls, hosts=3, stem="…")``."""

    async def fill(urls: Iterable[str], *, hosts: int = 1, **more: Any) -> None:
        wanted = tuple(
            WantedDownload(
                **({"stem": f"Kora - Take {number}", "kind": LinkKind.DIRECT} | more),
                key=url,
                url=url,
                host=f"host{number % hosts}.example",
            )
            for number, url in enumerate(urls)
        )
        post = Post(url="https://blog.example/p", key="p", blog="https://blog.example/", title="Post")
        await Posts(database).save([ReadPost(post=post, matched=("any",), wanted=wanted)])

    return fill
