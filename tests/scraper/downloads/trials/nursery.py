"""The test's side of the nursery: workers as objects, their ends as awaitables."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

ROOT = Path(__file__).parents[4]
LEASE = 60.0
"""Seconds. Heartbeats come three times as often: no worker lives so long. The clock is moved on past it."""

_PATIENCE = 300.0
"""Seconds after which a worker that shows nothing is taken for stuck."""


class Worker:
    """A process that drains the queue."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.pid = 0
        self.result: dict[str, Any] = {}
        """What it says at its end, unless it was killed."""
        self.begun = asyncio.Event()
        self._paused = asyncio.Event()
        self._status: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    @property
    def alive(self) -> bool:
        """Whether it has not ended; it may be stopped."""
        return not self._status.done()

    @property
    def is_stopped(self) -> bool:
        """Whether it lies still until it is continued."""
        return self.alive and self._paused.is_set()

    @property
    def killed(self) -> bool:
        """Whether it ended by SIGKILL."""
        return self._status.done() and self._status.result() == signal.SIGKILL

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal; nothing happens where it has just ended."""
        if number == signal.SIGCONT:
            self._paused.clear()
        if self.alive:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    async def ended(self) -> int:
        """Return its wait status when it has ended."""
        async with asyncio.timeout(_PATIENCE):
            return await asyncio.shield(self._status)

    async def stopped(self) -> None:
        """Wait until SIGSTOP has taken hold of it."""
        async with asyncio.timeout(_PATIENCE):
            await self._paused.wait()

    async def quiet(self) -> None:
        """Wait until it has ended or stopped."""
        waits = [asyncio.create_task(wait) for wait in (self.ended(), self.stopped())]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()

    def hear(self, event: dict[str, Any]) -> None:
        """Take note of what the nursery tells."""
        self.result = event.get("result", self.result)
        if event.get("stopped"):
            self._paused.set()
        if "ended" in event and not self._status.done():
            self._status.set_result(int(event["ended"]))


class Nursery:
    """Starts workers, each for one order: a database, a folder and how it is to go about it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._workers: dict[int, Worker] = {}
        self._starting: asyncio.Queue[Worker] = asyncio.Queue()
        self._count = 0

    async def start(self, order: dict[str, Any]) -> Worker:
        """Start a worker; return it when it runs."""
        self._count += 1
        worker = Worker(f"worker {self._count}")
        self._starting.put_nowait(worker)
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"name": worker.name} | order).encode() + b"\n")
        await worker.begun.wait()
        return worker

    async def run(self, *words: str) -> None:
        """Run a program where the workers are, to its end."""
        assert await (await self.start({"run": words})).ended() == 0

    @property
    def root(self) -> Path:
        """The file system as its workers see it."""
        return Path(f"/proc/{self._process.pid}/root")

    async def listen(self) -> None:
        """Pass on what the nursery tells, until it ends."""
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            event = json.loads(line)
            if "started" in event:
                worker = self._starting.get_nowait()
                worker.pid = event["started"]
                self._workers[worker.pid] = worker
                worker.begun.set()
            else:
                self._workers[event["pid"]].hear(event)


@asynccontextmanager
async def open_nursery(*, under: Sequence[str] = ()) -> AsyncIterator[Nursery]:
    """Yield a nursery; `under` are the words of a program that is to run it."""
    process = await asyncio.create_subprocess_exec(
        *under, sys.executable, "-m", "tests.scraper.downloads.trials.worker", cwd=ROOT,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    nursery = Nursery(process)
    listening = asyncio.create_task(nursery.listen())
    try:
        yield nursery
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await listening
        assert await process.wait() == 0, "something that a worker began did not end"
