"""The program as a person runs it: its own arguments, streams and exit code, against the fixture blog."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

import pytest
from aiohttp import web

from scraper.cli.app import main
from scraper.demo.server import DemoServer
from storage.database import Database
from storage.queue import Queue
from storage.reasons import Reason
from storage.records import LinkKind, Selection, WantedDownload

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from storage.records import Download

FIXTURES = Path(__file__).parents[3] / "fixtures"


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run of the program came to."""

    code: int
    out: str
    err: str


class HoldingServer(DemoServer):
    """The fixture blog, which may answer some requests and hold back all others until it is told to go on."""

    def __init__(self) -> None:
        super().__init__(FIXTURES / "blog")
        self.held = threading.Event()
        """Set when a request is being held back."""
        self.agents: set[str] = set()
        """The user agents that have asked."""
        self.busy_for: int | None = None
        """Answer every file with 429 and so many seconds of Retry-After."""
        self.gone: set[str] = set()
        """Paths that are not there any more."""
        self._left: int | None = None
        self._go_on = asyncio.Event()

    def hold_after(self, requests: int) -> None:
        """Answer so many more requests, then none."""
        self.held.clear()
        self._go_on.clear()
        self._left = requests

    def go_on(self) -> None:
        """Answer everything again; may be called from any thread."""
        self._left = None
        self._loop.call_soon_threadsafe(self._go_on.set)

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        return await super().__aenter__()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.agents.add(request.headers["User-Agent"])
        if self.busy_for is not None and request.path.startswith("/files/"):
            return web.Response(status=429, headers={"Retry-After": str(self.busy_for)})
        if request.path in self.gone:
            return web.Response(status=404)
        if self._left is not None:
            if self._left == 0:
                self.held.set()
                await self._go_on.wait()
            else:
                self._left -= 1
        return await super()._answer(request)


@contextmanager
def _served() -> Iterator[HoldingServer]:
    # In a thread with a loop of its own: the program under test runs its own loop in the main thread.
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(HoldingServer().__aenter__(), loop).result()
    try:
        yield server
        server.go_on()
    finally:
        asyncio.run_coroutine_threadsafe(server.__aexit__(None, None, None), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.fixture
def served() -> Iterator[HoldingServer]:
    """The fixture blog, served beside the program."""
    with _served() as server:
        yield server


@pytest.fixture
def scrape(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run the program with a database and a download folder of the test's own."""

    def run(*words: str, database: bool = True) -> Ran:
        arguments = [*words]
        if database and "--database" not in words:
            arguments += ["--database", str(tmp_path / "crate.sqlite3")]
        capfd.readouterr()
        code = main(arguments)
        captured = capfd.readouterr()
        return Ran(code=code, out=captured.out, err=captured.err)

    return run


NAMES = (
    "Nemo Vale - One",
    "Nemo Vale - Later",
    "Nemo Vale - Gone",
    "Juno Parch - A Page",
    "Milo Ashgrove - Whole",
    "Wren Coil - Unwanted",
    "Harrow Lane - Under Way",
)
"""What the downloads of `stocked` are called, by their ids from 1 on."""


@pytest.fixture
def change(tmp_path: Path) -> Callable[..., None]:
    """Do something to the queue of the test's database, as another program would."""

    def changing(act: Callable[[Queue], Awaitable[object]]) -> None:
        async def opened() -> None:
            async with await Database.open(tmp_path / "crate.sqlite3") as database:
                await act(Queue(database))

        asyncio.run(opened())

    return changing


@pytest.fixture
def stocked(change: Callable[..., None]) -> Callable[..., None]:
    """A queue with a download in every state: those of `NAMES`, 1 to 7; the fourth is of page.example."""
    change(_stock)
    return change


async def _stock(queue: Queue) -> None:
    await queue.enqueue([_wish(number, name) for number, name in enumerate(NAMES, 1)])
    jobs = {job.id: job for job in await queue.claim(limit=len(NAMES))}
    await queue.release(jobs[1])
    await queue.fail(jobs[2], Reason.RATE_LIMITED, "status 429", retry_after=7200)
    await queue.fail(jobs[3], Reason.NOT_FOUND, "status 404")
    await queue.fail(jobs[4], Reason.NOT_AUDIO, "it is \x1b]0;pwn\x07 an HTML page")
    await _complete(queue, jobs[5])
    await queue.release(jobs[6])
    await queue.cancel(Selection(ids=[6]))


async def _complete(queue: Queue, job: Download) -> None:
    path = "/music/Milo Ashgrove - Whole.mp3"
    await queue.verified(job, path=path, size=4200, sha256="5e" * 32)
    await queue.complete(job, path=path, size=4200, sha256="5e" * 32)


def _wish(number: int, name: str) -> WantedDownload:
    host = "page.example" if number == 4 else "files.example"
    return WantedDownload(
        key=f"{host}/{number}.mp3",
        url=f"https://{host}/{number}.mp3",
        host=host,
        kind=LinkKind.DIRECT,
        format="mp3",
        stem=name,
        referer=f"https://blog.example/{number}/",
    )
