from __future__ import annotations

import dataclasses
import os
from typing import TYPE_CHECKING

import pytest

from scraper.downloads.errors import VolumeError
from scraper.downloads.folder import FORGOTTEN_AFTER, DownloadFolder, prepare_folder
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from storage.queue import Queue


def test_both_folders_are_made_and_making_them_again_changes_nothing(folder: DownloadFolder) -> None:
    prepare_folder(folder)
    prepare_folder(folder)
    assert folder.incomplete.is_dir()


def test_only_part_files_that_nobody_wrote_to_for_long_are_forgotten(folder: DownloadFolder) -> None:
    prepare_folder(folder)
    part, other = folder.incomplete / "a.b.part", folder.incomplete / "notes.txt"
    for path in (part, other):
        path.write_bytes(b"x")
    written = part.stat().st_mtime
    prepare_folder(folder, now=written + FORGOTTEN_AFTER - 1)
    assert part.exists()
    prepare_folder(folder, now=written + FORGOTTEN_AFTER + 1)
    assert not part.exists()
    assert other.exists()


def test_a_link_in_place_of_the_part_folder_is_refused(folder: DownloadFolder, tmp_path: Path) -> None:  # 64
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    folder.path.mkdir()
    folder.incomplete.symlink_to(elsewhere)
    with pytest.raises(VolumeError, match="link") as caught:
        prepare_folder(folder)
    assert caught.value.reason is Reason.DISK_ERROR


@pytest.mark.parametrize("which", ["path", "incomplete"])
def test_a_file_in_place_of_a_folder_is_refused(folder: DownloadFolder, which: str) -> None:  # 65
    path: Path = getattr(folder, which)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"x")
    with pytest.raises(VolumeError):
        prepare_folder(folder)


def test_a_folder_that_may_not_be_written_is_refused(
    folder: DownloadFolder, monkeypatch: pytest.MonkeyPatch
) -> None:  # 65
    prepare_folder(folder)
    monkeypatch.setattr(os, "access", lambda *_: False)  # the tests may run as root
    with pytest.raises(VolumeError, match="not writable"):
        prepare_folder(folder)


async def test_a_new_claim_removes_the_part_files_of_earlier_ones_and_no_others(
    folder: DownloadFolder, queue: Queue, enqueue: Callable[..., Awaitable[None]]
) -> None:  # 68
    await enqueue(["https://a.example/1.mp3", "https://a.example/2.mp3"])
    first, second = await queue.claim(limit=2)
    earlier = dataclasses.replace(first, token="earlier")
    prepare_folder(folder)
    for claim in (first, second, earlier):
        folder.part_of(claim).write_bytes(b"x")
    folder.take_over(first)
    assert {path.name for path in folder.incomplete.iterdir()} == {
        folder.part_of(first).name,
        folder.part_of(second).name,
    }


async def test_the_same_id_of_another_database_has_another_part_file(
    folder: DownloadFolder, queue: Queue, enqueue: Callable[..., Awaitable[None]]
) -> None:
    await enqueue(["https://a.example/1.mp3"])
    (ours,) = await queue.claim(limit=1)
    theirs = dataclasses.replace(ours, key="https://b.example/1.mp3", token="theirs")
    prepare_folder(folder)
    folder.part_of(theirs).write_bytes(b"x")
    folder.take_over(ours)
    assert folder.part_of(theirs).exists()
