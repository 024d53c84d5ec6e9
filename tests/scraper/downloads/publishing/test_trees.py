from __future__ import annotations

import errno
import os
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pytest

from scraper.downloads.errors import DownloadError, VolumeError
from scraper.downloads.publishing import no_replace
from scraper.downloads.publishing.folder import OpenFolder, open_folder
from scraper.downloads.publishing.trees import publish_tree
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

HASH = "0123456789abcdef" * 4
FILES = {"01 Lines.mp3": b"music", "CD 2/02 Tides.mp3": b"more", "empty.txt": b""}


@pytest.fixture
def crate(tmp_path: Path) -> Iterator[OpenFolder]:
    with open_folder(tmp_path / "crate") as opened:
        yield opened


def _fill(path: Path, files: dict[str, bytes]) -> None:
    path.mkdir(parents=True)
    for name, content in files.items():
        (path / name).parent.mkdir(exist_ok=True)
        (path / name).write_bytes(content)


def _held(path: Path) -> dict[str, bytes]:
    return {str(file.relative_to(path)): file.read_bytes() for file in path.rglob("*") if file.is_file()}


def _publish(crate: OpenFolder, wanted: str = "Kora - Lines") -> Path:
    _fill(crate.incomplete / "k.t.unpack", FILES)
    return publish_tree(crate, "k.t.unpack", PurePosixPath(wanted), sha256=HASH)


@pytest.mark.parametrize("rename", ["exclusive", "plain"])
@pytest.mark.parametrize("wanted", ["Kora - Lines", "blog.example/Kora - Lines"])
def test_a_tree_gets_its_name_whole(
    crate: OpenFolder, monkeypatch: pytest.MonkeyPatch, wanted: str, rename: str
) -> None:
    if rename == "plain":
        monkeypatch.setattr(no_replace, "_exclusively", lambda *_: errno.ENOSYS)
    path = _publish(crate, wanted)
    assert path == crate.path / wanted
    assert _held(path) == FILES
    assert list(crate.incomplete.iterdir()) == []


@pytest.mark.parametrize(
    "there",
    [
        pytest.param({**FILES, "01 Lines.mp3": b"MUSIC"}, id="other bytes"),
        pytest.param({**FILES, "more.mp3": b"x"}, id="one more"),
        pytest.param({"01 Lines.mp3": b"music"}, id="fewer"),
        pytest.param({}, id="empty"),
    ],
)
@pytest.mark.parametrize("name", ["Kora - Lines", "KORA - lines"])
def test_another_tree_is_never_replaced(crate: OpenFolder, there: dict[str, bytes], name: str) -> None:  # 51
    _fill(crate.path / name, there)
    path = _publish(crate)
    assert path == crate.path / f"Kora - Lines~{HASH[:8]}"
    assert _held(path) == FILES
    assert _held(crate.path / name) == there


@pytest.mark.parametrize("kind", ["file", "link", "dangling link", "tree with a link"])
def test_what_is_no_tree_of_files_is_never_replaced(
    crate: OpenFolder, tmp_path: Path, kind: str
) -> None:  # 64
    path = crate.path / "Kora - Lines"
    _fill(tmp_path / "elsewhere", FILES)
    if kind == "file":
        path.write_bytes(b"x")
    elif kind == "tree with a link":
        _fill(path, FILES)
        (path / "01 Lines.mp3").unlink()
        (path / "01 Lines.mp3").symlink_to(tmp_path / "elsewhere" / "01 Lines.mp3")
    else:
        path.symlink_to(tmp_path / ("elsewhere" if kind == "link" else "nowhere"))
    assert _publish(crate).name == f"Kora - Lines~{HASH[:8]}"
    assert _held(tmp_path / "elsewhere") == FILES


def test_the_same_tree_is_recognised_after_a_crash(crate: OpenFolder) -> None:
    first = _publish(crate)
    assert _publish(crate) == first
    assert list(crate.incomplete.iterdir()) == []
    assert {path.name for path in crate.path.iterdir()} == {".incomplete", "Kora - Lines"}


@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_a_tree_with_anything_but_files_is_refused(
    crate: OpenFolder, tmp_path: Path, kind: str
) -> None:  # 60
    tree = crate.incomplete / "k.t.unpack"
    _fill(tree, {})
    if kind == "link":
        (tree / "x").symlink_to(tmp_path)
    else:
        os.mkfifo(tree / "x")
    with pytest.raises(DownloadError) as caught:
        publish_tree(crate, tree.name, PurePosixPath("Kora"), sha256=HASH)
    assert caught.value.reason is Reason.DISK_ERROR
    assert not (crate.path / "Kora").exists()


def test_a_link_in_place_of_a_tree_is_refused(crate: OpenFolder, tmp_path: Path) -> None:  # 64
    _fill(tmp_path / "elsewhere", FILES)
    (crate.incomplete / "k.t.unpack").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DownloadError):
        publish_tree(crate, "k.t.unpack", PurePosixPath("Kora"), sha256=HASH)
    assert not (crate.path / "Kora").exists()


@pytest.mark.parametrize("step", ["fsync", "mkdir"])
def test_a_full_volume_loses_no_tree(
    crate: OpenFolder, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:  # 65
    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    _fill(crate.incomplete / "k.t.unpack", FILES)
    with monkeypatch.context() as patch:
        patch.setattr(os, step, fail)
        with pytest.raises(VolumeError) as caught:
            publish_tree(crate, "k.t.unpack", PurePosixPath("blog/Kora"), sha256=HASH)
    assert caught.value.reason is Reason.DISK_FULL
    assert _held(publish_tree(crate, "k.t.unpack", PurePosixPath("blog/Kora"), sha256=HASH)) == FILES
