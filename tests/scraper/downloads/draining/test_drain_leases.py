from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from scraper.downloads.draining.counts import DrainCounts
from scraper.downloads.draining.leases import Leases
from storage.database import Database
from storage.queue import Queue
from storage.records import DownloadState
from tests.scraper.downloads.draining.drains import hangs, until, untouched

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aiohttp import web

    from scraper.downloads.draining.drain import Drain

    Enqueue = Callable[..., Awaitable[None]]
    MakeDrain = Callable[..., Drain]


async def test_a_failing_heartbeat_ends_the_drain(
    serve: Any, queue: Queue, enqueue: Enqueue, drain: MakeDrain, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> frozenset[int]:
        raise RuntimeError("no database")

    monkeypatch.setattr(queue, "heartbeat", fail)
    async with serve(hangs) as url:
        await enqueue([f"{url}/1"])
        with pytest.raises(RuntimeError, match="no database"):
            await drain(lease=0.03).run()
    await untouched(queue, 1)


async def test_what_waits_for_its_turn_keeps_its_lease(
    *, serve: Any, music: Any, database: Database, enqueue: Enqueue, drain: MakeDrain,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("scraper.downloads.draining.leases.LONGEST_BEAT", 0.01)
    beats, now, both = asyncio.Semaphore(0), database.now(), False

    class Counting(Queue):
        async def heartbeat(self, jobs: Any, **how: Any) -> frozenset[int]:
            nonlocal now, both
            lost = await super().heartbeat(jobs, **how)
            both = both or len(jobs) == 2
            if both:
                now += 25  # of the 60 s of a lease, until the next
                beats.release()
            return lost

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        for _ in range(4):  # longer than a lease
            await beats.acquire()
        return await music(request)  # type: ignore[no-any-return]

    path = database.path
    async with (
        serve(answer) as url,
        await Database.open(path, clock=lambda: now) as own,
        await Database.open(path, clock=lambda: now) as other,
    ):
        await enqueue([f"{url}/{number}" for number in range(2)], hosts=2)
        now += 1
        drained = drain(queue=Counting(own), concurrency=1, lease=60.0)
        task = asyncio.create_task(drained.run())
        await until(lambda: len(drained.counts.running) == 2)
        while not task.done():
            assert await Queue(other).claim(limit=5) == [] or task.done()
            await asyncio.wait([task], timeout=0.01)
    assert task.result().done == 2


async def test_a_lost_lease_ends_its_download_at_once_and_no_other(
    serve: Any, music: Any, queue: Queue, enqueue: Enqueue, drain: MakeDrain
) -> None:
    lost, kept = asyncio.Event(), asyncio.Event()

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/0":
            lost.set()
            return await hangs(request)
        await kept.wait()
        return await music(request)  # type: ignore[no-any-return]

    async with serve(answer) as url:
        await enqueue([f"{url}/0", f"{url}/1"], hosts=2)
        drained = drain(lease=0.06)
        task = asyncio.create_task(drained.run(most=2))
        await lost.wait()
        await queue.release(next(job for job in drained.counts.running.values() if job.url.endswith("/0")))
        await until(lambda: len(drained.counts.running) == 1)
        kept.set()
        counts = await asyncio.wait_for(task, 50)
    assert (counts.done, counts.put_back, counts.failed.total()) == (1, 0, 0)
    assert (await queue.counts())[DownloadState.WAITING] == 1


async def test_a_machine_that_slept_past_its_leases_works_on_with_new_ones(
    *, serve: Any, music: Any, database: Database, enqueue: Enqueue, drain: MakeDrain
) -> None:
    hung, awake = asyncio.Event(), asyncio.Event()
    now = database.now()

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/0" and not hung.is_set():
            hung.set()
            return await hangs(request)
        if request.path == "/1":
            await awake.wait()
        return await music(request)  # type: ignore[no-any-return]

    async with serve(answer) as url, await Database.open(database.path, clock=lambda: now) as own:
        await enqueue([f"{url}/{number}" for number in range(10)], hosts=10)
        now += 1
        drained = drain(queue=Queue(own), concurrency=2)
        task = asyncio.create_task(drained.run())
        await hung.wait()
        now += 1000
        awake.set()
        counts = await asyncio.wait_for(task, 50)  # sooner than the client's patience with what hangs
    assert (counts.done, counts.put_back, counts.failed.total(), counts.running) == (10, 0, 0, {})


async def test_finished_downloads_are_acknowledged_in_groups(
    serve: Any, music: Any, database: Database, enqueue: Enqueue, drain: MakeDrain
) -> None:
    groups: list[int] = []

    class Slow(Queue):
        async def complete_many(self, finished: Any) -> frozenset[int]:
            groups.append(len(finished))
            for _ in range(100):
                await asyncio.sleep(0)
            return await super().complete_many(finished)

    async with serve(music) as url:
        await enqueue([f"{url}/{number}" for number in range(60)], hosts=12)
        counts = await drain(queue=Slow(database), concurrency=16).run()
    assert counts.done == sum(groups) == 60
    assert len(groups) < 60


async def test_a_failing_acknowledgement_reaches_everybody_who_waits_for_it(
    *,
    serve: Any,
    music: Any,
    queue: Queue,
    enqueue: Enqueue,
    drain: MakeDrain,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fail(_: object) -> frozenset[int]:
        raise RuntimeError("no database")

    monkeypatch.setattr(queue, "complete_many", fail)
    async with serve(music) as url:
        await enqueue([f"{url}/{number}" for number in range(10)], hosts=5)
        with pytest.raises(RuntimeError, match="no database"):
            await drain().run()
    await untouched(queue, 10)


@pytest.mark.parametrize(("lease", "nap"), [(60.0, 5.0), (0.9, 0.3)])
async def test_a_cancel_or_a_lost_lease_is_heeded_within_five_seconds(
    queue: Queue, monkeypatch: pytest.MonkeyPatch, lease: float, nap: float
) -> None:
    naps: list[float] = []

    async def sleep(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) > 1:
            raise asyncio.CancelledError

    async def nothing() -> None:
        pass

    monkeypatch.setattr("scraper.downloads.draining.leases.asyncio.sleep", sleep)
    leases = Leases(queue, DrainCounts(), seconds=lease, lost=lambda _: None, beaten=nothing)
    with pytest.raises(asyncio.CancelledError):
        await leases.keep()
    assert naps == pytest.approx([nap, nap])
