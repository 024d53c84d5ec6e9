"""Draining the queue: claims in batches, a bounded number of files at once, leases kept alive."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scraper.downloads.errors import DownloadError, VolumeError
from scraper.downloads.job import DownloadFolder, run_job
from scraper.http.errors import FetchError
from storage.errors import LeaseLostError
from storage.reasons import Reason

if TYPE_CHECKING:
    from scraper.http.client import Client
    from storage.queue import Queue
    from storage.records import Download

LEASE = 60.0
"""Seconds that a claim is held without a heartbeat."""

_HEARTBEAT = LEASE / 3
_PAUSE_WHEN_FULL = 300.0  # seconds until a download that met a full disk is due again


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


class Drain:
    """Downloads what is due in the queue into a folder, several files at once, any number of processes."""

    def __init__(
        self, *, queue: Queue, client: Client, folder: DownloadFolder, concurrency: int, max_bytes: int
    ) -> None:
        self.counts = DrainCounts()
        self._queue = queue
        self._client = client
        self._folder = folder
        self._concurrency = concurrency
        self._max_bytes = max_bytes
        self._slots = asyncio.Semaphore(concurrency)
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, *, most: int | None = None) -> DrainCounts:
        """Download until nothing is due, or `most` downloads were tried.

        When cancelled, what is under way goes back to the queue unharmed. Raises `VolumeError` when the
        folder takes no more files; all that was done is kept.
        """
        await self._prepare_folder()
        beat = asyncio.create_task(self._keep_leases())
        try:
            await self._feed(most)
        finally:
            await self._stop([*self._tasks, beat])
        return self.counts

    async def _feed(self, most: int | None) -> None:
        left = most
        while True:
            room = 2 * self._concurrency - len(self._tasks)
            wanted = room if left is None else min(room, left)
            # Claims come in batches: one transaction each costs more than a small file.
            claimed: list[Download] = []
            if wanted >= min(self._concurrency, left or self._concurrency):
                claimed = await self._queue.claim(limit=wanted, lease=LEASE, skip_hosts=self._busy_hosts())
                self._start(claimed)
            if left is not None:
                left -= len(claimed)
            if not self._tasks:
                return
            if not claimed or left == 0:
                await self._wait_for_one()

    def _start(self, claimed: list[Download]) -> None:
        for download in claimed:
            self.counts.running[download.id] = download
            self._tasks.add(asyncio.create_task(self._run(download)))

    async def _wait_for_one(self) -> None:
        finished, self._tasks = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in finished:
            task.result()

    async def _run(self, download: Download) -> None:
        try:
            async with self._slots:
                await run_job(
                    download,
                    client=self._client,
                    queue=self._queue,
                    folder=self._folder,
                    max_bytes=self._max_bytes,
                    on_bytes=self._count_bytes,
                )
            self.counts.done += 1
        except (FetchError, DownloadError) as error:
            await self._fail(download, error)
        except LeaseLostError:
            pass  # another worker has it: what this one did is not published
        except VolumeError as error:
            now = self._queue.now()
            await self._queue.put_off(download, until=now + _PAUSE_WHEN_FULL, reason=error.reason)
            raise
        except asyncio.CancelledError:
            await self._queue.release(download)
            raise
        finally:
            self.counts.running.pop(download.id, None)

    async def _fail(self, download: Download, error: FetchError | DownloadError) -> None:
        retry_after = error.retry_after if isinstance(error, FetchError) else None
        try:
            again = await self._queue.fail(
                download, reason=error.reason, detail=error.detail, retry_after=retry_after
            )
        except LeaseLostError:
            return
        if again:
            self.counts.put_back += 1
        else:
            self.counts.failed[error.reason] += 1

    async def _keep_leases(self) -> None:
        while True:
            await asyncio.sleep(_HEARTBEAT)
            await self._queue.heartbeat(list(self.counts.running.values()), lease=LEASE)

    def _busy_hosts(self) -> list[str]:
        hosts = Counter(download.host for download in self.counts.running.values())
        return [host for host, count in hosts.items() if count >= 2 * self._client.limits.per_host]

    def _count_bytes(self, count: int) -> None:
        self.counts.bytes += count

    async def _prepare_folder(self) -> None:
        running = await self._queue.running_tokens()
        await asyncio.to_thread(prepare_folder, self._folder, running)

    async def _stop(self, tasks: list[asyncio.Task[None]]) -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def prepare_folder(folder: DownloadFolder, running: set[tuple[int, str]]) -> None:
    """Create the folders, and remove part files that no claim of `running` (ids and tokens) writes. Blocks.

    Raises `VolumeError` when the folder cannot be made or written.
    """
    try:
        folder.incomplete.mkdir(parents=True, exist_ok=True)
        kept = {f"{number}.{token}.part" for number, token in running}
        for part in folder.incomplete.glob("*.part"):
            if part.name not in kept:
                part.unlink(missing_ok=True)
    except OSError as error:
        raise VolumeError(Reason.DISK_ERROR, str(folder.path), detail=error.strerror or str(error)) from error
