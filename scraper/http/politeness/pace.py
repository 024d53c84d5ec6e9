"""How fast one host may be asked now, learnt from its answers: pure, without a clock or a task."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from scraper.http.politeness.ladder import FIRST, Ladder
from scraper.http.politeness.latency import LatencyWatch
from scraper.http.politeness.outage import OutageWatch
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable

# What comes too late, or not at all, may be one slow page: two at once are not too much for its host.
_SILENCE = frozenset({Reason.TIMEOUT, Reason.TOO_SLOW})
_MAX_GAP = 5.0  # seconds


class Pace:
    """The pace of the hosts that share one budget: at most `allowed` at once, starts `interval` apart.

    `allowed` is from 1 to `per_host`; `interval` is in seconds: 0, or from `ladder.MIN_INTERVAL` on.
    `window` counts the slowings-down. A request belongs to the window in which it was granted: what was
    sent before the last slowing-down is no reason for another. `jitter` gives numbers from 0 to 1.
    """

    __slots__ = ("_ladder", "_latency", "_outage", "allowed", "interval", "window")

    def __init__(self, *, per_host: int, jitter: Callable[[], float] = random.random) -> None:
        self.window = 0
        self._ladder = Ladder(top=per_host)
        self._latency = LatencyWatch()
        self._outage = OutageWatch(jitter=jitter)
        self._take_speed()

    def good(self, *, window: int, load: int, out: int, latency: float | None) -> None:
        """Learn from a good answer, which came after `latency` seconds while `out` requests were out.

        The request was granted in `window`, as one of `load` that were out then.
        """
        self._outage.answered = True
        if window != self.window:
            return
        if latency is not None:
            self._latency.add(latency, quiet=load <= FIRST)
        if self._latency.slow_answers:
            if self._latency.climbed and self.allowed > FIRST:
                self._ladder.slowed()
                self._next_window()
        elif out >= self.allowed and self._ladder.good():
            self._take_speed()

    def overloaded(self, *, window: int, in_flight: int, reason: Reason | None, gap: float = 0.0) -> float:
        """Learn from an answer that asks for less, one of `in_flight` that were waited for.

        `gap` is the seconds between two of the last starts; a long one tells of us, not of the host.
        Returns the seconds for which to leave the host alone, or 0.
        """
        if window != self.window:
            self._ladder.refused_before()
            return 0.0
        pause = self._outage.pause_after(reason)
        if pause:
            self._ladder.away()
        elif reason in _SILENCE:
            self._ladder.slowed()
        else:
            self._ladder.refused(in_flight=in_flight, gap=min(gap, _MAX_GAP))
        self._next_window()
        return pause

    def lost(self, *, window: int, reason: Reason) -> None:
        """Learn from an answer whose body broke off or came too slowly, if `reason` is of that kind."""
        if window != self.window or reason not in {Reason.SHORT_BODY, *_SILENCE}:
            return
        # A connection that breaks may be one too many, even of two; an interval would not mend it.
        self._ladder.slowed(least=1 if reason is Reason.SHORT_BODY else FIRST)
        self._next_window()

    def _next_window(self) -> None:
        self.window += 1
        self._latency.restart()
        self._take_speed()

    def _take_speed(self) -> None:
        self.allowed, self.interval = self._ladder.speed
