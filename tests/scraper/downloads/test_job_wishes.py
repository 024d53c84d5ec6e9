"""What a person may wish for beside the file, and what becomes of a file that others have too."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import time
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from scraper.downloads.draining.acknowledge import Acknowledgements
from scraper.downloads.errors import DownloadError
from scraper.downloads.job import run_job
from scraper.downloads.naming.template import NameTemplate
from scraper.downloads.settings import DrainSettings
from scraper.downloads.workshop import open_workshop
from scraper.http.addresses.identity import post_key
from scraper.http.errors import FetchError
from storage.posts import Posts
from storage.reasons import Reason
from storage.records import DownloadState, LinkKind, Post, Precision, Published, ReadPost, WantedDownload

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from scraper.http.client import Client
    from storage.database import Database
    from storage.queue import Queue
    from storage.records import Download
    from tests.scraper.downloads.conftest import Crate

    Enqueue = Callable[..., Awaitable[None]]
    Run = Callable[..., Awaitable[Path]]


@pytest.fixture
def run(queue: Queue, once: Client, folder: Crate, database: Database) -> Run:
    """Run claimed downloads, one after another, with the settings given."""

    async def work(*downloads: Download, **settings: Any) -> Path:
        async with open_workshop(
            folder.path,
            client=once,
            queue=Acknowledgements(queue, completed=lambda _: None),
            settings=DrainSettings(**{"max_bytes": 10**9, **settings}),
            posts=Posts(database),
            finishing=4,
            clock=time.time,
        ) as shop:
            for download in downloads:
                path = await run_job(
                    download,
                    shop,
                    on_bytes=lambda _: None,
                    announced=lambda _: None,
                    received=lambda: None,
                    sleep=asyncio.sleep,
                )
        return path

    return work


def _files(folder: Crate) -> dict[str, bytes]:
    inside = (path for path in folder.path.rglob("*") if folder.incomplete not in path.parents)
    return {str(path.relative_to(folder.path)): path.read_bytes() for path in inside if path.is_file()}


def _archive(**files: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


async def _queue_a_post(database: Database, url: str, **more: Any) -> None:
    address = "https://blog.example/2024/velvet/"
    post = Post(
        url=address, key=post_key(address), blog="https://www.blog.example/", title="Kora - Velvet (Dub)",
        artist="Kora", track="Velvet", version="Dub", genres=("deep house",),
        published=Published(text="2024-05-17", precision=Precision.DAY, timestamp=1715904000.0),
    )  # fmt: skip
    wanted = WantedDownload(
        key=url, url=url, host="files.example", kind=LinkKind.DIRECT, stem="Kora - Velvet (Dub)",
        referer=address, **more,
    )  # fmt: skip
    await Posts(database).save([ReadPost(post=post, matched=("any",), wanted=(wanted,))])


async def test_a_template_names_files_by_what_the_post_says_and_a_sidecar_tells_it_all(
    *, serve: Any, music: Any, wav: Any, queue: Queue, database: Database, folder: Crate, run: Run
) -> None:
    async with serve(music) as url:
        await _queue_a_post(database, f"{url}/1.mp3")
        (job,) = await queue.claim(limit=1)
        path = await run(job, name=NameTemplate.parse("{blog}/{year}/{artist} - {title}"), sidecar=True)
    assert path == folder.path / "blog.example" / "2024" / "Kora - Velvet (Dub).wav"
    told = json.loads(path.with_name(f"{path.name}.json").read_bytes())
    assert told["post"]["url"] == "https://blog.example/2024/velvet/"
    assert told["file"]["sha256"] == hashlib.sha256(wav("/1.mp3")).hexdigest()
    assert told["file"]["seconds"] > 0
    assert len(_files(folder)) == 2


async def test_a_sidecar_that_was_written_before_a_crash_keeps_what_it_knows(
    *, serve: Any, music: Any, queue: Queue, database: Database, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def die(*_: object, **__: object) -> None:
        raise asyncio.CancelledError

    async with serve(music) as url:
        await _queue_a_post(database, f"{url}/1.mp3")
        (job,) = await queue.claim(limit=1)
        with monkeypatch.context() as patch:
            patch.setattr(Acknowledgements, "complete", die)
            with pytest.raises(asyncio.CancelledError):
                await run(job, sidecar=True)
        await queue.release(job)
        path = await run(*await queue.claim(limit=1), sidecar=True)
        told = json.loads(path.with_name(f"{path.name}.json").read_bytes())
        assert told["link"]["address"] == f"{url}/1.mp3"


async def test_the_same_content_behind_two_links_is_one_file(
    *, serve: Any, wav: Any, queue: Queue, enqueue: Enqueue, folder: Crate, run: Run
) -> None:  # 9
    async def answer(_: web.BaseRequest) -> web.Response:
        return web.Response(body=wav("same"))

    async with serve(answer) as url:
        await enqueue([f"{url}/1?token=a", f"{url}/2?token=b"])  # two names, one content
        await run(*await queue.claim(limit=2), sidecar=True)
    rows = await queue.list(limit=10)
    assert [row.state for row in rows] == [DownloadState.DONE] * 2
    assert len({row.path for row in rows}) == 1
    assert set(_files(folder)) == {"Kora - Take 0.wav", "Kora - Take 0.wav.json"}


async def test_a_content_whose_file_was_taken_away_is_stored_again(
    *, serve: Any, wav: Any, queue: Queue, enqueue: Enqueue, folder: Crate, run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    async def answer(_: web.BaseRequest) -> web.Response:
        return web.Response(body=wav("same"))

    monkeypatch.setattr("scraper.downloads.publishing.finishing._BETWEEN_LOOKS", 0)
    async with serve(answer) as url:
        await enqueue([f"{url}/1", f"{url}/2"])
        first, second = await queue.claim(limit=2)
        (await run(first)).unlink()
        await run(second)
    assert set(_files(folder)) == {"Kora - Take 1.wav"}


async def test_an_archive_is_unpacked_beside_itself_and_stays(
    *, serve: Any, wav: Any, queue: Queue, enqueue: Enqueue, folder: Crate, run: Run
) -> None:
    packed = _archive(
        **{"EP/01 One.wav": wav(1), "EP/02 Two.wav": wav(2), "EP/setup.exe": b"MZ" + bytes(100)}
    )

    async def answer(_: web.BaseRequest) -> web.Response:
        return web.Response(body=packed)

    async with serve(answer) as url:
        await enqueue([f"{url}/ep.zip"], stem="Kora - EP", kind=LinkKind.ARCHIVE)
        (job,) = await queue.claim(limit=1)
        await run(job, unpack=True)
    files = _files(folder)
    assert set(files) == {"Kora - EP.zip", "Kora - EP/01 One.wav", "Kora - EP/02 Two.wav"}
    assert files["Kora - EP/01 One.wav"] == wav(1)
    assert files["Kora - EP.zip"] == packed
    assert list(folder.incomplete.iterdir()) == []


async def test_a_run_that_died_while_it_unpacked_is_made_good_without_a_request(
    *, serve: Any, wav: Any, queue: Queue, enqueue: Enqueue, folder: Crate, run: Run, once: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    async def answer(_: web.BaseRequest) -> web.Response:
        return web.Response(body=_archive(**{"One.wav": wav(1)}))

    async def die(*_: object) -> None:
        raise asyncio.CancelledError

    async with serve(answer) as url:
        await enqueue([f"{url}/ep.zip"], stem="EP", kind=LinkKind.ARCHIVE)
        (job,) = await queue.claim(limit=1)
        with monkeypatch.context() as patch:
            patch.setattr("scraper.downloads.job.unpack_beside", die)
            with pytest.raises(asyncio.CancelledError):
                await run(job, unpack=True)
        await queue.release(job)
        sent = once.requests
        await run(*await queue.claim(limit=1), unpack=True)
        await queue.retry()
    assert once.requests == sent
    assert set(_files(folder)) == {"EP.zip", "EP/One.wav"}


async def test_an_archive_with_nothing_to_take_out_stays_alone(
    *, serve: Any, queue: Queue, enqueue: Enqueue, folder: Crate, run: Run
) -> None:
    async def answer(_: web.BaseRequest) -> web.Response:
        return web.Response(body=_archive(**{"data.xyz": bytes(100)}))

    async with serve(answer) as url:
        await enqueue([f"{url}/ep.zip"], stem="EP", kind=LinkKind.ARCHIVE)
        (job,) = await queue.claim(limit=1)
        await run(job, unpack=True)
    assert set(_files(folder)) == {"EP.zip"}


async def test_what_is_refused_is_kept_apart_with_its_reason_when_wished(
    *, serve: Any, queue: Queue, enqueue: Enqueue, folder: Crate, run: Run
) -> None:  # 24
    async def answer(_: web.BaseRequest) -> web.Response:
        return web.Response(body=b"\xff\xfb" + b"no music at all" * 400, content_type="audio/mpeg")

    async with serve(answer) as url:
        await enqueue([f"{url}/1.mp3", f"{url}/2.mp3"], format="mp3")
        first, second = await queue.claim(limit=2)
        with pytest.raises(DownloadError) as caught:
            await run(first, keep_rejected=True)
        with pytest.raises(DownloadError):
            await run(second)
    assert caught.value.reason in {Reason.PROBE_FAILED, Reason.NOT_AUDIO}
    kept = {path.suffix: path for path in (folder.path / ".rejected").iterdir()}
    assert kept.keys() == {".mp3", ".json"}
    assert str(kept[".mp3"].relative_to(folder.path)) in (caught.value.detail or "")
    assert json.loads(kept[".json"].read_bytes())["reason"] == caught.value.reason
    assert list(folder.incomplete.iterdir()) == []


async def test_a_file_that_is_not_what_the_link_declares_is_tried_again_and_never_published(
    *, serve: Any, music: Any, wav: Any, queue: Queue, database: Database, folder: Crate, run: Run
) -> None:
    right = hashlib.sha256(wav("/1")).hexdigest()
    async with serve(music) as url:
        await _queue_a_post(database, f"{url}/2", checksum=f"sha256:{right}")
        (job,) = await queue.claim(limit=1)
        with pytest.raises(DownloadError) as caught:
            await run(job)
    assert caught.value.reason is Reason.CHECKSUM
    assert _files(folder) == {}


async def test_an_error_that_no_later_try_can_mend_leaves_no_part(
    *, serve: Any, wav: Any, queue: Queue, enqueue: Enqueue, folder: Crate, run: Run
) -> None:
    body, answers = wav("x", 3_000_000), 0
    headers = {"ETag": '"1"', "Content-Length": str(len(body))}

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        nonlocal answers
        answers += 1
        if answers > 1:
            return web.Response(status=410)
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        await response.write(body[:2_000_000])
        assert request.transport is not None
        request.transport.abort()
        return response

    async with serve(answer) as url:
        await enqueue([f"{url}/1"])
        (job,) = await queue.claim(limit=1)
        with pytest.raises(FetchError):
            await run(job)
        assert any(folder.incomplete.iterdir())
        await queue.release(job)
        (job,) = await queue.claim(limit=1)
        with pytest.raises(FetchError) as caught:
            await run(job)
    assert caught.value.reason is Reason.GONE
    assert list(folder.incomplete.iterdir()) == []
