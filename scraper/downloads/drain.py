"""Draining the queue: claims in batches, waits of one host that slow no other, leases kept alive."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from functools import partial
from typing import TYPE_CHECKING, Final

from scraper.downloads.acknowledge import Acknowledgements
from scraper.downloads.counts import DrainCounts
from scraper.downloads.errors import DownloadError, VolumeError
from scraper.downloads.failing import Failures
from scraper.downloads.folder import prepare_folder
from scraper.downloads.job import run_job
from scraper.downloads.room import Room
from scraper.http.errors import FetchError
from storage.errors import LeaseLostError
from storage.unbroken import in_thread, unbroken

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from scraper.downloads.folder import DownloadFolder
    from scraper.http.client import Client
    from storage.queue import Queue
    from storage.records import Download

LEASE: Final = 60.0
"""Seconds that a claim is held without a heartbeat."""

# No set of hosts to skip holds it: with it, a claim is always worth its while.
_UNKNOWN = frozenset({""})

_log = logging.getLogger(__name__)


class Drain:
    """Downloads what is due in the queue into a folder, any number of processes at once.

    At most `concurrency` files are under way at once, besides those that wait, for their turn or for another
    try: they slow no other host (see `Room`). `clock` tells POSIX seconds UTC; `lease` is in seconds;
    `sleep` passes the time between two tries.
    """

    def __init__(
        self,
        *,
        queue: Queue,
        client: Client,
        folder: DownloadFolder,
        concurrency: int,
        max_bytes: int,
        counts: DrainCounts | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        lease: float = LEASE,
    ) -> None:
        self.counts = counts or DrainCounts()
        self._queue = queue
        self._client = client
        self._folder = folder
        self._max_bytes = max_bytes
        self._clock = clock
        self._sleep = sleep
        self._lease = lease
        self._room = Room(concurrency=concurrency, share=min(client.limits.per_host, concurrency))
        self._failures = Failures(queue=queue, counts=self.counts, room=self._room, clock=clock)
        self._finishing = asyncio.Semaphore(concurrency)
        self._acknowledgements = Acknowledgements(queue, completed=self._completed)
        self._tasks: dict[asyncio.Task[None], Download] = {}
        self._ended: list[asyncio.Task[None]] = []
        self._changed = asyncio.Event()
        self._nothing_beside = _UNKNOWN
        self._left: int | None = None

    async def run(self, *, most: int | None = None) -> DrainCounts:
        """Download until nothing is due, or `most` downloads were tried.

        Hosts that are to be left alone for longer than a run waits are left to later runs. When cancelled,
        what is under way goes back to the queue unharmed. Raises `VolumeError` when the folder takes no
        more files; all that was done is kept.
        """
        self._left = most
        await in_thread(prepare_folder, self._folder, now=self._clock())
        beat = asyncio.create_task(self._keep_leases())
        beat.add_done_callback(self._end)
        try:
            await self._feed()
        finally:
            await unbroken(self._stop(beat))
        return self.counts

    async def _feed(self) -> None:
        while True:
            self._changed.clear()
            self._start()
            idle = not self._tasks
            claimed = await unbroken(self._claim())
            self._look_at_ended()
            if idle and not claimed:
                return
            if not claimed:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._room.next_change()):
                        await self._changed.wait()

    async def _claim(self) -> int:
        """Claim what the room offers and the queue has; return how many downloads."""
        offer = self._room.offer()
        limit = offer.limit if self._left is None else min(offer.limit, self._left)
        if limit <= 0 or (self._tasks and self._nothing_beside <= offer.skip):
            return 0
        claimed = await self._queue.claim(limit=limit, lease=self._lease, skip_hosts=offer.skip)
        self._nothing_beside = _UNKNOWN if claimed else offer.skip
        if self._left is not None:
            self._left -= len(claimed)
        for download in claimed:
            # After a long sleep of the machine this process may be given what it still works on.
            self._give_up(self.counts.running.get(download.id))
            self.counts.running[download.id] = download
            self._room.take(download)
        return len(claimed)

    def _start(self) -> None:
        for download in self._room.start():
            task = asyncio.create_task(self._work(download))
            self._tasks[task] = download
            task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._tasks.pop(task, None)
        self._ended.append(task)
        self._changed.set()

    def _look_at_ended(self) -> None:
        ended, self._ended = self._ended, []
        for error in (errors := _errors_of(ended)):
            _log_all(errors[1:])
            raise error

    async def _work(self, download: Download) -> None:
        try:
            await run_job(
                download,
                client=self._client,
                queue=self._acknowledgements,
                folder=self._folder,
                max_bytes=self._max_bytes,
                finishing=self._finishing,
                on_bytes=partial(self._count_bytes, download),
                sleep=partial(self._rest, download),
            )
        except (FetchError, DownloadError) as error:
            _log.info("%s: %s", error.reason, error)
            await unbroken(self._fail(download, error))
        except LeaseLostError:
            self._let_go(download)  # another worker has it: what this one did is not published
        except VolumeError as error:
            # Due at once: the drain ends here, and the next one finds out whether there is room again.
            with contextlib.suppress(LeaseLostError):
                await self._queue.put_off(
                    download, until=self._clock(), reason=error.reason, detail=error.detail
                )
            self._let_go(download)
            raise

    async def _fail(self, download: Download, error: FetchError | DownloadError) -> None:
        tried = await self._failures.record(download, error)
        if not tried and self._left is not None:
            self._left += 1
        self._let_go(download)

    async def _rest(self, download: Download, seconds: float) -> None:
        self._room.rests(download)
        self._changed.set()
        await self._sleep(seconds)

    async def _keep_leases(self) -> None:
        while True:
            await asyncio.sleep(self._lease / 3)
            await unbroken(self._heartbeat())
            self._nothing_beside = _UNKNOWN  # meanwhile more may be due
            self._changed.set()

    async def _heartbeat(self) -> None:
        held = list(self.counts.running.values())
        lost = await self._queue.heartbeat(held, lease=self._lease)
        for download in held:
            if download.id in lost:
                self._give_up(download)

    def _give_up(self, download: Download | None) -> None:
        """End the work on `download`, which another claim has now."""
        if download is None:
            return
        self._let_go(download)
        for task, worked_on in self._tasks.items():
            if worked_on is download:
                task.cancel()

    async def _stop(self, beat: asyncio.Task[None]) -> None:
        """End every task and give back what is still held, also what never began."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        _log_all(_errors_of(self._ended))
        try:
            for download in list(self.counts.running.values()):
                with contextlib.suppress(LeaseLostError):
                    await self._queue.release(download)
                self._let_go(download)
        finally:
            beat.cancel()
            await asyncio.gather(beat, return_exceptions=True)

    def _completed(self, download: Download) -> None:
        self.counts.done += 1
        self._let_go(download)

    def _let_go(self, download: Download) -> None:
        self._room.let_go(download)
        if self.counts.running.get(download.id) is download:
            del self.counts.running[download.id]

    def _count_bytes(self, download: Download, count: int) -> None:
        self.counts.bytes += count
        if self._room.moves(download):
            self._changed.set()


def _errors_of(ended: Iterable[asyncio.Task[None]]) -> list[BaseException]:
    """Return what the tasks raised; a full disk comes last, so that it hides nothing unexpected."""
    errors = [error for task in ended if not task.cancelled() and (error := task.exception()) is not None]
    return sorted(errors, key=lambda error: isinstance(error, VolumeError))


def _log_all(errors: list[BaseException]) -> None:
    for error in errors:
        if not isinstance(error, VolumeError):
            _log.error("a download ended with an error of its own", exc_info=error)
