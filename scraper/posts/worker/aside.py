"""Where heavy pages are read: in a worker of the run, one after another, so that others go on."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

from filters.graph import GenreGraph
from scraper.posts.page.document import UnreadablePageError
from scraper.posts.page.large import is_heavy, read_in_thread
from scraper.worker.process import WorkerDiedError, WorkerLimits
from scraper.worker.worker import NoWorkerError, Worker, WorkerTimeoutError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

_P = ParamSpec("_P")
_T = TypeVar("_T")

PAGE_SECONDS: Final = 20.0
"""A page that takes longer is given up."""

MEMORY: Final = 1 << 30
"""Bytes of addresses that the process may use: three times what the worst page was seen to take."""

_LOG = logging.getLogger(__name__)


class Aside:
    """Reads heavy pages in a process: begun when the first comes, ended with ``async with``.

    A page may take 20 s and 1 GB there. Where no process can be started, a thread does it, without these
    limits. Pages go one after another, so that memory lasts. Whoever reads has ended when it is left, as
    the tasks of a group inside it have.
    """

    def __init__(self, *, seconds: float = PAGE_SECONDS) -> None:
        self._seconds = seconds
        self._worker = Worker(WorkerLimits(seconds=seconds, memory=MEMORY, shared=(GenreGraph,)))
        self._is_impossible = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self._worker.__aexit__(*exception)

    @property
    def pid(self) -> int | None:
        """The number of the process, if there is one now."""
        return self._worker.pid

    async def read(
        self, markup: bytes | str, read: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs
    ) -> _T:
        """Return what `read` gives: at once where `markup`, which it reads, is no heavy page.

        `read` and its arguments must be what pickle can name. Raises what `read` raises, and
        `UnreadablePageError` where the page takes too much time or memory, or kills two workers.
        """
        if not is_heavy(markup):
            return read(*args, **kwargs)
        try:
            return await self._worker.call(read, *args, **kwargs)
        except NoWorkerError as error:
            if not self._is_impossible:
                self._is_impossible = True
                _LOG.warning("No process for large pages, so they are read in a thread: %s", error)
            return await read_in_thread(read, *args, **kwargs)
        except WorkerTimeoutError as error:
            raise UnreadablePageError(f"the page took too long to read: {self._seconds:.0f} s") from error
        except WorkerDiedError as error:
            raise UnreadablePageError("the page ends the process that reads it") from error
        except MemoryError as error:
            raise UnreadablePageError("the page takes more memory than is given to one") from error
