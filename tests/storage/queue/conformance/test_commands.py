from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storage.errors import LeaseLostError
from storage.reasons import Reason
from storage.records import DownloadState, Selection

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.queue import DownloadQueue
    from storage.records import Download, WantedDownload

WAITING, RUNNING, DONE, FAILED, CANCELLED = DownloadState


@pytest.fixture
async def held(
    queue: DownloadQueue, wish: Callable[..., WantedDownload], pass_time: Callable[[float], None]
) -> Download:
    """Return the one that runs: of six downloads 1 is done, 2 and 3 failed, 4 runs, 5 and 6 wait."""
    await queue.enqueue([wish(f"{number}", host=f"{number % 2}.example") for number in range(1, 7)])
    by_id = {job.id: job for job in await queue.claim(limit=6)}
    await queue.complete(by_id[1], path="/1", size=1, sha256="ab")
    await queue.fail(by_id[2], Reason.GONE)
    await queue.fail(by_id[3], Reason.NOT_AUDIO)
    await queue.release_many([by_id[5], by_id[6]])
    pass_time(10)
    return by_id[4]


async def _states(queue: DownloadQueue) -> str:
    rows = {row.id: row.state for row in await queue.list(Selection())}
    return " ".join(str(rows.get(id_, "-")) for id_ in range(1, 7))


@pytest.mark.parametrize(
    ("chosen", "after"),
    [
        pytest.param(Selection(), "done waiting waiting running waiting waiting", id="all"),
        pytest.param(Selection(ids=[2]), "done waiting failed running waiting waiting", id="ids"),
        pytest.param(Selection(ids=[1, 4, 99]), "done failed failed running waiting waiting", id="not ended"),
        pytest.param(Selection(reason=Reason.GONE), "done waiting failed running waiting waiting", id="why"),
        pytest.param(Selection(host="1.example"), "done failed waiting running waiting waiting", id="host"),
        pytest.param(Selection(states=[CANCELLED]), "done failed failed running waiting waiting", id="state"),
        pytest.param(Selection(states=[RUNNING]), "done failed failed running waiting waiting", id="running"),
        pytest.param(Selection(ids=[2**80]), "done failed failed running waiting waiting", id="huge id"),
    ],
)
async def test_what_failed_can_be_retried(
    queue: DownloadQueue, held: Download, chosen: Selection, after: str, clock: Callable[[], float]
) -> None:
    before = await _states(queue)
    count = await queue.retry(chosen)
    assert await _states(queue) == after
    assert count == sum(one != other for one, other in zip(before.split(), after.split(), strict=True))
    assert await queue.get(held.id) == held
    for row in await queue.list(Selection(states=[WAITING])):
        assert row.id in {5, 6} or (row.attempts, row.due, row.updated) == (0, clock(), clock())


@pytest.mark.parametrize(
    ("chosen", "hurried"),
    [
        pytest.param(Selection(), {4}, id="all"),
        pytest.param(Selection(reason=Reason.DISK_FULL), {4}, id="why"),
        pytest.param(Selection(reason=Reason.GONE), set(), id="another reason"),
        pytest.param(Selection(ids=[1, 2, 4, 5]), {4}, id="ids"),
        pytest.param(Selection(states=[FAILED]), set(), id="state"),
    ],
)
async def test_what_waits_for_later_can_be_made_due_now_and_keeps_its_tries(
    queue: DownloadQueue, held: Download, chosen: Selection, hurried: set[int], clock: Callable[[], float]
) -> None:
    await queue.put_off(held, until=clock() + 900, reason=Reason.DISK_FULL)
    before = {row.id: row for row in await queue.list(Selection())}
    assert await queue.hurry(chosen) == len(hurried)
    for row in await queue.list(Selection()):
        due = clock() if row.id in hurried else before[row.id].due
        assert (row.due, row.state, row.attempts) == (due, before[row.id].state, before[row.id].attempts)


@pytest.mark.parametrize(
    ("chosen", "after"),
    [
        pytest.param(Selection(), "done failed failed cancelled cancelled cancelled", id="all"),
        pytest.param(Selection(ids=[1, 2, 5]), "done failed failed running cancelled waiting", id="ids"),
        pytest.param(Selection(states=[RUNNING]), "done failed failed cancelled waiting waiting", id="state"),
        pytest.param(Selection(states=[DONE]), "done failed failed running waiting waiting", id="ended"),
        pytest.param(Selection(host="1.example"), "done failed failed running cancelled waiting", id="host"),
    ],
)
async def test_what_waits_or_runs_can_be_cancelled(
    queue: DownloadQueue, held: Download, chosen: Selection, after: str
) -> None:
    count = await queue.cancel(chosen)
    assert (await _states(queue), count) == (after, after.count("cancelled"))
    for row in await queue.list(Selection(states=[CANCELLED])):
        assert (row.token, row.lease_until, row.reason) == (None, None, Reason.CANCELLED)


async def test_the_worker_of_a_cancelled_download_learns_of_it(queue: DownloadQueue, held: Download) -> None:
    await queue.cancel(Selection(ids=[held.id]))
    assert await queue.heartbeat([held], lease=60) == {held.id}
    with pytest.raises(LeaseLostError):
        await queue.complete(held, path="/4", size=1, sha256="cd")
    assert (await _states(queue)).split()[3] == "cancelled"
    assert await queue.retry(Selection(ids=[held.id])) == 1
    assert [job.id for job in await queue.claim(limit=9) if job.id == held.id] == [held.id]


@pytest.mark.parametrize(
    ("chosen", "after"),
    [
        pytest.param(Selection(), "- - - running waiting waiting", id="all that ended"),
        pytest.param(Selection(states=[DONE]), "- failed failed running waiting waiting", id="state"),
        pytest.param(Selection(states=[RUNNING, WAITING]), "done failed failed running waiting waiting", id="open"),
        pytest.param(Selection(ids=[3, 4, 5]), "done failed - running waiting waiting", id="ids"),
        pytest.param(Selection(reason=Reason.GONE), "done - failed running waiting waiting", id="why"),
    ],
)  # fmt: skip
async def test_what_ended_can_be_pruned(
    queue: DownloadQueue, held: Download, chosen: Selection, after: str, clock: Callable[[], float]
) -> None:
    assert await queue.prune(chosen, before=clock()) == after.count("-")
    assert await _states(queue) == after


async def test_what_changed_since_is_not_pruned(
    queue: DownloadQueue, held: Download, clock: Callable[[], float]
) -> None:
    await queue.complete(held, path="/4", size=1, sha256="cd")
    assert await queue.prune(Selection(states=[DONE]), before=clock()) == 1
    assert (await _states(queue)).startswith("- failed failed done")


async def test_what_was_pruned_is_never_queued_again(
    queue: DownloadQueue, held: Download, wish: Callable[..., WantedDownload], clock: Callable[[], float]
) -> None:
    await queue.prune(Selection(), before=clock())
    assert await queue.enqueue([wish("1"), wish("2"), wish("7")]) == 1
    assert await queue.prune(Selection(), before=clock()) == 0
    assert await queue.enqueue([wish("1")]) == 0
