"""How a download ends: by itself, at its deadline, when so many were tried, or at Ctrl-C while it watches."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scraper.cli.console import stderr_console
from scraper.cli.download import build_parser
from scraper.cli.drain_report import report_drain
from scraper.cli.draining import Draining
from scraper.cli.parsing import parse
from scraper.cli.resources import open_client, open_database
from scraper.cli.watch_words import idle_lines
from scraper.downloads.draining.counts import DrainCounts
from storage.queue import Queue
from storage.reasons import Reason
from storage.records import LinkKind, Pause, WantedDownload
from tests.scraper.cli.screen import open_screen

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.database import Database

PATIENCE = 120.0  # seconds: how long a test waits for a process before it fails
ROOT = Path(__file__).parents[3]
NOW = 1_000_000.0


@pytest.fixture
def crate(scrape: Callable[..., Any], served: Any) -> Any:
    """A database into which the fixture blog was scraped for house and techno."""
    assert scrape(served.url, "--genres", "house", "techno", "--allow-private", "--quiet").code == 0
    return served


@pytest.fixture
def download(scrape: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:
    def run(*words: str) -> Any:
        return scrape("download", "--to", str(tmp_path / "music"), "--allow-private", *words)

    return run


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deadlines have come as soon as something is held back by the server."""
    monkeypatch.setattr("scraper.cli.download.deadline", lambda _: 0.0)


def _counts(scrape: Callable[..., Any]) -> dict[str, int]:
    counts: dict[str, int] = json.loads(scrape("status", "--json").out)["downloads"]
    return counts


@pytest.mark.parametrize("watch", [(), ("--watch",)], ids=["drain", "watch"])
def test_at_the_deadline_what_is_under_way_is_given_back(
    scrape: Callable[..., Any], crate: Any, download: Callable[..., Any], watch: tuple[str, ...]
) -> None:
    crate.hold_after(3)
    ran = download("--deadline", "1s", *watch)
    assert ran.code == 0
    counts = _counts(scrape)
    assert (counts["running"], counts["failed"]) == (0, 0)
    assert counts["done"] + counts["waiting"] == 22
    assert counts["waiting"] >= 19
    assert f"The deadline has come: {counts['waiting']} downloads still wait." in ran.err
    assert ran.err.splitlines()[-1].startswith("Next: scrape download ")
    assert json.loads(scrape("status", "--json").out)["runs"][0]["outcome"] == "deadline"


@pytest.mark.usefixtures("at_once")
def test_a_deadline_is_told_to_programs(crate: Any, download: Callable[..., Any]) -> None:
    said = json.loads(download("--deadline", "1s", "--json").out)
    assert (said["outcome"], said["waiting"]) == ("deadline", 22)


@pytest.mark.usefixtures("stocked")
def test_what_another_run_holds_or_left_behind_is_told_to_people_and_to_programs(
    scrape: Callable[..., Any], download: Callable[..., Any]
) -> None:
    scrape("queue", "cancel", "--state", "waiting")
    table = download()
    held = next(line for line in table.err.splitlines() if line.startswith("held by another run"))
    said = json.loads(download("--json").out)
    assert held.split()[-1] == "1"
    assert (said["outcome"], said["waiting"], said["held_by_others"]) == ("done", 0, 1)


def test_a_download_that_ends_before_its_deadline_ends_as_any_other(
    crate: Any, download: Callable[..., Any]
) -> None:
    said = json.loads(download("--deadline", "2h", "--json").out)
    assert (said["outcome"], said["downloaded"]) == ("some failed", 21)


def test_a_watch_ends_when_so_many_were_tried(crate: Any, download: Callable[..., Any]) -> None:
    ran = download("--watch", "--max", "22", "--json")
    said = json.loads(ran.out)
    assert (ran.code, said["downloaded"], said["download_failed"]) == (1, 21, 1)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_watch_goes_on_until_it_is_interrupted_and_says_once_that_it_waits(
    crate: Any, scrape: Callable[..., Any], tmp_path: Path, number: int
) -> None:
    words = ["download", "--watch", "--allow-private", "--to", str(tmp_path / "music")]
    with open_screen() as screen:
        process = subprocess.Popen(
            [sys.executable, "-m", "scraper", *words, "--database", str(tmp_path / "crate.sqlite3")],
            stderr=screen.terminal,
            stdout=subprocess.DEVNULL,
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "80", "TERM": "xterm"},
        )
        screen.wait_for("waiting: nothing is queued")
        process.send_signal(number)
        assert process.wait(PATIENCE) == 130
    assert "interrupted" in screen.text
    assert screen.text.count("waiting: ") == 1
    assert "Traceback" not in screen.text
    assert _counts(scrape)["done"] == 21


def test_the_last_words_of_a_watch_tell_how_things_are_at_its_end(
    crate: Any, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    crate.gone.update({"/files/bram-tollund-anvil-row.mp3", "/files/farid-moss-lantern.mp3"})
    counts = DrainCounts()
    asyncio.run(_watch(counts, tmp_path, between=crate.gone.clear))
    said = capfd.readouterr().err
    assert counts.failed == {Reason.NOT_AUDIO: 1}, "what was tried again is counted once"
    assert "not-found" not in said
    assert next(line.split() for line in said.splitlines() if line.startswith("downloaded")) == [
        "downloaded",
        "21",
    ]
    assert "1 failed, not-audio" in said
    assert counts.tried == 25, "22, and three once more"


async def _watch(counts: DrainCounts, folder: Path, *, between: Callable[[], None]) -> None:
    """Drain, let a person retry what failed, drain again as a watch does, and say what became of it."""
    words = ["--to", str(folder / "music"), "--database", str(folder / "crate.sqlite3"), "--allow-private"]
    options = parse(build_parser(), words, config={}, environment={})
    console = stderr_console()
    async with await open_database(options) as database, open_client(options, database) as client:
        draining = Draining(options=options, database=database, client=client, console=console, counts=counts)
        await draining.once()
        between()
        await Queue(database).retry()
        await draining.once()
        await report_drain(options, counts, database, console, outcome="interrupted", seconds=1.0)


@pytest.mark.parametrize(
    ("due", "pauses", "lines"),
    [
        (None, [], ["waiting: nothing is queued"]),
        (NOW + 90, [], ["waiting: nothing is due until 13:48 (in 2 min)"]),
        (NOW - 1, [], ["waiting: what is due is in other hands, or of hosts left alone"]),
        (None, [Pause(host=None, since=0)], ["waiting: the whole queue is paused until it is resumed"]),
        (
            NOW + 90,
            [Pause(host="b.example", since=0)],
            [
                "waiting: b.example is paused until it is resumed",
                "waiting: nothing is due until 13:48 (in 2 min)",
            ],
        ),
    ],
)
def test_a_watch_says_what_it_waits_for(
    monkeypatch: pytest.MonkeyPatch, due: float | None, pauses: list[Pause], lines: list[str]
) -> None:
    import re

    said = idle_lines(due, pauses, now=NOW)
    assert [re.sub(r"until (?:\S+ )?\d\d:\d\d", "until 13:48", line) for line in said] == lines


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--bandwidth", "7"), "is no rate from 1k up"),
        (("--deadline", "25:00"), "is no deadline: write 2h, 90m"),
        (("--name", "{artis} - {title}"), "did you mean {artist}?"),
        (("--name", "/etc/{title}"), "stays below the folder"),
        (("--watch", "--dry-run"), "Leave one of them out"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_mistake_in_an_option_is_one_line(
    scrape: Callable[..., Any], words: tuple[str, ...], said: str
) -> None:
    ran = scrape("download", *words)
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)
    assert said in ran.err


def test_a_folder_without_a_name_is_a_mistake(download: Callable[..., Any]) -> None:
    ran = download("--to", "")
    assert (ran.code, "no folder is named" in ran.err) == (2, True)


async def test_a_watch_tries_what_waits_for_room_as_soon_as_there_is_more(
    database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    free = iter([1_000_000, 1_500_000, 9_000_000])
    monkeypatch.setattr("scraper.cli.draining.free_bytes", lambda _: next(free))
    queue = Queue(database)
    wish = WantedDownload(key="k", url="https://f.example/1", host="f.example", kind=LinkKind.DIRECT)
    await queue.enqueue([wish])
    (job,) = await queue.claim(limit=1)
    await queue.put_off(job, until=database.now() + 900, reason=Reason.DISK_FULL)
    options = argparse.Namespace(to=tmp_path)
    nobody: Any = None
    draining = Draining(
        options=options, database=database, client=nobody, console=nobody, counts=DrainCounts()
    )
    for is_due in (False, False, True):
        due = await draining.next_due()
        assert (due is not None and due <= database.now()) is is_due
