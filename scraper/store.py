"""The last stage of a crawl: read posts go to storage in batches, in the order in which they came."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Protocol, Self, TypeAlias

from storage.records import ReadPost, Saved

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from types import TracebackType

    _Then: TypeAlias = Callable[[], Awaitable[object]]

BATCH = 64
"""Posts that wait for storage at most, and that one transaction takes."""


class SavesPosts(Protocol):
    """What the stage needs of storage."""

    async def save(self, batch: Sequence[ReadPost]) -> Saved:
        """Keep `batch` in one transaction."""


class StoreCounts(Protocol):
    """The counts that the stage keeps."""

    new: int
    queued: int


class StoreStage:
    """One writer behind a bounded queue. Use as an async context manager: leaving it stores what was put.

    After the first error of storage nothing more is stored, and everybody who puts or waits gets it.
    """

    def __init__(self, posts: SavesPosts, counts: StoreCounts) -> None:
        self._posts = posts
        self._counts = counts
        self._items: deque[ReadPost | asyncio.Future[None] | _Then] = deque()
        self._room = asyncio.Semaphore(BATCH)
        self._work = asyncio.Event()
        self._ending = False
        self._error: Exception | None = None
        self._writer: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Start the writer."""
        self._writer = asyncio.create_task(self._write())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Store what is left, also when cancelled; raise the writer's error unless another is on its way."""
        self._ending = True
        self._work.set()
        cancelled = None if self._writer is None else await _outlast(self._writer)
        if error is None:
            if self._error is not None:
                raise self._error
            if cancelled is not None:
                raise cancelled

    async def put(self, read: ReadPost) -> None:
        """Hand over a post; waits while the writer is behind. Raises what storing an earlier post raised."""
        await self._room.acquire()
        if self._error is not None:
            self._room.release()
            raise self._error
        self._items.append(read)
        self._work.set()

    def then(self, act: _Then) -> None:
        """Have `act` done once everything put so far is stored; never where storing it failed."""
        self._items.append(act)
        self._work.set()

    async def flushed(self) -> None:
        """Wait until everything put so far is stored. Raises what storing it raised."""
        passed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._items.append(passed)
        self._work.set()
        await passed

    async def _write(self) -> None:
        while not (self._ending and not self._items):
            await self._work.wait()
            self._work.clear()
            while self._items:
                await self._write_batch()

    async def _write_batch(self) -> None:
        batch: list[ReadPost] = []
        waiting: list[asyncio.Future[None]] = []
        then: list[_Then] = []
        while self._items and len(batch) < BATCH:
            item = self._items.popleft()
            if isinstance(item, ReadPost):
                batch.append(item)
                self._room.release()
            elif isinstance(item, asyncio.Future):
                waiting.append(item)
            else:
                then.append(item)
        await self._save(batch, then)
        for passed in waiting:
            if passed.done():
                continue  # whoever waited was cancelled
            if self._error is None:
                passed.set_result(None)
            else:
                passed.set_exception(self._error)

    async def _save(self, batch: list[ReadPost], then: list[_Then]) -> None:
        # After an error the writer goes on taking and dropping, so that nobody waits for it for ever.
        if self._error is not None:
            return
        try:
            saved = await self._posts.save(batch) if batch else Saved(new=0, queued=0)
            for act in then:
                await act()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is raised to all who put or wait
            self._error = error
        else:
            self._counts.new += saved.new
            self._counts.queued += saved.queued


async def _outlast(task: asyncio.Task[None]) -> asyncio.CancelledError | None:
    """Wait until `task` is done, however often the waiting is cancelled; return the last cancellation."""
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            cancelled = error
    return cancelled
