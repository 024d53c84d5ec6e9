"""Telling the queue about files in groups: a transaction each would cost more than a small file."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

from storage.errors import LeaseLostError
from storage.records import Finished

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from storage.queue import Queue
    from storage.records import Download

_T = TypeVar("_T")


class Acknowledgements:
    """Passes on to a queue what jobs say about their files.

    What is said while one group is being committed makes the next: nobody waits for a group to fill.
    `completed` is told each download that is recorded as done.
    """

    def __init__(self, queue: Queue, *, completed: Callable[[Download], None]) -> None:
        self._queue = queue
        self._intents = _Groups(self._intend)
        self._ends = _Groups(self._end)
        self._completed = completed

    async def verified(
        self, job: Download, *, path: str, size: int, sha256: str, own: bool = False
    ) -> str | None:
        """Record where the file is about to be published; return where another download has its content.

        Then nothing is recorded, unless `own`. Raises `LeaseLostError`.
        """
        finished = _finished(job, path=path, size=size, sha256=sha256, own=own)
        return await self._intents.record(finished, where=job.url)

    async def complete(self, job: Download, *, path: str, size: int, sha256: str) -> None:
        """Record that the file is published; return when that is committed. Raises `LeaseLostError`."""
        await self._ends.record(_finished(job, path=path, size=size, sha256=sha256), where=job.url)
        self._completed(job)

    async def _intend(self, group: Sequence[Finished]) -> Mapping[int, str | None]:
        intents = await self._queue.verified_many(group)
        return {one.id: intents.elsewhere.get(one.id) for one in group if one.id not in intents.lost}

    async def _end(self, group: Sequence[Finished]) -> Mapping[int, None]:
        lost = await self._queue.complete_many(group)
        return {one.id: None for one in group if one.id not in lost}


class _Groups(Generic[_T]):
    """Records in groups, a transaction each; `write` returns what is said of those still held."""

    def __init__(self, write: Callable[[Sequence[Finished]], Awaitable[Mapping[int, _T]]]) -> None:
        self._write = write
        self._waiting: list[tuple[Finished, asyncio.Future[Mapping[int, _T]]]] = []
        self._writing = asyncio.Lock()

    async def record(self, finished: Finished, *, where: str) -> _T:
        said: asyncio.Future[Mapping[int, _T]] = asyncio.get_running_loop().create_future()
        self._waiting.append((finished, said))
        async with self._writing:
            if not said.done():
                await self._write_group()
        held = said.result()
        if finished.id not in held:
            raise LeaseLostError("The download is no longer held by this worker", where=where)
        return held[finished.id]

    async def _write_group(self) -> None:
        group, self._waiting = self._waiting, []
        try:
            held = await self._write([finished for finished, _ in group])
        except Exception as error:  # noqa: BLE001 - handed on to each who waits
            for _, said in group:
                said.set_exception(error)
        else:
            for _, said in group:
                said.set_result(held)


def _finished(job: Download, *, path: str, size: int, sha256: str, own: bool = False) -> Finished:
    if job.token is None:
        raise ValueError(f"download {job.id} is not claimed")
    return Finished(id=job.id, token=job.token, path=path, size=size, sha256=sha256, own=own)
