"""One worker process, as the run sees it: started, asked, ended."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from scraper.worker.frames import LENGTH, Requests, frame, unpack_answer

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter
    from asyncio.subprocess import Process
    from collections.abc import Callable, Mapping
    from typing import Self

STARTING: Final = 20.0
"""Seconds until a worker must have said that it is there."""


ENDING: Final = 5.0
"""Seconds until a worker that has no input any more is killed."""


class WorkerDiedError(Exception):
    """The process has ended, or never began, without an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerLimits:
    """What a worker is given: seconds a call, bytes of addresses in all, and what it imports beforehand.

    Objects of the types `shared` go to it once. It has the file descriptors `descriptors` too, under
    their own numbers.
    """

    seconds: float
    memory: int = 1 << 30
    modules: tuple[str, ...] = ()
    shared: tuple[type, ...] = ()
    descriptors: tuple[int, ...] = ()


class WorkerProcess:
    """A process that does one call after another. Made by `start`; whoever has it awaits `gone`."""

    def __init__(
        self, process: Process, answers: StreamReader, requests: StreamWriter, pack: Requests
    ) -> None:
        self._process = process
        self._answers = answers
        self._pipe = requests
        self._requests = pack

    @classmethod
    async def start(cls, limits: WorkerLimits) -> Self:
        """Return a worker that is ready. Raises `WorkerDiedError` where there can be none."""
        if not sys.executable:
            raise WorkerDiedError("nothing says where Python is")
        path = os.pathsep.join(filter(None, sys.path))
        try:
            process = await asyncio.create_subprocess_exec(
                # Without the folder that the run was started in, which may hold anything.
                *(sys.executable, "-P", "-m", "scraper.worker"),
                *(str(limits.seconds), str(limits.memory), *limits.modules),
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
                env=os.environ | {"PYTHONPATH": path},
                start_new_session=True,
                pass_fds=limits.descriptors,
            )
        except (OSError, RuntimeError) as error:  # the second where it cannot be watched: no thread left
            raise WorkerDiedError(str(error)) from error
        if process.stdin is None or process.stdout is None:
            raise AssertionError("asked for with pipes")
        worker = cls(process, process.stdout, process.stdin, Requests(limits.shared))
        try:
            async with asyncio.timeout(STARTING):
                await worker._receive()
        except WorkerDiedError:
            await worker.gone()
            raise
        except BaseException as error:
            worker.kill()
            await worker.gone()
            if isinstance(error, TimeoutError):
                raise WorkerDiedError(f"it was not there within {STARTING:.0f} s") from error
            raise
        return worker

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    async def ask(
        self, function: Callable[..., object], args: tuple[object, ...], kwargs: Mapping[str, object]
    ) -> tuple[Any, Exception | None]:
        """Return what `function` gave in the process, or raised there.

        Raises `WorkerDiedError`. Whoever stops waiting has to kill the worker.
        """
        try:
            for data in self._requests.pack(function, args, kwargs):
                self._pipe.writelines(frame(data))
            await self._pipe.drain()
        except ConnectionError as error:
            raise WorkerDiedError(self._end()) from error
        return unpack_answer(await self._receive())

    async def _receive(self) -> bytes:
        try:
            (length,) = LENGTH.unpack(await self._answers.readexactly(LENGTH.size))
            return await self._answers.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise WorkerDiedError(self._end()) from error

    def _end(self) -> str:
        code = self._process.returncode
        return "it ended" if code is None else f"it ended with code {code}"

    def kill(self) -> None:
        """End the process at once, whatever it does."""
        with suppress(ProcessLookupError):  # ended meanwhile
            self._process.kill()

    async def gone(self) -> None:
        """Close the process's input, with which it ends, and wait until it and its pipes are gone."""
        self._pipe.close()
        try:
            async with asyncio.timeout(ENDING):
                await self._process.communicate()
        except TimeoutError:
            self.kill()
            await self._process.communicate()
