"""Work that cancellation waits for: nothing may still touch a file or a row after its task has ended."""

from __future__ import annotations

import asyncio
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

_T = TypeVar("_T")
_P = ParamSpec("_P")


async def unbroken(work: Coroutine[Any, Any, _T]) -> _T:
    """Return what `work` returns. Whoever is cancelled meanwhile is so only after `work` came to its end."""
    task = asyncio.create_task(work)
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
    return await unbroken(asyncio.to_thread(function, *args, **kwargs))


def whole(method: Callable[_P, Coroutine[Any, Any, _T]]) -> Callable[_P, Coroutine[Any, Any, _T]]:
    """Make a coroutine method one that cancellation waits for.

    A transaction that is cancelled between two statements would keep the database locked until its
    connection is collected.
    """

    @wraps(method)
    async def run(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        return await unbroken(method(*args, **kwargs))

    return run
