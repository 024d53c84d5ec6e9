"""Unpacking in a process of its own: into a new folder, or not at all."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import sys
from typing import TYPE_CHECKING, Any

import pytest

from scraper.downloads.errors import DownloadError
from scraper.downloads.unpacking import unpack as module
from scraper.downloads.unpacking.report import Unpacked, UnpackLimits
from scraper.downloads.unpacking.unpack import unpack
from storage.reasons import Reason
from tests.scraper.downloads.content.whole_files import mp3
from tests.scraper.downloads.unpacking.hostile_archives import (
    OTHER,
    SONG,
    ZIP_TRAPS,
    Member,
    hang,
    with_flag,
    zip_of,
)
from tests.scraper.downloads.unpacking.locked_archives import PASSWORD, Locked, locked_zip
from tests.scraper.downloads.unpacking.outcomes import names_of, opened, reasons

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIMITS = UnpackLimits(total=100_000_000)
WHERE = "https://files.example/a.zip"


@pytest.fixture
def incomplete(tmp_path: Path) -> Iterator[int]:
    folder = tmp_path / ".incomplete"
    folder.mkdir()
    with opened(folder) as descriptor:
        yield descriptor


async def _unpack(tmp_path: Path, incomplete: int, archive: bytes, **more: Any) -> Unpacked:
    (tmp_path / ".incomplete" / "k.1.part").write_bytes(archive)
    options: dict[str, Any] = {"into": "k.1.unpacked", "kind": "zip", "limits": LIMITS, "where": WHERE} | more
    return await unpack("k.1.part", incomplete, **options)


def _there(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / ".incomplete").iterdir())


async def test_a_process_of_its_own_unpacks_it_into_a_new_folder(tmp_path: Path, incomplete: int) -> None:
    found = await _unpack(tmp_path, incomplete, zip_of("A/1.mp3", Member(name="A/b/2.flac", data=OTHER)))
    assert names_of(found) == ["1.mp3", "b/2.flac"]
    folder = tmp_path / ".incomplete" / "k.1.unpacked"
    assert (folder / "1.mp3").read_bytes() == SONG
    assert (folder / "b" / "2.flac").read_bytes() == OTHER
    assert found.files[0].size == len(SONG)


async def test_an_archive_that_is_published_already_is_unpacked_by_its_path(
    tmp_path: Path, incomplete: int
) -> None:
    (tmp_path / "a.zip").write_bytes(zip_of("1.mp3"))
    found = await unpack(tmp_path / "a.zip", incomplete, into="x", kind="zip", limits=LIMITS, where=WHERE)
    assert names_of(found) == ["1.mp3"]
    assert _there(tmp_path) == ["x"]


@pytest.mark.parametrize(
    ("archive", "reason"),
    [
        pytest.param(ZIP_TRAPS["60 cut directory"], Reason.PROBE_FAILED, id="60 broken"),
        pytest.param(zip_of("a.mp3"), Reason.TOO_LARGE, id="60 too large"),
    ],
)
async def test_of_a_refused_archive_nothing_is_left(
    tmp_path: Path, incomplete: int, archive: bytes, reason: Reason
) -> None:
    with pytest.raises(DownloadError, match=WHERE) as caught:
        await _unpack(tmp_path, incomplete, archive, limits=UnpackLimits(total=100))
    assert caught.value.reason is reason
    assert _there(tmp_path) == ["k.1.part"]


async def test_where_nothing_is_taken_there_is_no_folder_but_a_report(
    tmp_path: Path, incomplete: int
) -> None:
    found = await _unpack(tmp_path, incomplete, with_flag(zip_of("a.mp3"), 1))
    assert (found.files, reasons(found)) == ((), {"a.mp3": "it needs a password, and the post tells none"})
    assert _there(tmp_path) == ["k.1.part"]


@pytest.mark.parametrize("has_process", [True, False], ids=["a process", "a thread"])
async def test_the_passwords_of_the_post_are_tried(
    tmp_path: Path, incomplete: int, monkeypatch: pytest.MonkeyPatch, has_process: bool
) -> None:
    if not has_process:
        monkeypatch.setattr(sys, "executable", "")
    archive = locked_zip(Locked(name="a.mp3"), Locked(name="b.flac", data=OTHER, strength=3))
    found = await _unpack(tmp_path, incomplete, archive, passwords=["no", PASSWORD])
    assert names_of(found) == ["a.mp3", "b.flac"]


async def test_an_archive_that_is_a_link_is_not_opened(tmp_path: Path, incomplete: int) -> None:  # 64
    (tmp_path / "elsewhere.zip").write_bytes(zip_of("a.mp3"))
    (tmp_path / ".incomplete" / "l.part").symlink_to(tmp_path / "elsewhere.zip")
    with pytest.raises(OSError, match="symbolic links") as caught:
        await unpack("l.part", incomplete, into="x", kind="zip", limits=LIMITS, where=WHERE)
    assert caught.value.errno == errno.ELOOP
    assert _there(tmp_path) == ["l.part"]


async def test_a_link_in_place_of_the_new_folder_leads_nowhere(tmp_path: Path, incomplete: int) -> None:  # 64
    (tmp_path / "victim").mkdir()
    (tmp_path / "victim" / "kept").write_bytes(b"kept")
    (tmp_path / ".incomplete" / "k.1.unpacked").symlink_to(tmp_path / "victim")
    with pytest.raises(OSError, match=r"symbolic link|k\.1\.unpacked"):
        await _unpack(tmp_path, incomplete, zip_of("a.mp3"))
    assert [path.name for path in (tmp_path / "victim").iterdir()] == ["kept"]


async def test_a_file_system_that_fails_is_an_error_of_the_disk(  # 65
    tmp_path: Path, incomplete: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "")
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "No space left")))
    with pytest.raises(OSError, match="No space left") as caught:
        await _unpack(tmp_path, incomplete, zip_of("a.mp3"))
    assert caught.value.errno == errno.ENOSPC
    assert _there(tmp_path) == ["k.1.part"]


@pytest.mark.parametrize("has_process", [True, False], ids=["a process", "a thread"])
async def test_cancelled_it_ends_and_leaves_nothing(  # 60
    tmp_path: Path, incomplete: int, monkeypatch: pytest.MonkeyPatch, has_process: bool
) -> None:
    if not has_process:
        monkeypatch.setattr(sys, "executable", "")
    archive = zip_of(*(Member(name=f"{n}.mp3", data=mp3(12 + n % 50)) for n in range(9000)))
    limits = UnpackLimits(total=1 << 30, taken=9000)
    unpacking = asyncio.create_task(_unpack(tmp_path, incomplete, archive, limits=limits))
    folder = tmp_path / ".incomplete" / "k.1.unpacked"
    while not unpacking.done() and not any(folder.glob("*")):  # noqa: ASYNC110 - a folder tells nobody
        await asyncio.sleep(0.01)
    unpacking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await unpacking
    assert _there(tmp_path) == ["k.1.part"]


async def test_where_no_process_can_be_started_a_thread_unpacks(
    tmp_path: Path, incomplete: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "executable", "")
    with caplog.at_level(logging.WARNING):
        found = await _unpack(tmp_path, incomplete, zip_of("a.mp3"))
    assert names_of(found) == ["a.mp3"]
    assert "No process to unpack in" in caplog.text


async def test_a_process_that_hangs_is_killed(
    tmp_path: Path, incomplete: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_GRACE", 1.0)
    monkeypatch.setattr(module, "take", hang)
    with pytest.raises(DownloadError, match="longer than"):
        await _unpack(tmp_path, incomplete, zip_of("a.mp3"), limits=UnpackLimits(total=1, seconds=0))
    assert _there(tmp_path) == ["k.1.part"]
