"""Acknowledging finished downloads in groups: a transaction each would cost more than a small file."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeAlias

from storage.errors import LeaseLostError
from storage.records import Finished

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.queue import Queue
    from storage.records import Download

_Acknowledgement: TypeAlias = "tuple[Finished, asyncio.Future[bool]]"


class Acknowledgements:
    """Passes on to a queue what jobs say about their files.

    What finishes while one group is being committed makes the next: nobody waits for a group to fill.
    `completed` is told each download that is recorded as done.
    """

    def __init__(self, queue: Queue, *, completed: Callable[[Download], None]) -> None:
        self._queue = queue
        self._completed = completed
        self._waiting: list[_Acknowledgement] = []
        self._writing = asyncio.Lock()

    async def verified(self, job: Download, *, path: str, size: int, sha256: str) -> None:
        """Record where the file is about to be published. Raises `LeaseLostError`."""
        await self._queue.verified(job, path=path, size=size, sha256=sha256)

    async def complete(self, job: Download, *, path: str, size: int, sha256: str) -> None:
        """Record that the file is published; return when that is committed. Raises `LeaseLostError`."""
        if job.token is None:
            raise ValueError(f"download {job.id} is not claimed")
        finished = Finished(id=job.id, token=job.token, path=path, size=size, sha256=sha256)
        outcome: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((finished, outcome))
        async with self._writing:
            if not outcome.done():
                await self._write()
        if not outcome.result():
            raise LeaseLostError("The download is no longer held by this worker", where=job.url)
        self._completed(job)

    async def _write(self) -> None:
        group, self._waiting = self._waiting, []
        try:
            lost = await self._queue.complete_many([finished for finished, _ in group])
        except Exception as error:  # noqa: BLE001 - handed on to each who waits
            for _, outcome in group:
                outcome.set_exception(error)
        else:
            for finished, outcome in group:
                outcome.set_result(finished.id not in lost)
