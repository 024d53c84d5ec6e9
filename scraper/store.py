"""The last stage of a crawl: read posts go to storage in batches, in the order in which they came."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, Self

from storage.errors import CratedigError
from storage.records import ReadPost, Saved

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

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


@dataclass(slots=True)
class _Barrier:
    passed: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


@dataclass(slots=True)
class _End:
    pass


class StoreStage:
    """One writer behind a bounded queue. Use as an async context manager: leaving it stores what was put."""

    def __init__(self, posts: SavesPosts, counts: StoreCounts) -> None:
        self._posts = posts
        self._counts = counts
        self._queue: asyncio.Queue[ReadPost | _Barrier | _End] = asyncio.Queue(maxsize=BATCH)
        self._error: CratedigError | None = None
        self._writer: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Start the writer."""
        self._writer = asyncio.create_task(self._write())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Store what is left; raise the writer's error unless another one is on its way."""
        await self._queue.put(_End())
        if self._writer is not None:
            await asyncio.shield(self._writer)
        if self._error is not None and error is None:
            raise self._error

    async def put(self, read: ReadPost) -> None:
        """Hand over a post; waits while the writer is behind. Raises what storing an earlier post raised."""
        if self._error is not None:
            raise self._error
        await self._queue.put(read)

    async def flushed(self) -> None:
        """Wait until everything put so far is stored. Raises what storing it raised."""
        barrier = _Barrier()
        await self._queue.put(barrier)
        await barrier.passed

    async def _write(self) -> None:
        ended = False
        while not ended:
            items = [await self._queue.get()]
            while len(items) < BATCH and not self._queue.empty():
                items.append(self._queue.get_nowait())
            await self._save([item for item in items if isinstance(item, ReadPost)])
            for item in items:
                if isinstance(item, _Barrier) and not item.passed.done():
                    self._pass(item)
            ended = any(isinstance(item, _End) for item in items)

    async def _save(self, batch: list[ReadPost]) -> None:
        # After an error the writer goes on taking and dropping, so that nobody waits for it for ever.
        if not batch or self._error is not None:
            return
        try:
            saved = await self._posts.save(batch)
        except CratedigError as error:
            self._error = error
        else:
            self._counts.new += saved.new
            self._counts.queued += saved.queued

    def _pass(self, barrier: _Barrier) -> None:
        if self._error is None:
            barrier.passed.set_result(None)
        else:
            barrier.passed.set_exception(self._error)
