"""kill -9 at any moment loses nothing, leaves nothing stuck and publishes nothing twice."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import random
import signal
import sqlite3
import sys
import textwrap
from collections import Counter
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from scraper.downloads.folder import DownloadFolder
    from storage.database import Database

    Enqueue = Callable[..., Awaitable[None]]

ROUNDS = int(os.environ.get("KILL_ROUNDS", "2"))
FILES = 30
LEASE = 3.0

# Forks a worker for each line that it reads: starting Python anew for each would take a second.
NURSERY = textwrap.dedent("""
    import asyncio, functools, importlib, inspect, json, os, signal, sys, time
    from pathlib import Path
    from scraper.downloads.drain import Drain
    from scraper.downloads.folder import DownloadFolder
    from scraper.http.client import Client, Limits
    from storage.database import Database
    from storage.queue import Queue

    def die():
        os.kill(os.getpid(), signal.SIGKILL)

    def dying(function, when):
        @functools.wraps(function)
        async def waited(*args, **kwargs):
            when == "before" and die()
            await function(*args, **kwargs)
            die()

        @functools.wraps(function)
        def called(*args, **kwargs):
            when == "before" and die()
            function(*args, **kwargs)
            die()

        return waited if inspect.iscoroutinefunction(function) else called

    async def main(order):
        if order["die"]:
            module, _, name = order["die"][0].partition(":")
            place = importlib.import_module(module)
            *path, last = name.split(".")
            for step in path:
                place = getattr(place, step)
            setattr(place, last, dying(getattr(place, last), order["die"][1]))
        clock = lambda: time.time() + order["ahead"]
        limits = Limits(concurrency=6, per_host=6, attempts=1)
        async with (
            await Database.open(order["database"], clock=clock) as database,
            Client(allow_private=True, obey_robots=False, limits=limits) as client,
        ):
            await Drain(
                queue=Queue(database), client=client, folder=DownloadFolder(path=Path(order["to"])),
                concurrency=6, max_bytes=10**8, lease=order["lease"],
            ).run()

    for line in sys.stdin:
        child = os.fork()
        if not child:
            code = 1
            try:
                asyncio.run(main(json.loads(line)))
                code = 0
            finally:
                sys.stderr.flush()
                os._exit(code)
        print(child, flush=True)
        print(os.waitpid(child, 0)[1], flush=True)
""")


class Nursery:
    """Runs one worker at a time, each a process of its own."""

    def __init__(
        self, process: asyncio.subprocess.Process, database: Database, folder: DownloadFolder
    ) -> None:
        self._process = process
        self._order = {"database": str(database.path), "to": str(folder.path)}

    async def start(
        self, *, die: tuple[str, str] | None = None, ahead: float = 0, lease: float = LEASE
    ) -> int:
        """Start a worker that dies at `die`, if given; return its process id."""
        order = self._order | {"die": die, "ahead": ahead, "lease": lease}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        return await self._number()

    async def ended(self) -> int:
        """Return the wait status of the worker when it has ended."""
        return await self._number()

    async def _number(self) -> int:
        assert self._process.stdout is not None
        return int(await self._process.stdout.readline())


@asynccontextmanager
async def _nursery(database: Database, folder: DownloadFolder) -> AsyncIterator[Nursery]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", NURSERY, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    yield Nursery(process, database, folder)
    assert process.stdin is not None
    process.stdin.close()
    assert await process.wait() == 0


class Shop:
    """Serves music slowly and remembers what it was asked for."""

    def __init__(self, wav: Callable[..., bytes]) -> None:
        self._wav = wav
        self._asked_more = asyncio.Condition()
        self.asked: Counter[str] = Counter()

    async def asked_for(self, total: int) -> None:
        """Wait until it was asked so often in all."""
        async with self._asked_more:
            await self._asked_more.wait_for(lambda: self.asked.total() >= total)

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        async with self._asked_more:
            self.asked[request.path] += 1
            self._asked_more.notify_all()
        body = self._wav(request.path, 20_000)
        response = web.StreamResponse()
        response.content_length = len(body)
        await response.prepare(request)
        for start in range(0, len(body), 5000):
            await response.write(body[start : start + 5000])
            await asyncio.sleep(0.002)
        return response


@pytest.fixture
def shop(wav: Callable[..., bytes]) -> Shop:
    return Shop(wav)


def _states(database: Path) -> Counter[str]:
    with closing(sqlite3.connect(database)) as connection:
        return Counter(row[0] for row in connection.execute("SELECT state FROM downloads"))


def _check(database: Path, folder: Path, total: int) -> None:
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        rows = connection.execute("SELECT state, path, bytes, sha256 FROM downloads").fetchall()
    assert Counter(row[0] for row in rows) == {"done": total}
    for _, path, size, sha256 in rows:
        content = Path(path).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (size, sha256)
    published = [str(path) for path in folder.iterdir() if path.is_file()]
    assert sorted(published) == sorted(row[1] for row in rows)  # each whole file is in the table, once
    assert list((folder / ".incomplete").iterdir()) == []


@pytest.mark.parametrize(
    ("point", "when", "asked_again"),
    [
        ("storage.queue:Queue.claim", "after", True),
        ("scraper.downloads.part_file:_HashingFile.write", "after", True),
        ("scraper.downloads.part_file:_HashingFile.finish", "after", True),
        ("storage.queue:Queue.verified_many", "before", True),
        ("storage.queue:Queue.verified_many", "after", True),
        ("scraper.downloads.publish:os.link", "before", True),
        ("scraper.downloads.publish:os.link", "after", False),
        ("scraper.downloads.job:publish", "after", False),
        ("storage.queue:Queue.complete_many", "before", False),
        ("storage.queue:Queue.complete_many", "after", False),
    ],
    ids=lambda value: str(value).rpartition(":")[2],
)
async def test_a_kill_at_any_step_of_a_download_is_made_good_by_the_next_run(
    *, serve: Any, shop: Shop, enqueue: Enqueue, database: Database, folder: DownloadFolder,
    point: str, when: str, asked_again: bool,
) -> None:  # fmt: skip
    async with serve(shop.answer) as url, _nursery(database, folder) as nursery:
        await enqueue([f"{url}/1.mp3"])
        await nursery.start(die=(point, when))
        assert await nursery.ended() == signal.SIGKILL
        await nursery.start(ahead=LEASE + 1)
        assert await nursery.ended() == 0
    _check(database.path, folder.path, 1)
    first = point != "storage.queue:Queue.claim"
    assert shop.asked["/1.mp3"] == first + asked_again


@pytest.mark.parametrize("number", range(ROUNDS))
async def test_two_workers_killed_at_random_moments_finish_the_queue(
    *, serve: Any, shop: Shop, enqueue: Enqueue, database: Database, folder: DownloadFolder, number: int
) -> None:
    moments = random.Random(20261120 + number)
    kills = 0

    async def die_at_some_moment(nursery: Nursery) -> None:
        nonlocal kills
        worker = await nursery.start()
        ended = asyncio.create_task(nursery.ended())
        moment = asyncio.create_task(shop.asked_for(shop.asked.total() + moments.randint(1, 8)))
        await asyncio.wait([ended, moment], return_when=asyncio.FIRST_COMPLETED)
        moment.cancel()
        await asyncio.wait([ended], timeout=moments.uniform(0, 0.1))
        if not ended.done():
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
        status = await ended
        assert status in {0, signal.SIGKILL}
        kills += status == signal.SIGKILL

    async def work(nursery: Nursery) -> None:
        for _ in range(3):
            await die_at_some_moment(nursery)
        while _states(database.path).keys() & {"waiting", "running"}:
            await nursery.start()
            assert await nursery.ended() == 0
            await asyncio.sleep(0.1)  # what a killed worker held comes back when its lease ends

    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(serve(shop.answer))
        await enqueue([f"{url}/{file}.mp3" for file in range(FILES)], hosts=4)
        nurseries = [await stack.enter_async_context(_nursery(database, folder)) for _ in range(2)]
        await asyncio.gather(*(work(nursery) for nursery in nurseries))
    _check(database.path, folder.path, FILES)
    assert kills
    assert sum(shop.asked.values()) <= FILES + 6 * kills  # at most what a killed worker had under way
