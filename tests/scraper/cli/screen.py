"""What a program shows on a terminal."""

from __future__ import annotations

import os
import pty
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATIENCE = 120.0
"""Seconds that something may take to appear."""


class Screen:
    """A terminal that is read all the time: a program whose terminal nobody reads stands still."""

    def __init__(self, descriptor: int) -> None:
        self.terminal = descriptor
        """What a program is given as its stream."""
        self._seen = b""
        self._more = threading.Condition()

    @property
    def text(self) -> str:
        """All that was shown so far."""
        return self._seen.decode(errors="replace")  # as a whole: a letter may come in two pieces

    def wait_for(self, words: str) -> None:
        """Return when `words` were shown."""
        with self._more:
            found = self._more.wait_for(lambda: words in self.text, _PATIENCE)
        assert found, f"waited in vain for {words!r} after {self.text!r}"

    def read(self, descriptor: int) -> None:
        """Take in what is shown until no program has the terminal any more."""
        while True:
            try:
                piece = os.read(descriptor, 65536)
            except OSError:  # EIO: how Linux tells the end
                return
            if not piece:
                return
            with self._more:
                self._seen += piece
                self._more.notify_all()


@contextmanager
def open_screen() -> Iterator[Screen]:
    """Yield a terminal; when it is left, all that its programs showed has been read."""
    ours, theirs = pty.openpty()
    screen = Screen(theirs)
    reading = threading.Thread(target=screen.read, args=(ours,), daemon=True)
    reading.start()
    try:
        yield screen
    finally:
        os.close(theirs)
        reading.join(_PATIENCE)
        os.close(ours)
