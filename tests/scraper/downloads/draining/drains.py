"""What the tests of a drain wait for and look at."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from storage.records import DownloadState, Selection

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aiohttp import web

    from scraper.downloads.draining.drain import Drain
    from storage.queue import Queue

    Enqueue = Callable[..., Awaitable[None]]
    MakeDrain = Callable[..., Drain]


async def untouched(queue: Queue, total: int) -> None:
    """See that everything waits again and no attempt was used."""
    rows = await queue.list(Selection(states=[DownloadState.WAITING]), limit=1000)
    assert len(rows) == total
    assert {row.attempts for row in rows} == {0}


async def until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 - what is waited for tells nobody
        await asyncio.sleep(0)


async def hangs(_: web.BaseRequest) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError
