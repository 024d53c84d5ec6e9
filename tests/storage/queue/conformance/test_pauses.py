from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storage.reasons import Reason
from storage.records import Pause

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.queue import DownloadQueue
    from storage.records import WantedDownload


@pytest.fixture
async def queue(queue: DownloadQueue, wish: Callable[..., WantedDownload]) -> DownloadQueue:
    await queue.enqueue([wish(f"{host}{number}", host=host) for host in "abc" for number in range(2)])
    return queue


async def _claimable(queue: DownloadQueue) -> list[str]:
    jobs = await queue.claim(limit=9)
    for job in jobs:
        await queue.release(job)
    return sorted(job.host for job in jobs)


async def test_nothing_is_given_out_of_a_paused_host(queue: DownloadQueue) -> None:
    await queue.pause("b")
    assert await _claimable(queue) == ["a", "a", "c", "c"]
    assert await queue.paused_total() == 2
    assert await queue.resume("b")
    assert await _claimable(queue) == ["a", "a", "b", "b", "c", "c"]
    assert await queue.paused_total() == 0


async def test_nothing_is_given_out_while_the_whole_queue_is_paused(queue: DownloadQueue) -> None:
    await queue.pause("b")
    await queue.pause(None, reason=Reason.DISK_FULL)
    assert await _claimable(queue) == []
    assert (await queue.paused_total(), await queue.waiting_total()) == (6, 6)
    assert await queue.next_due() is None
    assert await queue.resume(None)
    assert await _claimable(queue) == ["a", "a", "c", "c"]


@pytest.mark.parametrize("host", ["b", None])
async def test_a_pause_may_end_by_itself(
    queue: DownloadQueue,
    clock: Callable[[], float],
    pass_time: Callable[[float], None],
    host: str | None,
) -> None:
    await queue.pause(host, until=clock() + 60)
    assert "b" not in await _claimable(queue)
    pass_time(59)
    assert "b" not in await _claimable(queue)
    pass_time(1)
    assert "b" in await _claimable(queue)
    assert await queue.pauses() == []
    assert not await queue.resume(host)


async def test_pauses_are_told_that_of_the_whole_queue_first(
    queue: DownloadQueue, clock: Callable[[], float], pass_time: Callable[[float], None]
) -> None:
    begun = clock()
    await queue.pause("z", reason=Reason.RATE_LIMITED, until=begun + 60)
    await queue.pause("a")
    await queue.pause(None, reason=Reason.DISK_FULL)
    pass_time(5)
    await queue.pause("a", until=begun + 9)
    assert await queue.pauses() == [
        Pause(host=None, since=begun, reason=Reason.DISK_FULL),
        Pause(host="a", since=begun + 5, until=begun + 9),
        Pause(host="z", since=begun, until=begun + 60, reason=Reason.RATE_LIMITED),
    ]


async def test_what_is_not_paused_cannot_be_resumed(queue: DownloadQueue) -> None:
    await queue.pause("a")
    assert not await queue.resume("b")
    assert not await queue.resume(None)
    assert await queue.resume("a")
    assert not await queue.resume("a")


async def test_what_runs_goes_on(queue: DownloadQueue) -> None:
    (job,) = await queue.claim(limit=1)
    await queue.pause(None)
    assert await queue.heartbeat([job], lease=60) == frozenset()
    await queue.complete(job, path="/a", size=1, sha256="ab")


async def test_a_second_worker_honours_the_pauses_of_the_first(
    queue: DownloadQueue, other: DownloadQueue
) -> None:
    await queue.pause(None)
    assert await other.claim(limit=9) == []


async def test_next_due_is_after_the_pause(queue: DownloadQueue, clock: Callable[[], float]) -> None:
    for host in "abc":
        await queue.pause(host, until=clock() + 30)
    assert await queue.next_due() == clock() + 30
    await queue.pause("b")
    await queue.pause(None, until=clock() + 90)
    assert await queue.next_due() == clock() + 90


@pytest.mark.parametrize("until", [float("nan"), float("inf")])
async def test_67_a_pause_until_no_moment_is_a_mistake(queue: DownloadQueue, until: float) -> None:
    with pytest.raises(ValueError, match="until"):
        await queue.pause("a", until=until)


async def test_a_host_without_a_name_is_not_every_host(queue: DownloadQueue) -> None:
    with pytest.raises(ValueError, match="pause"):
        await queue.pause("")
