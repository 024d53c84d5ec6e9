"""The gate before every request: how many at once, how far apart, and not before when."""

from __future__ import annotations

import asyncio
import math
import random
import time
from collections import OrderedDict
from typing import TYPE_CHECKING

from scraper.http.politeness.alarms import Alarms
from scraper.http.politeness.known import KnownHosts
from scraper.http.politeness.line import LONG_AGO, NEVER, HostGroup
from scraper.http.politeness.pace import Pace
from scraper.http.politeness.turn import Turn

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from scraper.http.politeness.hosts import Host
    from storage.reasons import Reason


class HostHeldError(Exception):
    """The host is not to be asked for `seconds` more, which is longer than a task should wait."""

    def __init__(self, seconds: float, reason: Reason) -> None:
        super().__init__(f"held for {seconds:.0f} s ({reason})")
        self.seconds = seconds
        self.reason = reason


class HostGate:
    """Gives out turns: `concurrency` in all, `per_host` to a group of hosts, starts `delay` seconds apart.

    Each group's pace adapts within these bounds. A task that waits holds nothing: it stands in line, first
    come first served within a host name, while names and groups take turns. A hold that is longer than
    `patience` (seconds) is not waited for. `sleep` wakes after seconds of `clock`, `jitter` is from 0 to 1.
    """

    __slots__ = ("_alarms", "_concurrency", "_hosts", "_known", "_out", "_patience", "_ready", "clock")

    def __init__(
        self,
        *,
        concurrency: int,
        per_host: int,
        delay: float = 0.0,
        patience: float = math.inf,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._concurrency = concurrency
        self._patience = patience
        self.clock = clock
        self._out = 0
        self._ready: OrderedDict[HostGroup, None] = OrderedDict()  # may have somebody to let go
        self._alarms = Alarms(self.let_go, clock=clock, sleep=sleep)
        self._hosts = KnownHosts(
            lambda: HostGroup(pace=Pace(per_host=per_host, jitter=jitter), delay=delay), clock=clock
        )
        self._known = self._hosts.by_name

    def turn(self, host: Host, *, interval: float = 0.0) -> Turn:
        """Return a turn at `host`, `interval` seconds or more after its last start (Crawl-delay)."""
        return Turn(self, host, interval)

    def hold(self, host: Host, seconds: float, reason: Reason) -> None:
        """Let no request to the group of `host` start within the next `seconds` (Retry-After)."""
        self.hold_group(self._hosts.name(host).group, seconds, reason)

    def asked_before(self, host: Host) -> None:
        """Count `host` as asked just now unless it was asked already: an earlier run may have."""
        name = self._hosts.name(host)
        if name.last_start == LONG_AGO:
            name.last_start = self.clock()

    async def close(self) -> None:
        """End the alarms; nobody is let go by the clock any more."""
        await self._alarms.close()

    def begin_at_once(self, turn: Turn) -> bool:
        """Start `turn` if nothing stands in its way; return whether it did."""
        name = turn.name = self._known.get(turn.host.name) or self._hosts.name(turn.host)
        # Not every request knows of the Crawl-delay: the one for robots.txt asks what it is.
        if turn.interval > name.interval:
            name.interval = turn.interval
        else:
            turn.interval = name.interval
        group = name.group
        if group.waiting or self._out >= self._concurrency:
            return False
        opens = group.opens()
        if turn.interval:
            opens = max(opens, name.opens(turn.interval))
        if opens != LONG_AGO and opens > self.clock():
            return False
        self._out += 1
        turns = group.turns  # as `HostGroup.grant`: most turns come this way
        turns.add(turn)
        turn.load, turn.window = len(turns), group.pace.window
        return True

    async def begin(self, turn: Turn) -> None:
        """Wait until `turn` may start: see `Turn`."""
        try:
            self._refuse_if_held(turn.name.group, self.clock())
            await self._wait(turn)
        except BaseException:
            self.end(turn)
            raise

    def end(self, turn: Turn) -> None:
        """Take `turn` back, whether it was granted or not: see `Turn`."""
        group = turn.name.group
        if turn in group.turns:
            if turn.sent_at is None:  # nobody knows whether anything was sent
                turn.sent()
            self._out -= 1
            group.turns.remove(turn)
        elif turn in turn.name.line:
            group.leave(turn)
        if group.waiting or self._ready:
            self.let_go(group)

    def hold_group(self, group: HostGroup, seconds: float, reason: Reason) -> None:
        """Let no request to `group` start within the next `seconds`."""
        now = self.clock()
        if now + seconds > group.held_until:
            group.held_until, group.reason = now + seconds, reason
        if group.held_until - now > self._patience:
            for turn in group.dissolve():
                turn.call()

    def _refuse_if_held(self, group: HostGroup, now: float) -> None:
        left = group.held_until - now
        if left > self._patience:
            raise HostHeldError(left, group.reason)

    async def _wait(self, turn: Turn) -> None:
        group, first = turn.name.group, False
        while True:
            called = turn.called = asyncio.get_running_loop().create_future()
            group.join(turn, first=first)
            self.let_go(group)
            try:
                await called
            except asyncio.CancelledError:
                self._take_back(turn)
                raise
            now = self.clock()
            if turn in group.turns and group.held_until <= now:
                return
            first = self._take_back(turn)  # a hold came between the call and this moment
            self._refuse_if_held(group, now)

    def _take_back(self, turn: Turn) -> bool:
        group = turn.name.group
        if turn in group.turns:
            self._out -= 1
            group.turns.remove(turn)
            return True
        return False

    def let_go(self, group: HostGroup) -> None:
        """Let everybody go who may, after something has changed in `group`."""
        if group.waiting:
            self._ready.setdefault(group)
        if not self._ready:
            return
        now = self.clock()
        while self._ready and self._out < self._concurrency:
            group, _ = self._ready.popitem(last=False)
            found = group.next(now)
            if isinstance(found, Turn):
                group.leave(found)
                if found.call():
                    self._out += 1
                    group.grant(found)
                if group.waiting:
                    self._ready[group] = None  # behind the others: groups take turns
            elif found < NEVER:
                self._alarms.set(group, found)
