"""A server of music that knows every byte it has sent: ranges, validators, a pace for large files."""

from __future__ import annotations

import asyncio
import hashlib
import random
import re
import socket
import struct
from collections import Counter, defaultdict
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

SMALL = 20_000
LARGE = 5 << 20
_PIECE = 1 << 16
_PACE = 0.004
"""Seconds between two pieces of a large file: one takes a third of a second."""

_RANGE = re.compile(r"bytes=(\d+)-")


@lru_cache(maxsize=4096)
def music(name: str, size: int) -> bytes:
    """Return a whole WAV file whose content depends on `name`."""
    data = random.Random(name).randbytes(min(size - 44, 4096)) * (size // 4096 + 1)
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 8000, 8000, 1, 8)
    chunks = b"WAVE" + form + struct.pack("<4sI", b"data", size - 44) + data[: size - 44]
    return struct.pack("<4sI", b"RIFF", len(chunks)) + chunks


@dataclass(slots=True)
class Sent:
    """One answer: which bytes of the file left."""

    start: int
    end: int


@dataclass(slots=True)
class Shop:
    """Answers `/large/NAME` and `/small/NAME`; `twin` in a name stands for the same content everywhere."""

    hosts: tuple[str, ...] = ("127.0.0.1",)
    latency: float = 0.0
    """Seconds before an answer begins."""
    pace: float = _PACE
    keep_alive: bool = True
    stalling: bool = False
    """Whether a large file ends in silence after its first piece over a mebibyte."""
    cutting: bool = False
    """Whether it breaks off there instead."""
    edition: str = ""
    """Other contents for all paths, with other validators."""
    port: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    sent: dict[str, list[Sent]] = field(default_factory=lambda: defaultdict(list))
    silent: int = 0
    """Answers that have fallen silent."""
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    def addresses(self, *, small: int, large: int = 0, twins: int = 0) -> list[str]:
        """Return addresses of so many files, mixed, spread over the hosts."""
        names = [f"/small/{number}" for number in range(small)] + [f"/small/twin-{n}" for n in range(twins)]
        for number in range(large):
            names.insert(number * max(1, len(names) // max(1, large)), f"/large/{number}")
        return [
            f"http://{self.hosts[place % len(self.hosts)]}:{self.port}{name}.wav"
            for place, name in enumerate(names)
        ]

    async def asked_for(self, total: int) -> None:
        """Wait until it was asked so often in all."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.asked.total() >= total)

    async def fell_silent(self, total: int) -> None:
        """Wait until so many answers have stopped in the middle."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.silent >= total)

    def sha256_of(self, address: str) -> str:
        """Return the digest of what stands at `address`."""
        return hashlib.sha256(self._body("/" + address.split("/", 3)[3])).hexdigest()

    def fetched_again(self) -> dict[str, int]:
        """Return how many bytes of each path were sent more than once."""
        return {
            path: sum(one.end - one.start for one in sent) - _covered(sent)
            for path, sent in self.sent.items()
        }

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request, as far as somebody listens."""
        response = web.StreamResponse()
        with suppress(ConnectionError):
            await self._answer(request, response)
        return response

    async def _answer(self, request: web.BaseRequest, response: web.StreamResponse) -> None:
        path = request.path
        async with self._changed:
            self.asked[path] += 1
            self._changed.notify_all()
        body = self._body(path)
        etag = f'"{hashlib.sha256(body[:8192]).hexdigest()[:16]}"'
        start = _start(request, etag)
        await asyncio.sleep(self.latency)
        response.set_status(206 if start else 200)
        response.headers.update({"ETag": etag, "Content-Type": "audio/wav"})
        if start:
            response.headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
        response.content_length = len(body) - start
        if not self.keep_alive:
            response.force_close()
        await response.prepare(request)
        sent = Sent(start, start)
        self.sent[path].append(sent)
        for place in range(start, len(body), _PIECE):
            piece = body[place : place + _PIECE]
            await response.write(piece)
            sent.end = place + len(piece)
            if self.cutting and sent.end > 1 << 20 and request.transport is not None:
                request.transport.abort()
                return
            if self.stalling and sent.end > 1 << 20:
                await self._fall_silent()
            if len(body) > SMALL and self.pace:
                await asyncio.sleep(self.pace)

    def _body(self, path: str) -> bytes:
        name = "twin" if "twin" in path else path
        return music(name + self.edition, LARGE if path.startswith("/large/") else SMALL)

    async def _fall_silent(self) -> None:
        async with self._changed:
            self.silent += 1
            self._changed.notify_all()
        await self.closing.wait()


def _start(request: web.BaseRequest, etag: str) -> int:
    wanted = _RANGE.fullmatch(request.headers.get("Range", ""))
    return int(wanted[1]) if wanted and request.headers.get("If-Range", etag) == etag else 0


def _covered(sent: list[Sent]) -> int:
    total = reached = 0
    for one in sorted(sent, key=lambda one: one.start):
        total += max(0, one.end - max(reached, one.start))
        reached = max(reached, one.end)
    return total


@asynccontextmanager
async def open_shop(shop: Shop) -> AsyncIterator[Shop]:
    """Serve on all of loopback: each address there is a host of its own to the downloader."""
    runner = web.ServerRunner(web.Server(shop.answer), shutdown_timeout=0.1)
    await runner.setup()
    listening = socket.create_server(("0.0.0.0", 0), backlog=256)
    # What left is then about what arrived.
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _PIECE // 4)
    await web.SockSite(runner, listening).start()
    shop.port = listening.getsockname()[1]
    try:
        yield shop
    finally:
        shop.closing.set()
        await runner.cleanup()
