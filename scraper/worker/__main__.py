"""The worker itself: ``python -m scraper.worker SECONDS MEMORY MODULE…`` does what comes through its input.

It ends when its input does, however its parent died, and where a call takes longer than the parent waits.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import threading
import traceback
from contextlib import suppress
from queue import SimpleQueue
from typing import TYPE_CHECKING, BinaryIO, Final

from scraper.worker.frames import LENGTH, READY, Received, frame, pack_answer

if TYPE_CHECKING:
    from collections.abc import Sequence

_GRACE: Final = 2  # seconds that the parent has to end it before it ends itself


def main(arguments: Sequence[str]) -> None:
    """Do what is asked for until the input ends.

    `arguments` are the seconds that a call may take, the bytes of addresses that the process may use, and
    the modules that calls need.
    """
    seconds, memory, *modules = arguments
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's: it ends us in its own time
    _limit_memory(int(memory))
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what prints must not end up among the answers
    requests: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_receive, args=(sys.stdin.buffer, requests), daemon=True).start()
    for module in modules:
        importlib.import_module(module)
    received = Received()
    with suppress(BrokenPipeError):
        _send(answers, READY)
        while True:
            # Not handled, so that it ends us even amid C code that never comes back.
            answer = _answer(requests.get(), received, int(float(seconds)) + _GRACE)
            if answer is not None:
                _send(answers, answer)


def _receive(source: BinaryIO, requests: SimpleQueue[bytes]) -> None:
    try:
        while len(head := source.read(LENGTH.size)) == LENGTH.size:
            (length,) = LENGTH.unpack(head)
            requests.put(source.read(length))
    finally:
        # The parent is gone, or wants us gone: what is in work is of no use to anybody. Or there is no memory
        # left for one more: another worker has it.
        os._exit(0)


def _answer(data: bytes, received: Received, seconds: int) -> bytes | None:
    signal.alarm(seconds)
    try:
        call = received.unpack(data)
        if call is None:
            return None
        function, args, kwargs = call
        return pack_answer(function(*args, **kwargs), None)
    except MemoryError as error:
        return pack_answer(None, MemoryError(*error.args))
    except Exception as error:  # noqa: BLE001 - the parent raises it, with where it came from
        error.add_note("".join(traceback.format_exception(error)))
        return pack_answer(None, error)
    finally:
        signal.alarm(0)


def _send(answers: BinaryIO, data: bytes) -> None:
    for part in frame(data):
        left = memoryview(part)
        while left:
            left = left[answers.write(left) :]


def _limit_memory(memory: int) -> None:
    try:
        import resource  # noqa: PLC0415 - not on every platform
    except ImportError:
        return
    with suppress(OSError, ValueError):  # where the limit is lower already, or there is none to set
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (memory, hard))


if __name__ == "__main__":
    main(sys.argv[1:])
