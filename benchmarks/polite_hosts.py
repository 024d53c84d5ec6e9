"""Five hosts of different temper in a process of their own, which log what they are asked and when."""

from __future__ import annotations

import asyncio
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from benchmarks.server_process import server_process

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

_TOO_MANY = 429
_UNAVAILABLE = 503


@dataclass(frozen=True, slots=True, kw_only=True)
class Temper:
    """How a host behaves. Times are seconds.

    It answers after `latency`, asks for `crawl_delay` in its robots.txt, answers its request number
    `limited_at` with 429 and `retry_after`, and those beyond `bearable` in flight with 503.
    """

    name: str
    latency: float = 0.05
    crawl_delay: float = 0.0
    limited_at: int = 0
    retry_after: int = 0
    bearable: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A request as its host saw it: times are of the host's monotonic clock, in seconds."""

    host: str
    path: str
    arrived: float
    answered: float
    status: int


@dataclass(slots=True)
class _Host:
    temper: Temper
    log: list[Served]
    in_flight: int = 0
    pages_asked: int = 0

    async def answer(self, request: web.BaseRequest) -> web.Response:
        arrived = time.monotonic()
        self.in_flight += 1
        try:
            response = self._response(request.path)
            # Refusing is quick, as in life: it is what protects the server.
            await asyncio.sleep(self.temper.latency if response.status < _TOO_MANY else 0)
            return response
        finally:
            self.in_flight -= 1
            self.log.append(
                Served(
                    host=self.temper.name,
                    path=request.path,
                    arrived=arrived,
                    answered=time.monotonic(),
                    status=response.status,
                )
            )

    def _response(self, path: str) -> web.Response:
        temper = self.temper
        if path == "/robots.txt":
            delay = f"Crawl-delay: {temper.crawl_delay:g}\n" if temper.crawl_delay else ""
            return web.Response(text=f"User-agent: *\n{delay}Disallow: /private/\n")
        self.pages_asked += 1
        if self.pages_asked == temper.limited_at:
            return web.Response(status=_TOO_MANY, headers={"Retry-After": str(temper.retry_after)})
        if temper.bearable and self.in_flight > temper.bearable:
            return web.Response(status=_UNAVAILABLE)
        return web.Response(text=f"<!doctype html><title>{path}</title>", content_type="text/html")


async def _serve(pipe: Connection, tempers: tuple[Temper, ...]) -> None:
    log: list[Served] = []
    ports = []
    for temper in tempers:
        host = _Host(temper, log)
        runner = web.ServerRunner(web.Server(host.answer))
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        ports.append(runner.addresses[0][1])
    pipe.send(ports)
    try:
        await asyncio.to_thread(pipe.recv)  # until the log is asked for
    except EOFError:
        return  # nobody wants it: the client failed
    pipe.send(log)


def _run(pipe: Connection, tempers: tuple[Temper, ...]) -> None:
    asyncio.run(_serve(pipe, tempers))


class Hosts:
    """The running hosts: `origins` by name, and their log once everything is done."""

    def __init__(self, pipe: Connection, tempers: tuple[Temper, ...]) -> None:
        self._pipe = pipe
        ports: list[int] = pipe.recv()
        self.origins = {
            temper.name: f"http://127.0.0.1:{port}" for temper, port in zip(tempers, ports, strict=True)
        }

    def log(self) -> list[Served]:
        """Return what was asked of all hosts, in the order of the answers. They stop."""
        self._pipe.send(None)
        log: list[Served] = self._pipe.recv()
        return log


@contextmanager
def polite_hosts(tempers: tuple[Temper, ...]) -> Iterator[Hosts]:
    """Run a host for each of `tempers` until the block ends."""
    with server_process(_run, tempers) as pipe:
        yield Hosts(pipe, tempers)
