"""A simulated blog in a process of its own, with the face of one way of listing, which counts requests."""

from __future__ import annotations

import asyncio
import re
import socket
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

from benchmarks.long_blog_faces import FacedBlog, kind_of
from benchmarks.server_process import server_process
from benchmarks.simulated_blog import SimulatedBlog

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

    from benchmarks.long_blog_faces import Face

_END_OF_REQUEST = b"\r\n\r\n"
_IF_NONE_MATCH = re.compile(rb"\r\nif-none-match: *([^\r\n]*)", re.IGNORECASE)


class _Connection(asyncio.Protocol):
    def __init__(self, blog: FacedBlog, counts: Counter[str]) -> None:
        self._blog = blog
        self._counts = counts
        self._unread = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.WriteTransport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        *requests, self._unread = (self._unread + data).split(_END_OF_REQUEST)
        for request in requests:
            target = request.split(b" ", 2)[1].decode("ascii")
            self._counts[kind_of(target)] += 1
            held = _IF_NONE_MATCH.search(request)
            if self._transport is not None:
                self._transport.write(self._blog.answer(target).written(held[1] if held else None))


async def _serve(pipe: Connection, face: Face, posts: int, per_page: int) -> None:
    counts: Counter[str] = Counter()
    listening = socket.create_server(("127.0.0.1", 0))
    origin = f"http://127.0.0.1:{listening.getsockname()[1]}"
    blog = FacedBlog(face, SimulatedBlog(origin, posts), per_page=per_page)
    await asyncio.get_running_loop().create_server(lambda: _Connection(blog, counts), sock=listening)
    pipe.send(origin)
    while True:
        try:
            await asyncio.to_thread(pipe.recv)  # until the counts are asked for
        except EOFError:
            return
        pipe.send(dict(counts))
        counts.clear()


def _run(pipe: Connection, face: Face, posts: int, per_page: int) -> None:
    asyncio.run(_serve(pipe, face, posts, per_page))


class ServedBlog:
    """The running blog: `url` is its home."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self.url = f"{pipe.recv()}/"

    def requests(self) -> dict[str, int]:
        """Return how often each kind of thing was asked for since this was last called."""
        self._pipe.send(None)
        counts: dict[str, int] = self._pipe.recv()
        return counts


@contextmanager
def long_blog(face: Face, *, posts: int, per_page: int) -> Iterator[ServedBlog]:
    """Serve a blog of so many `posts` until the block ends."""
    with server_process(_run, face, posts, per_page) as pipe:
        yield ServedBlog(pipe)
