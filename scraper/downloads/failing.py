"""What follows a download that failed: another try later, none, or its whole host is left alone."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from yarl import URL

from scraper.downloads.resolvers import file_address
from scraper.http.errors import FetchError
from scraper.http.politeness.hosts import host_of
from scraper.http.retry import MAX_PATIENCE
from storage.backoff import Again
from storage.errors import LeaseLostError

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.downloads.counts import DrainCounts
    from scraper.downloads.errors import DownloadError
    from scraper.downloads.room import Room
    from storage.queue import Queue
    from storage.records import Download

UNSAID_WAIT: Final = 300.0
"""Seconds for which a host is left alone where nobody has said for how long.

A server that was restarted is back by then, and one that is not gets a dozen requests an hour.
"""


class Failures:
    """Records failures in the queue and the counts, and tells the room which hosts to claim nothing of."""

    def __init__(self, *, queue: Queue, counts: DrainCounts, room: Room, clock: Callable[[], float]) -> None:
        self._queue = queue
        self._counts = counts
        self._room = room
        self._clock = clock

    async def record(self, download: Download, error: FetchError | DownloadError) -> bool:
        """Record that `download` ended with `error`; return whether it was tried at all.

        It was not if its host was to be left alone already: then it is put off and keeps its tries.
        """
        with contextlib.suppress(LeaseLostError):
            if isinstance(error, FetchError) and not error.asked and error.transient:
                return await self._put_off(download, error)
            await self._count(download, error)
        return True

    async def _put_off(self, download: Download, error: FetchError) -> bool:
        seconds = UNSAID_WAIT if error.retry_after is None else error.retry_after
        until = self._clock() + seconds
        await self._queue.put_off(download, until=until, reason=error.reason, detail=error.detail)
        self._counts.later[error.reason] += 1
        return not self._leave_alone(download, error, seconds)

    async def _count(self, download: Download, error: FetchError | DownloadError) -> None:
        retry_after = error.retry_after if isinstance(error, FetchError) else None
        verdict = await self._queue.fail(download, error.reason, error.detail, retry_after=retry_after)
        if not isinstance(verdict, Again):
            self._counts.failed[error.reason] += 1
            return
        self._counts.later[error.reason] += 1
        if isinstance(error, FetchError) and retry_after is not None and retry_after > MAX_PATIENCE:
            self._leave_alone(download, error, retry_after)

    def _leave_alone(self, download: Download, error: FetchError, seconds: float) -> bool:
        """Note which host is to be left alone; return whether it is the one that the download names.

        A redirect may have led to another: then the other downloads of this host may lead elsewhere.
        """
        group = _group(error.url)
        self._counts.leave_alone(group, until=self._clock() + seconds, reason=error.reason)
        own = group == _group(file_address(download))
        if own:
            self._room.leave_alone(download.host, seconds)
        return own


def _group(url: str) -> str:
    return host_of(URL(url, encoded=url.isascii())).group
