"""Examines files in processes beside the run, within bounds of time and memory."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from scraper.downloads.content.judging import judge_path
from scraper.downloads.content.refused import RefusedError
from scraper.downloads.errors import DownloadError
from scraper.worker.process import WorkerDiedError, WorkerLimits
from scraper.worker.worker import NoWorkerError, Worker, WorkerTimeoutError
from storage.reasons import Reason
from storage.unbroken import in_thread

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Self

    from scraper.downloads.content.verdict import Content

SECONDS: Final = 20.0
"""A file that takes longer to open is refused."""

MEMORY: Final = 1 << 30
"""Bytes of addresses that a process may use."""

PATIENCE: Final = 0.25
"""Seconds that a file waits for the first process before a second one is begun."""

_MOST: Final = 2  # processes
_MODULES: Final = ("scraper.downloads.content.judging",)

_LOG = logging.getLogger(__name__)


class Examiner:
    """Judges downloaded files by their content; ended with ``async with``.

    Its process is begun with the first file, or by `warm`; a second one when a file keeps the others
    waiting. One that takes more than 20 s or 1 GB is killed and replaced. Where no process can be started,
    a thread does it, without these limits.
    """

    def __init__(self, *, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._limits = WorkerLimits(seconds=seconds, memory=memory, modules=_MODULES)
        self._workers: list[Worker] = []
        self._idle: list[Worker] = []
        self._free = asyncio.Semaphore(0)  # one for each idle worker; who waits longest is next
        self._warming: asyncio.Task[None] | None = None
        self._is_impossible = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        if self._warming is not None:
            self._warming.cancel()
            await asyncio.gather(self._warming, return_exceptions=True)
        for worker in self._workers:
            await worker.__aexit__(*exception)

    @property
    def pids(self) -> list[int]:
        """The numbers of the processes that there are now."""
        return [worker.pid for worker in self._workers if worker.pid is not None]

    def warm(self) -> None:
        """Begin a process in the background, so that it is there when the first file is."""
        if self._warming is None and not self._workers:
            self._add()
            self._warming = asyncio.create_task(self._begin(self._workers[0]))

    async def examine(self, path: Path, where: str, *, to_the_end: bool) -> Content:
        """Return what the file `path` is; `to_the_end` where nothing said how long it would be.

        Raises `OSError`, and `DownloadError` about `where`: `empty-body`, `not-audio`, `probe-failed` also
        where it takes too much time or memory, `short-body` when the end is asked for and missing.
        """
        worker = await self._take()
        try:
            verdict = await self._judged_by(worker, path, to_the_end=to_the_end)
        except WorkerTimeoutError as error:
            raise _refused(where, f"it took longer than {error} to open") from error
        except WorkerDiedError as error:
            raise _refused(where, "it ends the process that opens it") from error
        except MemoryError as error:
            raise _refused(where, "it takes more memory than is given to one") from error
        finally:
            self._give(worker)
        if isinstance(verdict, RefusedError):
            raise DownloadError(verdict.reason, where, detail=verdict.detail)
        return verdict

    async def _judged_by(self, worker: Worker, path: Path, *, to_the_end: bool) -> Content | RefusedError:
        try:
            return await worker.call(judge_path, path, to_the_end=to_the_end)
        except NoWorkerError as error:
            if not self._is_impossible:
                self._is_impossible = True
                _LOG.warning("No process to examine files, so it is done in a thread: %s", error)
            return await in_thread(judge_path, path, to_the_end=to_the_end)

    async def _take(self) -> Worker:
        if not self._workers:
            self._add()
        while True:
            try:
                async with asyncio.timeout(PATIENCE if len(self._workers) < _MOST else None):
                    await self._free.acquire()
                return self._idle.pop()
            except TimeoutError:
                has_begun = len(self.pids) == len(self._workers) or self._is_impossible
                if has_begun and len(self._workers) < _MOST:
                    self._add()

    def _add(self) -> None:
        self._workers.append(Worker(self._limits))
        self._give(self._workers[-1])

    def _give(self, worker: Worker) -> None:
        self._idle.append(worker)
        self._free.release()

    async def _begin(self, worker: Worker) -> None:
        try:
            await worker.begin()
        except NoWorkerError:
            return  # the first file finds that out too, and says it


def _refused(where: str, detail: str) -> DownloadError:
    return DownloadError(Reason.PROBE_FAILED, where, detail=detail)
