"""Draining the queue: claims in batches, waits of one host that slow no other, leases kept alive."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from functools import partial
from typing import TYPE_CHECKING, Final

from scraper.downloads.draining.acknowledge import Acknowledgements
from scraper.downloads.draining.counts import DrainCounts
from scraper.downloads.draining.failing import Failures, Outcome
from scraper.downloads.draining.held import HeldHosts
from scraper.downloads.draining.leases import Leases
from scraper.downloads.draining.room import FINISHING_FACTOR, Room
from scraper.downloads.draining.shortage import Shortage
from scraper.downloads.errors import DownloadError, VolumeError
from scraper.downloads.job import run_job
from scraper.downloads.workshop import open_workshop
from scraper.http.errors import FetchError
from storage.errors import LeaseLostError, StorageError
from storage.unbroken import in_thread, unbroken

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from pathlib import Path

    from scraper.downloads.origins import StoredPosts
    from scraper.downloads.settings import DrainSettings
    from scraper.downloads.workshop import Workshop
    from scraper.http.client import Client
    from storage.queue import Queue
    from storage.records import Download

LEASE: Final = 60.0
"""Seconds that a claim is held without a heartbeat."""

_GRACE: Final = 1.5
"""Seconds that cancelled tasks have before their claims are given back all the same.

Who waits for a slow disk longer than that can change nothing any more: the next claim takes over what he
wrote, or recognises what he published.
"""

# No set of hosts to skip holds it: with it, a claim is always worth its while.
_UNKNOWN = frozenset({""})

_log = logging.getLogger(__name__)


class Drain:
    """Downloads what is due in the queue into a folder, any number of processes at once.

    At most `concurrency` files are under way at once, besides those that wait, for their turn or for another
    try: they slow no other host (see `Room`). `posts` tells what files were found in, for their names and
    sidecars. `clock` tells POSIX seconds UTC; `lease` is in seconds; `sleep` passes the time between two
    tries. On a full disk nothing is begun for at most `patience` seconds, until there is room again.
    """

    def __init__(
        self,
        *,
        queue: Queue,
        client: Client,
        folder: Path,
        concurrency: int,
        settings: DrainSettings,
        posts: StoredPosts | None = None,
        counts: DrainCounts | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        lease: float = LEASE,
        patience: float = 0.0,
    ) -> None:
        self.counts = counts or DrainCounts()
        self._queue = queue
        self._concurrency = concurrency
        turn = asyncio.Lock()  # of all that is done in groups: so they are large
        self._open = partial(
            open_workshop,
            folder,
            client=client,
            queue=Acknowledgements(queue, completed=self._completed, turn=turn),
            settings=settings,
            posts=posts,
            finishing=FINISHING_FACTOR * concurrency,
            turn=turn,
            clock=clock,
        )
        self._clock = clock
        self._sleep = sleep
        self._lease = lease
        self._leases = Leases(queue, self.counts, seconds=lease, lost=self._give_up, beaten=self._look_again)
        self._room = Room(concurrency=concurrency, share=min(client.limits.per_host, concurrency))
        self._held = HeldHosts(queue=queue, client=client, counts=self.counts, room=self._room, clock=clock)
        self._failures = Failures(queue=queue, counts=self.counts, room=self._room, clock=clock)
        self._shortage = Shortage(patience=patience, sleep=sleep)
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
        async with self._open() as shop:
            beat = asyncio.create_task(self._leases.keep())
            beat.add_done_callback(self._end)
            try:
                await unbroken(self._held.look())
                await self._feed(shop)
                await unbroken(self._held.count())
            finally:
                await unbroken(self._stop(beat))
        return self.counts

    async def _feed(self, shop: Workshop) -> None:
        while True:
            self._changed.clear()
            if self._shortage.error is not None:
                await self._shortage.wait(shop.volume)
            self._start(shop)
            idle = not self._tasks
            claimed = await unbroken(self._claim())
            self._look_at_ended()
            if idle and not claimed and self._shortage.error is None:
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
        if not claimed:
            self._nothing_beside = offer.skip
        elif not self._nothing_beside.issuperset(download.host for download in claimed):
            self._nothing_beside = _UNKNOWN
        if self._left is not None:
            self._left -= len(claimed)
        for download in claimed:
            # After a long sleep of the machine this process may be given what it still works on.
            self._give_up(self.counts.running.get(download.id))
            self.counts.begin(download)
            self._room.take(download)
        return len(claimed)

    def _start(self, shop: Workshop) -> None:
        for download in self._room.start():
            task = asyncio.create_task(self._work(download, shop))
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

    async def _work(self, download: Download, shop: Workshop) -> None:
        try:
            await run_job(
                download,
                shop,
                on_bytes=partial(self._count_bytes, download),
                announced=partial(self.counts.announce, download),
                received=partial(self._received, download),
                sleep=partial(self._rest, download),
            )
        except (FetchError, DownloadError) as error:
            _log.info("%s: %s", error.reason, error)
            await unbroken(self._fail(download, shop, error))
        except LeaseLostError:
            self._let_go(download)  # another worker has it: what this one did is not published
        except asyncio.CancelledError:
            if download.id not in self.counts.running:  # the same, as a heartbeat has found
                await unbroken(in_thread(shop.parts.remove_own, download))
            raise
        except VolumeError as error:
            # Due at once: who goes on, this drain or the next one, finds out whether there is room again.
            with contextlib.suppress(LeaseLostError):
                await self._queue.put_off(
                    self.counts.as_announced(download),
                    until=self._clock(),
                    reason=error.reason,
                    detail=error.detail,
                )
                self._untried()
            self._let_go(download)
            self._shortage.began(error, shop.volume)

    async def _fail(self, download: Download, shop: Workshop, error: FetchError | DownloadError) -> None:
        outcome = await self._failures.record(download, error)
        if outcome is Outcome.UNTRIED:
            self._untried()
        if outcome is Outcome.OVER:
            await in_thread(shop.parts.remove_all, download)
        elif outcome is Outcome.LOST:
            await in_thread(shop.parts.remove_own, download)
        self._let_go(download)

    def _untried(self) -> None:
        if self._left is not None:
            self._left += 1

    async def _rest(self, download: Download, seconds: float) -> None:
        self._room.rests(download)
        self._changed.set()
        await self._sleep(seconds)

    def _received(self, download: Download) -> None:
        self._room.received(download)
        self._changed.set()

    async def _look_again(self) -> None:
        await unbroken(self._held.look())
        self._nothing_beside = _UNKNOWN  # since the last look more may have come to be due
        self._changed.set()

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
        if tasks:
            await asyncio.wait(tasks, timeout=_GRACE)
        beat.cancel()
        await asyncio.gather(beat, return_exceptions=True)
        try:
            given_back = await self._leases.give_back()
        finally:
            await asyncio.gather(*tasks, return_exceptions=True)
            _log_all(_errors_of(self._ended))
        for download in given_back:
            self._let_go(download)

    def _completed(self, download: Download) -> None:
        self.counts.done += 1
        self._shortage.over()
        self._let_go(download)

    def _let_go(self, download: Download) -> None:
        self._room.let_go(download)
        self.counts.let_go(download)

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
        if isinstance(error, StorageError):
            _log.info("%s", error)  # of the database, which all of a group met: one of them ends the run
        elif not isinstance(error, VolumeError):
            _log.error("a download ended with an error of its own", exc_info=error)
