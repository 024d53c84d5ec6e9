"""Draining the queue: claims in batches, a bounded number of files at once, leases kept alive."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from scraper.downloads.acknowledge import Acknowledgements
from scraper.downloads.errors import DownloadError, VolumeError
from scraper.downloads.folder import prepare_folder
from scraper.downloads.job import run_job
from scraper.http.errors import FetchError
from storage.backoff import Again
from storage.errors import LeaseLostError
from storage.unbroken import in_thread, unbroken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scraper.downloads.folder import DownloadFolder
    from scraper.http.client import Client
    from storage.queue import Queue
    from storage.reasons import Reason
    from storage.records import Download

LEASE = 60.0
"""Seconds that a claim is held without a heartbeat."""

# No set of busy hosts holds it: with it, a claim is always worth its while.
_UNKNOWN = frozenset({""})

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class DrainCounts:
    """What a drain has done so far: plain numbers that a progress display may read at any time."""

    done: int = 0
    bytes: int = 0
    """Bytes received, those of failed attempts included."""
    put_back: int = 0
    """Failed this time, and due again later."""
    failed: Counter[Reason] = field(default_factory=Counter)
    """Failed for good, by reason."""
    running: dict[int, Download] = field(default_factory=dict)
    """What is held now, by id."""

    def numbers(self) -> dict[str, int]:
        """Return the counts by name, for records of runs and for --json."""
        return {
            "downloaded": self.done,
            "downloaded_bytes": self.bytes,
            "put_back": self.put_back,
            "download_failed": self.failed.total(),
        }


class Drain:
    """Downloads what is due in the queue into a folder, several files at once, any number of processes.

    Twice as many downloads are held as run at once, and no host holds twice its share. A download that
    waits for its turn at a host keeps its place, so several hosts with long Crawl-delays slow the others.
    `lease` is in seconds.
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
        lease: float = LEASE,
    ) -> None:
        self.counts = counts or DrainCounts()
        self._queue = queue
        self._client = client
        self._folder = folder
        self._concurrency = concurrency
        self._max_bytes = max_bytes
        self._clock = clock
        self._lease = lease
        self._share = min(client.limits.per_host, concurrency)
        self._acknowledgements = Acknowledgements(queue, completed=self._completed)
        self._places = asyncio.Semaphore(concurrency)
        self._host_places = defaultdict[str, asyncio.Semaphore](partial(asyncio.Semaphore, self._share))
        self._tasks: dict[asyncio.Task[None], Download] = {}
        self._nothing_beside = _UNKNOWN

    async def run(self, *, most: int | None = None) -> DrainCounts:
        """Download until nothing is due, or `most` downloads were tried.

        When cancelled, what is under way goes back to the queue unharmed. Raises `VolumeError` when the
        folder takes no more files; all that was done is kept.
        """
        await in_thread(prepare_folder, self._folder, now=self._clock())
        beat = asyncio.create_task(self._keep_leases())
        try:
            await self._feed(most, beat)
        finally:
            await unbroken(self._stop(beat))
        return self.counts

    async def _feed(self, most: int | None, beat: asyncio.Task[None]) -> None:
        left = most
        while True:
            claimed = await unbroken(self._claim(left))
            if left is not None:
                left -= claimed
            if not self._tasks:
                return
            if not claimed:
                await self._wait_for_one(beat)

    async def _claim(self, left: int | None) -> int:
        """Start at most `left` more downloads, a host's share at a time; return how many."""
        room = 2 * self._concurrency - len(self._tasks)
        held = Counter(download.host for download in self._tasks.values())
        ready = sum(min(count, self._share) for count in held.values())
        limit = min(self._share, room if left is None else min(room, left))
        busy = frozenset(host for host, count in held.items() if count >= self._share)
        if ready > self._concurrency or limit <= 0 or (self._tasks and self._nothing_beside <= busy):
            return 0
        claimed = await self._queue.claim(limit=limit, lease=self._lease, skip_hosts=busy)
        self._nothing_beside = _UNKNOWN if claimed else busy
        for download in claimed:
            # After a long sleep of the machine this process may be given what it still works on.
            self._give_up(self.counts.running.get(download.id))
            self.counts.running[download.id] = download
            self._tasks[asyncio.create_task(self._work(download))] = download
        return len(claimed)

    async def _wait_for_one(self, beat: asyncio.Task[None]) -> None:
        finished, _ = await asyncio.wait([*self._tasks, beat], return_when=asyncio.FIRST_COMPLETED)
        for task in finished:
            self._tasks.pop(task, None)
        for error in (errors := _errors_of(finished)):
            _log_all(errors[1:])
            raise error

    async def _work(self, download: Download) -> None:
        try:
            async with self._host_places[download.host], self._places:
                await run_job(
                    download,
                    client=self._client,
                    queue=self._acknowledgements,
                    folder=self._folder,
                    max_bytes=self._max_bytes,
                    on_bytes=self._count_bytes,
                )
        except (FetchError, DownloadError) as error:
            _log.info("%s", error)
            await unbroken(self._fail(download, error))
        except LeaseLostError:
            self._let_go(download)  # another worker has it: what this one did is not published
        except VolumeError as error:
            # Due at once: the drain ends here, and the next one finds out whether there is room again.
            await unbroken(self._put_off(download, error, until=self._clock()))
            raise

    async def _fail(self, download: Download, error: FetchError | DownloadError) -> None:
        retry_after = error.retry_after if isinstance(error, FetchError) else None
        with contextlib.suppress(LeaseLostError):
            if isinstance(error, FetchError) and not error.asked and retry_after is not None:
                # Its host is to be left alone for longer than a run waits: no try of its own was made.
                await self._put_off(download, error, until=self._clock() + retry_after)
                self.counts.put_back += 1
                return
            verdict = await self._queue.fail(download, error.reason, error.detail, retry_after=retry_after)
            if isinstance(verdict, Again):
                self.counts.put_back += 1
            else:
                self.counts.failed[error.reason] += 1
        self._let_go(download)

    async def _put_off(self, download: Download, error: VolumeError | FetchError, *, until: float) -> None:
        with contextlib.suppress(LeaseLostError):
            await self._queue.put_off(download, until=until, reason=error.reason, detail=error.detail)
        self._let_go(download)

    async def _keep_leases(self) -> None:
        while True:
            await asyncio.sleep(self._lease / 3)
            await unbroken(self._heartbeat())
            self._nothing_beside = _UNKNOWN  # meanwhile more may be due

    async def _heartbeat(self) -> None:
        held = list(self.counts.running.values())
        lost = await self._queue.heartbeat(held, lease=self._lease)
        for download in held:
            if download.id in lost:
                self._give_up(download)

    def _give_up(self, download: Download | None) -> None:
        """End the task of `download`, which another claim has now."""
        for task, worked_on in self._tasks.items():
            if worked_on is download:
                self._let_go(worked_on)
                task.cancel()

    async def _stop(self, beat: asyncio.Task[None]) -> None:
        """End every task and give back what is still held, also what never began."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        _log_all(_errors_of(self._tasks))
        self._tasks.clear()
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
        if self.counts.running.get(download.id) is download:
            del self.counts.running[download.id]

    def _count_bytes(self, count: int) -> None:
        self.counts.bytes += count


def _errors_of(ended: Iterable[asyncio.Task[None]]) -> list[BaseException]:
    """Return what the tasks raised; a full disk comes last, so that it hides nothing unexpected."""
    errors = [error for task in ended if not task.cancelled() and (error := task.exception()) is not None]
    return sorted(errors, key=lambda error: isinstance(error, VolumeError))


def _log_all(errors: list[BaseException]) -> None:
    for error in errors:
        if not isinstance(error, VolumeError):
            _log.error("a download ended with an error of its own", exc_info=error)
