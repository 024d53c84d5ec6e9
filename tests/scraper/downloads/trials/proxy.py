"""A proxy for TCP that spoils some of the connections that go through it, as a seed decides."""

from __future__ import annotations

import asyncio
import random
import socket
import struct
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_PIECE = 1 << 15
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER of no seconds: close sends RST


class Harm(StrEnum):
    """What becomes of a connection. Of ten, each kind meets one; five are left alone."""

    DELAY = "delay"
    CUT = "cut"
    RESET = "reset"
    STALL = "stall"
    SLICE = "slice"


_ONE_IN_TEN = (*Harm, *[None] * 5)
_DELAY = 0.3
"""Seconds."""
_SLICES = 200
"""Bytes of an answer that come one tiny piece after the other."""


@dataclass(slots=True)
class Proxy:
    """Passes on to `upstream` on loopback, one request a connection.

    What becomes of it depends on `seed`, the path and how often that was asked for, not on who comes first.
    `sizes` tells the bytes of an answer within which it is harmed, by the beginning of the path.
    """

    upstream: int
    seed: int
    sizes: dict[str, int]
    port: int = 0
    harmed: Counter[Harm] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass one connection on until either side ends it or it is ended here."""
        harm: Harm | None = None
        try:
            request = await reader.read(_PIECE)
            harm, after = self._fate(request)
            if harm is Harm.DELAY:
                await asyncio.sleep(_DELAY)
            from_server, to_server = await asyncio.open_connection("127.0.0.1", self.upstream)
            to_server.write(request)
            asking = asyncio.create_task(_pass_on(reader, to_server))
            try:
                await _answer(from_server, writer, harm, after)
                if harm is Harm.STALL:
                    await asking  # until the other side has lost patience
            finally:
                asking.cancel()
                to_server.close()
        except ConnectionError:
            pass  # either side is gone: that is what this is about
        finally:
            if harm is Harm.RESET:
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            writer.close()

    def _fate(self, request: bytes) -> tuple[Harm | None, int]:
        """Return how a connection is harmed, and after how many bytes of the answer."""
        path = request.split(b" ", 2)[1].decode()
        self.asked[path] += 1
        rng = random.Random(f"{self.seed} {path} {self.asked[path]}")
        harm = rng.choice(_ONE_IN_TEN)
        if harm:
            self.harmed[harm] += 1
        return harm, rng.randrange(next(size for start, size in self.sizes.items() if path.startswith(start)))


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(_PIECE):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass  # the answer's side hears of it


async def _answer(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, harm: Harm | None, after: int
) -> None:
    passed = 0
    ends = harm in {Harm.CUT, Harm.RESET, Harm.STALL}
    while data := await reader.read(_PIECE):
        if ends and passed + len(data) > after:
            writer.write(data[: after - passed])
            await writer.drain()
            return
        if harm is Harm.SLICE:
            data = await _slice(writer, data, _SLICES - passed)
        writer.write(data)
        await writer.drain()
        passed += len(data)


async def _slice(writer: asyncio.StreamWriter, data: bytes, count: int) -> bytes:
    """Send the first `count` bytes of `data` one by one; return the others."""
    for place in range(min(max(0, count), len(data))):
        writer.write(data[place : place + 1])
        await asyncio.sleep(0)
    return data[max(0, count) :]


@asynccontextmanager
async def open_proxy(proxy: Proxy) -> AsyncIterator[Proxy]:
    """Listen on all of loopback."""
    server = await asyncio.start_server(proxy.serve, "0.0.0.0", 0, backlog=256)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
