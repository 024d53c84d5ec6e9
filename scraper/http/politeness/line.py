"""The waiting line of the hosts that share a budget: who may start next, and when."""

from __future__ import annotations

import math
from collections import OrderedDict
from typing import TYPE_CHECKING

from storage.reasons import Reason

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Sequence

    from scraper.http.politeness.hosts import Host
    from scraper.http.politeness.pace import Pace

LONG_AGO = -math.inf
NEVER = math.inf


class Place:
    """The place of one request: in line until it is granted, and out from then on."""

    __slots__ = ("called", "granted", "interval", "load", "name", "sent_at", "unanswered", "unsent", "window")

    def __init__(self, name: HostName, interval: float) -> None:
        self.name = name
        self.interval = interval
        self.called: asyncio.Future[None] | None = None
        self.granted = False
        self.unsent = False
        self.unanswered = False
        self.sent_at: float | None = None
        self.load = 0
        self.window = 0

    def call(self) -> bool:
        """Wake whoever waits for `called`; return whether there is still somebody."""
        if self.called is None or self.called.done():
            return False
        self.called.set_result(None)
        return True


class HostName:
    """One host name of a group: its line, its last start, and how many requests wait or are out."""

    __slots__ = ("group", "host", "interval", "last_start", "line", "unsent", "users")

    def __init__(self, host: Host, group: HostGroup) -> None:
        self.host = host
        self.group = group
        self.line: OrderedDict[Place, None] = OrderedDict()
        self.interval = 0.0
        self.last_start = LONG_AGO
        self.unsent = 0
        self.users = 0

    def opens(self, interval: float) -> float:
        """Return from when a request may start that keeps `interval`; `NEVER` while one is unsent."""
        if not interval:
            return LONG_AGO
        return NEVER if self.unsent else after(self.last_start, interval)


class HostGroup:
    """Hosts that share one budget: their pace, how many requests are out, and who waits."""

    __slots__ = (
        "delay",
        "held_until",
        "last_start",
        "names",
        "out",
        "pace",
        "reason",
        "unanswered",
        "unsent",
        "waiting",
    )

    def __init__(self, *, pace: Pace, delay: float) -> None:
        self.pace = pace
        self.delay = delay
        self.names: dict[str, HostName] = {}
        self.waiting: OrderedDict[HostName, None] = OrderedDict()
        self.out = 0
        self.unsent = 0
        self.unanswered = 0
        self.last_start = LONG_AGO
        self.held_until = LONG_AGO
        self.reason = Reason.RATE_LIMITED

    def opens(self) -> float:
        """Return from when any request may start; `NEVER` until one that is out is sent or ends."""
        if self.out >= self.pace.allowed:
            return NEVER
        interval = max(self.delay, self.pace.interval)
        if not interval:
            return self.held_until
        return NEVER if self.unsent else max(self.held_until, after(self.last_start, interval))

    def next(self, now: float) -> Place | float:
        """Return the place whose turn it is, or from when there may be one."""
        opens = self.opens()
        if opens > now:
            return opens
        soonest = NEVER
        for name in self.waiting:
            place = next(iter(name.line))
            opens = name.opens(place.interval)
            if opens <= now:
                return place
            soonest = min(soonest, opens)
        return soonest

    def join(self, place: Place, *, first: bool = False) -> None:
        """Put `place` at the end of its name's line, or at its head."""
        place.name.line[place] = None
        if first:
            place.name.line.move_to_end(place, last=False)
        self.waiting.setdefault(place.name)

    def leave(self, place: Place) -> None:
        """Take `place` out of the line; the next turn is another name's."""
        del place.name.line[place]
        if place.name.line:
            self.waiting.move_to_end(place.name)
        else:
            del self.waiting[place.name]

    def dissolve(self) -> Sequence[Place]:
        """Take everybody out of line; return them."""
        places = [place for name in self.waiting for place in name.line]
        for name in self.waiting:
            name.line.clear()
        self.waiting.clear()
        return places

    def grant(self, place: Place) -> None:
        """Let `place` go: it is out, and not sent yet."""
        self.out += 1
        self.unsent += 1
        self.unanswered += 1
        place.name.unsent += 1
        place.granted = place.unsent = place.unanswered = True
        place.load = self.out
        place.window = self.pace.window

    def take_back(self, place: Place) -> None:
        """Undo `grant`."""
        self.out -= 1
        place.granted = False
        if place.unsent:
            self._no_longer_unsent(place)
        if place.unanswered:
            self.answer(place)

    def start(self, place: Place, now: float) -> None:
        """Count intervals from `now`."""
        self.last_start = place.name.last_start = now
        self._no_longer_unsent(place)

    def answer(self, place: Place) -> None:
        """Count `place` no longer among those that the hosts have yet to answer."""
        if place.unanswered:
            place.unanswered = False
            self.unanswered -= 1

    def _no_longer_unsent(self, place: Place) -> None:
        if place.unsent:
            place.unsent = False
            self.unsent -= 1
            place.name.unsent -= 1


def after(start: float, interval: float) -> float:
    """Return the first moment that is `interval` after `start`, never less by a rounding error."""
    moment = start + interval
    return moment if moment - start >= interval else math.nextafter(moment, math.inf)
