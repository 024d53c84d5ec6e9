from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from scraper.downloads.draining.disk import Volume
from scraper.downloads.draining.drain import Drain
from scraper.downloads.draining.shortage import LOOK_EVERY, TRY_AFTER, Shortage
from scraper.downloads.errors import VolumeError
from scraper.downloads.settings import DrainSettings
from storage.reasons import Reason
from storage.records import DownloadState, Selection

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from scraper.http.client import Client
    from storage.queue import Queue
    from tests.scraper.downloads.conftest import Crate

FULL = VolumeError(Reason.DISK_FULL, "/crate", detail="No space left on device")


class _Volume(Volume):
    """A volume whose room a test decides."""

    def __init__(self, room: int) -> None:
        super().__init__(Path("/crate"))
        self.left = room

    def room(self) -> int:
        return self.left


class _Time:
    """A clock that only sleeping moves; something may happen at a moment of it."""

    def __init__(self, events: dict[float, Callable[[], None]] | None = None) -> None:
        self.now = 0.0
        self._events = events or {}

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        for moment in [moment for moment in self._events if moment <= self.now]:
            self._events.pop(moment)()


def _shortage(time: _Time, patience: float = 600.0) -> Shortage:
    return Shortage(patience=patience, clock=time, sleep=time.sleep)


async def test_a_full_disk_is_waited_for_until_more_is_free() -> None:  # 65
    volume = _Volume(0)
    time = _Time({10.0: lambda: setattr(volume, "left", 5000)})
    shortage = _shortage(time)
    shortage.began(FULL, volume)
    await shortage.wait(volume)
    assert shortage.error is None
    assert 10 <= time.now < 10 + LOOK_EVERY


async def test_where_no_figure_tells_a_try_does() -> None:
    time, volume = _Time(), _Volume(10**9)  # a quota: the volume has room, its user has none
    shortage = _shortage(time)
    shortage.began(FULL, volume)
    await shortage.wait(volume)
    assert time.now == pytest.approx(TRY_AFTER, abs=LOOK_EVERY)


async def test_patience_is_for_the_whole_shortage_and_whole_again_after_a_file() -> None:
    time, volume = _Time(), _Volume(0)
    shortage = _shortage(time, patience=100.0)

    async def try_until_it_raises() -> None:
        for _ in range(20):
            shortage.began(FULL, volume)
            await shortage.wait(volume)

    with pytest.raises(VolumeError, match="No space left"):
        await try_until_it_raises()
    assert time.now == pytest.approx(100.0, abs=LOOK_EVERY)
    shortage.error = None
    shortage.over()
    with pytest.raises(VolumeError):
        await try_until_it_raises()
    assert time.now == pytest.approx(200.0, abs=2 * LOOK_EVERY)


@pytest.mark.parametrize(
    ("error", "patience"),
    [(FULL, 0.0), (VolumeError(Reason.DISK_ERROR, "/crate", detail="Read-only file system"), 600.0)],
    ids=["no patience", "no shortage of room"],
)
def test_what_is_not_to_be_waited_for_is_raised(error: VolumeError, patience: float) -> None:
    with pytest.raises(VolumeError) as caught:
        _shortage(_Time(), patience).began(error, _Volume(0))
    assert caught.value is error


async def test_a_drain_goes_on_when_there_is_room_and_no_attempt_is_lost(
    *, serve: Any, music: Any, queue: Queue, enqueue: Callable[..., Awaitable[None]], once: Client,
    folder: Crate, monkeypatch: pytest.MonkeyPatch,
) -> None:  # 65  # fmt: skip
    write, refused, naps = os.pwrite, 0, 0

    def full(*args: Any) -> int:
        nonlocal refused
        if naps < 3:
            refused += 1
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(*args)

    async def nap(_: float) -> None:
        nonlocal naps
        naps += 1
        rows = await queue.list(limit=100)
        assert {row.attempts for row in rows if row.state is DownloadState.WAITING} <= {0}

    monkeypatch.setattr("scraper.downloads.part.file.os.pwrite", full)
    async with serve(music) as url:
        await enqueue([f"{url}/{number}" for number in range(30)], hosts=6)
        drain = Drain(
            queue=queue, client=once, folder=folder.path, concurrency=4, sleep=nap, patience=600.0,
            settings=DrainSettings(max_bytes=10**8),
        )  # fmt: skip
        drain._shortage._clock = lambda: naps * LOOK_EVERY
        counts = await drain.run()
    assert refused
    assert (counts.done, counts.put_back, counts.failed.total()) == (30, 0, 0)
    assert {row.attempts for row in await queue.list(limit=100)} == {1}


async def test_a_file_that_does_not_fit_waits_and_the_others_are_fetched(
    *, serve: Any, wav: Any, queue: Queue, enqueue: Callable[..., Awaitable[None]], once: Client,
    folder: Crate, monkeypatch: pytest.MonkeyPatch,
) -> None:  # 65  # fmt: skip
    async def answer(request: web.BaseRequest) -> web.Response:
        return web.Response(body=wav(request.path, 50_000 if request.path == "/0" else 4096))

    monkeypatch.setattr(Volume, "room", lambda _: 20_000)
    async with serve(answer) as url:
        await enqueue([f"{url}/{number}" for number in range(6)], hosts=1)
        settings = DrainSettings(max_bytes=10**8)
        counts = await Drain(
            queue=queue, client=once, folder=folder.path, concurrency=1, settings=settings
        ).run()
    assert (counts.done, counts.later) == (5, {Reason.DISK_FULL: 1})
    (large,) = await queue.list(Selection(states=[DownloadState.WAITING]))
    assert (large.reason, large.attempts) == (Reason.DISK_FULL, 0)
    assert large.detail == "it needs 50,000 bytes, 20,000 are free for it"
