from __future__ import annotations

import asyncio
import errno
import gzip
import hashlib
import itertools
import os
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from scraper.downloads.errors import DownloadError
from scraper.downloads.transfer import Received, transfer
from scraper.http.errors import FetchError
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from scraper.http.client import Client

    Answer = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

BODY = bytes(range(256)) * 20_000  # more than is written at once
HTML = b"<!DOCTYPE html><html><body>Your file is here: pay first</body></html>"


async def _fetch(client: Client, url: str, part: Path, *, most: int = 10**9, **more: Any) -> Received:
    return await transfer(client, url, part, max_bytes=most, on_bytes=lambda _: None, **more)


def _parts(folder: Path) -> list[Path]:
    return list(folder.glob("*.part"))


def _answer(**how: Any) -> Answer:
    async def answer(_: web.BaseRequest) -> web.StreamResponse:
        return web.Response(**how)

    return answer


async def test_a_body_arrives_whole_and_hashed(serve: Any, once: Client, tmp_path: Path) -> None:
    counted: list[int] = []
    async with serve(_answer(body=BODY)) as url:
        received = await transfer(
            once, url, tmp_path / "x.part", max_bytes=len(BODY), on_bytes=counted.append
        )
    assert received == Received(size=len(BODY), sha256=hashlib.sha256(BODY).hexdigest())
    assert (tmp_path / "x.part").read_bytes() == BODY
    assert sum(counted) == len(BODY)


async def _breaks_off(request: web.BaseRequest) -> web.StreamResponse:
    response = web.StreamResponse()
    response.content_length = 2 * len(BODY)
    await response.prepare(request)
    await response.write(BODY)
    assert request.transport is not None
    request.transport.close()
    return response


async def _chunks_without_end(request: web.BaseRequest) -> web.StreamResponse:
    response = web.StreamResponse()
    response.enable_chunked_encoding()
    await response.prepare(request)
    await response.write(BODY)
    assert request.transport is not None
    request.transport.close()
    return response


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        pytest.param(_answer(body=b""), Reason.EMPTY_BODY, id="26 empty body"),
        pytest.param(_answer(status=206, body=BODY), Reason.PROTOCOL_ERROR, id="32 206 to a plain GET"),
        pytest.param(_answer(status=304), Reason.PROTOCOL_ERROR, id="304 to a plain GET"),
        pytest.param(_answer(body=HTML, content_type="audio/mpeg"), Reason.NOT_AUDIO, id="24 html as mp3"),
        pytest.param(_answer(body=HTML, content_type="text/html"), Reason.NOT_AUDIO, id="23 L54 html"),
        pytest.param(_answer(body=b'{"error": 1}'), Reason.NOT_AUDIO, id="21 json"),
        pytest.param(_answer(status=404), Reason.NOT_FOUND, id="not found"),
        pytest.param(_answer(status=503), Reason.SERVER_ERROR, id="server error"),
        pytest.param(_breaks_off, Reason.SHORT_BODY, id="28 shorter than announced"),
        pytest.param(_chunks_without_end, Reason.SHORT_BODY, id="29 chunks without end"),
        pytest.param(
            _answer(body=gzip.compress(BODY)[:-9], headers={"Content-Encoding": "gzip"}),
            Reason.SHORT_BODY,
            id="28 compression without end",
        ),
    ],
)
async def test_what_is_no_file_has_its_reason_and_leaves_nothing(
    serve: Any, once: Client, tmp_path: Path, answer: Answer, reason: Reason
) -> None:
    async with serve(answer) as url:
        with pytest.raises((DownloadError, FetchError)) as caught:
            await _fetch(once, url, tmp_path / "x.part")
    assert caught.value.reason is reason  # type: ignore[attr-defined]
    assert _parts(tmp_path) == []


async def test_a_page_is_refused_before_it_is_read_to_its_end(
    serve: Any, once: Client, tmp_path: Path
) -> None:  # 24
    never = asyncio.Event()

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"\n  <html>")
        await never.wait()
        return response

    async with serve(answer) as url:
        with pytest.raises(DownloadError) as caught:
            await asyncio.wait_for(_fetch(once, url, tmp_path / "x.part"), 4)
    assert caught.value.reason is Reason.NOT_AUDIO


@pytest.mark.parametrize("announced", [True, False])
async def test_a_body_over_the_limit_is_given_up(
    serve: Any, once: Client, tmp_path: Path, *, announced: bool
) -> None:
    sent = 0

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        if announced:
            response.content_length = 400 * len(BODY)
        await response.prepare(request)
        for _ in range(400):
            await response.write(BODY)
            sent += len(BODY)
        return response

    async with serve(answer) as url:
        with pytest.raises(DownloadError) as caught:
            await _fetch(once, url, tmp_path / "x.part", most=1_000_000)
    assert caught.value.reason is Reason.TOO_LARGE
    assert sent < 100 * len(BODY)
    assert _parts(tmp_path) == []


async def test_a_compressed_answer_is_counted_as_it_grows(
    serve: Any, once: Client, tmp_path: Path
) -> None:  # 41
    bomb = gzip.compress(b"\1" * 50_000_000)
    async with serve(_answer(body=bomb, headers={"Content-Encoding": "gzip"})) as url:
        with pytest.raises(DownloadError) as caught:
            await _fetch(once, url, tmp_path / "x.part", most=1_000_000)
    assert caught.value.reason is Reason.TOO_LARGE


async def _in_pieces(request: web.BaseRequest) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    for _ in range(50):
        await response.write(b"\xff" * 1000)
        await asyncio.sleep(0.001)
    return response


@pytest.mark.parametrize(
    ("seconds", "refused"),
    [
        pytest.param([1.0], False, id="a kilobyte a second"),
        pytest.param([4.0], True, id="45 250 bytes a second"),
        pytest.param([0.01] * 5 + [60.0], True, id="45 a fast start and then a trickle"),
    ],
)
async def test_a_trickle_is_given_up(
    serve: Any, once: Client, tmp_path: Path, seconds: list[float], *, refused: bool
) -> None:
    steps = itertools.accumulate(itertools.chain(seconds, itertools.repeat(seconds[-1])))
    async with serve(_in_pieces) as url:
        try:
            await _fetch(once, url, tmp_path / "x.part", clock=lambda: next(steps))
        except DownloadError as error:
            assert refused
            assert error.reason is Reason.TOO_SLOW  # noqa: PT017 - one of two outcomes
        else:
            assert not refused


async def test_a_transfer_may_not_last_for_ever_however_steady(
    serve: Any, once: Client, tmp_path: Path
) -> None:  # 45
    steps = itertools.chain([0.0, 12 * 3600 + 1.0], itertools.repeat(12 * 3600 + 32.0))
    async with serve(_answer(body=BODY * 10)) as url:
        with pytest.raises(DownloadError) as caught:
            await _fetch(once, url, tmp_path / "x.part", clock=lambda: next(steps))
    assert caught.value.reason is Reason.TOO_SLOW


@pytest.mark.parametrize("link", [False, True], ids=["a file", "a link"])
async def test_a_part_file_that_is_there_already_is_not_written_to(
    serve: Any, once: Client, tmp_path: Path, *, link: bool
) -> None:  # 64
    part, target = tmp_path / "x.part", tmp_path / "target"
    target.write_bytes(b"precious")
    part.symlink_to(target) if link else part.write_bytes(b"precious")
    async with serve(_answer(body=BODY)) as url:
        with pytest.raises(FileExistsError):
            await _fetch(once, url, part)
    assert part.read_bytes() == target.read_bytes() == b"precious"


@pytest.mark.parametrize("call", ["write", "fsync"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO])
async def test_a_failing_disk_is_an_os_error_and_leaves_nothing(
    *, serve: Any, once: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int
) -> None:  # 65
    def fail(*_: object) -> int:
        raise OSError(code, os.strerror(code))

    async with serve(_answer(body=BODY)) as url:
        with monkeypatch.context() as patch:
            patch.setattr(f"scraper.downloads.part_file.os.{call}", fail)
            with pytest.raises(OSError, match=os.strerror(code)):
                await _fetch(once, url, tmp_path / "x.part")
    assert _parts(tmp_path) == []


async def test_what_a_failed_try_wrote_does_not_stay_in_the_way_of_the_next(
    serve: Any, once: Client, tmp_path: Path
) -> None:  # 36
    answers = iter([_breaks_off, _answer(body=BODY[::-1])])

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return await next(answers)(request)

    async with serve(answer) as url:
        with pytest.raises(FetchError):
            await _fetch(once, url, tmp_path / "x.part")
        await _fetch(once, url, tmp_path / "x.part")
    assert (tmp_path / "x.part").read_bytes() == BODY[::-1]


async def test_a_cancelled_transfer_leaves_nothing(serve: Any, once: Client, tmp_path: Path) -> None:
    got = asyncio.Event()

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(BODY)
        await asyncio.sleep(60)
        return response

    async with serve(answer) as url:
        part = tmp_path / "x.part"
        task = asyncio.create_task(transfer(once, url, part, max_bytes=10**9, on_bytes=lambda _: got.set()))
        await got.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert _parts(tmp_path) == []
