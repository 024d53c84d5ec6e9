from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from scraper.downloads.publishing.taken_names import TakenNames

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def fd(tmp_path: Path) -> Iterator[int]:
    opened = os.open(tmp_path, os.O_RDONLY)
    yield opened
    os.close(opened)


def test_names_are_alike_whatever_their_case_and_spelling(tmp_path: Path, fd: int) -> None:  # 51
    for name in ("kora.mp3", "KORA.mp3", "Cafe\u0301.mp3", "other.mp3"):
        (tmp_path / name).touch()
    names = TakenNames()
    assert names.alike(fd, "Kora.mp3") == ["KORA.mp3", "kora.mp3"]
    assert names.alike(fd, "kora.mp3") == ["kora.mp3", "KORA.mp3"]
    assert names.alike(fd, "CAFÉ.mp3") == ["Cafe\u0301.mp3"]
    assert names.alike(fd, "new.mp3") == []


def test_a_folder_is_listed_again_only_when_somebody_else_has_changed_it(
    tmp_path: Path, fd: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed: list[int] = []
    whole = os.listdir

    def note(fd: int) -> list[str]:
        listed.append(fd)
        return whole(fd)

    monkeypatch.setattr(os, "listdir", note)
    names = TakenNames()
    for number in range(20):
        assert names.alike(fd, f"{number}.mp3") == []
        (tmp_path / f"{number}.mp3").touch()
        names.added(fd, f"{number}.mp3")
    assert len(listed) == 1
    (tmp_path / "theirs.mp3").touch()
    os.utime(tmp_path, ns=(1, 1))
    assert names.alike(fd, "THEIRS.mp3") == ["theirs.mp3"]


def test_a_name_that_came_within_one_tick_of_the_clock_is_seen_all_the_same(tmp_path: Path, fd: int) -> None:
    names = TakenNames()
    assert names.alike(fd, "kora.mp3") == []
    changed = tmp_path.stat().st_mtime_ns
    (tmp_path / "kora.mp3").touch()
    os.utime(tmp_path, ns=(changed, changed))
    assert names.alike(fd, "kora.mp3") == ["kora.mp3"]


def test_only_so_many_folders_are_remembered(tmp_path: Path) -> None:
    names = TakenNames()
    for number in range(200):
        (tmp_path / str(number)).mkdir()
        fd = os.open(tmp_path / str(number), os.O_RDONLY)
        names.alike(fd, "x")
        os.close(fd)
    assert len(names._listings) <= 64
