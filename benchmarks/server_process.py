"""A server in a process of its own, so that it takes no time from the client that is measured."""

from __future__ import annotations

import multiprocessing
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

_TIMEOUT = 30.0


@contextmanager
def server_process(serve: Callable[..., None], *arguments: object) -> Iterator[Connection]:
    """Run `serve(pipe, *arguments)` in a new process until the block ends; yield the other end of its pipe.

    `serve` is a function of a module, and returns when it reads from its end or that end is closed.
    """
    context = multiprocessing.get_context("spawn")  # nothing of the client's memory, loop or files
    here, there = context.Pipe()
    process = context.Process(target=serve, args=(there, *arguments), daemon=True)
    process.start()
    there.close()
    try:
        if not here.poll(_TIMEOUT):
            raise TimeoutError("the server did not start")
        yield here
    finally:
        here.close()
        process.join(_TIMEOUT)
