"""The gate before every request: how many at once, how far apart, and not before when."""

from __future__ import annotations

import asyncio
import math
import random
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Self

from scraper.http.politeness.alarms import Alarms
from scraper.http.politeness.known import KnownHosts
from scraper.http.politeness.line import LONG_AGO, NEVER, HostGroup, HostName, Place
from scraper.http.politeness.pace import Pace
from scraper.http.politeness.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import TracebackType

    from scraper.http.politeness.hosts import Host
    from storage.reasons import Reason


class HostHeldError(Exception):
    """The host is not to be asked for `seconds` more, which is longer than a task should wait."""

    def __init__(self, seconds: float, reason: Reason) -> None:
        super().__init__(f"held for {seconds:.0f} s ({reason})")
        self.seconds = seconds
        self.reason = reason


class Turn(Place):
    """The right to send one request. Use as an async context manager: entering waits for it.

    Raises `HostHeldError` where the host is held for longer than anybody waits.
    """

    __slots__ = ("_gate",)

    def __init__(self, gate: HostGate, name: HostName, interval: float) -> None:
        super().__init__(name, interval)
        self._gate = gate

    async def __aenter__(self) -> Self:
        if not self._gate.begin_at_once(self):
            await self._gate.begin(self)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._gate.end(self)

    @property
    def spaced(self) -> bool:
        """Whether the next request keeps a distance in time from this one."""
        group = self.name.group
        is_first = self.name.last_start == LONG_AGO  # nobody knows yet what its robots.txt will say
        return bool(is_first or self.interval or group.delay or group.pace.interval)

    def sent(self) -> None:
        """Say that the request's headers have left: intervals count from here, and so does latency."""
        self._gate.note_sent(self)

    def lose(self, reason: Reason) -> None:
        """Say that the body of the answer was lost or did not come, by its `reason`; others mean nothing."""
        self._gate.note_lost(self, reason)

    def judge(self, verdict: Verdict, reason: Reason | None = None) -> None:
        """Say what the headers of the answer, or their absence, mean. At most once a turn."""
        self._gate.note_verdict(self, verdict, reason)


class HostGate:
    """Gives out turns: `concurrency` in all, `per_host` to a group of hosts, starts `delay` seconds apart.

    Each group's pace adapts within these bounds. A task that waits holds nothing: it stands in line, first
    come first served within a host name, while names and groups take turns. A hold that is longer than
    `patience` (seconds) is not waited for. `sleep` wakes after seconds of `clock`, `jitter` is from 0 to 1.
    """

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
        self._clock = clock
        self._out = 0
        self._ready: OrderedDict[HostGroup, None] = OrderedDict()  # may have somebody to let go
        self._alarms = Alarms(self._let_go, clock=clock, sleep=sleep)
        self._hosts = KnownHosts(
            lambda: HostGroup(pace=Pace(per_host=per_host, jitter=jitter), delay=delay), clock=clock
        )

    def turn(self, host: Host, *, interval: float = 0.0) -> Turn:
        """Return a turn at `host`, `interval` seconds or more after its last start (Crawl-delay)."""
        name = self._hosts.enter(host)
        # Not every request knows of the Crawl-delay: the one for robots.txt asks what it is.
        name.interval = max(name.interval, interval)
        return Turn(self, name, name.interval)

    def hold(self, host: Host, seconds: float, reason: Reason) -> None:
        """Let no request to the group of `host` start within the next `seconds` (Retry-After)."""
        self._hold(self._hosts.group(host), seconds, reason)

    def asked_before(self, host: Host) -> None:
        """Count `host` as asked just now unless it was asked already: an earlier run may have."""
        name = self._hosts.name(host)
        if name.last_start == LONG_AGO:
            name.last_start = self._clock()

    async def close(self) -> None:
        """End the alarms; nobody is let go by the clock any more."""
        await self._alarms.close()

    def begin_at_once(self, turn: Turn) -> bool:
        """Start `turn` if nothing stands in its way; return whether it did."""
        name, group = turn.name, turn.name.group
        if group.waiting or self._out >= self._concurrency:
            return False
        now = self._clock()
        if group.opens() > now or name.opens(turn.interval) > now:
            return False
        self._out += 1
        group.grant(turn)
        return True

    async def begin(self, turn: Turn) -> None:
        """Wait until `turn` may start: see `Turn`."""
        try:
            self._refuse_if_held(turn.name.group, self._clock())
            await self._wait(turn)
        except BaseException:
            self.end(turn)
            raise

    def end(self, turn: Turn) -> None:
        """Take `turn` back, whether it was granted or not: see `Turn`."""
        group = turn.name.group
        if turn.granted:
            if turn.unsent:  # nobody knows whether anything was sent
                group.start(turn, self._clock())
            self._out -= 1
            group.take_back(turn)
        elif turn in turn.name.line:
            group.leave(turn)
        if group.waiting or self._ready:
            self._let_go(group)
        self._hosts.leave(turn.name)

    def note_sent(self, turn: Turn) -> None:
        """Count a start: see `Turn.sent`."""
        turn.sent_at = self._clock()
        group = turn.name.group
        group.start(turn, turn.sent_at)
        group.pace.started(turn.sent_at)
        if group.waiting or self._ready:
            self._let_go(group)

    def note_verdict(self, turn: Turn, verdict: Verdict, reason: Reason | None) -> None:
        """Let the pace learn: see `Turn.judge`."""
        group = turn.name.group
        if verdict is Verdict.GOOD:
            latency = None if turn.sent_at is None else self._clock() - turn.sent_at
            group.pace.good(window=turn.window, load=turn.load, out=group.out, latency=latency)
        elif verdict is Verdict.OVERLOADED:
            pause = group.pace.overloaded(window=turn.window, in_flight=group.unanswered, reason=reason)
            if pause and reason:
                self._hold(group, pause, reason)
        group.answer(turn)
        if group.waiting or self._ready:
            self._let_go(group)

    def note_lost(self, turn: Turn, reason: Reason) -> None:
        """Let the pace learn: see `Turn.lose`."""
        turn.name.group.pace.lost(window=turn.window, reason=reason)

    def _hold(self, group: HostGroup, seconds: float, reason: Reason) -> None:
        now = self._clock()
        if now + seconds > group.held_until:
            group.held_until, group.reason = now + seconds, reason
        if group.held_until - now > self._patience:
            for place in group.dissolve():
                place.call()

    def _refuse_if_held(self, group: HostGroup, now: float) -> None:
        left = group.held_until - now
        if left > self._patience:
            raise HostHeldError(left, group.reason)

    async def _wait(self, turn: Turn) -> None:
        group, first = turn.name.group, False
        while True:
            called = turn.called = asyncio.get_running_loop().create_future()
            group.join(turn, first=first)
            self._let_go(group)
            try:
                await called
            except asyncio.CancelledError:
                self._take_back(turn)
                raise
            now = self._clock()
            if turn.granted and group.held_until <= now:
                return
            first = self._take_back(turn)  # a hold came between the call and this moment
            self._refuse_if_held(group, now)

    def _grant(self, place: Place) -> None:
        self._out += 1
        place.name.group.grant(place)

    def _take_back(self, turn: Turn) -> bool:
        if turn.granted:
            self._out -= 1
            turn.name.group.take_back(turn)
            return True
        return False

    def _let_go(self, group: HostGroup) -> None:
        """Let everybody go who may, after something has changed in `group`."""
        if group.waiting:
            self._ready.setdefault(group)
        if not self._ready:
            return
        now = self._clock()
        while self._ready and self._out < self._concurrency:
            group, _ = self._ready.popitem(last=False)
            found = group.next(now)
            if isinstance(found, Place):
                group.leave(found)
                if found.call():
                    self._grant(found)
                if group.waiting:
                    self._ready[group] = None  # behind the others: groups take turns
            elif found < NEVER:
                self._alarms.set(group, found)
