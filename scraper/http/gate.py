"""The gate of each host: how many requests at once, how far apart, and not before when."""

from __future__ import annotations

import asyncio
import math
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

_MAX_HOSTS = 2000


@dataclass(slots=True)
class _Host:
    slots: asyncio.Semaphore
    interval: float
    next_start: float = 0.0
    held_until: float = 0.0
    users: int = 0


class HostHeldError(Exception):
    """The host is not to be asked for `seconds` more: longer than a task should wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"held for {seconds:.0f} s")
        self.seconds = seconds


class HostGate:
    """At most `per_host` requests at once to a host, and `delay` seconds between their starts.

    A start is claimed by moving the host's next start forward before the task sleeps, so that many
    tasks cannot slip through one interval together. A task that waits holds no connection. A hold that
    is longer than `patience` (seconds) is not waited for: it raises.
    """

    def __init__(
        self,
        *,
        per_host: int,
        delay: float = 0.0,
        patience: float = math.inf,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._per_host = per_host
        self._delay = delay
        self._patience = patience
        self._clock = clock
        self._sleep = sleep
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def slot(self, host: str) -> AsyncIterator[None]:
        """Wait for a turn at `host` and keep it until the block ends. Raises `HostHeldError`."""
        gate = self._host(host)
        gate.users += 1
        try:
            async with gate.slots:
                await self._turn(gate)
                yield
        finally:
            gate.users -= 1

    def hold(self, host: str, seconds: float) -> None:
        """Let no request to `host` start within the next `seconds` (Retry-After)."""
        gate = self._host(host)
        gate.held_until = max(gate.held_until, self._clock() + seconds)

    def slow_down(self, host: str, interval: float) -> None:
        """Keep at least `interval` seconds between the starts of requests to `host` (Crawl-delay)."""
        gate = self._host(host)
        gate.interval = max(gate.interval, interval)

    async def _turn(self, gate: _Host) -> None:
        while True:
            held = gate.held_until - self._clock()
            if held > self._patience:
                raise HostHeldError(held)
            start = max(self._clock(), gate.next_start, gate.held_until)
            gate.next_start = start + gate.interval
            while (wait := start - self._clock()) > 0:
                await self._sleep(wait)
            if gate.held_until <= start:
                return  # otherwise a hold came while this task slept: it takes a new turn behind it

    def _host(self, host: str) -> _Host:
        gate = self._hosts.get(host)
        if gate is None:
            if len(self._hosts) >= _MAX_HOSTS:
                self._forget_idle()
            gate = self._hosts[host] = _Host(asyncio.Semaphore(self._per_host), self._delay)
        return gate

    def _forget_idle(self) -> None:
        now = self._clock()
        idle = [
            name
            for name, gate in self._hosts.items()
            if not gate.users and max(gate.next_start, gate.held_until) <= now
        ]
        for name in idle:
            del self._hosts[name]
