"""What follows a download that failed: another try later, none, or its whole host is left alone."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from scraper.downloads.draining.held import group_at
from scraper.downloads.fetching.resolvers import file_address
from scraper.http.errors import FetchError
from scraper.http.retry import MAX_PATIENCE
from storage.backoff import Again
from storage.errors import LeaseLostError
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.downloads.draining.counts import DrainCounts
    from scraper.downloads.draining.room import Room
    from scraper.downloads.errors import DownloadError
    from storage.queue import Queue
    from storage.records import Download

UNSAID_WAIT: Final = 300.0
"""Seconds for which a host is left alone where nobody has said for how long.

A server that was restarted is back by then, and one that is not gets a dozen requests an hour.
"""

NO_ROOM_WAIT: Final = 900.0
"""Seconds until a file that alone does not fit on the disk is looked at again."""


class Outcome(Enum):
    """What became of a download that failed."""

    LATER = auto()
    """It is tried again."""
    UNTRIED = auto()
    """It was not tried, because its host is left alone."""
    OVER = auto()
    """It failed for good."""
    LOST = auto()
    """Another worker has it, or nobody wants it any more."""


class Failures:
    """Records failures in the queue and the counts, and tells the room which hosts to claim nothing of."""

    def __init__(self, *, queue: Queue, counts: DrainCounts, room: Room, clock: Callable[[], float]) -> None:
        self._queue = queue
        self._counts = counts
        self._room = room
        self._clock = clock

    async def record(self, download: Download, error: FetchError | DownloadError) -> Outcome:
        """Record that `download` ended with `error`; return what becomes of it.

        What the host or the disk could not take now is put off and keeps its tries.
        """
        download = self._counts.as_announced(download)
        try:
            if isinstance(error, FetchError) and not error.asked and error.transient:
                return await self._put_off(download, error)
            if error.reason is Reason.DISK_FULL:
                return await self._wait_for_room(download, error)
            return await self._count(download, error)
        except LeaseLostError:
            return Outcome.LOST

    async def _put_off(self, download: Download, error: FetchError) -> Outcome:
        seconds = UNSAID_WAIT if error.retry_after is None else error.retry_after
        until = self._clock() + seconds
        await self._queue.put_off(download, until=until, reason=error.reason, detail=error.detail)
        left_alone = self._leave_alone(download, error, seconds)
        self._counts.try_later(download, error.reason, due=until, tried=not left_alone)
        return Outcome.UNTRIED if left_alone else Outcome.LATER

    async def _wait_for_room(self, download: Download, error: FetchError | DownloadError) -> Outcome:
        until = self._clock() + NO_ROOM_WAIT
        await self._queue.put_off(download, until=until, reason=error.reason, detail=error.detail)
        self._counts.try_later(download, error.reason, due=until)
        return Outcome.LATER

    async def _count(self, download: Download, error: FetchError | DownloadError) -> Outcome:
        retry_after = error.retry_after if isinstance(error, FetchError) else None
        verdict = await self._queue.fail(download, error.reason, error.detail, retry_after=retry_after)
        if not isinstance(verdict, Again):
            self._counts.fail(download, error.reason, error.detail)
            return Outcome.OVER
        self._counts.try_later(download, error.reason, due=self._clock() + verdict.delay)
        if isinstance(error, FetchError) and retry_after is not None and retry_after > MAX_PATIENCE:
            self._leave_alone(download, error, retry_after)
        return Outcome.LATER

    def _leave_alone(self, download: Download, error: FetchError, seconds: float) -> bool:
        """Note which host is to be left alone; return whether it is the one that the download names.

        A redirect may have led to another: then the other downloads of this host may lead elsewhere.
        """
        group = group_at(error.url)
        self._counts.leave_alone(download, group, until=self._clock() + seconds, reason=error.reason)
        own = group == group_at(file_address(download))
        if own:
            self._room.leave_alone(download.host, seconds)
        return own
