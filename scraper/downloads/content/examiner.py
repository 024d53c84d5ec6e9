"""Examines files in processes beside the run, within bounds of time and memory."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from scraper.downloads.content.grouped import judge_all
from scraper.downloads.content.refused import RefusedError
from scraper.downloads.errors import DownloadError
from scraper.worker.process import WorkerDiedError, WorkerLimits
from scraper.worker.worker import NoWorkerError, Worker, WorkerTimeoutError
from storage.reasons import Reason
from storage.unbroken import in_thread

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Self

    from scraper.downloads.content.verdict import Content

    _Verdict: TypeAlias = Content | RefusedError | OSError

SECONDS: Final = 20.0
"""A file that takes longer to open is refused."""

MEMORY: Final = 1 << 30
"""Bytes of addresses that a process may use."""

PATIENCE: Final = 0.25
"""Seconds that a file waits for the first process before a second one is begun."""

AT_ONCE: Final = 8
"""Files that a process is given in one call, if they have come meanwhile."""

_MOST: Final = 2  # processes
_MODULES: Final = ("scraper.downloads.content.judging",)

_LOG = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Question:
    path: Path
    to_the_end: bool
    answer: asyncio.Future[_Verdict]
    task: asyncio.Task[None] | None = None  # that is at work on it


class Examiner:
    """Judges downloaded files by their content; ended with ``async with``.

    Its process is begun with the first file, or by `warm`; a second one when a file keeps the others
    waiting. One that takes more than 20 s or 1 GB is killed and replaced. Files that come while it is busy
    go to it together; where that fails, one by one, so that each answers for itself. Where no process can
    be started, a thread does it, without these limits.
    """

    def __init__(self, *, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._limits = WorkerLimits(seconds=seconds, memory=memory, modules=_MODULES)
        self._workers: list[Worker] = []
        self._idle: list[Worker] = []
        self._asked: list[_Question] = []
        self._at_work: dict[asyncio.Task[None], list[_Question]] = {}
        self._patience: asyncio.TimerHandle | None = None
        self._warming: asyncio.Task[None] | None = None
        self._is_impossible = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        self._asked.clear()
        self._be_patient(over=True)
        tasks = [*self._at_work, *([self._warming] if self._warming else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
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
        answer: asyncio.Future[_Verdict] = asyncio.get_running_loop().create_future()
        question = _Question(path, to_the_end, answer)
        self._asked.append(question)
        if not self._workers:
            self._add()
        self._go_on()
        try:
            verdict = await answer
        except WorkerTimeoutError as error:
            raise _refused(where, f"it took longer than {error} to open") from error
        except WorkerDiedError as error:
            raise _refused(where, "it ends the process that opens it") from error
        except MemoryError as error:
            raise _refused(where, "it takes more memory than is given to one") from error
        except asyncio.CancelledError:
            self._forget(question)
            raise
        if isinstance(verdict, OSError):
            raise verdict
        if isinstance(verdict, RefusedError):
            raise DownloadError(verdict.reason, where, detail=verdict.detail)
        return verdict

    def _go_on(self) -> None:
        """Give what is asked to who is idle."""
        while self._asked and self._idle:
            group = self._next_group()
            task = asyncio.create_task(self._work(self._idle.pop(), group))
            self._at_work[task] = group
            task.add_done_callback(self._at_work.pop)
            for question in group:
                question.task = task
        self._be_patient(over=not self._asked)

    def _next_group(self) -> list[_Question]:
        # To look for the end of a file may mean to read all of it.
        first = self._asked[0]
        count = 1
        while not first.to_the_end and count < min(AT_ONCE, len(self._asked)):
            if self._asked[count].to_the_end:
                break
            count += 1
        group, self._asked = self._asked[:count], self._asked[count:]
        return group

    async def _work(self, worker: Worker, group: Sequence[_Question]) -> None:
        try:
            if len(group) > 1 and await self._answer_together(worker, group):
                return
            for question in group:
                await self._answer_alone(worker, question)
        finally:
            self._idle.append(worker)
            self._go_on()

    async def _answer_together(self, worker: Worker, group: Sequence[_Question]) -> bool:
        try:
            await self._answer(worker, group)
        except Exception:  # noqa: BLE001 - one of them is to blame: who it is shows when each is asked alone
            return False
        return True

    async def _answer_alone(self, worker: Worker, question: _Question) -> None:
        if question.answer.done():
            return
        try:
            await self._answer(worker, [question])
        except Exception as error:  # noqa: BLE001 - handed on to who asked
            if not question.answer.done():
                question.answer.set_exception(error)

    async def _answer(self, worker: Worker, group: Sequence[_Question]) -> None:
        verdicts = await self._judged_by(worker, group)
        for question, verdict in zip(group, verdicts, strict=True):
            if not question.answer.done():
                question.answer.set_result(verdict)

    async def _judged_by(self, worker: Worker, group: Sequence[_Question]) -> list[_Verdict]:
        paths, to_the_end = [question.path for question in group], group[0].to_the_end
        try:
            return await worker.call(judge_all, paths, to_the_end=to_the_end)
        except NoWorkerError as error:
            if not self._is_impossible:
                self._is_impossible = True
                _LOG.warning("No process to examine files, so it is done in a thread: %s", error)
            return await in_thread(judge_all, paths, to_the_end=to_the_end)

    def _forget(self, question: _Question) -> None:
        """Ask no more what nobody wants to know: a process that works for nobody ends."""
        if question in self._asked:
            self._asked.remove(question)
        elif (task := question.task) is not None and all(
            other.answer.done() for other in self._at_work.get(task, ())
        ):
            task.cancel()

    def _be_patient(self, *, over: bool) -> None:
        """Begin to wait for who is busy, or end it."""
        if self._patience is not None and over:
            self._patience.cancel()
            self._patience = None
        elif self._patience is None and not over and len(self._workers) < _MOST:
            self._patience = asyncio.get_running_loop().call_later(PATIENCE, self._lose_patience)

    def _lose_patience(self) -> None:
        self._patience = None
        if len(self.pids) == len(self._workers) or self._is_impossible:
            self._add()
        self._go_on()

    def _add(self) -> None:
        self._workers.append(Worker(self._limits))
        self._idle.append(self._workers[-1])

    async def _begin(self, worker: Worker) -> None:
        try:
            await worker.begin()
        except NoWorkerError:
            return  # the first file finds that out too, and says it


def _refused(where: str, detail: str) -> DownloadError:
    return DownloadError(Reason.PROBE_FAILED, where, detail=detail)
