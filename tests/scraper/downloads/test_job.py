from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

import scraper.downloads.job
import scraper.downloads.publishing.in_groups
from scraper.downloads.draining.acknowledge import Acknowledgements
from scraper.downloads.errors import DownloadError, VolumeError
from scraper.downloads.job import run_job
from scraper.downloads.publishing.publish import publish
from scraper.downloads.settings import DrainSettings
from scraper.downloads.workshop import open_workshop
from scraper.http.client import Limits
from scraper.http.errors import FetchError
from storage.database import Database
from storage.errors import LeaseLostError
from storage.queue import Queue
from storage.reasons import Reason
from storage.records import DownloadState, Intents

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from aiohttp import ClientResponse

    from scraper.downloads.publishing.folder import OpenFolder
    from scraper.downloads.publishing.place import Place
    from scraper.http.client import Client
    from storage.records import Download
    from tests.scraper.downloads.conftest import Crate

    Enqueue = Callable[..., Awaitable[None]]


async def _run(
    download: Download,
    queue: Queue,
    client: Client,
    folder: Crate,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    **settings: Any,
) -> Path:
    async with open_workshop(
        folder.path,
        client=client,
        queue=Acknowledgements(queue, completed=lambda _: None),
        settings=DrainSettings(**{"max_bytes": 10**9, **settings}),
        posts=None,
        finishing=1,
        clock=time.time,
    ) as shop:
        return await run_job(
            download,
            shop,
            on_bytes=lambda _: None,
            announced=lambda _: None,
            received=lambda: None,
            sleep=sleep,
        )


async def _state(queue: Queue, download: Download) -> Download:
    row = await queue.get(download.id)
    assert row is not None
    return row


def _names(folder: Crate) -> set[str]:
    return {path.name for path in folder.path.iterdir() if path != folder.incomplete}


async def test_a_link_becomes_a_file_and_a_row(
    *, serve: Any, music: Any, wav: Any, queue: Queue, enqueue: Enqueue, once: Client, folder: Crate
) -> None:
    async with serve(music) as url:
        await enqueue([f"{url}/a.mp3"])
        (download,) = await queue.claim(limit=1)
        path = await _run(download, queue, once, folder)
    row = await _state(queue, download)
    assert path.name == "Kora - Take 0.wav"  # the ending is that of the content
    assert path.read_bytes() == wav("/a.mp3")
    assert (row.state, row.path, row.bytes) == (DownloadState.DONE, str(path), 4096)
    assert row.sha256 == hashlib.sha256(wav("/a.mp3")).hexdigest()
    assert list(folder.incomplete.iterdir()) == []


@pytest.mark.parametrize("same", [True, False], ids=["same content", "other content"])
async def test_two_links_with_one_name_share_a_file_only_if_they_share_the_content(
    *, serve: Any, wav: Any, queue: Queue, enqueue: Enqueue, once: Client, folder: Crate, same: bool
) -> None:  # 14, 51
    async def answer(request: web.BaseRequest) -> web.Response:
        return web.Response(body=wav("same" if same else request.path))

    async with serve(answer) as url:
        await enqueue([f"{url}/1", f"{url}/2"], stem="Kora")
        jobs = await queue.claim(limit=2)
        paths = await asyncio.gather(*(_run(job, queue, once, folder) for job in jobs))
    assert len(_names(folder)) == len(set(paths)) == (1 if same else 2)
    for job, path in zip(jobs, paths, strict=True):
        row = await _state(queue, job)
        assert row.path == str(path)
        assert row.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


async def test_two_formats_of_a_release_have_one_stem(
    *, serve: Any, wav: Any, queue: Queue, enqueue: Enqueue, once: Client, folder: Crate
) -> None:
    async def answer(request: web.BaseRequest) -> web.Response:
        return web.Response(body=wav("x") if request.path == "/1" else b"7z\xbc\xaf\x27\x1c\0\4" + bytes(50))

    async with serve(answer) as url:
        await enqueue([f"{url}/1", f"{url}/2"], stem="Kora")
        for job in await queue.claim(limit=2):
            await _run(job, queue, once, folder)
    assert _names(folder) == {"Kora.wav", "Kora.7z"}


async def test_a_hostile_stem_stays_inside_the_folder(
    *, serve: Any, music: Any, queue: Queue, enqueue: Enqueue, once: Client, folder: Crate
) -> None:  # 48
    async with serve(music) as url:
        await enqueue([f"{url}/1"], stem="../../\x1b]0;pwn\x07/.bashrc")
        (job,) = await queue.claim(limit=1)
        path = await _run(job, queue, once, folder)
    assert path.parent == folder.path
    assert _names(folder) == {"]0;pwn-.bashrc.wav"}


async def test_neither_the_last_hop_nor_a_header_names_the_file(
    *, serve: Any, wav: Any, queue: Queue, enqueue: Enqueue, once: Client, folder: Crate
) -> None:  # 22, 43
    async def answer(request: web.BaseRequest) -> web.Response:
        if request.path != "/evil.sh":
            return web.Response(status=302, headers={"Location": "/evil.sh"})
        named = {
            "Content-Disposition": "attachment; filename=\"../../evil.sh\"; filename*=UTF-8''..%2f..%2fx"
        }
        return web.Response(body=wav("x"), headers=named)

    async with serve(answer) as url:
        await enqueue([f"{url}/get/1"])
        (job,) = await queue.claim(limit=1)
        path = await _run(job, queue, once, folder)
    assert path.name == "Kora - Take 0.wav"
    assert _names(folder) == {path.name}


@pytest.mark.parametrize("moment", ["before the link", "after the link", "before done"])
async def test_a_file_that_a_dead_worker_published_is_not_fetched_again(
    *, serve: Any, music: Any, queue: Queue, enqueue: Enqueue, once: Client, folder: Crate,
    monkeypatch: pytest.MonkeyPatch, moment: str,
) -> None:  # fmt: skip
    class PowerCutError(BaseException):
        pass

    def cut(opened: OpenFolder, part: str, place: Place, **more: Any) -> None:
        if moment == "after the link":
            os.link(opened.incomplete / part, place.path)
        elif moment == "before done":
            publish(opened, part, place, **more)
        raise PowerCutError

    async with serve(music) as url:
        await enqueue([f"{url}/1"])
        (job,) = await queue.claim(limit=1)
        with monkeypatch.context() as patch:
            patch.setattr(scraper.downloads.publishing.in_groups, "publish", cut)
            patch.setattr(scraper.downloads.job, "_remove", lambda _: None)
            with pytest.raises(PowerCutError):
                await _run(job, queue, once, folder)
        await queue.release(job)
        (again,) = await queue.claim(limit=1)
        sent = once.requests
        path = await _run(again, queue, once, folder)
    assert once.requests - sent == (1 if moment == "before the link" else 0)
    assert _names(folder) == {path.name}
    assert list(folder.incomplete.iterdir()) == []
    assert (await _state(queue, job)).state is DownloadState.DONE


async def test_a_worker_that_slept_past_its_lease_publishes_and_records_nothing(
    *, serve: Any, wav: Any, enqueue: Enqueue, database: Database, once: Client, folder: Crate,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # 68  # fmt: skip
    versions = iter([wav("first"), wav("second")])

    async def answer(_: web.BaseRequest) -> web.Response:
        return web.Response(body=next(versions))

    asleep, awake = asyncio.Event(), asyncio.Event()
    first = Queue(database)

    async with serve(answer) as url, await Database.open(database.path, clock=lambda: 4e9) as later:
        await enqueue([f"{url}/1"])
        (job,) = await first.claim(limit=1)

        class Sleepy(Queue):
            async def verified_many(self, *args: Any, **kwargs: Any) -> Intents:
                intents = await super().verified_many(*args, **kwargs)
                asleep.set()
                await awake.wait()
                return intents

        stopped = asyncio.create_task(_run(job, Sleepy(database), once, folder))
        await asleep.wait()
        (taken,) = await Queue(later).claim(limit=1)
        assert taken.id == job.id
        path = await _run(taken, Queue(later), once, folder)
        awake.set()
        with pytest.raises((LeaseLostError, DownloadError)):
            await stopped
    assert _names(folder) == {path.name}
    assert path.read_bytes() == wav("second")
    assert (await _state(first, job)).sha256 == hashlib.sha256(wav("second")).hexdigest()


async def test_a_download_cancelled_meanwhile_is_not_published(
    *, serve: Any, wav: Any, queue: Queue, enqueue: Enqueue, once: Client, folder: Crate
) -> None:
    async def answer(_: web.BaseRequest) -> web.Response:
        await queue.release(job)
        return web.Response(body=wav("x"))

    async with serve(answer) as url:
        await enqueue([f"{url}/1"])
        (job,) = await queue.claim(limit=1)
        with pytest.raises(LeaseLostError):
            await _run(job, queue, once, folder)
    assert _names(folder) == set()
    assert list(folder.incomplete.iterdir()) == []


@pytest.mark.parametrize(
    ("code", "error", "reason"),
    [
        (errno.ENOSPC, VolumeError, Reason.DISK_FULL),
        (errno.EDQUOT, VolumeError, Reason.DISK_FULL),
        (errno.EROFS, VolumeError, Reason.DISK_ERROR),
        (errno.EIO, VolumeError, Reason.DISK_ERROR),
        (errno.EACCES, VolumeError, Reason.DISK_ERROR),
        (errno.ENAMETOOLONG, DownloadError, Reason.DISK_ERROR),
        (errno.EFBIG, DownloadError, Reason.DISK_ERROR),
    ],
    ids=lambda value: errno.errorcode.get(value) if isinstance(value, int) else None,
)
async def test_an_error_of_the_disk_is_told_from_one_of_the_file(
    *, serve: Any, music: Any, queue: Queue, enqueue: Enqueue, once: Client, folder: Crate,
    monkeypatch: pytest.MonkeyPatch, code: int, error: type[Exception], reason: Reason,
) -> None:  # 65  # fmt: skip
    def fail(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("scraper.downloads.publishing.no_replace.os.link", fail)
    async with serve(music) as url:
        await enqueue([f"{url}/1"])
        (job,) = await queue.claim(limit=1)
        with pytest.raises(error, match=os.strerror(code)) as caught:
            await _run(job, queue, once, folder)
    assert caught.value.reason is reason  # type: ignore[attr-defined]
    assert list(folder.incomplete.iterdir()) == []
    assert (await _state(queue, job)).state is DownloadState.RUNNING


async def test_a_folder_that_vanishes_is_an_error_of_the_volume(
    *, serve: Any, wav: Any, queue: Queue, enqueue: Enqueue, once: Client, folder: Crate
) -> None:
    async def answer(_: web.BaseRequest) -> web.Response:
        folder.incomplete.rmdir()
        return web.Response(body=wav("x"))

    async with serve(answer) as url:
        await enqueue([f"{url}/1"])
        (job,) = await queue.claim(limit=1)
        with pytest.raises(VolumeError):
            await _run(job, queue, once, folder)


async def test_a_cancellation_while_a_file_is_published_waits_until_it_is_recorded(
    *, serve: Any, music: Any, queue: Queue, enqueue: Enqueue, once: Client, folder: Crate,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    loop = asyncio.get_running_loop()

    def publish_and_be_cancelled(opened: OpenFolder, part: str, place: Place, **more: Any) -> None:
        loop.call_soon_threadsafe(task.cancel)
        publish(opened, part, place, **more)

    monkeypatch.setattr(scraper.downloads.publishing.in_groups, "publish", publish_and_be_cancelled)
    async with serve(music) as url:
        await enqueue([f"{url}/1"])
        (job,) = await queue.claim(limit=1)
        task = asyncio.create_task(_run(job, queue, once, folder))
        with pytest.raises(asyncio.CancelledError):
            await task
    assert (await _state(queue, job)).state is DownloadState.DONE
    assert _names(folder) == {"Kora - Take 0.wav"}


@pytest.mark.parametrize(("retry_after", "shortest", "longest"), [(None, 0, 1), (0.0, 0, 1), (25.0, 25, 25)])
async def test_a_passing_failure_is_tried_again_after_a_short_sleep_of_its_own(
    *, serve: Any, music: Any, queue: Queue, enqueue: Enqueue, once: Client, folder: Crate,
    retry_after: float | None, shortest: float, longest: float,
) -> None:  # fmt: skip
    naps: list[float] = []

    async def sleep(seconds: float) -> None:
        naps.append(seconds)
        assert list(folder.incomplete.iterdir()) == [], "a download that sleeps keeps no file"

    class Failing:
        limits = Limits(attempts=3)

        @asynccontextmanager
        async def stream(self, url: str, **more: Any) -> AsyncIterator[ClientResponse]:
            if not naps:
                raise FetchError(Reason.SERVER_ERROR, url, retry_after=retry_after)
            async with once.stream(url, **more) as response:
                yield response

    client: Any = Failing()
    async with serve(music) as url:
        await enqueue([f"{url}/1"])
        (job,) = await queue.claim(limit=1)
        assert (await _run(job, queue, client, folder, sleep)).exists()
    (slept,) = naps
    assert shortest <= slept <= longest


async def test_what_is_to_wait_for_longer_than_a_run_is_not_slept_through(
    serve: Any, queue: Queue, enqueue: Enqueue, client: Client, folder: Crate
) -> None:
    async def answer(request: web.BaseRequest) -> web.Response:
        if request.path == "/robots.txt":
            return web.Response(status=404)
        return web.Response(status=429, headers={"Retry-After": "31"})

    async def never(_: float) -> None:
        raise AssertionError

    async with serve(answer) as url:
        await enqueue([f"{url}/1"])
        (job,) = await queue.claim(limit=1)
        with pytest.raises(FetchError) as caught:
            await _run(job, queue, client, folder, never)
    assert (caught.value.reason, caught.value.retry_after) == (Reason.RATE_LIMITED, 31)
