"""Watching a queue, and ending at a deadline, by a clock that goes on only when somebody sleeps."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from scraper.downloads.draining.watching import LOOK_AFTER, ROOM_AFTER, Watch, before
from scraper.downloads.errors import VolumeError
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable

FOREVER = 100_000.0


class _World:
    """A queue of due times, a clock, and what happened at which moment.

    `falls_due` holds the moments at which a download can be claimed, `queued` what others queue at a
    moment; each drain tries all that is due. The clock ends the world at `FOREVER`.
    """

    def __init__(self, *falls_due: float) -> None:
        self.now = 0.0
        self.falls_due = sorted(falls_due)
        self.queued: dict[float, float] = {}
        self.drains: list[tuple[float, int | None]] = []
        self.told: list[float | None] = []
        self.full: list[float] = []
        self.slept: list[float] = []
        self.tried = 0
        self.trouble: list[VolumeError] = []
        self.held_by_others = False

    async def drain(self, most: int | None) -> None:
        self.drains.append((self.now, most))
        if self.trouble:
            raise self.trouble.pop()
        due = (
            [] if self.held_by_others else [moment for moment in self.falls_due if moment <= self.now][:most]
        )
        self.falls_due = self.falls_due[len(due) :]
        self.tried += len(due)

    async def next_due(self) -> float | None:
        return min(self.falls_due, default=None)

    async def sleep(self, seconds: float) -> None:
        assert seconds > 0, "it would spin"
        self.slept.append(seconds)
        self.now += seconds
        self.falls_due = sorted(
            [*self.falls_due, *(due for at, due in self.queued.items() if at <= self.now)]
        )
        self.queued = {at: due for at, due in self.queued.items() if at > self.now}
        if self.now > FOREVER:
            raise asyncio.CancelledError
        await asyncio.sleep(0)

    def watch(self) -> Watch:
        return Watch(
            drain=self.drain,
            tried=lambda: self.tried,
            next_due=self.next_due,
            idle=self.told.append,
            full=lambda _: self.full.append(self.now),
            clock=lambda: self.now,
            sleep=self.sleep,
        )


async def _watch_forever(world: _World) -> None:
    with pytest.raises(asyncio.CancelledError):
        await world.watch().run()


async def test_a_watch_drains_at_once_and_whenever_something_falls_due() -> None:
    world = _World(0, 25, 25, 300)
    await _watch_forever(world)
    assert [at for at, _ in world.drains] == [0, 25, 300]
    assert world.tried == 4


async def test_a_watch_finds_what_others_queue_within_ten_seconds() -> None:
    world = _World()
    world.queued = {1234: 1234}
    await _watch_forever(world)
    _, (found, _) = world.drains
    assert world.tried == 1
    assert 1234 <= found <= 1234 + LOOK_AFTER
    assert max(world.slept) == LOOK_AFTER


async def test_a_watch_says_once_that_nothing_is_due_and_again_after_it_was_busy() -> None:
    world = _World(0, 500)
    await _watch_forever(world)
    assert world.told == [500, None]


async def test_what_is_due_but_in_other_hands_is_looked_at_again_without_spinning() -> None:
    world = _World(0)
    world.held_by_others = True
    await _watch_forever(world)
    moments = [at for at, _ in world.drains]
    assert all(later - earlier >= LOOK_AFTER for earlier, later in pairwise(moments))
    assert world.told == [0]


async def test_a_watch_ends_when_so_many_were_tried() -> None:
    world = _World(0, 0, 50, 60, 70)
    await world.watch().run(most=4)
    assert world.tried == 4
    assert world.drains == [(0, 4), (50, 2), (60, 1)]


async def test_a_full_disk_is_waited_for() -> None:
    world = _World(0)
    world.trouble = [VolumeError(Reason.DISK_FULL, "/music", detail="full") for _ in range(3)]
    await world.watch().run(most=1)
    assert world.full == [0, ROOM_AFTER, 2 * ROOM_AFTER]
    assert world.tried == 1


async def test_any_other_trouble_with_the_folder_ends_a_watch() -> None:
    world = _World(0)
    world.trouble = [VolumeError(Reason.DISK_ERROR, "/music", detail="read-only")]
    with pytest.raises(VolumeError):
        await world.watch().run()


async def test_a_deadline_ends_a_watch() -> None:
    world = _World(0, 50, 5000)
    assert not await before(1000.0, world.watch().run(), clock=lambda: world.now, sleep=world.sleep)
    assert world.tried == 2
    assert 1000 <= world.now < 5000


async def test_work_that_ends_before_the_deadline_was_all() -> None:
    assert await before(10.0, asyncio.sleep(0), clock=lambda: 0.0, sleep=_never)
    assert await before(None, asyncio.sleep(0))


async def _never(seconds: float) -> None:
    await asyncio.Event().wait()


async def test_what_is_under_way_at_the_deadline_is_cancelled_and_may_clean_up() -> None:
    cleaned = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            cleaned.append(True)

    assert not await before(0.0, work(), clock=lambda: 1.0)
    assert cleaned == [True]


async def test_a_deadline_is_one_of_the_clock_on_the_wall() -> None:
    # The machine sleeps: of 30 seconds asked for, two hours go by.
    now, asked = 0.0, []

    async def sleep(seconds: float) -> None:
        nonlocal now
        asked.append(seconds)
        now += 7200
        await asyncio.sleep(0)

    assert not await before(3600.0, asyncio.Event().wait(), clock=lambda: now, sleep=sleep)
    assert asked == [30]


async def test_a_time_out_of_the_work_itself_is_no_deadline() -> None:
    async def work() -> None:
        raise TimeoutError("of its own")

    with pytest.raises(TimeoutError, match="of its own"):
        await before(10.0, work(), clock=lambda: 0.0, sleep=_never)


@pytest.mark.parametrize("deadline", [None, 10.0])
async def test_a_cancellation_from_outside_passes_through(deadline: float | None) -> None:
    task = asyncio.create_task(_wait(deadline))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def _wait(deadline: float | None, clock: Callable[[], float] = lambda: 0.0) -> bool:
    return await before(deadline, asyncio.Event().wait(), clock=clock, sleep=_never)
