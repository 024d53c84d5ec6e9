from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.queue import DownloadQueue
    from storage.records import Download, WantedDownload


async def _fill(
    queue: DownloadQueue, wish: Callable[..., WantedDownload], hosts: dict[str, int], priority: int = 0
) -> None:
    for host, count in hosts.items():
        names = [f"{host}-{priority}-{number}" for number in range(count)]
        await queue.enqueue([wish(name, host=host, priority=priority) for name in names])


def _hosts(jobs: list[Download]) -> list[str]:
    return [job.host for job in jobs]


async def test_hosts_take_turns_within_a_claim_whatever_order_they_were_queued_in(
    queue: DownloadQueue, wish: Callable[..., WantedDownload]
) -> None:
    await _fill(queue, wish, {"b": 9, "a": 2, "c": 9})
    assert _hosts(await queue.claim(limit=8)) == ["a", "b", "c", "a", "b", "c", "b", "c"]


async def test_hosts_take_turns_from_claim_to_claim(
    queue: DownloadQueue, wish: Callable[..., WantedDownload]
) -> None:
    await _fill(queue, wish, {"a": 9, "b": 9, "c": 2})
    turns = [_hosts(await queue.claim(limit=2)) for _ in range(5)]
    assert turns == [["a", "b"], ["c", "a"], ["b", "c"], ["a", "b"], ["a", "b"]]


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 7, 50])
async def test_every_host_is_served_before_any_is_served_twice_more_than_another(
    queue: DownloadQueue, wish: Callable[..., WantedDownload], limit: int
) -> None:
    await _fill(queue, wish, {f"{number}": 10 for number in range(5)})
    served: Counter[str] = Counter()
    while jobs := await queue.claim(limit=limit):
        served.update(_hosts(jobs))
        if served.total() < 50:
            assert max(served.values()) - min(served[f"{number}"] for number in range(5)) <= 1
    assert set(served.values()) == {10}


async def test_a_host_gets_more_than_its_turn_only_where_no_other_waits(
    queue: DownloadQueue, wish: Callable[..., WantedDownload]
) -> None:
    await _fill(queue, wish, {"a": 100, "b": 1})
    assert Counter(_hosts(await queue.claim(limit=10))) == {"a": 9, "b": 1}


async def test_turns_are_taken_within_a_priority_only(
    queue: DownloadQueue, wish: Callable[..., WantedDownload]
) -> None:
    await _fill(queue, wish, {"a": 2, "b": 1}, priority=1)
    await _fill(queue, wish, {"a": 3}, priority=0)
    await _fill(queue, wish, {"c": 1}, priority=2)
    assert _hosts(await queue.claim(limit=9)) == ["a", "a", "a", "b", "a", "a", "c"]


async def test_a_host_whose_first_is_not_due_keeps_no_other_back(
    queue: DownloadQueue, wish: Callable[..., WantedDownload], clock: Callable[[], float]
) -> None:
    await _fill(queue, wish, {"a": 2})
    for job in await queue.claim(limit=9):
        await queue.put_off(job, until=clock() + 60, reason=Reason.RATE_LIMITED)
    await _fill(queue, wish, {"b": 2})
    assert _hosts(await queue.claim(limit=9)) == ["b", "b"]


async def test_what_was_never_tried_of_a_host_goes_before_what_is_due_later(
    queue: DownloadQueue,
    wish: Callable[..., WantedDownload],
    clock: Callable[[], float],
    pass_time: Callable[[float], None],
) -> None:
    await queue.enqueue([wish("1", host="a")])
    (job,) = await queue.claim(limit=1)
    await queue.put_off(job, until=clock() + 10, reason=Reason.TIMEOUT)
    await queue.enqueue([wish("2", host="a")])
    pass_time(20)
    assert [job.id for job in await queue.claim(limit=2)] == [2, 1]
