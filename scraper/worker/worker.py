"""A worker that is always there: begun at need, replaced when it dies, killed when it takes too long."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from scraper.worker.process import WorkerDiedError, WorkerLimits, WorkerProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Self

_P = ParamSpec("_P")
_T = TypeVar("_T")


class NoWorkerError(Exception):
    """No process can be started here."""


class WorkerTimeoutError(Exception):
    """A call took longer than it may, and its process was killed."""


class Worker:
    """Calls functions in a process, one after another; ended with ``async with``.

    The process is begun with the first call, or by `begin`. Calls wait for their turn without a limit of
    time. When it is left, the process has ended, as the tasks of a group inside it have.
    """

    def __init__(self, limits: WorkerLimits) -> None:
        self._limits = limits
        self._turn = asyncio.Lock()
        self._process: WorkerProcess | None = None
        self._dropped: list[WorkerProcess] = []
        self._impossible: str | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._drop(kill=False)
        await self._bury()

    @property
    def pid(self) -> int | None:
        """The number of the process, if there is one now."""
        return None if self._process is None else self._process.pid

    async def begin(self) -> None:
        """Start the process, if there is none yet. Raises `NoWorkerError`."""
        async with self._turn:
            await self._ready()

    async def call(self, function: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Return what `function` gives in the process; it and its arguments must be what pickle can name.

        Raises what `function` raises, with its traceback as a note; `NoWorkerError` where no process can be
        started, `WorkerTimeoutError`, `WorkerDiedError` when a second process has died of the same call, and
        `MemoryError`. A call that is cancelled ends with its process.
        """
        async with self._turn:
            for is_last in (False, True):
                process = await self._ready()
                try:
                    value, error = await self._ask(process, function, args, kwargs)
                except WorkerDiedError:
                    # The first may have been killed by somebody; a call that ends both is to blame.
                    if is_last:
                        raise
                    continue
                if error is not None:
                    raise error
                result: _T = value
                return result
        raise AssertionError("the last try returns or raises")

    async def _ask(
        self,
        process: WorkerProcess,
        function: Callable[..., object],
        args: tuple[object, ...],
        kwargs: Mapping[str, object],
    ) -> tuple[Any, Exception | None]:
        try:
            async with asyncio.timeout(self._limits.seconds):
                return await process.ask(function, args, kwargs)
        except WorkerDiedError:
            self._drop(kill=False)
            raise
        except TimeoutError as error:
            self._drop(kill=True)
            raise WorkerTimeoutError(f"{self._limits.seconds:.0f} s") from error
        except BaseException:  # cancelled too: nobody waits for the answer, and the next call must not get it
            self._drop(kill=True)
            raise

    async def _ready(self) -> WorkerProcess:
        await self._bury()
        if self._process is None:
            if self._impossible is not None:
                raise NoWorkerError(self._impossible)
            try:
                self._process = await WorkerProcess.start(self._limits)
            except WorkerDiedError as error:
                self._impossible = str(error)
                raise NoWorkerError(self._impossible) from error
        return self._process

    def _drop(self, *, kill: bool) -> None:
        if self._process is not None:
            if kill:  # one that waits for work, or is dying, ends with its input
                self._process.kill()
            self._dropped.append(self._process)
            self._process = None

    async def _bury(self) -> None:
        while self._dropped:
            await self._dropped[-1].gone()
            self._dropped.pop()
