"""A real server that misbehaves: each path is answered with the bytes, or by the coroutine, given for it."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from scraper.http.client import Client, Limits
from scraper.http.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

Answer: TypeAlias = "bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]"

_IMPATIENT: dict[str, Any] = {
    "attempts": 1,
    "connect_timeout": 60,
    "read_timeout": 60,
    "headers_timeout": 60,
    "page_timeout": 60,
}


@dataclass(slots=True)
class RawServer:
    """Answers on loopback. `asked` are the heads of all requests; the connection ends with the answer.

    A `greeting` is sent to whoever connects, before anything was asked.
    """

    host: str = "127.0.0.1"
    greeting: bytes = b""
    tls: ssl.SSLContext | None = None
    connections: int = 0
    asked: list[bytes] = field(default_factory=list)
    _answers: dict[str, Answer] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._connected, self.host, 0, ssl=self.tls)

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    @property
    def port(self) -> int:
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    @property
    def url(self) -> str:
        scheme = "https" if self.tls else "http"
        return f"{scheme}://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @property
    def paths(self) -> list[str]:
        return [head.split(b" ", 2)[1].decode() for head in self.asked]

    def answer(self, answer: Answer, path: str = "/") -> str:
        """Answer `path` with `answer`; return its address."""
        self._answers[path] = answer
        return self.url + path

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self.connections += 1
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            try:
                writer.write(self.greeting)
                head = await reader.readuntil(b"\r\n\r\n")
                self.asked.append(head)
                answer = self._answers[head.split(b" ", 2)[1].decode().partition("?")[0]]
                if isinstance(answer, bytes):
                    writer.write(answer)
                    await writer.drain()
                else:
                    await answer(writer)
            finally:
                writer.close()
            await writer.wait_closed()


@pytest.fixture
async def raw() -> AsyncIterator[RawServer]:
    """A raw server on loopback."""
    server = RawServer()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def other() -> AsyncIterator[RawServer]:
    """A second raw server: another origin."""
    server = RawServer()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def raw_server() -> type[RawServer]:
    """The class of raw servers, for a host or certificate of one's own: `start` and `stop` it."""
    return RawServer


@pytest.fixture
def impatient() -> Callable[..., Client]:
    """Make a client that reaches loopback, tries once and waits for little; options are those of `Limits`."""

    def make(*, allow_private: bool = True, **limits: Any) -> Client:
        clock = _Clock()
        return Client(
            allow_private=allow_private,
            obey_robots=False,
            limits=Limits(**(_IMPATIENT | limits)),
            sleep=clock.sleep,
            clock=clock,
        )

    return make


@pytest.fixture
def refused(impatient: Callable[..., Client]) -> Callable[..., Awaitable[FetchError]]:
    """Get an address that gives nothing: the error. Options are those of `Limits`, and `max_bytes`."""

    async def get(url: str, *, max_bytes: int = 100_000, **options: Any) -> FetchError:
        async with impatient(**options) as client:
            with pytest.raises(FetchError) as caught:
                await client.get(url, max_bytes=max_bytes)
        return caught.value

    return get


@pytest.fixture
def reset() -> Callable[[asyncio.StreamWriter], None]:
    """End a connection with a reset instead of an orderly close."""

    def abort(writer: asyncio.StreamWriter) -> None:
        sock = writer.transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    return abort


@pytest.fixture
def lead(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make names lead to addresses of one's own: ``lead({"b.example": ["127.0.0.1"]})``."""

    def to(names: dict[str, list[str]]) -> None:
        def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
            if host not in names:
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
            return [
                (
                    socket.AF_INET6 if ":" in address else socket.AF_INET,
                    socket.SOCK_STREAM,
                    6,
                    "",
                    (address, port),
                )
                for address in names[host]
            ]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    return to


class _Clock:
    """Real time, in which sleeping takes none."""

    def __init__(self) -> None:
        self._skipped = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self._skipped

    async def sleep(self, seconds: float) -> None:
        self._skipped += seconds
        await asyncio.sleep(0)
