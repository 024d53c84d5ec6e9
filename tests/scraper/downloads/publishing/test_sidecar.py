from __future__ import annotations

import errno
import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from scraper.downloads.errors import VolumeError
from scraper.downloads.publishing.folder import OpenFolder, open_folder
from scraper.downloads.publishing.place import Place
from scraper.downloads.publishing.sidecar import Sidecar, sidecar_object, without_credentials, write_sidecar
from storage.reasons import Reason
from storage.records import Download, DownloadState, Link, LinkKind, Post, Precision, Published

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_URL = "https://files.example/1.mp3"
_POST = Post(
    url="https://blog.example/p",
    key="p",
    blog="https://blog.example/",
    title="Kora - Lines",
    artist="Kora",
    track="Lines",
    genres=("house",),
    published=Published(text="2024-05-17", precision=Precision.DAY, timestamp=0),
    links=(Link(url=_URL, key=_URL, kind=LinkKind.DIRECT, host="files.example", text="Lines (320)"),),
)
_DOWNLOAD = Download(
    id=1,
    key=_URL,
    url=_URL,
    host="files.example",
    state=DownloadState.RUNNING,
    attempts=1,
    due=0,
    created=1_700_000_000.0,
    updated=0,
    kind=LinkKind.DIRECT,
    token="t0",
)
_SIDECAR = Sidecar(
    download=_DOWNLOAD,
    post=_POST,
    size=500,
    sha256="ab" * 32,
    fetched=1_700_000_060.5,
    address="https://cdn.example/1.mp3",
    seconds=61.23456,
)


@pytest.fixture
def crate(tmp_path: Path) -> Iterator[OpenFolder]:
    with open_folder(tmp_path / "crate") as opened:
        yield opened


def _place(crate: OpenFolder, name: str = "blog/Kora.mp3") -> Place:
    path = crate.path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"music")
    return Place(path=path, taken=False)


def test_a_sidecar_tells_where_a_file_came_from(crate: OpenFolder) -> None:
    path = write_sidecar(crate, _place(crate), _SIDECAR)
    assert path == crate.path / "blog" / "Kora.mp3.json"
    assert json.loads(path.read_bytes()) == {
        "schema": 1,
        "post": {
            "url": "https://blog.example/p",
            "blog": "https://blog.example/",
            "title": "Kora - Lines",
            "artist": "Kora",
            "track": "Lines",
            "version": None,
            "label": None,
            "genres": ["house"],
            "published": "2024-05-17",
        },
        "link": {
            "url": _URL,
            "address": "https://cdn.example/1.mp3",
            "kind": "direct",
            "text": "Lines (320)",
        },
        "file": {
            "name": "Kora.mp3",
            "bytes": 500,
            "sha256": "ab" * 32,
            "extension": "mp3",
            "seconds": 61.235,
        },
        "times": {"queued": "2023-11-14T22:13:20+00:00", "fetched": "2023-11-14T22:14:20+00:00"},
    }
    assert list(crate.incomplete.iterdir()) == []
    assert path.stat().st_mode & 0o111 == 0


def test_a_file_of_a_post_that_is_gone_has_a_sidecar_too() -> None:
    told = sidecar_object(replace(_SIDECAR, post=None, seconds=float("nan"), fetched=1e300), name="x.zip")
    assert told["post"] is None
    assert told["link"]["text"] is None
    assert told["file"]["seconds"] is None
    assert told["times"]["fetched"] is None


def test_no_credentials_stand_in_a_sidecar(crate: OpenFolder) -> None:  # 5
    secret = "https://user:s3cret@files.example/1.mp3"
    link = replace(_POST.links[0], text=f"get it from {secret}")
    sidecar = replace(
        _SIDECAR,
        download=replace(_DOWNLOAD, url=secret),
        post=replace(_POST, url=secret, blog=secret, title=secret, links=(link,)),
        address=secret,
    )
    path = write_sidecar(crate, _place(crate), sidecar)
    assert path is not None
    assert b"s3cret" not in path.read_bytes()
    assert json.loads(path.read_bytes())["link"]["url"] == _URL


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("https://u@h/x", "https://h/x"),
        ("https://u:p@ss@h/x", "https://h/x"),
        ("ftp://u:p@h", "ftp://h"),
        ("https://h/a@b?c=d://e@f", "https://h/a@b?c=d://f"),
        ("https://h/@b", "https://h/@b"),
        ("mail me@blog.example", "mail me@blog.example"),
        ("://" * 1000, "://" * 1000),
    ],
)
def test_credentials_are_taken_out_of_addresses_only(text: str, clean: str) -> None:  # 5
    assert without_credentials(text) == clean


def test_whatever_a_title_holds_the_json_is_valid(crate: OpenFolder) -> None:  # 52, 53
    title = '\u202egpj\x1b]0;pwn\x07\x9b31m\u2028\ud800\0"\\ あ 👨‍👩‍👧'
    path = write_sidecar(crate, _place(crate), replace(_SIDECAR, post=replace(_POST, title=title)))
    assert path is not None
    text = path.read_bytes().decode()
    assert "あ" in text
    assert all(char.isprintable() or char == "\n" for char in text)
    assert json.loads(text)["post"]["title"] == title.replace("\ud800", "\ufffd")


def test_an_older_sidecar_of_ours_is_replaced(crate: OpenFolder) -> None:
    place = _place(crate)
    first = write_sidecar(crate, place, _SIDECAR)
    again = write_sidecar(crate, place, replace(_SIDECAR, size=7))
    assert first == again
    assert again is not None
    assert json.loads(again.read_bytes())["file"]["bytes"] == 7


@pytest.mark.parametrize("kind", ["json", "text", "large", "deep", "link", "folder", "pipe", "other case"])
def test_what_is_not_ours_is_left_alone(crate: OpenFolder, tmp_path: Path, kind: str) -> None:  # 64, 67
    place = _place(crate)
    path, target = place.path.with_name("Kora.mp3.json"), tmp_path / "target"
    content: dict[str, bytes] = {
        "json": b'{"schema": 1}',
        "text": b"\xff notes",
        "large": b'{"schema": 1, "x": "' + b"x" * 1_000_000 + b'"}',
        "deep": b"[" * 100_000,
    }
    if kind in content:
        path.write_bytes(content[kind])
    elif kind == "link":
        target.write_text(json.dumps(sidecar_object(_SIDECAR, name="Kora.mp3")))
        path.symlink_to(target)
    elif kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path = path.with_name("KORA.mp3.json")
        path.write_bytes(b"x")
    before = path.lstat()
    assert write_sidecar(crate, place, _SIDECAR) is None
    assert (path.lstat().st_ino, path.lstat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert list(crate.incomplete.iterdir()) == []


def test_a_file_that_an_earlier_run_put_elsewhere_is_left_alone(crate: OpenFolder, tmp_path: Path) -> None:
    (tmp_path / "Kora.mp3").write_bytes(b"music")
    assert write_sidecar(crate, Place(path=tmp_path / "Kora.mp3", taken=True), _SIDECAR) is None
    assert not (tmp_path / "Kora.mp3.json").exists()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
@pytest.mark.parametrize("step", ["fsync", "link", "replace"])
def test_a_full_volume_leaves_the_older_sidecar_or_none(
    crate: OpenFolder, monkeypatch: pytest.MonkeyPatch, step: str, number: int
) -> None:  # 65
    def fail(*_: Any, **__: Any) -> None:
        raise OSError(number, os.strerror(number))

    place = _place(crate)
    if step == "replace":
        write_sidecar(crate, place, _SIDECAR)
    names = {path.name for path in place.path.parent.iterdir()}
    monkeypatch.setattr(os, step, fail)
    with pytest.raises(VolumeError) as caught:
        write_sidecar(crate, place, replace(_SIDECAR, size=7))
    assert caught.value.reason is (Reason.DISK_FULL if number == errno.ENOSPC else Reason.DISK_ERROR)
    assert {path.name for path in place.path.parent.iterdir()} == names
    assert list(crate.incomplete.iterdir()) == []


def test_what_a_killed_run_left_of_it_is_in_nobodys_way(crate: OpenFolder, tmp_path: Path) -> None:  # 64
    place = _place(crate)
    write_sidecar(crate, place, _SIDECAR)
    kept = tmp_path / "kept"
    kept.write_bytes(b"precious")
    from scraper.downloads.part.parts import key_hash

    (crate.incomplete / f"{key_hash(_URL)}.t0.json.tmp").symlink_to(kept)
    assert write_sidecar(crate, place, _SIDECAR) is not None
    assert kept.read_bytes() == b"precious"
