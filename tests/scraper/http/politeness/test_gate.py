"""The gate, on a clock that only the test moves."""

from __future__ import annotations

import asyncio
import heapq
import random
from itertools import count, pairwise

import pytest

from scraper.http.politeness.gate import HostGate, HostHeldError
from scraper.http.politeness.hosts import Host
from scraper.http.politeness.known import MAX_NAMES
from scraper.http.politeness.verdict import Verdict
from storage.reasons import Reason

B = Host(name="b.example", group="b.example")
C = Host(name="c.example", group="c.example")


class FakeTime:
    """A clock on which sleepers wake in order when `run` lets time pass."""

    def __init__(self) -> None:
        self.now = 100.0
        self.sleepers: list[tuple[float, int, asyncio.Event]] = []
        self._order = count()

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        event = asyncio.Event()
        heapq.heappush(self.sleepers, (self.now + seconds, next(self._order), event))
        await event.wait()

    async def run(self, *tasks: asyncio.Task[None]) -> None:
        while not all(task.done() for task in tasks):
            await _settle()
            if self.sleepers:
                self.now, _, event = heapq.heappop(self.sleepers)
                event.set()


async def _settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def _gate(time: FakeTime, *, concurrency: int = 100, per_host: int = 5, **options: float) -> HostGate:
    return HostGate(
        concurrency=concurrency,
        per_host=per_host,
        clock=time.clock,
        sleep=time.sleep,
        jitter=lambda: 1.0,
        **options,
    )


async def _request(
    gate: HostGate,
    time: FakeTime,
    log: list[float],
    *,
    host: Host = B,
    interval: float = 0.0,
    handshake: float = 0.0,
    lasting: float = 0.0,
) -> None:
    async with gate.turn(host, interval=interval) as turn:
        if handshake:
            await time.sleep(handshake)
        turn.sent()
        log.append(time.now)
        if lasting:
            await time.sleep(lasting)
        turn.judge(Verdict.GOOD)


def _start(
    number: int, gate: HostGate, time: FakeTime, log: list[float], *, host: Host = B, **options: float
) -> list[asyncio.Task[None]]:
    return [asyncio.create_task(_request(gate, time, log, host=host, **options)) for _ in range(number)]


async def _warm_up(gate: HostGate, time: FakeTime) -> None:
    """Let the pace of B grow to what is allowed."""
    await time.run(*_start(30, gate, time, [], lasting=1.0))


async def test_a_host_is_asked_two_things_at_once_first_and_twice_as_many_a_round_trip_later() -> None:
    time, log = FakeTime(), list[float]()
    gate = _gate(time, per_host=6)
    await time.run(*_start(18, gate, time, log, lasting=1.0))
    assert log == [100.0] * 2 + [101.0] * 4 + [102.0] * 6 + [103.0] * 6


async def test_never_more_requests_at_once_than_allowed() -> None:
    time, log = FakeTime(), list[float]()
    gate = _gate(time, per_host=3)
    await _warm_up(gate, time)
    begun = time.now
    await time.run(*_start(9, gate, time, log, lasting=1.0))
    assert log == [begun] * 3 + [begun + 1] * 3 + [begun + 2] * 3


async def test_no_two_of_many_tasks_slip_through_one_interval() -> None:
    time, log = FakeTime(), list[float]()
    gate = _gate(time, per_host=20, delay=0.1)
    await time.run(*_start(20, gate, time, log))
    assert all(later - earlier >= 0.1 for earlier, later in pairwise(log))
    assert log[-1] == pytest.approx(100.0 + 19 * 0.1)


async def test_a_crawl_delay_slows_a_host_down_and_never_speeds_it_up() -> None:
    time, log = FakeTime(), list[float]()
    gate = _gate(time, delay=2.0)
    await time.run(*_start(3, gate, time, log, interval=0.5))
    assert log == [100.0, 102.0, 104.0]


async def test_a_slow_handshake_does_not_make_two_requests_arrive_together() -> None:
    time, log = FakeTime(), list[float]()
    gate = _gate(time)
    slow = asyncio.create_task(_request(gate, time, log, interval=0.5, handshake=3.0))
    await _settle()
    await time.run(slow, *_start(2, gate, time, log, interval=0.5))
    assert log == [103.0, 103.5, 104.0]


async def test_a_turn_that_sent_nothing_counts_from_its_end() -> None:
    time, log = FakeTime(), list[float]()
    gate = _gate(time)
    async with gate.turn(B):
        time.now = 105.0
    await time.run(*_start(1, gate, time, log, interval=2.0))
    assert log == [107.0]


async def test_the_first_page_after_a_newly_learnt_crawl_delay_waits_for_it_too() -> None:
    time, robots, log = FakeTime(), list[float](), list[float]()
    gate = _gate(time)
    await time.run(*_start(1, gate, time, robots))
    await time.run(*_start(2, gate, time, log, interval=0.75))
    assert robots + log == [100.0, 100.75, 101.5]


async def test_names_of_a_platform_share_its_budget_and_only_those_with_a_crawl_delay_wait_for_theirs() -> (
    None
):
    time, slow, quick = FakeTime(), list[float](), list[float]()
    gate = _gate(time, per_host=2)
    one, other = Host(name="a.p.example", group="p.example"), Host(name="b.p.example", group="p.example")
    tasks = _start(3, gate, time, slow, host=one, interval=5.0, lasting=1.0)
    tasks += _start(6, gate, time, quick, host=other, lasting=1.0)
    await time.run(*tasks)
    assert slow == [100.0, 105.0, 110.0]
    assert quick == [100.0, 101.0, 101.0, 102.0, 102.0, 103.0]


async def test_a_host_is_served_in_the_order_of_asking() -> None:
    time, order = FakeTime(), list[int]()
    gate = _gate(time, per_host=1)

    async def ask(number: int) -> None:
        async with gate.turn(B) as turn:
            turn.sent()
            order.append(number)
            await time.sleep(1.0)

    await time.run(*(asyncio.create_task(ask(number)) for number in range(8)))
    assert order == list(range(8))


async def test_names_of_a_platform_take_turns() -> None:
    time, one, other = FakeTime(), list[float](), list[float]()
    gate = _gate(time, per_host=1)
    tasks = _start(3, gate, time, one, host=Host(name="a.p.example", group="p.example"), lasting=1.0)
    tasks += _start(3, gate, time, other, host=Host(name="b.p.example", group="p.example"), lasting=1.0)
    await time.run(*tasks)
    assert one == [100.0, 101.0, 103.0]
    assert other == [102.0, 104.0, 105.0]


async def test_who_comes_when_an_interval_ends_does_not_overtake_who_waited_for_it() -> None:
    time, waited, came = FakeTime(), list[float](), list[float]()
    gate = _gate(time, delay=1.0)
    tasks = _start(2, gate, time, waited, host=Host(name="a.p.example", group="p.example"))
    await _settle()
    time.now = 101.0
    tasks += _start(1, gate, time, came, host=Host(name="b.p.example", group="p.example"))
    await time.run(*tasks)
    assert waited + came == [100.0, 101.0, 102.0]


async def test_a_shorter_wait_that_comes_later_is_not_made_longer_by_the_alarm_that_was_set() -> None:
    time, slow, quick = FakeTime(), list[float](), list[float]()
    gate = _gate(time)
    tasks = _start(2, gate, time, slow, host=Host(name="a.p.example", group="p.example"), interval=10.0)
    await _settle()
    tasks += _start(2, gate, time, quick, host=Host(name="b.p.example", group="p.example"), interval=2.0)
    await _settle()
    assert len(asyncio.all_tasks()) == 4, "this one, two that wait, and one alarm"
    await time.run(*tasks)
    assert (slow, quick) == ([100.0, 110.0], [100.0, 102.0])


async def test_hosts_take_turns_where_there_are_not_enough_for_all() -> None:
    time, many, few = FakeTime(), list[float](), list[float]()
    gate = _gate(time, concurrency=2)
    await time.run(
        *_start(10, gate, time, many, lasting=1.0), *_start(3, gate, time, few, host=C, lasting=1.0)
    )
    assert sorted(many + few) == sorted([*(100.0 + second for second in range(6) for _ in range(2)), 106.0])
    assert few == [101.0, 102.0, 103.0]


async def test_a_hold_makes_every_task_of_the_host_wait_and_no_other() -> None:
    time, log, other = FakeTime(), list[float](), list[float]()
    gate = _gate(time, per_host=2)
    gate.hold(B, 30.0, Reason.RATE_LIMITED)
    await time.run(*_start(2, gate, time, log), *_start(1, gate, time, other, host=C))
    assert other == [100.0]
    assert log == [130.0] * 2


async def test_a_hold_that_comes_while_tasks_wait_is_kept_with_the_interval() -> None:
    time, log = FakeTime(), list[float]()
    gate = _gate(time, delay=1.0)
    tasks = _start(3, gate, time, log)
    await _settle()
    gate.hold(B, 10.0, Reason.RATE_LIMITED)
    gate.hold(B, 5.0, Reason.RATE_LIMITED)
    await time.run(*tasks)
    assert log == [100.0, 110.0, 111.0]


async def test_a_hold_stops_even_a_task_that_was_called_and_has_not_run_yet() -> None:
    time, log = FakeTime(), list[float]()
    gate = _gate(time, per_host=1)
    async with gate.turn(B) as turn:
        turn.sent()
        tasks = _start(2, gate, time, log)
        await _settle()
    gate.hold(B, 7.0, Reason.RATE_LIMITED)
    await time.run(*tasks)
    assert log == [107.0, 107.0]


async def test_a_hold_longer_than_anybody_should_wait_is_told_instead_of_waited_for() -> None:
    time = FakeTime()
    gate = _gate(time, patience=30.0)
    gate.hold(B, 3600.0, Reason.RATE_LIMITED)
    with pytest.raises(HostHeldError) as caught:
        async with gate.turn(B):
            pass
    assert caught.value.seconds == pytest.approx(3600.0)
    assert caught.value.reason is Reason.RATE_LIMITED
    async with gate.turn(C):
        pass


async def test_tasks_that_wait_already_are_told_of_a_long_hold_too() -> None:
    time, log = FakeTime(), list[float]()
    gate = _gate(time, per_host=1, patience=30.0)
    tasks = _start(3, gate, time, log, lasting=1.0)
    await _settle()
    gate.hold(B, 3600.0, Reason.SERVER_ERROR)
    await time.run(*tasks)
    assert log == [100.0]
    assert [type(task.exception()) for task in tasks] == [type(None), HostHeldError, HostHeldError]


async def test_a_host_that_refuses_everything_is_left_alone_for_longer_and_longer() -> None:
    time, starts = FakeTime(), list[float]()
    gate = _gate(time, patience=30.0)

    async def ask() -> None:
        while True:
            async with gate.turn(B) as turn:
                turn.sent()
                starts.append(time.now)
                turn.judge(Verdict.OVERLOADED, Reason.UNREACHABLE)

    task = asyncio.create_task(ask())
    await time.run(task)
    with pytest.raises(HostHeldError) as caught:
        task.result()
    assert [later - earlier for earlier, later in pairwise(starts)] == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    assert (caught.value.seconds, caught.value.reason) == (900.0, Reason.UNREACHABLE)


@pytest.mark.parametrize("interval", [0.0, 0.5], ids=["at once", "with an interval"])
async def test_cancelled_tasks_leave_no_hole_in_the_line(interval: float) -> None:
    time, log = FakeTime(), list[float]()
    gate = _gate(time, per_host=1)
    tasks = _start(60, gate, time, log, interval=interval, lasting=0.25)
    await _settle()
    chosen = random.Random(3).sample(tasks[1:], 40)
    for task in chosen:
        task.cancel()
    await time.run(*tasks)
    step = max(interval, 0.25)
    assert log == [100.0 + step * number for number in range(20)]
    async with gate.turn(C):
        pass
    assert (gate._out, gate._ready) == (0, {})


async def test_a_task_cancelled_when_its_turn_has_come_gives_it_to_the_next() -> None:
    time, log = FakeTime(), list[float]()
    gate = _gate(time, per_host=1, delay=1.0)
    async with gate.turn(B) as turn:
        turn.sent()
        tasks = _start(2, gate, time, log)
        await _settle()
        time.now = 101.0
    tasks[0].cancel()
    await time.run(*tasks)
    assert tasks[0].cancelled()
    assert log == [101.0]


async def test_a_request_without_competition_needs_neither_task_nor_timer() -> None:
    time = FakeTime()
    gate = _gate(time)
    before = asyncio.all_tasks()
    for _ in range(3):
        async with gate.turn(B) as turn:
            turn.sent()
            turn.judge(Verdict.GOOD)
    assert asyncio.all_tasks() == before
    assert not time.sleepers


async def test_a_closed_gate_leaves_no_task_behind() -> None:
    time = FakeTime()
    gate = _gate(time, delay=60.0)
    tasks = _start(3, gate, time, [])
    await _settle()
    for task in tasks:
        task.cancel()
    await gate.close()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_idle_hosts_are_forgotten_and_those_that_matter_are_not() -> None:
    time = FakeTime()
    gate = _gate(time)
    known = gate._hosts._groups
    async with gate.turn(Host(name="busy.example", group="busy.example")):
        gate.hold(Host(name="held.example", group="held.example"), 60.0, Reason.RATE_LIMITED)
        async with gate.turn(Host(name="slow.example", group="slow.example"), interval=5.0) as turn:
            turn.sent()
        for number in range(3 * MAX_NAMES):
            async with gate.turn(Host(name=f"h{number}.example", group=f"h{number}.example")):
                pass
        assert len(known) <= MAX_NAMES + 3
        assert {"busy.example", "held.example", "slow.example"} <= known.keys()


async def test_the_names_of_a_platform_are_forgotten_while_the_platform_is_in_use() -> None:
    time = FakeTime()
    gate = _gate(time, per_host=2)
    async with gate.turn(Host(name="p.example", group="p.example")):
        for number in range(3 * MAX_NAMES):
            async with gate.turn(Host(name=f"h{number}.p.example", group="p.example")) as turn:
                turn.sent()
        assert len(gate._hosts._groups["p.example"].names) <= MAX_NAMES + 1


async def test_a_request_that_knows_of_no_crawl_delay_keeps_the_one_that_others_told_of() -> None:
    time = FakeTime()
    gate = _gate(time)
    async with gate.turn(B, interval=10.0) as turn:
        turn.sent()
    starts: list[float] = []

    async def robots() -> None:
        async with gate.turn(B):
            starts.append(time.now)

    begun = time.now
    await time.run(asyncio.create_task(robots()))
    assert starts == [begun + 10.0]


async def test_the_moment_of_the_first_request_to_a_host_is_always_asked_for() -> None:
    gate = _gate(FakeTime())
    async with gate.turn(B) as first:
        assert first.spaced
        first.sent()
    async with gate.turn(B) as second:
        assert not second.spaced
