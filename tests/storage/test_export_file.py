from __future__ import annotations

import asyncio
import errno
import os
from typing import TYPE_CHECKING

import pytest

from storage.errors import StorageError
from storage.export_file import write_export

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def _chunks(*texts: str) -> AsyncIterator[str]:
    for text in texts:
        yield text


async def _broken() -> AsyncIterator[str]:
    yield "x" * (2 << 20)
    raise KeyError


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param((), id="nothing"),
        pytest.param(("one ", "あ\r\n"), id="small"),
        pytest.param(("a" * 700_000, "é" * 700_000, "b" * 3_000_000, "c"), id="larger than the buffer"),
    ],
)
async def test_the_file_holds_all_chunks(tmp_path: Path, texts: tuple[str, ...]) -> None:
    target = tmp_path / "out.json"
    await write_export(_chunks(*texts), target)
    assert target.read_bytes() == "".join(texts).encode()
    assert _names(tmp_path) == ["out.json"]


async def test_an_old_file_is_replaced(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    target.write_text("old and longer")
    await write_export(_chunks("new"), target)
    assert target.read_text() == "new"


async def test_a_link_to_a_file_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    target = tmp_path / "latest.json"
    target.symlink_to(tmp_path / "there" / "real.json")
    await write_export(_chunks("new"), target)
    assert target.is_symlink()
    assert (tmp_path / "there" / "real.json").read_text() == "new"


async def test_the_old_file_stays_when_reading_the_posts_fails(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    target.write_text("old")
    with pytest.raises(KeyError):
        await write_export(_broken(), target)
    assert target.read_text() == "old"
    assert _names(tmp_path) == ["out.json"]


async def test_the_old_file_stays_when_it_is_interrupted(tmp_path: Path) -> None:
    started = asyncio.Event()

    async def endless() -> AsyncIterator[str]:
        yield "x" * (2 << 20)
        started.set()
        await asyncio.Event().wait()

    target = tmp_path / "out.json"
    target.write_text("old")
    task = asyncio.create_task(write_export(endless(), target))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert target.read_text() == "old"
    assert _names(tmp_path) == ["out.json"]


@pytest.mark.parametrize(
    ("call", "code", "words"),
    [
        pytest.param("fsync", errno.ENOSPC, "disk is full", id="65 ENOSPC"),
        pytest.param("fsync", errno.EDQUOT, "quota is used up", id="65 EDQUOT"),
        pytest.param("fsync", errno.EIO, "cannot be written", id="65 EIO"),
        pytest.param("replace", errno.EROFS, "read-only", id="65 EROFS"),
        pytest.param("replace", errno.EACCES, "not writable", id="65 EACCES"),
    ],
)
async def test_the_old_file_stays_when_the_disk_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int, words: str
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    target = tmp_path / "out.json"
    target.write_text("old")
    monkeypatch.setattr(os, call, refuse)
    with pytest.raises(StorageError, match=words) as caught:
        await write_export(_chunks("new"), target)
    monkeypatch.undo()
    assert caught.value.where == str(target)
    assert target.read_text() == "old"
    assert _names(tmp_path) == ["out.json"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param("missing/out.json", "does not exist", id="missing folder"),
        pytest.param("file/out.json", "not a folder", id="folder is a file"),
        pytest.param("folder", "files only", id="target is a folder"),
        pytest.param("pipe", "files only", id="target is a pipe"),
        pytest.param("x" * 300, "cannot be written", id="name too long"),
    ],
)
async def test_a_target_that_cannot_be_written_is_told(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(StorageError, match=words) as caught:
        await write_export(_chunks("new"), tmp_path / name)
    assert caught.value.next_step
    assert _names(tmp_path) == ["file", "folder", "pipe"]
