"""A nursery of workers: a process that has imported everything, and forks a drain for each order that it reads.

Orders and events are JSON lines on stdin and stdout; starting Python anew for each worker would take a second.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import logging
import math
import os
import select
import signal
import socket
import sys
import traceback
from asyncio.selector_events import BaseSelectorEventLoop
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Never

from scraper.downloads.draining import leases
from scraper.downloads.draining.drain import Drain
from scraper.downloads.errors import VolumeError
from scraper.downloads.settings import DrainSettings
from scraper.http.client import Client, Limits
from scraper.worker.process import WorkerDiedError, WorkerLimits, WorkerProcess
from storage.database import Database
from storage.queue import Queue
from tests.scraper.downloads.trials.clock import SharedClock
from tests.scraper.downloads.trials.ledger import record_changes
from tests.scraper.downloads.trials.points import arm

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

_DIE_WITH_PARENT, _ADOPT_ORPHANS = 1, 36  # prctl(2): PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER
_PATIENCE = 120.0
"""Seconds that what workers left behind may take to end."""
_write = os.write  # the one that no trial makes fail


_BUFFER = 1 << 14
"""Bytes that wait at a worker's end of a connection: what a server has sent is about what was received."""

_connect = BaseSelectorEventLoop.sock_connect


async def _connect_narrowly(loop: BaseSelectorEventLoop, sock: socket.socket, address: Any) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
    await _connect(loop, sock, address)


@asynccontextmanager
async def open_drain(order: dict[str, Any], clock: Callable[[], float]) -> AsyncIterator[Drain]:
    """Open what `order` describes: the one place where these trials meet the downloader."""
    limits = Limits(**order["limits"])
    leases.LONGEST_BEAT = math.inf  # type: ignore[misc]  # by the lease alone
    BaseSelectorEventLoop.sock_connect = _connect_narrowly  # type: ignore[assignment,method-assign]
    if not order["aside"]:
        WorkerProcess.start = _no_process  # type: ignore[assignment,method-assign]
    async with (
        await Database.open(order["database"], clock=clock) as database,
        Client(allow_private=True, obey_robots=False, limits=limits, sleep=_sleep(order)) as client,
    ):
        yield Drain(
            queue=Queue(database),
            client=client,
            folder=Path(order["to"]),
            concurrency=order["concurrency"],
            settings=DrainSettings(max_bytes=10**8),
            lease=order["lease"],
            clock=clock,
            sleep=_sleep(order),
            patience=order["patience"],
        )


async def _no_process(_: WorkerLimits) -> Never:
    """Let files be examined in a thread: a process for each worker would take longer than its work."""
    raise WorkerDiedError("not in this trial")


def _sleep(order: dict[str, Any]) -> Callable[[float], Awaitable[None]]:
    async def briefly(_: float) -> None:
        await asyncio.sleep(0.005)

    return briefly if order["quick"] else asyncio.sleep


async def _work(order: dict[str, Any]) -> dict[str, Any]:
    clock = SharedClock(Path(order["clock"]))
    if order["name"]:
        record_changes(order["name"], clock)
    if order["point"]:
        arm(order["point"])
    async with open_drain(order, clock) as drain:
        try:
            counts = await drain.run(most=order["most"])
        except VolumeError as error:
            return {"volume": error.reason}
        return counts.numbers()


def _child(order: dict[str, Any], events: int) -> None:
    """Do the work of a worker and end the process."""
    _process_control(_DIE_WITH_PARENT, signal.SIGKILL)
    logging.disable(logging.WARNING)
    code = 1
    try:
        result = asyncio.run(_work(order))
        _tell(events, {"pid": os.getpid(), "result": result})
        code = 0
    except BaseException:  # noqa: BLE001 - the process ends here, and the test sees its status
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _tell(events: int, event: dict[str, Any]) -> None:
    _write(events, json.dumps(event).encode() + b"\n")  # less than a pipe takes in one piece


def _process_control(option: int, value: int) -> None:
    ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


class _Nursery:
    """Forks a child for each order and tells how each is doing; adopts what its children leave behind."""

    def __init__(self, orders: int, events: int) -> None:
        self._orders = orders
        self._events = events
        self._children: set[int] = set()
        self._woken, wake = os.pipe()
        os.set_blocking(wake, False)
        signal.set_wakeup_fd(wake)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def run(self) -> None:
        """Serve until stdin ends; then end every worker and see that nothing of theirs goes on."""
        given = b""
        while True:
            readable, _, _ = select.select([self._orders, self._woken], [], [])
            if self._woken in readable:
                os.read(self._woken, 4096)
                self._look(os.WNOHANG | os.WUNTRACED)
            if self._orders in readable:
                read = os.read(self._orders, 65536)
                if not read:
                    break
                *lines, given = (given + read).split(b"\n")
                for line in lines:
                    self._begin(json.loads(line))
        self._close()

    def _begin(self, order: dict[str, Any]) -> None:
        child = os.fork()
        if not child:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.dup2(os.open(os.devnull, os.O_RDONLY), self._orders)
            if "run" in order:
                os.execvp(order["run"][0], order["run"])  # noqa: S606 - our own words
            _child(order, self._events)
        self._children.add(child)
        _tell(self._events, {"started": child})

    def _look(self, flags: int) -> bool:
        """Report every change of a child; return whether there are any left."""
        while True:
            try:
                child, status = os.waitpid(-1, flags)
            except ChildProcessError:
                return False
            if not child:
                return True
            if child not in self._children:
                continue  # adopted: a process that a worker had begun
            if os.WIFSTOPPED(status):
                _tell(self._events, {"pid": child, "stopped": True})
            else:
                self._children.discard(child)
                _tell(self._events, {"pid": child, "ended": status})

    def _close(self) -> None:
        for child in self._children:
            os.kill(child, signal.SIGKILL)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, _PATIENCE)  # ends this process, and the test sees it
        self._look(0)


if __name__ == "__main__":
    _process_control(_DIE_WITH_PARENT, signal.SIGKILL)
    _process_control(_ADOPT_ORPHANS, 1)
    _Nursery(0, os.dup(1)).run()
