"""Where the program `scrape` begins: ready for Ctrl-C before anything is imported that takes its time."""

from __future__ import annotations

import gc
import os
import signal

TYPE_CHECKING = False  # typing itself takes its time
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import FrameType
    from typing import NoReturn

_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, by default that of the process, and return the exit code (scraper.cli.exits)."""
    if arguments is not None:
        return _load()(arguments)
    # To look for garbage in what is imported, while it is and once more at the end, is a third of a start.
    gc.disable()
    try:
        return _load()(None)
    finally:
        gc.freeze()


def _load() -> Callable[[Sequence[str] | None], int]:
    watches = _watch()
    try:
        from scraper.cli.program import run  # noqa: PLC0415 - after the handler
    finally:
        if watches:
            signal.signal(signal.SIGINT, signal.default_int_handler)
    return run


def _watch() -> bool:
    """Handle Ctrl-C, unless it is ignored, as behind nohup, or handled already; return whether we do."""
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        return False
    try:
        signal.signal(signal.SIGINT, _leave)
    except ValueError:  # only the main thread has signals
        return False
    return True


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    """End at once: nothing has begun that could be lost, and where imports were says nothing to anybody."""
    del number, frame
    os.write(2, b"scrape: interrupted before it began\n")
    os._exit(_INTERRUPTED)
