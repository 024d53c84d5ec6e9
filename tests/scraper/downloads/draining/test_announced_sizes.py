"""What a server announced of a file that did not come stays with the row: plans need not ask again."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from scraper.downloads.draining.disk import Volume
from scraper.downloads.errors import VolumeError
from storage.reasons import Reason
from storage.records import DownloadState, Selection
from tests.scraper.downloads.draining.drains import until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from scraper.downloads.draining.drain import Drain
    from storage.queue import Queue

    Enqueue = Callable[..., Awaitable[None]]
    MakeDrain = Callable[..., Drain]

SIZE = 50_000


async def _begin(request: web.BaseRequest, size: int = SIZE) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": str(size), "Content-Type": "audio/wav"})
    await response.prepare(request)
    await response.write(b"RIFF" + bytes(996))
    return response


async def _cut(request: web.BaseRequest) -> web.StreamResponse:
    response = await _begin(request)
    assert request.transport is not None
    request.transport.close()
    return response


async def _huge(request: web.BaseRequest) -> web.StreamResponse:
    return await _begin(request, 10**12)


async def _beyond_any(request: web.BaseRequest) -> web.StreamResponse:
    return await _begin(request, 10**17)


async def _missing(_: web.BaseRequest) -> web.StreamResponse:
    return web.Response(status=404, body=bytes(SIZE))


async def _page(request: web.BaseRequest) -> web.StreamResponse:
    if request.path != "/quota":
        raise web.HTTPFound("/quota")
    return web.Response(text="<!DOCTYPE html><html><body>used up</body></html>", content_type="text/html")


async def _empty(_: web.BaseRequest) -> web.StreamResponse:
    return web.Response(body=b"", content_type="audio/wav")


async def _endless(request: web.BaseRequest) -> web.StreamResponse:
    response = web.StreamResponse()
    response.enable_chunked_encoding()
    await response.prepare(request)
    await response.write(b"RIFF" + bytes(996))
    assert request.transport is not None
    request.transport.close()
    return response


@pytest.mark.parametrize(
    ("answer", "reason", "size"),
    [
        pytest.param(_cut, None, SIZE, id="cut off"),
        pytest.param(_huge, Reason.TOO_LARGE, 10**12, id="too large"),
        pytest.param(_beyond_any, Reason.TOO_LARGE, 10**17, id="no disk has it"),
        pytest.param(_missing, Reason.NOT_FOUND, None, id="an error has no size of the file"),
        pytest.param(_page, Reason.HTML_INSTEAD, None, id="nor has a page"),
        pytest.param(_empty, Reason.EMPTY_BODY, None, id="nothing is not a size"),
        pytest.param(_endless, None, None, id="not announced"),
    ],
)
async def test_the_size_of_what_did_not_come_is_kept(
    *, serve: Any, queue: Queue, enqueue: Enqueue, drain: MakeDrain, answer: Any, reason: Reason | None,
    size: int | None,
) -> None:  # fmt: skip
    async with serve(answer) as url:
        await enqueue([f"{url}/1"])
        await drain().run(most=1)
    (row,) = await queue.list()
    assert row.state in {DownloadState.WAITING, DownloadState.FAILED}
    assert row.size == size
    assert reason in {None, row.reason}


async def test_a_page_in_place_of_the_file_does_not_change_the_size_that_was_known(
    serve: Any, queue: Queue, enqueue: Enqueue, drain: MakeDrain
) -> None:
    answer = _cut

    async def first_this_then_that(request: web.BaseRequest) -> web.StreamResponse:
        return await answer(request)

    async with serve(first_this_then_that) as url:
        await enqueue([f"{url}/1"])
        await drain().run(most=1)
        await queue.hurry(Selection())
        answer = _page
        await drain().run(most=1)
    (row,) = await queue.list()
    assert (row.reason, row.size) == (Reason.HTML_INSTEAD, SIZE)


async def test_what_is_under_way_when_a_run_is_interrupted_keeps_its_size(
    serve: Any, queue: Queue, enqueue: Enqueue, drain: MakeDrain
) -> None:
    async def hang(request: web.BaseRequest) -> web.StreamResponse:
        await _begin(request)
        await asyncio.Event().wait()
        raise AssertionError

    async with serve(hang) as url:
        await enqueue([f"{url}/1"])
        drained = drain()
        task = asyncio.create_task(drained.run())
        async with asyncio.timeout(20):
            await until(lambda: bool(drained.counts.bytes))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    (row,) = await queue.list()
    assert (row.state, row.attempts, row.size) == (DownloadState.WAITING, 0, SIZE)
    assert drained.counts.sizes == {}


@pytest.mark.parametrize(("room", "is_low"), [(20_000, False), (0, True)], ids=["for it", "for anything"])
async def test_what_finds_no_room_keeps_its_size(
    *, serve: Any, queue: Queue, enqueue: Enqueue, drain: MakeDrain, monkeypatch: pytest.MonkeyPatch,
    room: int, is_low: bool,
) -> None:  # fmt: skip
    monkeypatch.setattr(Volume, "room", lambda _: room)
    monkeypatch.setattr(Volume, "is_low", lambda *_: is_low)
    async with serve(_cut) as url:
        await enqueue([f"{url}/1"])
        with pytest.raises(VolumeError) if is_low else nullcontext():
            await drain().run()
    (row,) = await queue.list()
    assert (row.reason, row.attempts, row.size) == (Reason.DISK_FULL, 0, SIZE)
