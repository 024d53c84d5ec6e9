"""Room for large bodies, without bodies."""

from __future__ import annotations

import asyncio
import gc

from scraper.http.bodies.large import HUGE_AT_ONCE, LARGE_AT_ONCE, LargeBodies, Permit


async def _settled(*tasks: asyncio.Task[Permit] | asyncio.Task[None]) -> list[bool]:
    for _ in range(10):
        await asyncio.sleep(0)
    return [task.done() for task in tasks]


async def test_a_few_are_let_in_and_the_next_when_one_goes() -> None:
    room = LargeBodies()
    tasks = [asyncio.create_task(room.enter(f"h{number}.example")) for number in range(LARGE_AT_ONCE + 1)]
    assert await _settled(*tasks) == [*[True] * LARGE_AT_ONCE, False]
    tasks[0].result().release()
    assert await _settled(*tasks) == [True] * (LARGE_AT_ONCE + 1)


async def test_of_the_large_fewer_become_huge_at_a_time() -> None:
    room = LargeBodies()
    permits = [await room.enter(f"h{number}.example") for number in range(HUGE_AT_ONCE + 1)]
    growing = [asyncio.create_task(room.grow(permit)) for permit in permits]
    assert await _settled(*growing) == [*[True] * HUGE_AT_ONCE, False]
    permits[0].release()
    assert await _settled(*growing) == [True] * (HUGE_AT_ONCE + 1)


async def test_a_host_has_room_for_one_and_keeps_nobody_else_out() -> None:
    room = LargeBodies()
    greedy = [asyncio.create_task(room.enter("greedy.example")) for _ in range(5)]
    other = asyncio.create_task(room.enter("b.example"))
    assert await _settled(*greedy, other) == [True, False, False, False, False, True]
    for task in greedy:
        task.cancel()
    await asyncio.gather(*greedy, return_exceptions=True)


async def test_what_is_given_back_twice_makes_room_once() -> None:
    room = LargeBodies()
    permit = await room.enter("a.example")
    permit.release()
    permit.release()
    tasks = [asyncio.create_task(room.enter(f"h{number}.example")) for number in range(LARGE_AT_ONCE + 1)]
    assert sum(await _settled(*tasks)) == LARGE_AT_ONCE
    tasks[-1].cancel()


async def test_it_may_be_given_back_from_a_thread() -> None:
    room = LargeBodies()
    permit = await room.enter("a.example")
    await asyncio.to_thread(permit.release)
    assert await _settled(asyncio.create_task(room.enter("a.example"))) == [True]


async def test_a_permit_that_is_forgotten_is_given_back() -> None:
    room = LargeBodies()
    await room.enter("a.example")
    gc.collect()
    assert await _settled(asyncio.create_task(room.enter("a.example"))) == [True]


async def test_who_is_cancelled_while_he_waits_takes_no_room() -> None:
    room = LargeBodies()
    permits = [await room.enter(f"h{number}.example") for number in range(LARGE_AT_ONCE)]
    waiting = asyncio.create_task(room.enter("late.example"))
    await _settled(waiting)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    permits[0].release()
    assert await _settled(asyncio.create_task(room.enter("late.example"))) == [True]


async def test_nobody_waits_for_ever() -> None:
    room = LargeBodies(patience=0.01)
    first = await room.enter("a.example")
    second = await room.enter("a.example")
    second.release()
    first.release()
    assert await _settled(asyncio.create_task(room.enter("a.example"))) == [True]
