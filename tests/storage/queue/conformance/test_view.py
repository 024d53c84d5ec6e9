from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from storage.reasons import Reason
from storage.records import DownloadState, Selection

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.queue import DownloadQueue
    from storage.records import WantedDownload


@pytest.fixture
async def queue(
    queue: DownloadQueue,
    wish: Callable[..., WantedDownload],
    pass_time: Callable[[float], None],
) -> DownloadQueue:
    """Of six downloads one is done, two failed, one runs, and two wait."""
    await queue.enqueue([wish(f"{number}", host=f"{number % 2}.example") for number in range(6)])
    done, gone, html, _running = await queue.claim(limit=4, lease=60)
    await queue.complete(done, path="/music/0.mp3", size=1, sha256="00")
    pass_time(1)
    await queue.fail(gone, Reason.GONE)
    pass_time(1)
    await queue.fail(html, Reason.NOT_AUDIO)
    return queue


async def test_every_state_is_counted(queue: DownloadQueue) -> None:
    assert await queue.counts(Selection()) == {
        DownloadState.WAITING: 2,
        DownloadState.RUNNING: 1,
        DownloadState.DONE: 1,
        DownloadState.FAILED: 2,
        DownloadState.CANCELLED: 0,
    }
    assert await queue.waiting_total() == 2


async def test_an_empty_queue_counts_nothing(queues: Callable[[], DownloadQueue]) -> None:
    queue = queues()
    assert set((await queue.counts(Selection())).values()) == {0}
    assert await queue.failed_by_reason() == {}
    assert await queue.next_due() is None
    assert await queue.get(1) is None


async def test_failures_are_counted_by_reason_the_most_frequent_first(queue: DownloadQueue) -> None:
    for job in await queue.claim(limit=1):
        await queue.fail(job, Reason.NOT_AUDIO)
    assert list((await queue.failed_by_reason()).items()) == [(Reason.NOT_AUDIO, 2), (Reason.GONE, 1)]


@pytest.mark.parametrize(
    ("given", "ids"),
    [
        pytest.param({}, [3, 2, 6, 5, 4, 1], id="all, the last changed first"),
        pytest.param({"limit": 2}, [3, 2], id="limit"),
        pytest.param({"states": [DownloadState.FAILED, DownloadState.DONE]}, [3, 2, 1], id="states"),
        pytest.param({"ids": [4, 2, 99]}, [2, 4], id="ids"),
        pytest.param({"reason": Reason.GONE}, [2], id="reason"),
        pytest.param({"host": "1.example"}, [2, 6, 4], id="host"),
        pytest.param({"host": "1.example", "states": {DownloadState.WAITING}}, [6], id="host and state"),
    ],
)
async def test_the_list_can_be_restricted(
    queue: DownloadQueue, given: dict[str, Any], ids: list[int]
) -> None:
    limit = {"limit": given["limit"]} if "limit" in given else {}
    chosen = Selection(**{name: value for name, value in given.items() if name != "limit"})
    assert [download.id for download in await queue.list(chosen, **limit)] == ids
    counted = await queue.counts(chosen)
    assert limit or sum(counted.values()) == len(ids)


async def test_next_due_is_when_a_claim_can_find_something(
    queue: DownloadQueue,
    clock: Callable[[], float],
    pass_time: Callable[[float], None],
) -> None:
    now = clock()
    assert await queue.next_due() == now - 2
    for job in await queue.claim(limit=9):
        await queue.put_off(job, until=now + 500, reason=Reason.RATE_LIMITED)
    assert await queue.next_due() == now - 2 + 60
    pass_time(70)
    for job in await queue.claim(limit=9):
        await queue.fail(job, Reason.GONE)
    assert await queue.next_due() == now + 500


async def test_the_heads_are_the_first_of_each_host_in_each_priority(
    queues: Callable[[], DownloadQueue], wish: Callable[..., WantedDownload], clock: Callable[[], float]
) -> None:
    queue = queues()
    await queue.enqueue([wish(name, host=name[0]) for name in ("b1", "a1", "b2", "c1")])
    (done,) = await queue.claim(limit=1, skip_hosts=["a", "b"])
    await queue.complete(done, path="/c1", size=1, sha256="ab")
    (first,) = await queue.claim(limit=1, skip_hosts=["b"])
    await queue.put_off(first, until=clock() + 60, reason=Reason.RATE_LIMITED)
    await queue.enqueue([wish("b3", host="b", priority=-1), wish("a2", host="a", priority=4)])
    await queue.pause("b")
    heads = [(row.priority, row.url[-6:-4]) for row in await queue.heads(100)]
    assert heads == [(-1, "b3"), (0, "a1"), (0, "b1"), (4, "a2")]
    assert len(await queue.heads(2)) == 2
