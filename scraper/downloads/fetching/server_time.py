"""How long the server takes: the time that we keep it waiting is not its fault."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class ServerTime:
    """A clock that stands still while something of ours is waited for. `clock` tells seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._ours = 0.0

    def __call__(self) -> float:
        """Return the seconds, without those that were ours."""
        return self._clock() - self._ours

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Stop the clock for the block."""
        since = self._clock()
        try:
            yield
        finally:
            self._ours += self._clock() - since
