"""One bandwidth for all, by a clock of its own."""

from __future__ import annotations

import asyncio
import heapq

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.downloads.fetching.bandwidth import BURST, Bandwidth


class Clock:
    """Time that passes only when everybody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.naps = 0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.naps += 1
        waking = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.now + seconds, self.naps, waking))
        await waking

    async def run(self, *tasks: asyncio.Task[None], until: float = float("inf")) -> None:
        """Let time pass until the tasks are done."""
        while not all(task.done() for task in tasks):
            for _ in range(20):
                await asyncio.sleep(0)
            if self._sleepers:
                moment, _, waking = heapq.heappop(self._sleepers)
                if moment > until:
                    return
                self.now = max(self.now, moment)
                if not waking.done():
                    waking.set_result(None)


async def _timed(sizes: list[int], rate: int, *, transfers: int = 1) -> Clock:
    clock = Clock()
    bandwidth = Bandwidth(rate, clock=clock, sleep=clock.sleep)

    async def transfer() -> None:
        for size in sizes:
            await bandwidth.take(size)

    await clock.run(*(asyncio.create_task(transfer()) for _ in range(transfers)))
    return clock


@pytest.mark.parametrize("transfers", [1, 3, 16])
@pytest.mark.parametrize("chunk", [1000, 65_536, 5_000_000])
async def test_all_transfers_together_keep_the_rate(transfers: int, chunk: int) -> None:
    sizes = [chunk] * max(1, min(1000, 20_000_000 // chunk) // transfers)
    clock = await _timed(sizes, 1_000_000, transfers=transfers)
    seconds = sum(sizes) * transfers / 1_000_000
    assert clock.now == pytest.approx(seconds - BURST, abs=0.01)


async def test_half_a_second_may_come_at_once_and_no_more_however_long_it_rested() -> None:
    clock = Clock()
    bandwidth = Bandwidth(1_000_000, clock=clock, sleep=clock.sleep)
    clock.now = 1000.0
    await bandwidth.take(500_000)
    assert clock.naps == 0
    await clock.run(asyncio.create_task(bandwidth.take(100_000)))
    assert clock.now == pytest.approx(1000.1)


async def test_who_reads_much_at_once_gets_no_more_than_who_reads_little() -> None:
    clock = Clock()
    bandwidth = Bandwidth(1_000_000, clock=clock, sleep=clock.sleep)
    passed = dict.fromkeys((4_000, 64_000, 262_144), 0)

    async def transfer(chunk: int) -> None:
        while True:
            await bandwidth.take(chunk)
            passed[chunk] += chunk

    tasks = [asyncio.create_task(transfer(chunk)) for chunk in passed]
    await clock.run(*tasks, until=60.0)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert sum(passed.values()) == pytest.approx(60_000_000, rel=0.02)
    # By size of chunks it would be four times as much; the last turn of a chunk may be a small one.
    assert passed[262_144] == pytest.approx(passed[64_000], rel=0.25)
    assert passed[4_000] > 5_000_000


async def test_nobody_wakes_up_more_often_than_it_takes() -> None:
    clock = await _timed([262_144] * 100, 10_000_000)
    assert clock.naps <= 64 * (clock.now + BURST) + 1


async def test_who_is_cancelled_while_it_waits_stops_nobody() -> None:
    clock = Clock()
    bandwidth = Bandwidth(1000, clock=clock, sleep=clock.sleep)
    cancelled = asyncio.create_task(bandwidth.take(10_000))
    await asyncio.sleep(0)
    cancelled.cancel()
    await asyncio.gather(cancelled, return_exceptions=True)
    other = asyncio.create_task(bandwidth.take(1000))
    await clock.run(other)
    assert clock.now < 3


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(0, 300_000), max_size=10), st.integers(1, 10**9))
def test_it_is_never_faster_than_the_rate_and_never_much_slower(sizes: list[int], rate: int) -> None:
    clock = asyncio.run(_timed(sizes, rate))
    assert clock.now == pytest.approx(max(0.0, sum(sizes) / rate - BURST), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("rate", [0, -1])
def test_no_bandwidth_at_all_is_none(rate: int) -> None:
    with pytest.raises(ValueError, match="at least a byte"):
        Bandwidth(rate)
