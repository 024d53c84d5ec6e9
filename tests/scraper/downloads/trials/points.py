"""Where a worker can be made to die or to stop: before or after the n-th call of a function."""

from __future__ import annotations

import functools
import importlib
import inspect
import os
import signal
import stat
import threading
from typing import TYPE_CHECKING, Any

from storage.queue import Queue

if TYPE_CHECKING:
    from collections.abc import Callable

CLAIM, HEARTBEAT, INTEND, COMPLETE = "claim", "heartbeat", "intend", "complete"
STATEMENT, COMMIT = "statement", "commit"
WRITE, JOURNAL, FSYNC, FSYNC_FOLDER = "write", "journal", "fsync", "fsync of a folder"
LINK, UNLINK = "link", "unlink"

_PLACES = {
    CLAIM: ("storage.queue:Queue.claim",),
    HEARTBEAT: ("storage.queue:Queue.heartbeat",),
    INTEND: ("storage.queue:Queue.verified_many",),
    COMPLETE: ("storage.queue:Queue.complete_many",),
    STATEMENT: ("sqlalchemy.engine.default:DefaultDialect.do_execute",),
    COMMIT: ("sqlalchemy.engine.default:DefaultDialect.do_commit",),
    WRITE: ("os:pwrite",),
    JOURNAL: ("os:write",),  # a line at the beginning, then one for each mebibyte
    FSYNC: ("os:fsync",),
    FSYNC_FOLDER: ("os:fsync",),
    LINK: ("os:link",),
    UNLINK: ("os:unlink",),
}
POINTS = tuple(point for point in _PLACES if point not in {HEARTBEAT, JOURNAL})
"""What every worker comes by. What is not the queue's counts from the first claim on."""

_claims = threading.Event()


def arm(point: dict[str, Any]) -> None:
    """Let this process meet at `point` what it says.

    {"at": one of POINTS, "when": "before", "nth": 1, "signal": 9} sends itself a signal, once;
    {"at": …, "errno": 28, "while": PATH} refuses every call for as long as PATH is there.
    """
    of_the_queue = point["at"] in {CLAIM, HEARTBEAT, INTEND, COMPLETE}
    if not of_the_queue:
        _note_claims()
    folder = {FSYNC: False, FSYNC_FOLDER: True}.get(point["at"])
    counted = functools.partial(_is_counted, anywhere=of_the_queue, folder=folder)
    around: Callable[[Callable[..., Any]], Callable[..., Any]]
    if "errno" in point:
        around = functools.partial(_refused, counted=counted, number=point["errno"], flag=point["while"])
    else:
        around = _Met(when=point["when"], nth=point["nth"], number=point["signal"], counted=counted).around
    for place in _PLACES[point["at"]]:
        _replace(place, around)


def _replace(place: str, around: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    module, _, name = place.partition(":")
    owner: Any = importlib.import_module(module)
    *path, last = name.split(".")
    for step in path:
        owner = getattr(owner, step)
    setattr(owner, last, around(getattr(owner, last)))


def _refused(
    function: Callable[..., Any], *, counted: Callable[[tuple[Any, ...]], bool], number: int, flag: str
) -> Callable[..., Any]:
    @functools.wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        if counted(args) and os.path.lexists(flag):
            raise OSError(number, os.strerror(number))
        return function(*args, **kwargs)

    return called


def _note_claims() -> None:
    claim = Queue.claim

    @functools.wraps(claim)
    async def claiming(*args: Any, **kwargs: Any) -> Any:
        _claims.set()
        return await claim(*args, **kwargs)

    Queue.claim = claiming  # type: ignore[method-assign]


def _is_counted(arguments: tuple[Any, ...], *, anywhere: bool, folder: bool | None) -> bool:
    if not anywhere and not _claims.is_set():
        return False
    return folder is None or stat.S_ISDIR(os.fstat(arguments[0]).st_mode) == folder


class _Met:
    """Sends the signal around one call of a function."""

    def __init__(
        self, *, when: str, nth: int, number: int, counted: Callable[[tuple[Any, ...]], bool]
    ) -> None:
        self._when = when
        self._left = nth
        self._number = number
        self._counted = counted

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return `function` with the signal before or after its call."""

        @functools.wraps(function)
        async def waited(*args: Any, **kwargs: Any) -> Any:
            here = self._reached(args)
            result = await function(*args, **kwargs)
            self._passed(here=here)
            return result

        @functools.wraps(function)
        def called(*args: Any, **kwargs: Any) -> Any:
            here = self._reached(args)
            result = function(*args, **kwargs)
            self._passed(here=here)
            return result

        return waited if inspect.iscoroutinefunction(function) else called

    def _reached(self, arguments: tuple[Any, ...]) -> bool:
        self._left -= self._counted(arguments)
        here = self._left == 0
        if here:
            self._left = -1  # once
            if self._when == "before":
                self._send()
        return here

    def _passed(self, *, here: bool) -> None:
        if here and self._when == "after":
            self._send()

    def _send(self) -> None:
        # To this thread: sent to the process, another thread may take it, and this one goes a step further.
        signal.pthread_kill(threading.get_ident(), self._number)
