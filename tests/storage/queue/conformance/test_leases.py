from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from storage.backoff import MAX_ATTEMPTS, Again, GiveUp
from storage.errors import LeaseLostError
from storage.reasons import Reason
from storage.records import DownloadState, Finished, Selection

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from storage.queue import DownloadQueue
    from storage.records import Download, WantedDownload

SHA = "ab" * 32


@pytest.fixture
async def queue(queue: DownloadQueue, wish: Callable[..., WantedDownload]) -> DownloadQueue:
    await queue.enqueue([wish(name) for name in "abcd"])
    return queue


async def _now(queue: DownloadQueue, job: Download) -> Download:
    found = await queue.get(job.id)
    assert found is not None
    return found


async def _heartbeat(queue: DownloadQueue, job: Download) -> None:
    if await queue.heartbeat([job], lease=60):
        raise LeaseLostError("lost")


async def _verified_many(queue: DownloadQueue, job: Download) -> None:
    if (await queue.verified_many([_finished(job)])).lost:
        raise LeaseLostError("lost")


async def _release_many(queue: DownloadQueue, job: Download) -> None:
    if await queue.release_many([job]):
        raise LeaseLostError("lost")


async def _complete_many(queue: DownloadQueue, job: Download) -> None:
    if await queue.complete_many([_finished(job)]):
        raise LeaseLostError("lost")


def _finished(job: Download) -> Finished:
    assert job.token is not None
    return Finished(id=job.id, token=job.token, path="/music/a.mp3", size=9, sha256=SHA)


CHANGES: dict[str, Callable[[DownloadQueue, Download], Awaitable[object]]] = {
    "heartbeat": _heartbeat,
    "verified": lambda queue, job: queue.verified(job, path="/music/a.mp3", size=9, sha256=SHA),
    "complete": lambda queue, job: queue.complete(job, path="/music/a.mp3", size=9, sha256=SHA),
    "complete_many": _complete_many,
    "verified_many": _verified_many,
    "release_many": _release_many,
    "fail": lambda queue, job: queue.fail(job, Reason.TIMEOUT),
    "put_off": lambda queue, job: queue.put_off(job, until=9e9, reason=Reason.RATE_LIMITED),
    "release": lambda queue, job: queue.release(job),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_68_a_worker_beyond_its_lease_can_change_nothing_that_another_holds(
    queue: DownloadQueue,
    pass_time: Callable[[float], None],
    change: Callable[[DownloadQueue, Download], Awaitable[object]],
) -> None:
    (stale,) = await queue.claim(limit=1, lease=60)
    pass_time(61)
    (holder,) = await queue.claim(limit=1, lease=60)
    assert holder.id == stale.id
    with pytest.raises(LeaseLostError):
        await change(queue, replace(stale, size=5_000_000))
    assert await _now(queue, holder) == holder


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_68_a_worker_beyond_its_lease_can_change_nothing_that_another_finished(
    queue: DownloadQueue,
    pass_time: Callable[[float], None],
    change: Callable[[DownloadQueue, Download], Awaitable[object]],
) -> None:
    (stale,) = await queue.claim(limit=1, lease=60)
    pass_time(61)
    (holder,) = await queue.claim(limit=1, lease=60)
    await queue.complete(holder, path="/music/b.mp3", size=3, sha256=SHA)
    done = await _now(queue, holder)
    with pytest.raises(LeaseLostError):
        await change(queue, replace(stale, size=5_000_000))
    assert await _now(queue, holder) == done


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_the_holder_can_change_its_job(
    queue: DownloadQueue,
    clock: Callable[[], float],
    pass_time: Callable[[float], None],
    change: Callable[[DownloadQueue, Download], Awaitable[object]],
) -> None:
    (job,) = await queue.claim(limit=1)
    pass_time(5)
    await change(queue, job)
    assert (await _now(queue, job)).updated == clock()


@pytest.mark.parametrize("change", [name for name in CHANGES if name != "heartbeat"])
async def test_a_job_that_was_never_claimed_cannot_be_changed(queue: DownloadQueue, change: str) -> None:
    (job,) = await queue.list(Selection(), limit=1)
    nobodys = [Finished(id=job.id, token="", path="/", size=1, sha256=SHA)]
    if change == "complete_many":
        assert await queue.complete_many(nobodys) == {job.id}
    elif change == "verified_many":
        assert (await queue.verified_many(nobodys)).lost == {job.id}
    else:
        with pytest.raises(LeaseLostError):
            await CHANGES[change](queue, job)
    assert await _now(queue, job) == job


async def test_a_heartbeat_keeps_the_lease_and_names_what_is_lost(
    queue: DownloadQueue,
    pass_time: Callable[[float], None],
) -> None:
    lost, *kept = await queue.claim(limit=3, lease=60)
    await queue.release(lost)
    pass_time(50)
    assert await queue.heartbeat([lost, *kept], lease=60) == {lost.id}
    pass_time(50)
    assert {job.id for job in await queue.claim(limit=9)}.isdisjoint(job.id for job in kept)
    assert await queue.heartbeat([], lease=60) == frozenset()


async def test_a_completed_job_is_done_and_keeps_what_it_is(queue: DownloadQueue) -> None:
    (job,) = await queue.claim(limit=1)
    await queue.complete(job, path="/music/a.mp3", size=9, sha256=SHA)
    done = await _now(queue, job)
    assert (done.state, done.path, done.bytes, done.sha256) == (DownloadState.DONE, "/music/a.mp3", 9, SHA)
    assert (done.reason, done.lease_until) == (None, None)


async def test_completing_again_changes_nothing(
    queue: DownloadQueue,
    pass_time: Callable[[float], None],
) -> None:
    (job,) = await queue.claim(limit=1)
    await queue.complete(job, path="/music/a.mp3", size=9, sha256=SHA)
    done = await _now(queue, job)
    pass_time(5)
    await queue.complete(job, path="/music/other.mp3", size=1, sha256=SHA)
    assert await _now(queue, job) == done


async def test_many_are_completed_at_once_and_the_lost_are_named(
    queue: DownloadQueue,
    pass_time: Callable[[float], None],
) -> None:
    stale = (await queue.claim(limit=1, lease=5))[0]
    pass_time(6)
    jobs = await queue.claim(limit=3)
    assert await queue.complete_many([_finished(stale), *map(_finished, jobs[1:])]) == {stale.id}
    counts = await queue.counts(Selection())
    assert (counts[DownloadState.DONE], counts[DownloadState.RUNNING]) == (2, 1)
    assert await queue.complete_many([]) == frozenset()


async def test_after_a_crash_the_next_worker_knows_the_file_that_was_about_to_be_published(
    queue: DownloadQueue,
    pass_time: Callable[[float], None],
) -> None:
    (job,) = await queue.claim(limit=1)
    await queue.verified(job, path="/music/a.mp3", size=9, sha256=SHA)
    pass_time(61)
    (again,) = await queue.claim(limit=1)
    assert (again.id, again.path, again.bytes, again.sha256) == (job.id, "/music/a.mp3", 9, SHA)


async def test_a_transient_failure_waits_longer_each_time_and_ends(
    queue: DownloadQueue,
    clock: Callable[[], float],
    pass_time: Callable[[float], None],
) -> None:
    for attempt in range(1, MAX_ATTEMPTS + 1):
        (job,) = [job for job in await queue.claim(limit=1) if job.attempts == attempt]
        verdict = await queue.fail(job, Reason.TIMEOUT, "no answer in 30 s")
        now = await _now(queue, job)
        assert (now.reason, now.detail, now.token) == (Reason.TIMEOUT, "no answer in 30 s", None)
        if isinstance(verdict, Again):
            assert (now.state, now.due) == (DownloadState.WAITING, clock() + verdict.delay)
            others = await queue.claim(limit=9)
            for other in others:
                await queue.put_off(other, until=9e9, reason=Reason.RATE_LIMITED)
            pass_time(verdict.delay)
    assert verdict == GiveUp()
    assert now.state is DownloadState.FAILED


async def test_what_no_later_try_can_help_fails_at_once(queue: DownloadQueue) -> None:
    (job,) = await queue.claim(limit=1)
    assert await queue.fail(job, Reason.NOT_FOUND) == GiveUp()
    assert (await _now(queue, job)).state is DownloadState.FAILED


async def test_25_retry_after_is_honoured(queue: DownloadQueue, clock: Callable[[], float]) -> None:
    (job,) = await queue.claim(limit=1)
    await queue.fail(job, Reason.RATE_LIMITED, retry_after=7200)
    assert (await _now(queue, job)).due == clock() + 7200


async def test_putting_off_uses_no_attempt(queue: DownloadQueue, clock: Callable[[], float]) -> None:
    (job,) = await queue.claim(limit=1)
    await queue.put_off(job, until=clock() + 5, reason=Reason.DISK_FULL, detail="0 bytes left")
    now = await _now(queue, job)
    assert (now.state, now.attempts, now.due) == (DownloadState.WAITING, 0, clock() + 5)
    assert (now.reason, now.detail) == (Reason.DISK_FULL, "0 bytes left")


async def test_a_released_job_is_as_it_was(queue: DownloadQueue) -> None:
    (job,) = await queue.claim(limit=1)
    await queue.release(job)
    now = await _now(queue, job)
    assert (now.state, now.attempts, now.due, now.token) == (DownloadState.WAITING, 0, job.due, None)
    assert [again.id for again in await queue.claim(limit=1)] == [job.id]


GIVEN_BACK = ["fail", "put_off", "release", "release_many"]


@pytest.mark.parametrize("change", GIVEN_BACK)
async def test_the_size_that_a_server_announced_stays_with_what_is_given_back(
    queue: DownloadQueue, change: str
) -> None:
    (job,) = await queue.claim(limit=1)
    await CHANGES[change](queue, replace(job, size=5_000_000))
    assert (await _now(queue, job)).size == 5_000_000


@pytest.mark.parametrize("change", GIVEN_BACK)
async def test_who_was_told_no_size_keeps_the_one_that_was_known(queue: DownloadQueue, change: str) -> None:
    (job,) = await queue.claim(limit=1)
    await queue.release(replace(job, size=5_000_000))
    (again,) = await queue.claim(limit=1)
    assert (again.id, again.size) == (job.id, 5_000_000)
    await CHANGES[change](queue, again)
    assert (await _now(queue, job)).size == 5_000_000


@pytest.mark.parametrize("size", [-1, 2**63, 10**30])
@pytest.mark.parametrize("change", GIVEN_BACK)
async def test_67_a_size_without_measure_is_none(queue: DownloadQueue, change: str, size: int) -> None:
    (job,) = await queue.claim(limit=1)
    await CHANGES[change](queue, replace(job, size=size))
    assert (await _now(queue, job)).size is None


async def test_a_long_detail_is_cut_and_a_hostile_one_is_stored(queue: DownloadQueue) -> None:
    (job,) = await queue.claim(limit=1)
    await queue.fail(job, Reason.HTTP_ERROR, "\ud800" + "x" * 10_000_000)
    detail = (await _now(queue, job)).detail
    assert detail is not None
    assert (detail[:2], len(detail)) == ("\ufffdx", 500)
