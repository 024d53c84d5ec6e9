"""A server of songs in a process of its own, faster than its clients: the kernel copies the files."""

from __future__ import annotations

import asyncio
import socket
import tempfile
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from benchmarks.server_process import server_process
from benchmarks.songs import Songs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

_BACKLOG = 1024
_SMALL = 256_000  # bytes that are sent at once with their header; a system call less
_END_OF_REQUEST = b"\r\n\r\n"
_REQUEST = 65_536
_HEADER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nContent-Length: %d\r\nServer: nginx\r\n"
    b"Date: Fri, 20 Nov 2026 10:00:00 GMT\r\nLast-Modified: Wed, 18 Nov 2026 08:30:00 GMT\r\n"
    b'ETag: "%x-%x"\r\nConnection: keep-alive\r\n\r\n'
)


class _Server:
    """Answers ``GET /NUMBER.mp3`` on every connection, again and again."""

    def __init__(self, songs: Songs, frames: IO[bytes]) -> None:
        self._songs = songs
        self._frames = frames
        self._loop = asyncio.get_running_loop()
        self._at_work: set[asyncio.Task[None]] = set()

    async def accept(self, listening: socket.socket) -> None:
        while True:
            connection, _ = await self._loop.sock_accept(listening)
            connection.setblocking(False)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            task = asyncio.create_task(self._serve(connection))
            self._at_work.add(task)
            task.add_done_callback(self._at_work.discard)

    async def _serve(self, connection: socket.socket) -> None:
        unread = b""
        with connection:
            try:
                while True:
                    while _END_OF_REQUEST not in unread:
                        if not (data := await self._loop.sock_recv(connection, _REQUEST)):
                            return
                        unread += data
                    request, _, unread = unread.partition(_END_OF_REQUEST)
                    await self._answer(connection, number_of(request))
            except ConnectionError:
                return  # the client has left

    async def _answer(self, connection: socket.socket, number: int) -> None:
        songs = self._songs
        start = _HEADER % (songs.size, number, songs.size) + songs.tag(number)
        if songs.size <= _SMALL:
            await self._loop.sock_sendall(connection, start + songs.frames)
        else:
            await self._loop.sock_sendall(connection, start)
            await self._loop.sock_sendfile(connection, self._frames, 0, len(songs.frames))


def number_of(request: bytes) -> int:
    """Return the number of the file that the head of a `request` asks for."""
    path = request.split(b" ", 2)[1]
    return int(path.rpartition(b"/")[2].removesuffix(b".mp3"))


async def _serve(pipe: Connection, size: int) -> None:
    songs = Songs(size)
    with (
        socket.create_server(("127.0.0.1", 0), backlog=_BACKLOG) as listening,
        tempfile.TemporaryFile() as file,
    ):
        listening.setblocking(False)
        file.write(songs.frames)
        file.flush()
        accepting = asyncio.create_task(_Server(songs, file).accept(listening))
        pipe.send(listening.getsockname()[1])
        await asyncio.to_thread(pipe.poll, None)  # until the other end is closed
        accepting.cancel()


def _run(pipe: Connection, size: int) -> None:
    asyncio.run(_serve(pipe, size))


@contextmanager
def song_server(*, size: int) -> Iterator[str]:
    """Serve songs of `size` bytes until the block ends; yield the address before ``NUMBER.mp3``."""
    with server_process(_run, size) as pipe:
        yield f"http://127.0.0.1:{pipe.recv()}/"
