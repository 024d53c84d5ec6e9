"""A server of small pages in a process of its own: as little work per request as asyncio allows."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING

from benchmarks.server_process import server_process

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

# What a blog of the most common platform says, so that a verdict costs what it costs in life.
_ROBOTS = b"User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\n\nSitemap: /sitemap.xml\n"
_START = b"<!doctype html><title>page</title><p>"
_END_OF_REQUEST = b"\r\n\r\n"
_BACKLOG = 4096


class _Pages(asyncio.Protocol):
    """Answers every request of a connection with the same page, and /robots.txt with rules."""

    def __init__(self, page: bytes, robots: bytes) -> None:
        self._page = page
        self._robots = robots
        self._unread = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.WriteTransport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        *requests, self._unread = (self._unread + data).split(_END_OF_REQUEST)
        for request in requests:
            answer = self._robots if request.startswith(b"GET /robots.txt ") else self._page
            if self._transport is not None:
                self._transport.write(answer)


def _answer(body: bytes, content_type: bytes) -> bytes:
    return (
        b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nContent-Length: %d\r\nServer: nginx\r\n"
        b"Date: Fri, 20 Nov 2026 10:00:00 GMT\r\nConnection: keep-alive\r\n\r\n%b"
        % (content_type, len(body), body)
    )


async def _serve(pipe: Connection, address: str, ports: int, page_bytes: int) -> None:
    loop = asyncio.get_running_loop()
    page = _answer(_START.ljust(page_bytes, b"x"), b"text/html; charset=utf-8")
    robots = _answer(_ROBOTS, b"text/plain")
    servers = [
        await loop.create_server(lambda: _Pages(page, robots), address, 0, backlog=_BACKLOG)
        for _ in range(ports)
    ]
    pipe.send([server.sockets[0].getsockname()[1] for server in servers])
    await asyncio.to_thread(pipe.poll, None)  # until the other end is closed


def _run(pipe: Connection, address: str, ports: int, page_bytes: int) -> None:
    asyncio.run(_serve(pipe, address, ports, page_bytes))


@contextmanager
def page_server(*, ports: int, page_bytes: int = 1024, address: str = "127.0.0.1") -> Iterator[list[int]]:
    """Serve pages of `page_bytes` at `address` until the block ends, and yield the `ports` listened at."""
    with server_process(_run, address, ports, page_bytes) as pipe:
        yield pipe.recv()
