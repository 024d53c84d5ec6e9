"""Where heavy pages are read: in a worker of the run, one after another, so that others go on."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

from scraper.posts.page.document import UnreadablePageError
from scraper.posts.page.large import is_heavy, read_in_thread
from scraper.posts.worker.process import WorkerDiedError, WorkerProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Self

_P = ParamSpec("_P")
_T = TypeVar("_T")

PAGE_SECONDS: Final = 20.0
"""A page that takes longer is given up."""

_LOG = logging.getLogger(__name__)


class Aside:
    """Reads heavy pages in a process: begun when the first comes, ended with ``async with``.

    A page may take 20 s and 1 GB there. Where no process can be started, a thread does it, without these
    limits. Pages go one after another, so that memory lasts. Whoever reads has ended when it is left, as
    the tasks of a group inside it have.
    """

    def __init__(self, *, seconds: float = PAGE_SECONDS) -> None:
        self._seconds = seconds
        self._turn = asyncio.Lock()
        self._worker: WorkerProcess | None = None
        self._dropped: list[WorkerProcess] = []
        self._is_impossible = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._drop(kill=False)
        await self._bury()

    @property
    def pid(self) -> int | None:
        """The number of the process, if there is one now."""
        return None if self._worker is None else self._worker.pid

    async def read(
        self, markup: bytes | str, read: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs
    ) -> _T:
        """Return what `read` gives: at once where `markup`, which it reads, is no heavy page.

        `read` and its arguments must be what pickle can name. Raises what `read` raises, and
        `UnreadablePageError` where the page takes too much time or memory, or kills two workers.
        """
        if not is_heavy(markup):
            return read(*args, **kwargs)
        async with self._turn:
            for is_last in (False, True):
                worker = await self._ready()
                if worker is None:
                    return await read_in_thread(read, *args, **kwargs)
                try:
                    value, error = await self._ask(worker, read, args, kwargs)
                except WorkerDiedError as died:
                    # The first may have been killed by somebody; a page that ends both is to blame.
                    if is_last:
                        raise UnreadablePageError("the page ends the process that reads it") from died
                    continue
                if error is not None:
                    raise error
                result: _T = value
                return result
        raise AssertionError("the last try returns or raises")

    async def _ask(
        self,
        worker: WorkerProcess,
        read: Callable[..., object],
        args: tuple[object, ...],
        kwargs: Mapping[str, object],
    ) -> tuple[Any, Exception | None]:
        try:
            async with asyncio.timeout(self._seconds):
                return await worker.ask(read, args, kwargs)
        except WorkerDiedError:
            self._drop(kill=False)
            raise
        except TimeoutError as error:
            self._drop(kill=True)
            raise UnreadablePageError(f"the page took too long to read: {self._seconds:.0f} s") from error
        except BaseException:  # cancelled too: nobody waits for the answer, and the next page must not get it
            self._drop(kill=True)
            raise

    async def _ready(self) -> WorkerProcess | None:
        await self._bury()
        if self._worker is None and not self._is_impossible:
            try:
                self._worker = await WorkerProcess.start(seconds=self._seconds)
            except WorkerDiedError as error:
                self._is_impossible = True
                _LOG.warning("No process for large pages, so they are read in a thread: %s", error)
        return self._worker

    def _drop(self, *, kill: bool) -> None:
        if self._worker is not None:
            if kill:  # one that waits for work, or is dying, ends with its input
                self._worker.kill()
            self._dropped.append(self._worker)
            self._worker = None

    async def _bury(self) -> None:
        while self._dropped:
            await self._dropped[-1].gone()
            self._dropped.pop()
