"""Work that cancellation waits for: nothing may still touch a file or a row after its task has ended."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_T = TypeVar("_T")
_P = ParamSpec("_P")


async def unbroken(work: Awaitable[_T]) -> _T:
    """Return what `work` returns. Whoever is cancelled meanwhile is so only after `work` came to its end."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is None:
        return task.result()
    if not task.cancelled():
        task.exception()  # asked for, so that asyncio does not call it lost: the cancellation prevails
    raise cancelled


async def in_thread(function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """Return what the blocking `function` returns in a thread; a cancelled caller waits for the thread."""
    loop = asyncio.get_running_loop()
    return await unbroken(loop.run_in_executor(None, partial(function, *args, **kwargs)))
