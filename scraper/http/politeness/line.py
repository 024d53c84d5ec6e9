"""The waiting line of the hosts that share a budget: who may start next, and when."""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from typing import TYPE_CHECKING

from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.http.politeness.hosts import Host
    from scraper.http.politeness.pace import Pace
    from scraper.http.politeness.turn import Turn

LONG_AGO = -math.inf
NEVER = math.inf

_STARTS = 5  # that are remembered


class HostName:
    """One host name of a group: its line and its last start."""

    __slots__ = ("group", "host", "interval", "last_start", "line")

    def __init__(self, host: Host, group: HostGroup) -> None:
        self.host = host
        self.group = group
        self.line: OrderedDict[Turn, None] = OrderedDict()
        self.interval = 0.0
        self.last_start = LONG_AGO

    @property
    def in_use(self) -> bool:
        """Whether a request waits or is out."""
        return bool(self.line) or any(turn.name is self for turn in self.group.turns)

    def opens(self, interval: float) -> float:
        """Return from when a request may start that keeps `interval`; `NEVER` while one is unsent."""
        if not interval:
            return LONG_AGO
        unsent = any(turn.sent_at is None and turn.name is self for turn in self.group.turns)
        return NEVER if unsent else after(self.last_start, interval)


class HostGroup:
    """Hosts that share one budget: their pace, whose turn it is, and who waits."""

    __slots__ = ("delay", "held_until", "names", "pace", "reason", "starts", "turns", "waiting")

    def __init__(self, *, pace: Pace, delay: float) -> None:
        self.pace = pace
        self.delay = delay
        self.names: set[HostName] = set()
        self.turns: set[Turn] = set()  # the requests that are out
        self.waiting: OrderedDict[HostName, None] = OrderedDict()
        self.starts: deque[float] = deque(maxlen=_STARTS)
        self.held_until = LONG_AGO
        self.reason = Reason.RATE_LIMITED

    @property
    def gap(self) -> float:
        """The seconds between two of the last starts, on average; 0 before there were two."""
        starts = self.starts
        return (starts[-1] - starts[0]) / (len(starts) - 1) if len(starts) > 1 else 0.0

    @property
    def in_flight(self) -> int:
        """How many requests the hosts have yet to answer."""
        return sum(not turn.answered for turn in self.turns)

    def opens(self) -> float:
        """Return from when any request may start; `NEVER` until one that is out is sent or ends."""
        pace = self.pace
        if len(self.turns) >= pace.allowed:
            return NEVER
        if not (self.delay or pace.interval):
            return self.held_until
        if any(turn.sent_at is None for turn in self.turns):
            return NEVER
        last_start = self.starts[-1] if self.starts else LONG_AGO
        return max(self.held_until, after(last_start, max(self.delay, pace.interval)))

    def next(self, now: float) -> Turn | float:
        """Return the turn that comes next, or from when there may be one."""
        opens = self.opens()
        if opens > now:
            return opens
        soonest = NEVER
        for name in self.waiting:
            turn = next(iter(name.line))
            opens = name.opens(turn.interval)
            if opens <= now:
                return turn
            soonest = min(soonest, opens)
        return soonest

    def join(self, turn: Turn, *, first: bool = False) -> None:
        """Put `turn` at the end of its name's line, or at its head."""
        turn.name.line[turn] = None
        if first:
            turn.name.line.move_to_end(turn, last=False)
        self.waiting.setdefault(turn.name)

    def leave(self, turn: Turn) -> None:
        """Take `turn` out of the line; the next one is another name's."""
        del turn.name.line[turn]
        if turn.name.line:
            self.waiting.move_to_end(turn.name)
        else:
            del self.waiting[turn.name]

    def dissolve(self) -> Sequence[Turn]:
        """Take everybody out of line; return them."""
        turns = [turn for name in self.waiting for turn in name.line]
        for name in self.waiting:
            name.line.clear()
        self.waiting.clear()
        return turns

    def grant(self, turn: Turn) -> None:
        """Let `turn` go: it is out, and not sent yet."""
        self.turns.add(turn)
        turn.load = len(self.turns)
        turn.window = self.pace.window


def after(start: float, interval: float) -> float:
    """Return the first moment that is `interval` after `start`, never less by a rounding error."""
    moment = start + interval
    return moment if moment - start >= interval else math.nextafter(moment, math.inf)
