"""Telling the queue about files in groups: a transaction each would cost more than a small file."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from scraper.downloads.draining.groups import Groups
from storage.errors import LeaseLostError
from storage.records import Finished

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Sequence

    from storage.queue import Queue
    from storage.records import Download

    _Said: TypeAlias = tuple[Download, Finished]


class Acknowledgements:
    """Passes on to a queue what jobs say about their files.

    What is said while one group is being committed makes the next: nobody waits for a group to fill.
    `completed` is told each download that is recorded as done. For `turn` see `Groups`.
    """

    def __init__(
        self, queue: Queue, *, completed: Callable[[Download], None], turn: asyncio.Lock | None = None
    ) -> None:
        self._queue = queue
        self._intents = Groups(self._intend, turn=turn)
        self._ends = Groups(self._end, turn=turn)
        self._completed = completed

    async def verified(
        self, job: Download, *, path: str, size: int, sha256: str, own: bool = False
    ) -> str | None:
        """Record where the file is about to be published; return where another download has its content.

        Then nothing is recorded, unless `own`. Raises `LeaseLostError`.
        """
        return await self._intents.answer((job, _finished(job, path=path, size=size, sha256=sha256, own=own)))

    async def complete(self, job: Download, *, path: str, size: int, sha256: str) -> None:
        """Record that the file is published; return when that is committed. Raises `LeaseLostError`."""
        await self._ends.answer((job, _finished(job, path=path, size=size, sha256=sha256)))
        self._completed(job)

    async def _intend(self, group: Sequence[_Said]) -> list[str | Exception | None]:
        intents = await self._queue.verified_many([finished for _, finished in group])
        return [_lost(job) if job.id in intents.lost else intents.elsewhere.get(job.id) for job, _ in group]

    async def _end(self, group: Sequence[_Said]) -> list[Exception | None]:
        lost = await self._queue.complete_many([finished for _, finished in group])
        return [_lost(job) if job.id in lost else None for job, _ in group]


def _finished(job: Download, *, path: str, size: int, sha256: str, own: bool = False) -> Finished:
    if job.token is None:
        raise ValueError(f"download {job.id} is not claimed")
    return Finished(id=job.id, token=job.token, path=path, size=size, sha256=sha256, own=own)


def _lost(job: Download) -> LeaseLostError:
    return LeaseLostError("The download is no longer held by this worker", where=job.url)
