from __future__ import annotations

import errno
import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from scraper.downloads.errors import DownloadError, VolumeError
from scraper.downloads.part.parts import key_hash
from scraper.downloads.publishing import evidence
from scraper.downloads.publishing.evidence import Rejected, keep_evidence, with_evidence
from scraper.downloads.publishing.folder import OpenFolder, open_folder
from storage.reasons import Reason
from storage.records import Download, DownloadState, LinkKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PAGE = b"<html>gone</html>"


@pytest.fixture
def crate(tmp_path: Path) -> Iterator[OpenFolder]:
    with open_folder(tmp_path / "crate") as opened:
        yield opened


def _rejected(key: str = "https://files.example/1.mp3", file_format: str | None = "mp3") -> Rejected:
    download = Download(
        id=1,
        key=key,
        url="https://user:s3cret@files.example/1.mp3",
        host="files.example",
        state=DownloadState.RUNNING,
        attempts=1,
        due=0,
        created=0,
        updated=0,
        kind=LinkKind.DIRECT,
        format=file_format,
        token="t0",
    )
    return Rejected(
        download=download,
        reason=Reason.NOT_AUDIO,
        detail="it is an HTML page of https://u:s3cret@x/",
        when=1_700_000_000.0,
        sha256="ab" * 32,
    )


def _keep(crate: OpenFolder, rejected: Rejected, content: bytes = _PAGE) -> str | None:
    part = crate.incomplete / "k.t0.part"
    part.write_bytes(content)
    part.chmod(0o755)
    return keep_evidence(crate, part.name, rejected)


def test_what_was_rejected_is_kept_with_its_reason(crate: OpenFolder) -> None:
    rejected = _rejected()
    shown = _keep(crate, rejected)
    key = key_hash(rejected.download.key)
    assert shown == f".rejected/{key}.mp3"
    assert (crate.path / shown).read_bytes() == _PAGE
    assert (crate.path / shown).stat().st_mode & 0o111 == 0
    text = (crate.path / ".rejected" / f"{key}.json").read_text()
    assert "s3cret" not in text  # 5
    assert json.loads(text) == {
        "url": "https://files.example/1.mp3",
        "reason": "not-audio",
        "detail": "it is an HTML page of https://x/",
        "bytes": len(_PAGE),
        "sha256": "ab" * 32,
        "when": "2023-11-14T22:13:20+00:00",
    }
    assert list(crate.incomplete.iterdir()) == []


@pytest.mark.parametrize("wanted", [None, "html", "exe", "sh", "../x", "mp3/", "json", "MP3"])
def test_an_ending_is_never_a_strangers_word(crate: OpenFolder, wanted: str | None) -> None:  # 22, 43
    shown = _keep(crate, _rejected(file_format=wanted))
    assert shown is not None
    assert shown.endswith(".bin")


def test_the_evidence_of_a_download_is_the_latest(crate: OpenFolder) -> None:
    _keep(crate, _rejected(file_format="zip"))
    shown = _keep(crate, _rejected(), b"later")
    assert shown is not None
    assert (crate.path / shown).read_bytes() == b"later"
    assert len(list((crate.path / ".rejected").iterdir())) == 2


def test_only_so_many_are_kept_and_the_oldest_go_first(
    crate: OpenFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "MOST_FILES", 3)
    (crate.path / ".rejected").mkdir()
    (crate.path / ".rejected" / "mine.txt").write_bytes(b"x")
    kept = []
    for number in range(6):
        kept.append(_keep(crate, _rejected(key=str(number))))
        for path in (crate.path / ".rejected").glob(f"{key_hash(str(number))}.*"):
            os.utime(path, (1000 + number, 1000 + number))
    names = {path.name for path in (crate.path / ".rejected").iterdir()}
    assert names == {"mine.txt"} | {
        f"{key_hash(str(number))}.{end}" for number in (3, 4, 5) for end in ("mp3", "json")
    }
    assert len(set(kept)) == 6


def test_only_so_many_bytes_are_kept(crate: OpenFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "MOST_BYTES", 100)
    assert _keep(crate, _rejected(key="large"), b"x" * 101) is None
    assert (crate.incomplete / "k.t0.part").exists()
    for key in ("first", "second"):
        _keep(crate, _rejected(key=key), b"x" * 60)
        for path in (crate.path / ".rejected").iterdir():
            os.utime(path, (1000, 1000))
    assert {path.name for path in (crate.path / ".rejected").iterdir()} == {
        f"{key_hash('second')}.mp3",
        f"{key_hash('second')}.json",
    }


def test_no_link_is_followed(crate: OpenFolder, tmp_path: Path) -> None:  # 64
    secret, elsewhere = tmp_path / "secret", tmp_path / "elsewhere"
    secret.write_bytes(b"precious")
    secret.chmod(0o600)
    elsewhere.mkdir()
    (crate.incomplete / "link.part").symlink_to(secret)
    assert keep_evidence(crate, "link.part", _rejected()) is None
    assert keep_evidence(crate, "absent.part", _rejected()) is None
    assert secret.stat().st_mode & 0o777 == 0o600
    (crate.path / ".rejected").symlink_to(elsewhere)
    with pytest.raises(DownloadError):
        _keep(crate, _rejected())
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("step", ["mkdir", "fsync", "replace", "fchmod"])
def test_a_full_volume_is_told_and_loses_no_part(
    crate: OpenFolder, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:  # 65
    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(VolumeError) as caught:
        _keep(crate, _rejected())
    assert caught.value.reason is Reason.DISK_FULL
    assert [path.name for path in crate.incomplete.iterdir()] == ["k.t0.part"]


def test_a_detail_names_the_evidence() -> None:
    assert with_evidence("it is text", None) == "it is text"
    assert with_evidence("it is text", ".rejected/a.bin") == "it is text; kept as .rejected/a.bin"
    assert with_evidence(None, ".rejected/a.bin") == "kept as .rejected/a.bin"


def test_a_moment_is_written_in_utc() -> None:
    note = evidence._note(replace(_rejected(), when=0.0, detail=None), 1)
    assert (note["when"], note["detail"]) == ("1970-01-01T00:00:00+00:00", None)
