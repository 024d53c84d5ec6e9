"""Whose connections stay open for a later request: those of so many hosts as the system has files for."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class KeptHosts:
    """Gives out `places` for hosts; a place is kept while the connections of its host may be open.

    A connection that waits is closed after `idle` seconds, or, as the pool looks only that often, after
    twice as many: so long after the last request its place is free again. Who comes when none is free shakes
    hands for each request, however long. To take the place of another would leave that one's connections
    open beyond the places, and with more hosts than places in turn each would lose its own before it
    is asked again.
    """

    def __init__(self, *, places: int, idle: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._places = places
        self._taken = 2 * idle  # seconds: measured with aiohttp 3.14
        self._clock = clock
        self._asked: OrderedDict[str, float] = OrderedDict()  # when last; the longest ago comes first

    def keeps(self, host: str) -> bool:
        """Return whether `host`, which is asked now, has a place; without one its connection is to close."""
        now = self._clock()
        if host not in self._asked and len(self._asked) >= self._places:
            oldest = next(iter(self._asked))
            if now - self._asked[oldest] < self._taken:
                return False
            del self._asked[oldest]
        self._asked[host] = now
        self._asked.move_to_end(host)
        return True
