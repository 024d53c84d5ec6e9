from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from scraper.downloads.publishing import no_replace
from scraper.downloads.publishing.no_replace import rename_new

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def fd(tmp_path: Path) -> Iterator[int]:
    opened = os.open(tmp_path, os.O_RDONLY)
    yield opened
    os.close(opened)


@pytest.fixture(params=["one call", "under a lock"])
def _how(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "under a lock":
        monkeypatch.setattr(no_replace, "_function", lambda: None)


@pytest.mark.usefixtures("_how")
@pytest.mark.parametrize("kind", ["file", "empty folder", "dangling link"])
def test_a_rename_replaces_nothing(tmp_path: Path, fd: int, kind: str) -> None:  # 64
    (tmp_path / "new").mkdir()
    old = tmp_path / "old"
    if kind == "file":
        old.write_bytes(b"precious")
    elif kind == "empty folder":
        old.mkdir()
    else:
        old.symlink_to(tmp_path / "nowhere")
    before = old.lstat().st_ino
    with pytest.raises(FileExistsError):
        rename_new("new", "old", source_fd=fd, target_fd=fd)
    assert old.lstat().st_ino == before
    rename_new("new", "other", source_fd=fd, target_fd=fd)
    assert {path.name for path in tmp_path.iterdir()} == {"old", "other"}


@pytest.mark.usefixtures("_how")
def test_what_is_not_there_cannot_be_renamed(fd: int) -> None:
    with pytest.raises(FileNotFoundError):
        rename_new("absent", "new", source_fd=fd, target_fd=fd)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_an_error_of_the_one_call_is_an_error(
    fd: int, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:  # 65
    monkeypatch.setattr(no_replace, "_exclusively", lambda *_: number)
    with pytest.raises(OSError, match="new") as caught:
        rename_new("old", "new", source_fd=fd, target_fd=fd)
    assert caught.value.errno == number
