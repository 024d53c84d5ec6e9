"""The benchmark of downloads at a tiny size: its fields, its files and its peers, never its figures."""

from __future__ import annotations

import hashlib
import io
import json
import os
import socket
from typing import TYPE_CHECKING, Any

import pytest
from mutagen.mp3 import MP3

from benchmarks import bare_reader, downloads
from benchmarks.command_run import ProcessRun
from benchmarks.downloaders import Aria2, Curl, Job, installed_peers
from benchmarks.downloads import LARGE, SMALL, Figures, Load, targets_of
from benchmarks.loop_lateness import figures
from benchmarks.song_server import number_of, song_server
from benchmarks.songs import Songs

if TYPE_CHECKING:
    from pathlib import Path

_SIZES = (4_000, 64_000, 300_000)


@pytest.mark.parametrize("size", _SIZES)
def test_a_song_is_a_whole_mp3_of_its_size_and_like_no_other(size: int) -> None:
    songs = Songs(size)
    files = [songs.tag(number) + songs.frames for number in (0, 7, 12_345)]
    assert {len(file) for file in files} == {size}
    assert len({hashlib.sha256(file).digest() for file in files}) == 3
    song: Any = MP3(io.BytesIO(files[1]))  # type: ignore[no-untyped-call]
    assert song["TIT2"].text == ["Take 7"]
    assert (song.info.sample_rate, song.info.bitrate, song.info.sketchy) == (48_000, 128_000, False)
    assert len(songs.frames) % 384 == 0
    assert song.info.length == pytest.approx(len(songs.frames) / 16_000, rel=0.1)


def test_few_bytes_hold_no_song() -> None:
    with pytest.raises(ValueError, match="hold no song"):
        Songs(500)


def test_the_server_knows_the_number_of_a_file_from_the_first_line() -> None:
    assert number_of(b"GET /12.mp3 HTTP/1.1\r\nHost: a") == 12


@pytest.mark.parametrize("size", _SIZES)
def test_the_server_gives_song_after_song_over_one_connection(size: int) -> None:
    songs = Songs(size)
    with song_server(size=size) as base:
        assert bare_reader.read(base, range(5)) > 5 * size
        host, port = base.removeprefix("http://").rstrip("/").split(":")
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(b"GET /3.mp3 HTTP/1.1\r\nHost: a\r\n\r\n")
            answer = b""
            while len(answer.partition(b"\r\n\r\n")[2]) < size:
                answer += connection.recv(65_536)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert body == songs.tag(3) + songs.frames
    assert b"Content-Length: %d\r\n" % size in head


def test_lists_for_the_peers_name_each_address_and_its_file(tmp_path: Path) -> None:
    job = Job(urls=["http://h/0.mp3", "http://h/1.mp3"], to=tmp_path / "to", at_once=2, work=tmp_path)
    Aria2().prepare(job)
    Curl().prepare(job)
    assert (tmp_path / "aria2").read_text() == "http://h/0.mp3\n out=0.mp3\nhttp://h/1.mp3\n out=1.mp3\n"
    assert (
        f'url = "http://h/1.mp3"\noutput = "{tmp_path / "to" / "1.mp3"}"\n' in (tmp_path / "curl").read_text()
    )


def test_peers_that_are_not_installed_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: "/bin/curl" if name == "curl" else None)
    peers, missing = installed_peers()
    assert [peer.name for peer in peers] == ["curl"]
    assert missing == ["aria2c"]


def _figures(*seconds: float) -> Figures:
    return Figures([ProcessRun(seconds=one, processor=one / 2, peak_mb=one, exit_code=0) for one in seconds])


def test_ratios_are_those_of_the_same_round() -> None:
    ours, theirs = _figures(1.0, 4.0, 3.0), _figures(2.0, 2.0, 2.0)
    assert ours.ratio(theirs) == (1.5, 0.5, 2.0)
    assert (ours.seconds, ours.processor, ours.peak_mb) == (3.0, 1.5, 4.0)


@pytest.mark.parametrize(
    ("load", "ours", "kept"),
    [
        (LARGE, 1.9, {"aria2c": True, "curl": True}),
        (LARGE, 2.1, {"aria2c": False, "curl": False}),
        (SMALL, 0.6, {"aria2c": True}),
        (SMALL, 0.7, {"aria2c": False}),
    ],
)
def test_a_target_is_kept_where_the_median_ratio_is_within_it(
    load: Load, ours: float, kept: dict[str, bool]
) -> None:
    of = {"cratedig": _figures(ours), "aria2c": _figures(2.0), "curl": _figures(2.0)}
    assert {target["peer"]: target["kept"] for target in targets_of(load, of)} == kept


def test_a_target_has_no_verdict_without_its_peer() -> None:
    assert targets_of(LARGE, {"cratedig": _figures(1.0)}) == []


def test_lateness_is_told_by_its_median_and_its_extremes() -> None:
    assert figures([]) == {"wakes": 0, "median_ms": 0.0, "p99_ms": 0.0, "worst_ms": 0.0}
    assert figures([0.003, 0.001, 0.25]) == {"wakes": 3, "median_ms": 3.0, "p99_ms": 250.0, "worst_ms": 250.0}


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="the system tells no peak of one process")
def test_every_program_fetches_every_file_and_gives_figures(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    options = ["--rounds", "1", "--scale", "0.002", "--loads", "small", "--folder", str(tmp_path)]
    assert downloads.main([*options, "--json"]) == 0
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert "SHA-256" in result["beyond"]
    (run,) = result["runs"]
    assert (run["load"], run["files"], run["size"], run["at_once"], run["rounds"]) == (
        "small",
        4,
        64_000,
        16,
        1,
    )
    peers, missing = installed_peers()
    assert run["not_installed"] == missing
    assert run["programs"].keys() == {"cratedig", *(peer.name for peer in peers)}
    for program in run["programs"].values():
        assert program.keys() == {"seconds", "processor", "peak_mb", "mb_per_second", "ratio", "missing"}
        assert program["missing"] == 0
        assert program["seconds"] > 0
    assert run["programs"]["cratedig"]["ratio"] == [1.0, 1.0, 1.0]
    assert run["server_seconds"] > 0
    assert run["loop_lateness"]["wakes"] > 0
    assert not list(tmp_path.iterdir())


def test_the_table_tells_what_is_missing_and_ends_with_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def measured(load: Load, *, rounds: int, folder: Path | None) -> dict[str, Any]:
        assert folder is None
        program = {
            "seconds": 1.0,
            "processor": 0.5,
            "peak_mb": 60.0,
            "mb_per_second": 800,
            "ratio": [1.0, 1.0, 1.0],
            "missing": 1,
        }
        return {
            "files": load.files,
            "size": load.size,
            "at_once": load.at_once,
            "rounds": rounds,
            "not_installed": ["aria2c"],
            "server_seconds": 0.2,
            "programs": {"cratedig": program},
            "targets": [{"peer": "curl", "ratio": 1.0, "kept": False}],
            "loop_lateness": {"wakes": 9, "median_ms": 0.2, "p99_ms": 5.0, "worst_ms": 50.0},
        }

    monkeypatch.setattr(downloads, "measure", measured)
    assert downloads.main(["--loads", "large", "--rounds", "2", "--scale", "0.5"]) == 1
    said = capsys.readouterr().out
    assert said.startswith("50 files of 8,000,000 bytes, 8 at once, 2 rounds\n")
    assert "aria2c            is not installed: left out" in said
    assert "at most 1.00 of the time of curl: MISSED" in said
    assert "cratedig: 1 file missing or not whole" in said
