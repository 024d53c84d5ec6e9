"""The program as a process: interrupted, terminated, killed, without a terminal, behind a closed pipe."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mutagen
import pytest

from tests.scraper.cli.screen import open_screen

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 120.0  # seconds: how long a test waits for a process before it fails
_IN_FEED = 6  # posts whose whole text is in the feed: their pages are not fetched
ROOT = Path(__file__).parents[3]


@pytest.fixture
def start(tmp_path: Path) -> Callable[..., subprocess.Popen[str]]:
    """Start the program as a process of its own, with the test's database."""

    def starting(*words: str, **options: Any) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "scraper", *words, "--database", str(tmp_path / "crate.sqlite3")]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        streams: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        return subprocess.Popen(command, text=True, env=environment, cwd=tmp_path, **streams)

    return starting


def _post_pages(requests: list[str]) -> Counter[str]:
    paths = [request.split()[1] for request in requests]
    return Counter(path for path in paths if path.startswith("/20"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_scrape_keeps_what_it_did_and_the_next_one_goes_on(
    start: Callable[..., subprocess.Popen[str]], served: Any, number: int
) -> None:
    served.hold_after(30)
    process = start(served.url, "--genres", "house", "techno", "--allow-private")
    assert served.held.wait(PATIENCE)
    process.send_signal(number)
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert "All that was done is kept" in err
    assert "Traceback" not in err
    served.go_on()
    process = start(served.url, "--genres", "house", "techno", "--allow-private", "--json")
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    assert 0 < json.loads(out)["new"] < 52
    assert all(count <= 2 for count in _post_pages(served.requests).values())
    assert len(_post_pages(served.requests)) == 52 - _IN_FEED


@pytest.mark.parametrize("answered", [4, 17, 33, 50])
def test_a_scrape_that_was_killed_is_completed_by_the_next_one(
    start: Callable[..., subprocess.Popen[str]], served: Any, tmp_path: Path, answered: int
) -> None:
    served.hold_after(answered)
    process = start(served.url, "--genres", "house", "techno", "--allow-private")
    assert served.held.wait(PATIENCE)
    process.kill()
    process.communicate(timeout=PATIENCE)
    served.go_on()
    process = start(served.url, "--genres", "house", "techno", "--allow-private", "--quiet")
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    with closing(sqlite3.connect(tmp_path / "crate.sqlite3")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM posts").fetchone() == (52,)
        assert connection.execute("SELECT count(*) FROM posts WHERE matched_at IS NOT NULL").fetchone() == (
            21,
        )
        assert connection.execute("SELECT count(*) FROM downloads").fetchone() == (22,)


def test_two_scrapes_of_one_blog_fetch_no_post_twice(
    start: Callable[..., subprocess.Popen[str]], scrape: Callable[..., Any], served: Any
) -> None:
    served.hold_after(20)
    process = start(served.url, "--genres", "house", "techno", "--allow-private")
    assert served.held.wait(PATIENCE)
    second = scrape(served.url, "--genres", "house", "techno", "--allow-private")
    assert second.code == 0
    assert "another run is reading it" in second.err
    assert "Nothing new" not in second.err, "it did not look"
    served.go_on()
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert set(_post_pages(served.requests).values()) == {1}
    assert len(_post_pages(served.requests)) == 52 - _IN_FEED


def test_a_download_that_was_interrupted_gives_back_what_was_under_way(
    start: Callable[..., subprocess.Popen[str]], scrape: Callable[..., Any], served: Any, tmp_path: Path
) -> None:
    scrape(served.url, "--genres", "house", "techno", "--allow-private")
    served.hold_after(7)
    process = start("download", "--to", str(tmp_path / "music"), "--allow-private")
    assert served.held.wait(PATIENCE)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    downloads = json.loads(scrape("status", "--json").out)["downloads"]
    assert downloads["running"] == 0
    assert downloads["waiting"] > 0
    assert list((tmp_path / "music" / ".incomplete").iterdir()) == []
    served.go_on()
    assert scrape("download", "--to", str(tmp_path / "music"), "--allow-private").code == 1
    _check_files(tmp_path)


def test_a_download_that_was_killed_leaves_no_broken_file_and_nothing_stuck(
    start: Callable[..., subprocess.Popen[str]], scrape: Callable[..., Any], served: Any, tmp_path: Path
) -> None:
    scrape(served.url, "--genres", "house", "techno", "--allow-private")
    served.hold_after(9)
    process = start("download", "--to", str(tmp_path / "music"), "--allow-private")
    assert served.held.wait(PATIENCE)
    process.kill()
    process.communicate(timeout=PATIENCE)
    _let_leases_run_out(tmp_path)
    served.go_on()
    assert scrape("download", "--to", str(tmp_path / "music"), "--allow-private").code == 1
    _check_files(tmp_path)


def _let_leases_run_out(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "crate.sqlite3")) as connection, connection:
        connection.execute("UPDATE downloads SET lease_until = 0 WHERE state = 'running'")


def _check_files(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "crate.sqlite3")) as connection:
        states = dict(connection.execute("SELECT state, count(*) FROM downloads GROUP BY state"))
        paths = [path for (path,) in connection.execute("SELECT path FROM downloads WHERE state = 'done'")]
    assert states == {"done": 21, "failed": 1}
    published = [path for path in (folder / "music").iterdir() if path.is_file()]
    assert sorted(map(str, published)) == sorted(paths)
    assert all(mutagen.File(path) is not None for path in published if path.suffix != ".zip")


def test_two_processes_drain_one_queue_without_fetching_anything_twice(
    start: Callable[..., subprocess.Popen[str]], scrape: Callable[..., Any], served: Any, tmp_path: Path
) -> None:
    scrape(served.url, "--genres", "house", "techno", "--allow-private")
    before = len(served.requests)
    both = [
        start("download", "--to", str(tmp_path / "music"), "--allow-private", "--quiet") for _ in range(2)
    ]
    for process in both:
        process.communicate(timeout=PATIENCE)
    files = Counter(request.split()[1] for request in list(served.requests)[before:] if "/files/" in request)
    assert set(files.values()) == {1}
    _check_files(tmp_path)


def test_without_a_terminal_there_is_no_bar_and_no_escape(
    start: Callable[..., subprocess.Popen[str]], served: Any
) -> None:
    process = start(served.url, "--genres", "house", "--allow-private", stdin=subprocess.DEVNULL)
    out, err = process.communicate(timeout=PATIENCE)
    assert out == ""
    assert "\x1b" not in err
    assert "\r" not in err
    assert "━" not in err


def test_a_closed_pipe_ends_an_export_quietly(
    start: Callable[..., subprocess.Popen[str]], scrape: Callable[..., Any], served: Any
) -> None:
    scrape(served.url, "--genres", "any", "--allow-private")
    process = start("export", "-", bufsize=0)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    err = process.stderr.read()
    process.wait(PATIENCE)
    process.stderr.close()
    assert (process.returncode, err) == (0, "")


def test_on_a_terminal_a_bar_shows_how_far_it_is_within_80_columns(
    start: Callable[..., subprocess.Popen[str]], served: Any
) -> None:
    served.hold_after(20)
    environment = {"COLUMNS": "80", "TERM": "xterm-256color"}
    with open_screen() as screen:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            process = start(served.url, "--genres", "any", "--allow-private", stderr=screen.terminal)
        screen.wait_for("Reading")
        assert served.held.wait(PATIENCE)
        served.go_on()
        process.communicate(timeout=PATIENCE)
    plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", screen.text)
    assert process.returncode == 0
    lines = [line for line in re.split(r"[\r\n]+", plain) if not line.startswith("Next: ")]
    assert max(map(len, lines)) <= 80


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("words", [("queue", "list"), ("status",), ("status", "--json")], ids=" ".join)
@pytest.mark.usefixtures("stocked")
def test_an_output_that_takes_no_more_is_one_line_and_no_traceback(
    start: Callable[..., subprocess.Popen[str]], words: tuple[str, ...]
) -> None:
    with Path("/dev/full").open("w") as full:
        process = start(*words, stdout=full)
        _, said = process.communicate(timeout=PATIENCE)
    assert (process.returncode, said.count("\n")) == (3, 1)
    assert "The output cannot be written" in said
