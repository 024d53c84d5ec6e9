from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from storage.backoff import MAX_CLAIMS
from storage.queue.port import LONGEST_LEASE
from storage.reasons import Reason
from storage.records import DownloadState, WantedDownload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from storage.queue import DownloadQueue
    from storage.records import Download


def _names(jobs: Iterable[Download]) -> list[str]:
    return [job.key.removeprefix("https://files.example/").removesuffix(".mp3") for job in jobs]


async def test_a_key_is_queued_once(queue: DownloadQueue, wish: Callable[..., WantedDownload]) -> None:
    assert await queue.enqueue([wish("a"), wish("b"), wish("a")]) == 2
    assert await queue.enqueue([wish("b"), wish("c")]) == 1
    assert await queue.enqueue([]) == 0


async def test_a_claimed_job_says_all_that_was_wished(
    queue: DownloadQueue, wish: Callable[..., WantedDownload], clock: Callable[[], float]
) -> None:
    await queue.enqueue([wish("a", format="mp3", stem="A - B", referer="https://blog.example/p")])
    (job,) = await queue.claim(limit=5, lease=30)
    assert (job.state, job.attempts, job.lease_until) == (DownloadState.RUNNING, 1, clock() + 30)
    assert (job.format, job.stem, job.referer) == ("mp3", "A - B", "https://blog.example/p")
    assert job.token
    assert await queue.get(job.id) == job


async def test_jobs_come_by_priority_then_due_time_then_id(
    queue: DownloadQueue,
    wish: Callable[..., WantedDownload],
    clock: Callable[[], float],
    pass_time: Callable[[float], None],
) -> None:
    await queue.enqueue([wish("late", priority=5), wish("put off")])
    (job,) = await queue.claim(limit=1)
    await queue.put_off(job, until=clock() + 20, reason=Reason.RATE_LIMITED)
    pass_time(10)
    await queue.enqueue([wish("a"), wish("first", priority=-2), wish("b"), wish("later", priority=9)])
    pass_time(20)
    assert _names(await queue.claim(limit=4)) == ["first", "a", "b", "put off"]
    assert _names(await queue.claim(limit=4)) == ["late", "later"]
    assert await queue.claim(limit=4) == []


async def test_a_second_claim_gets_other_jobs(
    queue: DownloadQueue, wish: Callable[..., WantedDownload]
) -> None:
    await queue.enqueue([wish(f"{number}") for number in range(10)])
    claims = [_names(await queue.claim(limit=4)) for _ in range(4)]
    assert claims == [["0", "1", "2", "3"], ["4", "5", "6", "7"], ["8", "9"], []]


async def test_what_is_not_due_is_left(
    queue: DownloadQueue,
    wish: Callable[..., WantedDownload],
    clock: Callable[[], float],
    pass_time: Callable[[float], None],
) -> None:
    await queue.enqueue([wish("a"), wish("b", priority=3)])
    for job in await queue.claim(limit=1):
        await queue.put_off(job, until=clock() + 60, reason=Reason.RATE_LIMITED)
    assert _names(await queue.claim(limit=5)) == ["b"]
    pass_time(59)
    assert await queue.claim(limit=5) == []
    pass_time(1)
    assert _names(await queue.claim(limit=5)) == ["a"]


async def test_hosts_that_are_to_be_spared_are_left_waiting(
    queue: DownloadQueue, wish: Callable[..., WantedDownload]
) -> None:
    await queue.enqueue([wish(f"{number}", host=f"{number % 3}.example") for number in range(6)])
    assert _names(await queue.claim(limit=9, skip_hosts={"0.example", "2.example"})) == ["1", "4"]
    assert _names(await queue.claim(limit=9)) == ["2", "0", "5", "3"]


async def test_a_job_is_given_again_when_its_lease_has_run_out(
    queue: DownloadQueue,
    wish: Callable[..., WantedDownload],
    pass_time: Callable[[float], None],
) -> None:
    await queue.enqueue([wish("a")])
    (first,) = await queue.claim(limit=1, lease=60)
    pass_time(60)
    assert await queue.claim(limit=1) == []
    pass_time(0.1)
    (second,) = await queue.claim(limit=1)
    assert (second.id, second.attempts) == (first.id, 2)
    assert second.token != first.token


async def test_what_expired_comes_in_its_old_order(
    queue: DownloadQueue,
    wish: Callable[..., WantedDownload],
    pass_time: Callable[[float], None],
) -> None:
    await queue.enqueue([wish("a"), wish("b"), wish("c")])
    await queue.claim(limit=2, lease=5)
    pass_time(6)
    assert _names(await queue.claim(limit=5)) == ["a", "b", "c"]


async def test_66_a_lease_from_the_future_does_not_hold_a_job_when_the_clock_was_set_back(
    queue: DownloadQueue,
    wish: Callable[..., WantedDownload],
    pass_time: Callable[[float], None],
) -> None:
    await queue.enqueue([wish("a")])
    pass_time(86400)
    await queue.claim(limit=1, lease=LONGEST_LEASE)
    pass_time(-86400)
    assert _names(await queue.claim(limit=1)) == ["a"]


async def test_a_job_that_ends_its_workers_is_given_up(
    queue: DownloadQueue,
    wish: Callable[..., WantedDownload],
    pass_time: Callable[[float], None],
) -> None:
    await queue.enqueue([wish("poison"), wish("good")])
    for attempt in range(1, MAX_CLAIMS + 1):
        job = (await queue.claim(limit=1))[0]
        assert (job.key, job.attempts) == ("https://files.example/poison.mp3", attempt)
        pass_time(61)
    assert _names(await queue.claim(limit=2)) == ["good"]
    poison = await queue.get(job.id)
    assert poison is not None
    assert (poison.state, poison.reason, poison.token) == (DownloadState.FAILED, Reason.CRASHED, None)


@pytest.mark.parametrize("lease", [0.0, -1.0, LONGEST_LEASE + 1, float("nan")])
async def test_a_lease_without_measure_is_a_mistake(queue: DownloadQueue, lease: float) -> None:
    with pytest.raises(ValueError, match="lease"):
        await queue.claim(limit=1, lease=lease)


async def test_many_workers_at_once_never_get_the_same_job(
    queues: Callable[[], DownloadQueue], wish: Callable[..., WantedDownload]
) -> None:
    workers = [queues() for _ in range(4)]
    await workers[0].enqueue([wish(f"{number}", host=f"{number % 7}.example") for number in range(300)])

    async def work(queue: DownloadQueue) -> list[int]:
        mine: list[int] = []
        while jobs := await queue.claim(limit=7):
            mine += [job.id for job in jobs]
        return mine

    claimed = await asyncio.gather(*map(work, workers))
    everything = [id_ for mine in claimed for id_ in mine]
    assert len(everything) == 300
    assert len(set(everything)) == 300
