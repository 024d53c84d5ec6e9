"""The gate of a host, on a clock that only the test moves."""

from __future__ import annotations

import asyncio
import heapq
from itertools import pairwise

import pytest

from scraper.http.gate import HostGate, HostHeldError


class FakeTime:
    """A clock on which sleepers wake in order when `run` lets time pass."""

    def __init__(self) -> None:
        self.now = 100.0
        self._sleepers: list[tuple[float, int, asyncio.Event]] = []

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        event = asyncio.Event()
        heapq.heappush(self._sleepers, (self.now + seconds, id(event), event))
        await event.wait()

    async def run(self, *tasks: asyncio.Task[None]) -> None:
        while not all(task.done() for task in tasks):
            for _ in range(50):
                await asyncio.sleep(0)
            if self._sleepers:
                self.now, _, event = heapq.heappop(self._sleepers)
                event.set()


def _gate(time: FakeTime, *, per_host: int = 5, delay: float = 0.0) -> HostGate:
    return HostGate(per_host=per_host, delay=delay, clock=time.clock, sleep=time.sleep)


async def _request(
    gate: HostGate, time: FakeTime, host: str, log: list[float], *, lasting: float = 0.0
) -> None:
    async with gate.slot(host):
        log.append(time.now)
        if lasting:
            await time.sleep(lasting)


def _start(
    count: int, gate: HostGate, time: FakeTime, log: list[float], **options: float
) -> list[asyncio.Task[None]]:
    return [asyncio.create_task(_request(gate, time, "b.example", log, **options)) for _ in range(count)]


async def test_never_more_requests_at_once_than_allowed() -> None:
    time, log = FakeTime(), list[float]()
    gate = _gate(time, per_host=3)
    await time.run(*_start(9, gate, time, log, lasting=1.0))
    assert sorted(log) == [100.0] * 3 + [101.0] * 3 + [102.0] * 3


async def test_no_two_of_many_tasks_slip_through_one_interval() -> None:
    time, log = FakeTime(), list[float]()
    gate = _gate(time, per_host=20, delay=0.5)
    await time.run(*_start(20, gate, time, log))
    assert all(later - earlier >= 0.5 for earlier, later in pairwise(sorted(log)))


async def test_a_crawl_delay_slows_a_host_down_and_never_speeds_it_up() -> None:
    time, log = FakeTime(), list[float]()
    gate = _gate(time, delay=2.0)
    gate.slow_down("b.example", 0.5)
    await time.run(*_start(3, gate, time, log))
    assert sorted(log) == [100.0, 102.0, 104.0]


async def test_a_hold_makes_every_task_of_the_host_wait_and_no_other() -> None:
    time, log, other = FakeTime(), list[float](), list[float]()
    gate = _gate(time)
    gate.hold("b.example", 30.0)
    elsewhere = asyncio.create_task(_request(gate, time, "c.example", other))
    await time.run(*_start(4, gate, time, log), elsewhere)
    assert other == [100.0]
    assert log == [130.0] * 4


async def test_a_hold_that_comes_while_tasks_wait_is_kept_with_the_interval() -> None:
    time, log = FakeTime(), list[float]()
    gate = _gate(time, delay=1.0)
    tasks = _start(3, gate, time, log)
    for _ in range(20):
        await asyncio.sleep(0)
    gate.hold("b.example", 10.0)
    await time.run(*tasks)
    assert log[0] == 100.0
    assert log[1] >= 110.0
    assert all(later - earlier >= 1.0 for earlier, later in pairwise(log))


async def test_a_hold_longer_than_anybody_should_wait_is_told_instead_of_waited_for() -> None:
    time = FakeTime()
    gate = HostGate(per_host=2, patience=30.0, clock=time.clock, sleep=time.sleep)
    gate.hold("b.example", 3600.0)
    with pytest.raises(HostHeldError) as caught:
        async with gate.slot("b.example"):
            pass
    assert caught.value.seconds == pytest.approx(3600.0)
    async with gate.slot("c.example"):
        pass


async def test_tasks_that_wait_already_are_told_of_a_long_hold_too() -> None:
    time, log = FakeTime(), list[float]()
    gate = HostGate(per_host=1, patience=30.0, clock=time.clock, sleep=time.sleep)
    tasks = _start(3, gate, time, log, lasting=1.0)
    for _ in range(20):
        await asyncio.sleep(0)
    gate.hold("b.example", 3600.0)
    await time.run(*tasks)
    assert log == [100.0]
    assert [type(task.exception()) for task in tasks] == [type(None), HostHeldError, HostHeldError]


async def test_idle_hosts_are_forgotten_and_busy_ones_are_not() -> None:
    time = FakeTime()
    gate = _gate(time)
    async with gate.slot("busy.example"):
        gate.hold("held.example", 60.0)
        for number in range(3000):
            async with gate.slot(f"h{number}.example"):
                pass
        assert len(gate._hosts) <= 2001
        assert {"busy.example", "held.example"} <= gate._hosts.keys()
