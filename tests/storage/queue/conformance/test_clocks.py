"""Hostile clocks: leases and due times come to an end whatever the clock did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storage.backoff import LONGEST_RETRY_AFTER
from storage.errors import LeaseLostError
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.queue import DownloadQueue
    from storage.records import WantedDownload

DAY = 86_400.0


@pytest.mark.parametrize("jump", [DAY, -DAY, 400 * DAY, -400 * DAY])
async def test_66_a_lease_survives_no_jump_of_a_day_and_its_worker_can_change_nothing_after(
    queue: DownloadQueue,
    other: DownloadQueue,
    wish: Callable[..., WantedDownload],
    pass_time: Callable[[float], None],
    jump: float,
) -> None:
    await queue.enqueue([wish("a")])
    (stale,) = await queue.claim(limit=1)
    pass_time(jump)
    (holder,) = await other.claim(limit=1)
    assert holder.id == stale.id
    assert await queue.heartbeat([stale], lease=60) == {stale.id}
    with pytest.raises(LeaseLostError):
        await queue.fail(stale, Reason.TIMEOUT)
    assert await other.heartbeat([holder], lease=60) == frozenset()


@pytest.mark.parametrize("jump", [30.0, -1800.0])
async def test_66_a_small_jump_takes_nothing_from_a_worker_that_lives(
    queue: DownloadQueue,
    other: DownloadQueue,
    wish: Callable[..., WantedDownload],
    pass_time: Callable[[float], None],
    jump: float,
) -> None:
    await queue.enqueue([wish("a")])
    (job,) = await queue.claim(limit=1, lease=60)
    pass_time(jump)
    assert await other.claim(limit=1) == []
    assert await queue.heartbeat([job], lease=60) == frozenset()


@pytest.mark.parametrize("ahead", [8 * 3600.0, DAY, 400 * DAY])
async def test_66_what_was_queued_while_the_clock_was_ahead_is_due_at_once(
    queue: DownloadQueue,
    other: DownloadQueue,
    wish: Callable[..., WantedDownload],
    pass_time: Callable[[float], None],
    ahead: float,
) -> None:
    pass_time(ahead)
    await queue.enqueue([wish("given back"), wish("taken back"), wish("new")])
    released, _ = await queue.claim(limit=2, lease=60)
    pass_time(-ahead)
    await queue.release(released)
    assert await queue.next_due() == released.due - ahead
    assert len(await other.claim(limit=9)) == 3


@pytest.mark.parametrize("ahead", [120.0, DAY, 400 * DAY])
async def test_66_what_was_to_wait_by_a_clock_that_was_ahead_waits_as_long_from_now(
    queue: DownloadQueue,
    wish: Callable[..., WantedDownload],
    clock: Callable[[], float],
    pass_time: Callable[[float], None],
    ahead: float,
) -> None:
    await queue.enqueue([wish("a")])
    pass_time(ahead)
    (job,) = await queue.claim(limit=1)
    await queue.put_off(job, until=clock() + 3600, reason=Reason.RATE_LIMITED)
    pass_time(-ahead)
    assert await queue.next_due() == clock(), "a claim has to look"
    assert await queue.claim(limit=1) == []
    due = clock() + 3600
    pass_time(1800)
    await queue.sweep()
    assert await queue.next_due() == due, "what was cut once is not cut anew"
    pass_time(1799)
    assert await queue.claim(limit=1) == []
    pass_time(1)
    assert len(await queue.claim(limit=1)) == 1


async def test_66_a_sweep_cuts_what_lies_behind_the_longest_wait(
    queue: DownloadQueue,
    wish: Callable[..., WantedDownload],
    clock: Callable[[], float],
    pass_time: Callable[[float], None],
) -> None:
    pass_time(400 * DAY)
    await queue.enqueue([wish("a")])
    (job,) = await queue.claim(limit=1)
    await queue.put_off(job, until=clock() + LONGEST_RETRY_AFTER, reason=Reason.RATE_LIMITED)
    pass_time(-400 * DAY)
    await queue.sweep()
    assert await queue.next_due() == clock() + LONGEST_RETRY_AFTER
    pass_time(LONGEST_RETRY_AFTER - 1)
    assert await queue.claim(limit=1) == []
    pass_time(1)
    assert len(await queue.claim(limit=1)) == 1


async def test_who_waited_for_a_turn_to_write_takes_nobody_for_a_wrong_clock(
    queue: DownloadQueue,
    wish: Callable[..., WantedDownload],
    clock: Callable[[], float],
    pass_time: Callable[[float], None],
) -> None:
    await queue.enqueue([wish("a")])
    (job,) = await queue.claim(limit=1)
    due = clock() + 3600
    await queue.put_off(job, until=due, reason=Reason.RATE_LIMITED)
    pass_time(-59)
    await queue.sweep()
    assert await queue.next_due() == due


async def test_a_sweep_takes_back_what_ran_out_and_says_how_much(
    queue: DownloadQueue, wish: Callable[..., WantedDownload], pass_time: Callable[[float], None]
) -> None:
    await queue.enqueue([wish(name) for name in "abc"])
    await queue.claim(limit=2, lease=5)
    assert await queue.sweep() == 0
    pass_time(6)
    assert await queue.sweep() == 2
    assert await queue.waiting_total() == 3


async def test_nothing_is_put_off_for_longer_than_the_longest_wait(
    queue: DownloadQueue, wish: Callable[..., WantedDownload], clock: Callable[[], float]
) -> None:
    await queue.enqueue([wish("a")])
    (job,) = await queue.claim(limit=1)
    await queue.put_off(job, until=clock() + 400 * DAY, reason=Reason.RATE_LIMITED)
    assert await queue.next_due() == clock() + LONGEST_RETRY_AFTER


@pytest.mark.parametrize("until", [float("nan"), float("inf"), float("-inf")])
async def test_67_what_is_put_off_until_no_moment_is_a_mistake(
    queue: DownloadQueue, wish: Callable[..., WantedDownload], until: float
) -> None:
    await queue.enqueue([wish("a")])
    (job,) = await queue.claim(limit=1)
    with pytest.raises(ValueError, match="until"):
        await queue.put_off(job, until=until, reason=Reason.RATE_LIMITED)
    assert await queue.get(job.id) == job


@pytest.mark.parametrize("retry_after", [float("nan"), float("inf"), -1.0, 1e300])
async def test_67_a_retry_after_without_measure_is_bounded(
    queue: DownloadQueue, wish: Callable[..., WantedDownload], clock: Callable[[], float], retry_after: float
) -> None:
    await queue.enqueue([wish("a")])
    (job,) = await queue.claim(limit=1)
    await queue.fail(job, Reason.RATE_LIMITED, retry_after=retry_after)
    found = await queue.get(job.id)
    assert found is not None
    assert clock() <= found.due <= clock() + LONGEST_RETRY_AFTER
