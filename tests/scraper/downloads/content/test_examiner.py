"""Real processes that judge real files."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from scraper.downloads.content import examiner as module
from scraper.downloads.content.examiner import Examiner
from scraper.downloads.content.verdict import Content
from scraper.downloads.errors import DownloadError
from scraper.worker.worker import Worker
from storage.reasons import Reason
from tests.scraper.downloads.content.whole_files import flac, mp3, opus, wav

if TYPE_CHECKING:
    from pathlib import Path

WHERE = "https://files.example/x"


@pytest.fixture
def songs(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"{number}.part" for number in range(4)]
    for path, content in zip(paths, (mp3(), flac(), opus(), wav()), strict=True):
        path.write_bytes(content)
    return paths


@pytest.fixture
def endless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that nobody comes to the end of. Calls with it are given little time, all others enough."""
    path = tmp_path / "endless"
    os.mkfifo(path)  # whoever opens it to read waits for ever
    whole_call = Worker.call

    async def call(self: Worker, function: Any, paths: list[Path], **more: Any) -> Any:
        self._limits = replace(self._limits, seconds=0.1 if path in paths else 20)
        return await whole_call(self, function, paths, **more)

    monkeypatch.setattr(Worker, "call", call)
    return path


async def test_files_are_judged_in_one_process_which_ends_with_the_run(
    songs: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 60)
    async with Examiner() as examiner:
        assert examiner.pids == []
        found = await asyncio.gather(*(examiner.examine(song, WHERE, to_the_end=True) for song in songs))
        assert [content.extension for content in found] == ["mp3", "flac", "opus", "wav"]
        (pid,) = examiner.pids
    assert pid != os.getpid()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_a_process_that_was_begun_before_is_the_one_that_is_used(songs: list[Path]) -> None:
    async with Examiner() as examiner:
        examiner.warm()
        examiner.warm()
        await examiner.examine(songs[0], WHERE, to_the_end=False)
        assert len(examiner.pids) == 1


async def test_a_process_that_is_begun_and_not_used_ends_too() -> None:
    async with Examiner() as examiner:
        examiner.warm()
    assert examiner.pids == []


@pytest.mark.parametrize(
    ("content", "to_the_end", "reason"),
    [
        pytest.param(b"", False, Reason.EMPTY_BODY, id="26"),
        pytest.param(b"<html>", False, Reason.NOT_AUDIO, id="24"),
        pytest.param(b"OggS" + bytes(50), False, Reason.PROBE_FAILED, id="58"),
        pytest.param(flac()[:-5], True, Reason.SHORT_BODY, id="31"),
    ],
)
async def test_a_refusal_says_why_and_where(
    tmp_path: Path, content: bytes, to_the_end: bool, reason: Reason
) -> None:
    path = tmp_path / "x.part"
    path.write_bytes(content)
    async with Examiner() as examiner:
        with pytest.raises(DownloadError, match=WHERE) as caught:
            await examiner.examine(path, WHERE, to_the_end=to_the_end)
    assert caught.value.reason is reason


async def test_a_file_that_is_not_there_is_an_error_of_the_disk(tmp_path: Path) -> None:
    async with Examiner() as examiner:
        with pytest.raises(FileNotFoundError):
            await examiner.examine(tmp_path / "gone", WHERE, to_the_end=False)


async def test_a_file_that_takes_too_long_is_refused_and_the_next_one_is_judged(  # 58
    songs: list[Path], endless: Path
) -> None:
    async with Examiner() as examiner:
        with pytest.raises(DownloadError, match="longer than") as caught:
            await examiner.examine(endless, WHERE, to_the_end=False)
        assert caught.value.reason is Reason.PROBE_FAILED
        assert (await examiner.examine(songs[0], WHERE, to_the_end=False)).extension == "mp3"


async def test_a_file_that_keeps_others_waiting_gets_a_second_process_begun(  # 58
    tmp_path: Path, songs: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.01)
    os.mkfifo(tmp_path / "endless")
    async with Examiner() as examiner:
        waiting = asyncio.create_task(examiner.examine(tmp_path / "endless", WHERE, to_the_end=False))
        await asyncio.sleep(0)
        assert (await examiner.examine(songs[0], WHERE, to_the_end=False)).extension == "mp3"
        assert len(examiner.pids) == 2
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting


async def test_a_file_whose_process_was_killed_is_judged_by_the_next(songs: list[Path]) -> None:
    async with Examiner() as examiner:
        await examiner.examine(songs[0], WHERE, to_the_end=False)
        os.kill(examiner.pids[0], signal.SIGKILL)
        assert (await examiner.examine(songs[1], WHERE, to_the_end=False)).extension == "flac"


async def test_files_that_come_while_the_process_is_busy_go_to_it_together(
    songs: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []

    async def call(self: Worker, function: Any, paths: list[Path], **more: Any) -> Any:
        calls.append(len(paths))
        return await whole_call(self, function, paths, **more)

    whole_call = Worker.call
    monkeypatch.setattr(Worker, "call", call)
    monkeypatch.setattr(module, "PATIENCE", 60)
    async with Examiner() as examiner:
        ends = (False, False, False, True, False)
        asked = [examiner.examine(songs[0], WHERE, to_the_end=to_the_end) for to_the_end in ends]
        assert {content.extension for content in await asyncio.gather(*asked)} == {"mp3"}
    assert calls == [1, 2, 1, 1]  # to find the end of a file is work for itself


async def test_a_file_that_takes_too_long_spoils_nothing_for_those_beside_it(  # 58
    *, tmp_path: Path, songs: list[Path], endless: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 60)
    paths = [songs[0], songs[1], endless, tmp_path / "gone", songs[2]]
    async with Examiner() as examiner:
        asked = [examiner.examine(path, WHERE, to_the_end=False) for path in paths]
        first, second, too_long, gone, third = await asyncio.gather(*asked, return_exceptions=True)
    found = [content.extension for content in (first, second, third) if isinstance(content, Content)]
    assert found == ["mp3", "flac", "opus"]
    assert isinstance(too_long, DownloadError)
    assert too_long.reason is Reason.PROBE_FAILED
    assert isinstance(gone, FileNotFoundError)


async def test_who_is_cancelled_takes_no_place_away_from_others(tmp_path: Path, songs: list[Path]) -> None:
    os.mkfifo(tmp_path / "endless")
    async with Examiner() as examiner:
        for _ in range(3):
            waiting = asyncio.create_task(examiner.examine(tmp_path / "endless", WHERE, to_the_end=False))
            await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
        assert (await examiner.examine(songs[0], WHERE, to_the_end=False)).extension == "mp3"


async def test_where_no_process_can_be_started_a_thread_judges(
    songs: list[Path], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "executable", "")
    with caplog.at_level(logging.WARNING):
        async with Examiner() as examiner:
            examiner.warm()
            found = [await examiner.examine(song, WHERE, to_the_end=True) for song in songs]
    assert [content.extension for content in found] == ["mp3", "flac", "opus", "wav"]
    assert len(caplog.records) == 1
