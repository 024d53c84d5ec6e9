"""Telling the queue about files in groups: a transaction each would cost more than a small file."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeAlias

from storage.errors import LeaseLostError
from storage.records import Finished

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from storage.queue import Queue
    from storage.records import Download

    _Record: TypeAlias = Callable[[Sequence[Finished]], Awaitable[frozenset[int]]]


class Acknowledgements:
    """Passes on to a queue what jobs say about their files.

    What is said while one group is being committed makes the next: nobody waits for a group to fill.
    `completed` is told each download that is recorded as done.
    """

    def __init__(self, queue: Queue, *, completed: Callable[[Download], None]) -> None:
        self._intents = _Groups(queue.verified_many)
        self._ends = _Groups(queue.complete_many)
        self._completed = completed

    async def verified(self, job: Download, *, path: str, size: int, sha256: str) -> None:
        """Record where the file is about to be published. Raises `LeaseLostError`."""
        await self._intents.record(job, path=path, size=size, sha256=sha256)

    async def complete(self, job: Download, *, path: str, size: int, sha256: str) -> None:
        """Record that the file is published; return when that is committed. Raises `LeaseLostError`."""
        await self._ends.record(job, path=path, size=size, sha256=sha256)
        self._completed(job)


class _Groups:
    """Records in groups, one transaction after the other; `write` returns the ids that are not held."""

    def __init__(self, write: _Record) -> None:
        self._write = write
        self._waiting: list[tuple[Finished, asyncio.Future[bool]]] = []
        self._writing = asyncio.Lock()

    async def record(self, job: Download, *, path: str, size: int, sha256: str) -> None:
        if job.token is None:
            raise ValueError(f"download {job.id} is not claimed")
        finished = Finished(id=job.id, token=job.token, path=path, size=size, sha256=sha256)
        held: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((finished, held))
        async with self._writing:
            if not held.done():
                await self._write_group()
        if not held.result():
            raise LeaseLostError("The download is no longer held by this worker", where=job.url)

    async def _write_group(self) -> None:
        group, self._waiting = self._waiting, []
        try:
            lost = await self._write([finished for finished, _ in group])
        except Exception as error:  # noqa: BLE001 - handed on to each who waits
            for _, held in group:
                held.set_exception(error)
        else:
            for finished, held in group:
                held.set_result(finished.id not in lost)
