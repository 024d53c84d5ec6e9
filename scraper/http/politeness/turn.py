"""The turn of one request: in line until it is granted, and out from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Self

from scraper.http.politeness.line import LONG_AGO
from scraper.http.politeness.verdict import Verdict

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from types import TracebackType

    from scraper.http.politeness.hosts import Host
    from scraper.http.politeness.line import HostGroup, HostName
    from storage.reasons import Reason


_GOOD = Verdict.GOOD  # looked up for every answer


class Turns(Protocol):
    """What a turn needs of the gate that gave it."""

    clock: Callable[[], float]

    def begin_at_once(self, turn: Turn) -> bool:
        """Start `turn` if nothing stands in its way; return whether it did."""

    async def begin(self, turn: Turn) -> None:
        """Wait until `turn` may start."""

    def end(self, turn: Turn) -> None:
        """Take `turn` back, whether it was granted or not."""

    def hold_group(self, group: HostGroup, seconds: float, reason: Reason) -> None:
        """Let no request to `group` start within the next `seconds`."""

    def let_go(self, group: HostGroup) -> None:
        """Let everybody go who may, after something has changed in `group`."""


class Turn:
    """The right to send one request. Use as an async context manager: entering waits for it.

    Raises `HostHeldError` where the host is held for longer than anybody waits.
    """

    __slots__ = ("_gate", "answered", "called", "host", "interval", "load", "name", "sent_at", "window")

    name: HostName  # from entering on
    load: int  # how many were out when it was granted, this one included
    window: int  # of the pace, when it was granted

    def __init__(self, gate: Turns, host: Host, interval: float) -> None:
        self._gate = gate
        self.host = host
        self.interval = interval
        self.called: asyncio.Future[None] | None = None
        self.sent_at: float | None = None
        self.answered = False

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
        now = self.sent_at = self._gate.clock()
        name, group = self.name, self.name.group
        group.starts.append(now)
        name.last_start = now
        if group.waiting:
            self._gate.let_go(group)

    def judge(self, verdict: Verdict, reason: Reason | None = None) -> None:
        """Say what the headers of the answer, or their absence, mean. At most once a turn."""
        group = self.name.group
        if verdict is _GOOD:
            latency = None if self.sent_at is None else self._gate.clock() - self.sent_at
            group.pace.good(window=self.window, load=self.load, out=len(group.turns), latency=latency)
        elif verdict is Verdict.OVERLOADED:
            pause = group.pace.overloaded(
                window=self.window, in_flight=group.in_flight, reason=reason, gap=group.gap
            )
            if pause and reason:
                self._gate.hold_group(group, pause, reason)
        self.answered = True
        if group.waiting:
            self._gate.let_go(group)

    def lose(self, reason: Reason) -> None:
        """Say that the body of the answer was lost or did not come, by its `reason`; others mean nothing."""
        self.name.group.pace.lost(window=self.window, reason=reason)

    def call(self) -> bool:
        """Wake whoever waits for `called`; return whether there is still somebody."""
        if self.called is None or self.called.done():
            return False
        self.called.set_result(None)
        return True
