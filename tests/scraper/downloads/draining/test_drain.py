from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import threading
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from scraper.downloads.content.examiner import Examiner
from scraper.downloads.content.verdict import Content
from scraper.downloads.draining.counts import DrainCounts
from scraper.downloads.errors import VolumeError
from scraper.http.client import Client, Limits
from storage.database import Database
from storage.queue import Queue
from storage.reasons import Reason
from storage.records import DownloadState, Selection
from tests.scraper.downloads.draining.drains import hangs, until, untouched

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from scraper.downloads.draining.drain import Drain
    from storage.records import Download
    from tests.scraper.downloads.conftest import Crate

    Enqueue = Callable[..., Awaitable[None]]
    MakeDrain = Callable[..., Drain]


def _files(folder: Crate) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.path.glob("*.wav")}


def _parts(folder: Crate) -> list[Path]:
    return list(folder.incomplete.iterdir())


async def test_two_hundred_files_of_seven_hosts_are_downloaded_once_each(
    *, serve: Any, music: Any, queue: Queue, enqueue: Enqueue, drain: MakeDrain, folder: Crate
) -> None:
    asked: Counter[str] = Counter()

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        asked[request.path] += 1
        return await music(request)  # type: ignore[no-any-return]

    async with serve(answer) as url:
        await enqueue([f"{url}/{number}.mp3" for number in range(200)], hosts=7)
        counts = await drain().run()
    assert counts.numbers() == {
        "downloaded": 200, "downloaded_bytes": 200 * 4096, "put_back": 0, "download_failed": 0,
    }  # fmt: skip
    assert counts.running == {}
    assert set(asked.values()) == {1}
    done = await queue.list(Selection(states=[DownloadState.DONE]), limit=1000)
    files = _files(folder)
    assert {Path(row.path or "").name for row in done} == set(files)
    assert all(hashlib.sha256(files[Path(row.path or "").name]).hexdigest() == row.sha256 for row in done)
    assert _parts(folder) == []


async def test_two_processes_share_a_queue_and_a_folder(
    *, serve: Any, music: Any, database: Database, enqueue: Enqueue, drain: MakeDrain, folder: Crate
) -> None:
    asked: Counter[str] = Counter()

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        asked[request.path] += 1
        return await music(request)  # type: ignore[no-any-return]

    async with serve(answer) as url, await Database.open(database.path) as other:
        await enqueue([f"{url}/{number}" for number in range(100)], hosts=3)
        counts = await asyncio.gather(drain().run(), drain(queue=Queue(other)).run())
    assert sum(count.done for count in counts) == 100
    assert set(asked.values()) == {1}
    assert len(_files(folder)) == 100


async def test_failures_are_counted_by_reason_and_leave_the_others_alone(
    *, serve: Any, music: Any, queue: Queue, enqueue: Enqueue, drain: MakeDrain, folder: Crate
) -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        match request.path:
            case "/gone":
                return web.Response(status=404)
            case "/page":
                return web.Response(text="<html>", content_type="audio/mpeg")
            case "/empty":
                return web.Response(body=b"")
        return await music(request)  # type: ignore[no-any-return]

    async def busy(_: web.BaseRequest) -> web.Response:
        return web.Response(status=503, headers={"Retry-After": "3600"})

    async with serve(answer) as url, serve(busy) as busy_url:
        names = ("gone", "page", "empty", "good", "fine")
        await enqueue([*(f"{url}/{name}" for name in names), f"{busy_url}/busy"], hosts=6)
        counts = await drain().run()
    assert counts.failed == {Reason.NOT_FOUND: 1, Reason.NOT_AUDIO: 1}
    assert (counts.done, counts.put_back) == (2, 2)
    waiting = {row.reason: row for row in await queue.list(Selection(states=[DownloadState.WAITING]))}
    assert set(waiting) == {Reason.SERVER_ERROR, Reason.EMPTY_BODY}
    put_back = waiting[Reason.SERVER_ERROR]
    assert put_back.due - put_back.updated == pytest.approx(3600, abs=5)
    assert _parts(folder) == []


async def test_at_most_so_many_are_tried(
    serve: Any, music: Any, queue: Queue, enqueue: Enqueue, drain: MakeDrain
) -> None:
    async with serve(music) as url:
        await enqueue([f"{url}/{number}" for number in range(30)], hosts=2)
        for most, done in ((0, 0), (1, 1), (13, 14), (None, 30)):
            await drain().run(most=most)
            assert (await queue.counts())[DownloadState.DONE] == done


async def test_counts_may_be_given_and_read_meanwhile(
    serve: Any, music: Any, enqueue: Enqueue, drain: MakeDrain
) -> None:
    counts = DrainCounts()
    async with serve(music) as url:
        await enqueue([f"{url}/1"])
        assert await drain(counts=counts).run() is counts
    assert counts.done == 1


async def test_a_slow_host_does_not_keep_the_others_waiting(
    serve: Any, music: Any, database: Database, enqueue: Enqueue, drain: MakeDrain
) -> None:
    others_done = asyncio.Event()
    quick = 0

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        nonlocal quick
        if request.path < "/s/40":
            await others_done.wait()
        else:
            quick += 1
            if quick == 60:
                others_done.set()
        return await music(request)  # type: ignore[no-any-return]

    # Forty files of one host are first in the queue; sixty of others come behind them.
    limits = Limits(concurrency=100, per_host=4)
    async with (
        serve(answer) as url,
        Client(allow_private=True, obey_robots=False, limits=limits) as client,
    ):
        await enqueue([f"{url}/s/{number:02}" for number in range(40)])
        await _enqueue_others(database, url.replace("127.0.0.1", "localhost"))
        counts = await asyncio.wait_for(drain(client=client, concurrency=6).run(), 120)
    assert counts.done == 100


async def _enqueue_others(database: Database, url: str) -> None:
    from storage.posts import Posts
    from storage.records import LinkKind, Post, ReadPost, WantedDownload

    wanted = tuple(
        WantedDownload(
            key=f"o{number}", url=f"{url}/s/{number}", host=f"other{number}.example", kind=LinkKind.DIRECT
        )
        for number in range(40, 100)
    )
    post = Post(url="https://blog.example/q", key="q", blog="https://blog.example/", title="Others")
    await Posts(database).save([ReadPost(post=post, matched=("any",), wanted=wanted)])


async def test_a_cancelled_drain_gives_everything_back_also_what_never_began(
    serve: Any, queue: Queue, enqueue: Enqueue, drain: MakeDrain, folder: Crate
) -> None:
    begun = asyncio.Event()

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        begun.set()
        return await hangs(request)

    async with serve(answer) as url:
        await enqueue([f"{url}/{number}" for number in range(40)], hosts=20)
        drained = drain(concurrency=4)
        task = asyncio.create_task(drained.run())
        await begun.wait()
        await until(lambda: len(drained.counts.running) == 8)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    await untouched(queue, 40)
    assert drained.counts.running == {}
    assert _parts(folder) == []


async def test_a_slow_disk_does_not_keep_a_cancelled_drain_from_giving_back(
    *, serve: Any, music: Any, queue: Queue, enqueue: Enqueue, drain: MakeDrain,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    began, is_given_back = threading.Event(), threading.Event()

    def slowly(fd: int, real: Callable[[int], None] = os.fsync) -> None:
        began.set()
        assert is_given_back.wait(120)
        real(fd)

    async with serve(music) as url:
        await enqueue([f"{url}/{number}" for number in range(6)], hosts=3)
        drained = drain()
        task = asyncio.create_task(drained.run())
        await until(lambda: len(drained.counts.running) == 6)
        monkeypatch.setattr(os, "fsync", slowly)
        await asyncio.to_thread(began.wait, 120)
        task.cancel()
        while (await queue.counts())[DownloadState.RUNNING]:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0)
        is_given_back.set()
        with pytest.raises(asyncio.CancelledError):
            await task
    await untouched(queue, 6)
    assert drained.counts.running == {}


@pytest.mark.parametrize("ticks", range(0, 120, 3))
async def test_a_drain_may_be_cancelled_at_any_moment(
    *, serve: Any, music: Any, queue: Queue, enqueue: Enqueue, drain: MakeDrain, ticks: int
) -> None:
    async with serve(music) as url:
        await enqueue([f"{url}/{number}" for number in range(6)], hosts=6)
        drained = drain(concurrency=2)
        task = asyncio.create_task(drained.run())
        for _ in range(ticks):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    counts = await queue.counts()
    assert counts[DownloadState.RUNNING] == 0
    assert counts[DownloadState.DONE] == drained.counts.done
    assert counts[DownloadState.DONE] + counts[DownloadState.WAITING] == 6


async def test_a_cancellation_between_a_claim_and_its_tasks_gives_the_claim_back(
    database: Database, queue: Queue, enqueue: Enqueue, drain: MakeDrain
) -> None:
    class Cancelling(Queue):
        async def claim(self, **how: Any) -> list[Download]:
            claimed = await super().claim(**how)
            task.cancel()
            await asyncio.sleep(0)
            return claimed

    await enqueue([f"https://files.example/{number}" for number in range(3)])
    task = asyncio.create_task(drain(queue=Cancelling(database)).run())
    with pytest.raises(asyncio.CancelledError):
        await task
    await untouched(queue, 3)


@pytest.mark.parametrize("call", ["part.file.os.pwrite", "publishing.no_replace.os.link"])
async def test_a_full_disk_stops_the_drain_and_uses_no_attempt(
    *, serve: Any, music: Any, queue: Queue, enqueue: Enqueue, drain: MakeDrain, folder: Crate,
    monkeypatch: pytest.MonkeyPatch, call: str,
) -> None:  # 65  # fmt: skip
    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    async with serve(music) as url:
        await enqueue([f"{url}/{number}" for number in range(40)], hosts=10)
        with monkeypatch.context() as patch:
            patch.setattr(f"scraper.downloads.{call}", fail)
            with pytest.raises(VolumeError, match="No space left") as caught:
                await drain().run()
        assert caught.value.reason is Reason.DISK_FULL
        await untouched(queue, 40)
        assert _parts(folder) == []
        assert (await queue.list(Selection(reason=Reason.DISK_FULL)))[0].detail == "No space left on device"
        # Room was made: the next run does it all, at once.
        assert (await drain().run()).done == 40


async def test_what_a_full_disk_refuses_does_not_count_as_tried(
    *, serve: Any, music: Any, enqueue: Enqueue, drain: MakeDrain, monkeypatch: pytest.MonkeyPatch
) -> None:  # 65
    refused: list[str] = []

    def twice_full(source: str, *args: Any, link: Callable[..., None] = os.link, **options: Any) -> None:
        if len(refused) < 2:
            refused.append(source)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        link(source, *args, **options)

    monkeypatch.setattr("scraper.downloads.publishing.no_replace.os.link", twice_full)
    monkeypatch.setattr("scraper.downloads.draining.shortage.TRY_AFTER", 0.0)
    async with serve(music) as url:
        await enqueue([f"{url}/{number}" for number in range(6)], hosts=3)
        counts = await drain(concurrency=1, patience=100.0).run(most=3)
    assert len(refused) == 2
    assert counts.done == 3


async def test_a_folder_that_cannot_be_made_claims_nothing(
    queue: Queue, enqueue: Enqueue, drain: MakeDrain, folder: Crate
) -> None:
    folder.path.write_bytes(b"a file")
    await enqueue(["https://files.example/1"])
    with pytest.raises(VolumeError):
        await drain().run()
    await untouched(queue, 1)


@pytest.mark.parametrize("step", ["examination", "naming"])
async def test_a_mistake_of_ours_on_one_file_fails_that_file_and_no_other(
    *, serve: Any, music: Any, queue: Queue, enqueue: Enqueue, drain: MakeDrain,
    monkeypatch: pytest.MonkeyPatch, step: str,
) -> None:  # fmt: skip
    async def fail(_: object, __: object, where: str, **___: object) -> Content:
        if where.endswith("/3"):
            raise RuntimeError("a mistake of ours")
        return Content(extension="wav")

    async def fail_to_name(download: Download, *_: object) -> PurePosixPath:
        content = await fail(None, None, download.url)
        return PurePosixPath(f"{download.id}.{content.extension}")

    if step == "examination":
        monkeypatch.setattr(Examiner, "examine", fail)
    else:
        monkeypatch.setattr("scraper.downloads.job.name_of", fail_to_name)
    async with serve(music) as url:
        await enqueue([f"{url}/{number}" for number in range(10)], hosts=10)
        counts = await drain(concurrency=5).run()
    assert (counts.done, counts.failed) == (9, {Reason.INTERNAL_ERROR: 1})
    (failed,) = await queue.list(Selection(states=[DownloadState.FAILED]))
    assert "a mistake of ours" in (failed.detail or "")
