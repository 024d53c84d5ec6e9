"""scrape download --dry-run: what, how much, from where, what not and why; and nothing is done."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from storage.records import LinkKind, WantedDownload

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from storage.queue import Queue


@pytest.fixture
def crate(scrape: Callable[..., Any], served: Any) -> Any:
    """A database into which the fixture blog was scraped for house and techno."""
    assert scrape(served.url, "--genres", "house", "techno", "--allow-private", "--quiet").code == 0
    return served


@pytest.fixture
def plan(scrape: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:
    def planning(*words: str) -> Any:
        return scrape("download", "--dry-run", "--to", str(tmp_path / "music"), *words)

    return planning


def _rows(path: Path) -> list[Any]:
    tables = ("downloads", "holds", "robots", "runs", "pauses")
    with closing(sqlite3.connect(path)) as connection:
        return [connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables]  # noqa: S608


def test_a_plan_asks_for_sizes_fetches_nothing_and_changes_nothing(
    plan: Callable[..., Any], crate: Any, tmp_path: Path
) -> None:
    before, rows = len(crate.requests), _rows(tmp_path / "crate.sqlite3")
    ran = plan("--allow-private", "--json")
    said = json.loads(ran.out)
    assert ran.code == 0
    assert (said["waiting"], said["files"], len(said["plan"])) == (22, 22, 22)
    assert (said["would_fail"], said["skipped"], said["not_looked_at"]) == ([], [], 0)
    assert {request.split()[0] for request in list(crate.requests)[before:]} == {"HEAD"}
    assert said["unknown_sizes"] == 0
    assert said["known_bytes"] == sum(file["announced_bytes"] for file in said["plan"]) > 100_000
    assert said["fits"]
    assert said["free_bytes"] > said["known_bytes"]
    assert _rows(tmp_path / "crate.sqlite3") == rows
    assert not (tmp_path / "music").exists()


def test_the_sizes_of_a_plan_are_those_of_the_files(
    plan: Callable[..., Any], scrape: Callable[..., Any], crate: Any, tmp_path: Path
) -> None:
    planned = {
        file["id"]: file["announced_bytes"]
        for file in json.loads(plan("--allow-private", "--json").out)["plan"]
    }
    scrape("download", "--to", str(tmp_path / "music"), "--allow-private", "--quiet")
    done = json.loads(scrape("queue", "list", "--state", "done", "--json").out)["downloads"]
    assert len(done) == 21
    assert {item["id"]: item["bytes"] for item in done}.items() <= planned.items()


def test_a_plan_fits_into_80_columns_and_ends_with_the_sums(plan: Callable[..., Any], crate: Any) -> None:
    lines = plan("--allow-private", "--max", "5").out.splitlines()
    assert [line.split()[1:3] for line in lines[:5]] == [["kB", "mp3"]] * 5
    assert all(line.endswith("127.0.0.1") for line in lines[:5])
    assert lines[5] == "skipped: 17: more than --max"
    assert lines[6].startswith("5 of 22 waiting would be fetched: ")
    assert lines[6].endswith(" kB; 17 skipped")
    assert "are free for" in " ".join(lines[7:])
    assert [line for line in lines if len(line) > 80 and "/" not in line] == []


def test_a_plan_names_what_is_left_out_by_host_and_reason(
    plan: Callable[..., Any], scrape: Callable[..., Any], crate: Any
) -> None:
    alone = plan()
    assert "would fail: 22 of 127.0.0.1: blocked-address, the address is not public" in alone.out
    small = plan("--allow-private", "--max-size", "3000")
    assert "would fail: 21 of 127.0.0.1: too-large, it is larger than the limit" in small.out
    assert small.out.count("would be fetched") == 1
    scrape("queue", "pause", "127.0.0.1", "--for", "2h")
    assert "skipped: 22 of 127.0.0.1: the host is paused until " in plan("--allow-private").out
    assert "0 of 22 waiting would be fetched; 22 skipped\n" in plan("--allow-private").out
    scrape("queue", "pause")
    (why,) = {one["why"] for one in json.loads(plan("--json").out)["skipped"]}
    assert why == "queue-paused"


@pytest.fixture
def mixed(plan: Callable[..., Any], crate: Any, change: Callable[..., None]) -> Callable[..., Any]:
    """A plan for what would fail (behind pages of a hoster), what is paused, and the fixture's files."""
    change(_mix)
    return plan


async def _mix(queue: Queue) -> None:
    hosts = {"hoster.example": LinkKind.HOSTER, "paused.example": LinkKind.DIRECT}
    for host, kind in hosts.items():
        keys = [f"{host}/{number}" for number in range(3)]
        await queue.enqueue(
            [WantedDownload(key=key, url=f"https://{key}", host=host, kind=kind) for key in keys]
        )
    await queue.pause("paused.example")


@pytest.mark.parametrize("most", [None, *range(1, 8), 25, 26, 100])
def test_the_sums_of_a_plan_add_up(mixed: Callable[..., Any], most: int | None) -> None:
    words = [] if most is None else ["--max", str(most)]
    said = json.loads(mixed("--allow-private", "--json", *words).out)
    assert said["files"] == len(said["plan"])
    assert said["files"] + len(said["would_fail"]) + len(said["skipped"]) == said["waiting"] == 28
    assert said["files"] + len(said["would_fail"]) == min(most or 25, 25), "each of these is a try"
    text = mixed("--allow-private", *words).out
    sums = [line for line in text.splitlines() if " waiting would be fetched" in line]
    assert sums[0].startswith(f"{said['files']} of 28 waiting would be fetched: ")
    for number, what in ((len(said["would_fail"]), "would fail"), (len(said["skipped"]), "skipped")):
        assert f"{number} {what}" in sums[0] or not number


def test_a_plan_with_max_promises_what_the_run_brings(
    mixed: Callable[..., Any], scrape: Callable[..., Any], tmp_path: Path
) -> None:
    planned = json.loads(mixed("--allow-private", "--json", "--max", "5").out)
    came = json.loads(
        scrape("download", "--max", "5", "--to", str(tmp_path / "music"), "--allow-private", "--json").out
    )
    assert (planned["files"], len(planned["would_fail"])) == (3, 2)
    assert (came["downloaded"], came["failed_by_reason"]) == (3, {"no-resolver": 2})


def test_what_would_fail_is_told_apart_from_what_is_only_left(mixed: Callable[..., Any]) -> None:
    out = mixed("--allow-private").out
    assert "would fail: 3 of hoster.example: no-resolver, " in out
    assert "skipped: 3 of paused.example: the host is paused until it is resumed" in out
    assert "22 of 28 waiting would be fetched: " in out
    assert " kB; 3 would fail, 3 skipped\n" in out


def test_what_a_plan_did_not_look_at_is_counted(
    mixed: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scraper.cli.plan_report.LOOKED_AT", 20)
    said = json.loads(mixed("--allow-private", "--json").out)
    assert (said["waiting"], said["not_looked_at"]) == (28, 8)
    assert said["files"] + len(said["would_fail"]) + len(said["skipped"]) + 8 == 28
    assert ", 8 not looked at" in mixed("--allow-private").out.replace("\n ", "")


def test_a_plan_warns_of_a_disk_that_is_too_small(
    plan: Callable[..., Any], crate: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scraper.cli.plan_report.free_bytes", lambda _: 1000)
    assert "warning: that does not fit: 1.0 kB are free for" in plan("--allow-private").out
    assert json.loads(plan("--allow-private", "--json").out)["fits"] is False


def test_a_plan_of_much_is_short_on_a_terminal_and_whole_for_programs(
    plan: Callable[..., Any], stocked: Callable[..., None], change: Callable[..., None]
) -> None:
    change(_many)
    out = plan().out
    assert len(out.splitlines()) < 80
    assert "and 11 more; --json names all" in out
    assert len(json.loads(plan("--json").out)["plan"]) == 61


async def _many(queue: Queue) -> None:
    """Sixty more downloads; the sizes of all are known, so that nobody is asked."""
    wishes = [
        WantedDownload(
            key=f"m{number}",
            url=f"https://many.example/{number}.mp3",
            host="many.example",
            kind=LinkKind.DIRECT,
            stem="A \x1b[31mRed " + "é" * number,
        )
        for number in range(60)
    ]
    await queue.enqueue(wishes)
    jobs = await queue.claim(limit=1000)
    await queue.release_many([replace(job, size=4200) for job in jobs])


def test_what_strangers_wrote_cannot_speak_to_the_terminal_from_a_plan(
    plan: Callable[..., Any], stocked: Callable[..., None], change: Callable[..., None]
) -> None:
    change(_many)
    assert "\x1b" not in plan().out


def test_watching_a_plan_is_refused(plan: Callable[..., Any], crate: Any) -> None:
    ran = plan("--watch")
    assert (ran.code, ran.out) == (2, "")
    assert "--dry-run fetches nothing that --watch could wait for" in ran.err


def test_a_plan_shows_what_a_template_makes_of_the_files(plan: Callable[..., Any], crate: Any) -> None:
    ran = plan("--allow-private", "--json", "--name", "{year}/{artist} - {title}")
    names = [file["name"] for file in json.loads(ran.out)["plan"]]
    assert "2025/Wren & Coil - Copper Wire (Extended Mix)" in names
    assert "2025/" in plan("--allow-private", "--name", "{year}/{artist} - {title}").out
