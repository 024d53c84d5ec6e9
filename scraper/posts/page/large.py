"""Which pages are large or heavy, and the thread that reads large listings, so that others go on.

Posts that are heavy go to a process (scraper/posts/worker), which has the thread to fall back on. One page
goes after another, so that memory lasts: its tree takes up to twenty times the room of its bytes. A thread
of its own also leaves those of the event loop to files.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_P = ParamSpec("_P")
_T = TypeVar("_T")

LARGE: Final = 250_000
"""Bytes: parsing more would hold the event loop for longer than a tenth of a second."""

_HEAVY = 250_000
_OF_A_TAG = 100
"""What a tag costs, in bytes of the page: text is passed over fast, elements are asked many questions."""

_THREAD = ThreadPoolExecutor(max_workers=1, thread_name_prefix="large-pages")


async def read_aside(size: int, read: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """Return what `read` makes of a body of `size` bytes: at once, or in the thread if it is large."""
    if size <= LARGE:
        return read(*args, **kwargs)
    return await read_in_thread(read, *args, **kwargs)


async def read_in_thread(read: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """Return what `read` makes of its arguments in the thread of large pages."""
    return await asyncio.get_running_loop().run_in_executor(_THREAD, partial(read, *args, **kwargs))


def is_heavy(markup: bytes | str) -> bool:
    """Whether to understand a page might hold the event loop for longer than some 25 ms; cheap to tell."""
    size = len(markup)
    if _OF_A_TAG * size <= _HEAVY:
        return False
    tags = markup.count(b"<") if isinstance(markup, bytes) else markup.count("<")
    return size + _OF_A_TAG * tags > _HEAVY
