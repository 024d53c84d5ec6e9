from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from scraper.downloads.draining import groups as module
from scraper.downloads.draining.groups import Groups, each
from storage.unbroken import unbroken

if TYPE_CHECKING:
    from collections.abc import Sequence


class Doubling:
    """Doubles numbers, once it may; refuses odd ones."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.begun, self.free = asyncio.Event(), asyncio.Event()

    async def __call__(self, numbers: Sequence[int]) -> list[int | Exception]:
        self.groups.append(list(numbers))
        self.begun.set()
        await self.free.wait()
        return [ValueError(str(number)) if number % 2 else 2 * number for number in numbers]


async def test_who_comes_while_one_group_is_at_work_makes_the_next() -> None:
    work = Doubling()
    groups = Groups(work)
    first = groups.answer(2)
    await work.begun.wait()
    later = [groups.answer(number) for number in (4, 6, 8)]
    await asyncio.sleep(0)
    work.free.set()
    assert await asyncio.gather(first, *later) == [4, 8, 12, 16]
    assert work.groups == [[2], [4, 6, 8]]


async def test_an_error_is_raised_to_whom_it_is_about() -> None:
    work = Doubling()
    work.free.set()
    groups = Groups(work)
    answers = await asyncio.gather(*map(groups.answer, (2, 3, 4)), return_exceptions=True)
    assert [answers[0], answers[2]] == [4, 8]
    assert isinstance(answers[1], ValueError)


async def test_what_fails_as_a_whole_is_told_to_all_and_the_next_group_works() -> None:
    async def work(numbers: Sequence[int]) -> list[int | Exception]:
        if len(numbers) > 1:
            raise KeyError("together")
        return list(numbers)

    groups = Groups(work)
    answers = await asyncio.gather(*map(groups.answer, (1, 2)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [KeyError, KeyError]
    assert await groups.answer(3) == 3


async def test_who_is_cancelled_takes_nothing_away_from_the_others() -> None:
    work = Doubling()
    groups = Groups(work)
    asked = [groups.answer(number) for number in (2, 4)]
    await work.begun.wait()
    asked[0].cancel()
    work.free.set()
    with pytest.raises(asyncio.CancelledError):
        await asked[0]
    assert await asked[1] == 8


async def test_nobody_waits_for_an_answer_when_the_loop_ends() -> None:
    work, turn = Doubling(), asyncio.Lock()
    one, other = Groups(work, turn=turn), Groups(work, turn=turn)
    asked = [asyncio.create_task(unbroken(groups.answer(2))) for groups in (one, one, other)]
    await work.begun.wait()
    asked.append(asyncio.create_task(unbroken(one.answer(4))))
    await asyncio.sleep(0)
    # What asyncio.run does after a second Ctrl-C.
    ending = asyncio.all_tasks() - {asyncio.current_task()}
    for task in ending:
        task.cancel()
    ended, hanging = await asyncio.wait(ending, timeout=10)
    assert not hanging
    assert all(task.cancelled() for task in ended)
    work.free.set()
    assert await other.answer(6) == 12


async def test_a_group_is_never_larger_than_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    work = Doubling()
    work.free.set()
    groups = Groups(work)
    assert await asyncio.gather(*map(groups.answer, (2, 4, 6, 8, 10))) == [4, 8, 12, 16, 20]
    assert work.groups == [[2, 4], [6, 8], [10]]


async def test_groups_that_share_a_turn_gather_more_while_one_of_them_is_at_work() -> None:
    turn, first, second = asyncio.Lock(), Doubling(), Doubling()
    second.free.set()
    one, other = Groups(first, turn=turn), Groups(second, turn=turn)
    asked = [one.answer(2)]
    await first.begun.wait()
    for number in (4, 6):
        asked.append(other.answer(number))
        for _ in range(5):  # by itself the other would be done with it
            await asyncio.sleep(0)
    assert second.groups == []
    first.free.set()
    assert await asyncio.gather(*asked) == [4, 8, 12]
    assert second.groups == [[4, 6]]


def test_each_tells_what_became_of_every_item() -> None:
    halves = each(lambda number: 12 // number, [3, 0, 4])
    assert [halves[0], halves[2]] == [4, 3]
    assert isinstance(halves[1], ZeroDivisionError)
