"""What many tests share: the fixture blog on loopback, a database, a client that may reach loopback."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from scraper.demo.server import DemoServer
from scraper.http.client import Client, Limits
from storage.database import Database

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

FIXTURES = Path(__file__).parent.parent / "fixtures"

# The same examples in every run: who changed nothing sees nothing fail. To look for new ones:
# pytest --hypothesis-profile=explore
_SLOW = [HealthCheck.too_slow]
settings.register_profile("cratedig", deadline=None, suppress_health_check=_SLOW, derandomize=True)
settings.register_profile("explore", deadline=None, suppress_health_check=_SLOW, max_examples=1000)
settings.load_profile("cratedig")


@pytest.fixture(scope="session")
def expected() -> dict[str, Any]:
    """The truth about the fixture blog."""
    truth: dict[str, Any] = json.loads((FIXTURES / "expected.json").read_text(encoding="utf-8"))
    return truth


@pytest.fixture
async def blog() -> AsyncIterator[DemoServer]:
    """The fixture blog, served on loopback."""
    async with DemoServer(FIXTURES / "blog") as server:
        yield server


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with await Database.open(tmp_path / "crate.sqlite3") as opened:
        yield opened


class QuickTime:
    """A clock that whoever sleeps moves on, without sleeping; `naps` are the seconds slept."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.naps: list[float] = []

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        until = self.now + seconds
        await asyncio.sleep(0)
        self.now = max(self.now, until)


@pytest.fixture
def quick() -> QuickTime:
    """The time of a client under test."""
    return QuickTime()


@pytest.fixture
def naps(quick: QuickTime) -> list[float]:
    """The seconds that a client under test has slept, without sleeping."""
    return quick.naps


@pytest.fixture
async def client(quick: QuickTime) -> AsyncIterator[Client]:
    """A client that reaches loopback and does not really sleep between tries."""
    async with Client(
        allow_private=True, limits=Limits(read_timeout=60), sleep=quick.sleep, clock=quick.clock
    ) as opened:
        yield opened


@pytest.fixture
def unused_tcp_port() -> Iterator[int]:
    """A port of loopback at which nobody answers; it is taken, so that nobody else gets it meanwhile."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.fixture
def serve() -> Callable[..., Any]:
    """A real server on loopback with one handler for all it is asked: ``async with serve(handler) as url``."""
    from aiohttp import web

    @asynccontextmanager
    async def running(handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[str]:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", handler)
        runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        try:
            host, port = runner.addresses[0][:2]
            yield f"http://{host}:{port}"
        finally:
            await runner.cleanup()

    return running


@pytest.fixture(autouse=True)
def _nothing_of_this_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the configuration, data and environment of whoever runs the tests out of them."""
    for name in list(os.environ):
        if name.startswith("CRATEDIG_"):
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_MUSIC_DIR"):
        monkeypatch.setenv(name, str(home))
