from __future__ import annotations

import errno
import hashlib
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from scraper.downloads.publish import Place, find_place, is_file, publish

if TYPE_CHECKING:
    from pathlib import Path

MUSIC = b"music" * 100
HASH = hashlib.sha256(MUSIC).hexdigest()


def _find(folder: Path, name: str = "Kora.mp3") -> Place:
    return find_place(folder, name, size=len(MUSIC), sha256=HASH)


@pytest.fixture
def part(tmp_path: Path) -> Path:
    path = tmp_path / "x.part"
    path.write_bytes(MUSIC)
    return path


@pytest.fixture(params=["links", "no links"])
def _links(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also as on a file system without hard links."""
    if request.param == "no links":

        def refuse(*_: object, **__: object) -> None:
            raise OSError(errno.EPERM, "Operation not permitted")

        monkeypatch.setattr(os, "link", refuse)


@pytest.mark.usefixtures("_links")
def test_a_file_gets_its_name_and_loses_the_other(tmp_path: Path, part: Path) -> None:
    place = _find(tmp_path)
    publish(part, place)
    assert place == Place(path=tmp_path / "Kora.mp3", taken=False)
    assert place.path.read_bytes() == MUSIC
    assert not part.exists()
    assert place.path.stat().st_nlink == 1


@pytest.mark.usefixtures("_links")
@pytest.mark.parametrize("kind", ["file", "empty file", "folder", "link to a file", "dangling link"])
def test_what_stands_there_is_never_replaced(tmp_path: Path, part: Path, kind: str) -> None:  # 64
    path, target = tmp_path / "Kora.mp3", tmp_path / "elsewhere"
    if kind == "folder":
        path.mkdir()
    elif "link" in kind:
        if kind == "link to a file":
            target.write_bytes(b"precious")
        path.symlink_to(target)
    else:
        path.write_bytes(b"precious" if kind == "file" else b"")
    before = os.lstat(path)
    with pytest.raises(FileExistsError):
        publish(part, Place(path=path, taken=False))
    assert part.exists()
    place = _find(tmp_path)
    publish(part, place)
    assert place.path.name == f"Kora~{HASH[:8]}.mp3"
    assert os.lstat(path).st_ino == before.st_ino
    assert os.lstat(path).st_size == before.st_size
    assert not target.exists() or target.read_bytes() == b"precious"


def test_the_same_content_under_the_name_is_not_published_again(tmp_path: Path, part: Path) -> None:
    (tmp_path / "Kora.mp3").write_bytes(MUSIC)
    place = _find(tmp_path)
    publish(part, place)
    assert place == Place(path=tmp_path / "Kora.mp3", taken=True)
    assert not part.exists()


def test_a_link_to_the_same_content_is_not_taken_for_the_file(tmp_path: Path) -> None:  # 64
    (tmp_path / "real").write_bytes(MUSIC)
    (tmp_path / "Kora.mp3").symlink_to(tmp_path / "real")
    assert _find(tmp_path).path.name == f"Kora~{HASH[:8]}.mp3"


def test_a_marked_name_that_is_taken_too_gets_more_digits(tmp_path: Path) -> None:
    for digits in (8, 16):
        (tmp_path / f"Kora~{HASH[:digits]}.mp3").write_bytes(b"retagged")
    (tmp_path / "Kora.mp3").write_bytes(b"other")
    assert _find(tmp_path).path.name == f"Kora~{HASH}.mp3"
    _find(tmp_path).path.write_bytes(b"this as well")
    with pytest.raises(FileExistsError):
        _find(tmp_path)


@pytest.mark.usefixtures("_links")
def test_of_many_that_want_one_name_exactly_one_gets_it(tmp_path: Path) -> None:  # 51
    start, wanted = threading.Barrier(8), Place(path=tmp_path / "Kora.mp3", taken=False)

    def race(number: int) -> bool:
        part = tmp_path / f"{number}.part"
        part.write_bytes(bytes([number]) * 1000)
        start.wait(10)
        try:
            publish(part, wanted)
        except FileExistsError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(race, range(8))) == 1
    assert len(set(wanted.path.read_bytes())) == 1


@pytest.mark.usefixtures("_links")
def test_who_lost_the_part_file_publishes_nothing(tmp_path: Path) -> None:  # 68
    with pytest.raises(FileNotFoundError):
        publish(tmp_path / "gone.part", Place(path=tmp_path / "Kora.mp3", taken=False))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "same"),
    [(MUSIC, True), (MUSIC[:-1], False), (MUSIC[:-1] + b"x", False), (b"", False)],
    ids=["same", "shorter", "other", "empty"],
)
def test_a_file_is_told_by_size_and_hash(tmp_path: Path, content: bytes, *, same: bool) -> None:
    (tmp_path / "x").write_bytes(content)
    assert is_file(tmp_path / "x", size=len(MUSIC), sha256=HASH) is same
    assert is_file(tmp_path / "absent", size=len(MUSIC), sha256=HASH) is False
