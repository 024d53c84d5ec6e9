from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storage.records import Finished, Intents, Selection

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.queue import DownloadQueue
    from storage.records import Download, WantedDownload

SHA, OTHER = "ab" * 32, "cd" * 32


@pytest.fixture
async def jobs(queue: DownloadQueue, wish: Callable[..., WantedDownload]) -> list[Download]:
    await queue.enqueue([wish(name) for name in "abcd"])
    return await queue.claim(limit=4)


def _intent(job: Download, path: str, *, sha256: str = SHA, size: int = 9, own: bool = False) -> Finished:
    assert job.token is not None
    return Finished(id=job.id, token=job.token, path=path, size=size, sha256=sha256, own=own)


async def _path(queue: DownloadQueue, job: Download) -> str | None:
    found = await queue.get(job.id)
    assert found is not None
    return found.path


async def test_9_the_second_of_two_with_the_same_content_is_told_where_the_first_is(
    queue: DownloadQueue, jobs: list[Download]
) -> None:
    one, two, three, four = jobs
    told = await queue.verified_many(
        [_intent(one, "/1"), _intent(two, "/2"), _intent(three, "/3", sha256=OTHER), _intent(four, "/4")]
    )
    assert told == Intents(lost=frozenset(), elsewhere={two.id: "/1", four.id: "/1"})
    assert [await _path(queue, job) for job in jobs] == ["/1", None, "/3", None]


@pytest.mark.parametrize("done", [False, True])
async def test_9_content_that_another_has_is_told(
    queue: DownloadQueue, jobs: list[Download], *, done: bool
) -> None:
    one, two, *_ = jobs
    assert await queue.verified(one, path="/1", size=9, sha256=SHA) is None
    if done:
        await queue.complete(one, path="/1", size=9, sha256=SHA)
    assert await queue.verified(two, path="/2", size=9, sha256=SHA) == "/1"
    assert await _path(queue, two) is None
    await queue.complete(two, path="/1", size=9, sha256=SHA)
    assert await _path(queue, two) == "/1"


async def test_what_is_done_is_told_before_what_is_only_intended(
    queue: DownloadQueue, jobs: list[Download]
) -> None:
    one, two, three, _ = jobs
    await queue.verified(one, path="/1", size=9, sha256=SHA)
    await queue.verified_many([_intent(two, "/2", own=True)])
    await queue.complete(two, path="/2", size=9, sha256=SHA)
    assert await queue.verified(three, path="/3", size=9, sha256=SHA) == "/2"


async def test_content_that_very_many_have_hides_no_other(
    queue: DownloadQueue, wish: Callable[..., WantedDownload]
) -> None:
    await queue.enqueue([wish(str(number)) for number in range(1010)])
    one, two, three, *many = await queue.claim(limit=1010)
    await queue.verified_many([_intent(job, f"/{job.id}", sha256="00" * 32, own=True) for job in many])
    assert await queue.verified(one, path="/1", size=9, sha256=SHA) is None
    same = await queue.verified_many(
        [_intent(two, "/2"), _intent(three, "/3", sha256="00" * 32), _intent(many[0], "/4", sha256=OTHER)]
    )
    assert same.elsewhere.keys() == {two.id, three.id}
    assert same.elsewhere[two.id] == "/1"


async def test_with_own_the_path_is_recorded_all_the_same(queue: DownloadQueue, jobs: list[Download]) -> None:
    one, two, *_ = jobs
    await queue.verified(one, path="/1", size=9, sha256=SHA)
    told = await queue.verified_many([_intent(two, "/2", own=True)])
    assert told == Intents(lost=frozenset(), elsewhere={})
    assert await _path(queue, two) == "/2"


async def test_who_has_said_so_before_gives_way_to_nobody_who_only_intends(
    queue: DownloadQueue, jobs: list[Download]
) -> None:
    one, two, *_ = jobs
    await queue.verified(one, path="/1", size=9, sha256=SHA)
    await queue.verified_many([_intent(two, "/2", own=True)])
    assert await queue.verified(one, path="/1~", size=9, sha256=SHA) is None
    await queue.complete(two, path="/2", size=9, sha256=SHA)
    assert await queue.verified(one, path="/1~~", size=9, sha256=SHA) == "/2"


@pytest.mark.parametrize(
    ("size", "sha256"), [pytest.param(10, SHA, id="size"), pytest.param(9, OTHER, id="hash")]
)
async def test_other_content_is_not_the_same(
    queue: DownloadQueue, jobs: list[Download], size: int, sha256: str
) -> None:
    one, two, *_ = jobs
    await queue.verified(one, path="/1", size=9, sha256=SHA)
    assert await queue.verified(two, path="/2", size=size, sha256=sha256) is None


async def test_what_was_intended_by_one_who_lost_it_is_nowhere(
    queue: DownloadQueue, jobs: list[Download]
) -> None:
    one, two, *_ = jobs
    await queue.verified(one, path="/1", size=9, sha256=SHA)
    await queue.cancel(Selection(ids=[one.id]))
    assert await queue.verified(two, path="/2", size=9, sha256=SHA) is None


async def test_68_a_stale_worker_learns_that_it_is_stale_not_where_the_content_is(
    queue: DownloadQueue, jobs: list[Download], pass_time: Callable[[float], None]
) -> None:
    stale = jobs[0]
    pass_time(61)
    holder, other, *_ = await queue.claim(limit=4)
    await queue.complete(other, path="/2", size=9, sha256=SHA)
    assert await queue.verified_many([_intent(stale, "/1")]) == Intents(
        lost=frozenset({stale.id}), elsewhere={}
    )
    assert await queue.get(holder.id) == holder


async def test_nothing_intended_is_nothing_told(queue: DownloadQueue) -> None:
    assert await queue.verified_many([]) == Intents(lost=frozenset(), elsewhere={})
