"""What is tried again later, when and why: in the closing table, in status, and in the log."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from scraper.cli.drain_report import put_off_lines
from scraper.cli.report import local_time, short_host
from scraper.downloads.draining.counts import LeftAlone
from scraper.http.errors import FetchError
from scraper.stopping import moment
from storage.blogs import Blogs
from storage.database import Database
from storage.holds import HostHolds
from storage.reasons import Reason, explain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NOW = datetime(2026, 11, 20, 12, 0).astimezone().timestamp()
HOUR = 3600.0


@pytest.fixture
def crate(scrape: Callable[..., Any], served: Any) -> Any:
    """A database into which the fixture blog was scraped for house and techno."""
    assert scrape(served.url, "--genres", "house", "techno", "--allow-private", "--quiet").code == 0
    return served


@pytest.fixture
def download(scrape: Callable[..., Any], crate: Any, tmp_path: Path) -> Callable[..., Any]:
    def run(*words: str) -> Any:
        return scrape("download", "--to", str(tmp_path / "music"), "--allow-private", *words)

    return run


@pytest.fixture
def tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The time of another place."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        yield
    time.tzset()


def test_a_host_that_asks_for_an_hour_is_named_with_the_time_of_day(
    crate: Any, download: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    crate.busy_for = 3600
    ran = download()
    assert ran.code == 1
    lines = ran.err.splitlines()
    later = int(next(line.split()[-1] for line in lines if line.startswith("tried again later")))
    assert 1 <= later <= 5
    assert next(line.split() for line in lines if line.startswith("later: "))[1:3] == [
        "rate-limited",
        str(later),
    ]
    (put_off,) = (line for line in lines if line.startswith("put off: "))
    assert put_off.startswith("put off: 127.0.0.1:")
    waiting = next(line.split()[-1] for line in lines if line.startswith("still waiting"))
    assert f"({waiting} downloads, rate-limited)" in put_off
    assert max(len(line) for line in lines if not line.startswith("Next: ")) <= 80


def test_what_is_tried_again_later_is_in_the_object_too(crate: Any, download: Callable[..., Any]) -> None:
    crate.busy_for = 3600
    said = json.loads(download("--json").out)
    assert said["put_back_by_reason"] == {"rate-limited": said["put_back"]}
    (left,) = said["left_alone"]
    assert left["host"] in crate.url
    assert (left["reason"], left["downloads"]) == ("rate-limited", said["waiting"])
    assert datetime.fromisoformat(left["until"]).timestamp() == pytest.approx(time.time() + HOUR, abs=60)


def test_while_a_host_is_left_alone_runs_try_nothing_of_it_say_so_and_have_not_failed(
    crate: Any, download: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    crate.busy_for = 3600
    first = [line for line in download().err.splitlines() if line.startswith("put off: ")]
    for _ in range(2):
        ran = download()
        assert ran.code == 0
        assert [line for line in ran.err.splitlines() if line.startswith("put off: ")] == first
        assert (
            next(line.split()[-1] for line in ran.err.splitlines() if line.startswith("tried again")) == "0"
        )
    quiet = download("--quiet")
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")


def test_a_quiet_run_that_ends_with_1_says_why(crate: Any, download: Callable[..., Any]) -> None:
    crate.busy_for = 3600
    ran = download("--quiet")
    assert (ran.code, ran.out) == (1, "")
    later, put_off = ran.err.splitlines()
    assert "tried again later: rate-limited" in later
    assert put_off.startswith("scrape: put off: 127.0.0.1:")


def test_a_quiet_main_job_says_of_its_downloads_what_a_quiet_download_says(
    scrape: Callable[..., Any], served: Any, tmp_path: Path
) -> None:
    served.busy_for = 3600
    job = (served.url, "--genres", "house", "--allow-private", "--quiet")
    ran = scrape(*job, "--download", "--to", str(tmp_path / "music"))
    assert (ran.code, ran.out) == (1, "")
    later, put_off = ran.err.splitlines()
    assert "tried again later: rate-limited" in later
    assert put_off.startswith("scrape: put off: 127.0.0.1:")


def test_five_hosts_are_named_and_the_others_counted() -> None:
    left = {
        f"h{number}.example": LeftAlone(
            until=NOW + HOUR, reason=Reason.RATE_LIMITED, downloads=number % 7 + 1
        )
        for number in range(9)
    }
    lines = put_off_lines(left, now=NOW)
    assert lines[0] == "put off: h6.example until 13:00 (7 downloads, rate-limited)"
    assert [line.split()[2] for line in lines[:5]] == [f"h{number}.example" for number in (6, 5, 4, 3, 2)]
    assert lines[5:] == ["put off: and 4 more hosts"]
    assert put_off_lines({}, now=NOW) == []


def test_a_host_whose_time_has_come_during_a_watch_is_not_named() -> None:
    left = {"h.example": LeftAlone(until=NOW, reason=Reason.TIMEOUT, downloads=1)}
    assert put_off_lines(left, now=NOW) == []
    assert len(put_off_lines(left, now=NOW - 1)) == 1


def test_one_download_is_one_download_and_a_long_name_keeps_its_end() -> None:
    name = "a" * 200 + ".blog.example"
    left = {name: LeftAlone(until=NOW + HOUR, reason=Reason.TIMEOUT, downloads=1)}
    (line,) = put_off_lines(left, now=NOW)
    assert "(1 download, timeout)" in line
    assert name not in line
    assert short_host(name).endswith("a.blog.example")
    assert len(short_host(name)) == 40


@pytest.mark.usefixtures("tokyo")
@pytest.mark.parametrize(
    ("iso", "written"),
    [
        ("2026-11-20T14:20:59+09:00", "14:20"),
        ("2026-11-20T03:00:00+00:00", "12:00"),
        ("2026-11-20T15:00:00+00:00", "2026-11-21 00:00"),
        ("2025-11-20T14:20:00+09:00", "2025-11-20 14:20"),
    ],
)
def test_moments_are_written_in_the_time_of_the_place(iso: str, written: str) -> None:
    now = datetime.fromisoformat("2026-11-20T09:00:00+09:00").timestamp()
    assert local_time(datetime.fromisoformat(iso).timestamp(), now=now) == written


async def _trouble(path: Path, until: float) -> None:
    async with await Database.open(path) as database:
        await HostHolds(database).save("b.example", until=until, reason=Reason.RATE_LIMITED)
        for number in range(11):
            await HostHolds(database).save(f"h{number}", until=until - 100, reason=Reason.UNREACHABLE)
        blogs = Blogs(database)
        await blogs.note_run("https://well.example/", ok=True, reason=None, at=NOW)
        await blogs.note_run("https://away.example/", ok=True, reason=None, at=NOW)
        await blogs.note_run("https://away.example/", ok=False, reason=Reason.TIMEOUT, at=NOW + HOUR)
        await blogs.note_run("https://new.example/", ok=False, reason=Reason.TLS, at=NOW)
        await blogs.note_gone("https://gone.example/", at=NOW)


def test_status_says_what_waits_for_what_and_until_when(scrape: Callable[..., Any], tmp_path: Path) -> None:
    until = time.time() + HOUR
    asyncio.run(_trouble(tmp_path / "crate.sqlite3", until))
    ran = scrape("status")
    lines = ran.out.replace("\n  ", " ").splitlines()  # what did not fit goes on in the next line
    until_then, at = moment(until, now=time.time()), local_time(NOW, now=time.time())
    left_alone = [line for line in lines if line.startswith("left alone: ")]
    assert (
        left_alone[0]
        == f"left alone: b.example until {until_then}, rate-limited: the server asked for patience"
    )
    assert left_alone[-1] == "left alone: and 2 more"
    assert len(left_alone) == 11
    assert [line.removeprefix("blog https://") for line in lines if line.startswith("blog ")] == [
        f"away.example/: last read {at}; timeout: the server did not answer in time",
        f"gone.example/: gone since {at}, never read; gone: it was removed for good (410)",
        f"new.example/: never read; tls-error: {explain(Reason.TLS).sentence}",
        "well.example/: not read to its end",
    ]


def test_status_does_not_promise_what_a_host_forbids(
    scrape: Callable[..., Any], crate: Any, tmp_path: Path
) -> None:
    assert "next download due: now\n" in scrape("status").out
    asyncio.run(_trouble(tmp_path / "crate.sqlite3", time.time() + HOUR))
    assert "next download due: now (but for hosts left alone)\n" in scrape("status").out


def test_status_says_it_to_programs(scrape: Callable[..., Any], tmp_path: Path) -> None:
    until = time.time() + HOUR
    asyncio.run(_trouble(tmp_path / "crate.sqlite3", until))
    said = json.loads(scrape("status", "--json").out)
    first = said["left_alone"][0]
    assert (first["host"], first["reason"], len(said["left_alone"])) == ("b.example", "rate-limited", 12)
    assert datetime.fromisoformat(first["until"]).timestamp() == pytest.approx(until, abs=1)
    away = next(blog for blog in said["blogs"] if blog["url"] == "https://away.example/")
    assert (away["reason"], datetime.fromisoformat(away["last_read"]).timestamp()) == ("timeout", NOW)
    assert set(said["reasons"]) == {"rate-limited", "unreachable", "timeout", "tls-error", "gone"}
    assert said["reasons"]["tls-error"] == {
        "sentence": explain(Reason.TLS).sentence,
        "next_step": explain(Reason.TLS).next_step,
    }


def test_status_says_the_next_step_of_each_failure_within_80_columns(
    scrape: Callable[..., Any], download: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    download("--quiet")
    out = scrape("status").out
    table = out[out.index("failed: not-audio") : out.index("blog ")]
    assert explain(Reason.NOT_AUDIO).next_step in " ".join(table.split())
    assert max(map(len, table.splitlines())) <= 80


def test_the_log_has_one_line_a_failure_with_its_reason_address_and_detail(
    download: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(job: Any, *_: Any, **__: Any) -> None:
        raise FetchError(Reason.PROTOCOL_ERROR, job.url, detail="a\x1b]0;pwn\x07\r\nb\u202ec")

    monkeypatch.setattr("scraper.downloads.draining.drain.run_job", fail)
    ran = download("--verbose", "--json")
    lines = ran.err.splitlines()
    assert len(lines) == json.loads(ran.out)["put_back"] >= 22, "one may be due again within the run"
    for line in lines:
        assert line.startswith(
            "INFO scraper.downloads.draining.drain: protocol-error: The server broke the rules"
        )
        assert r"a\x1b]0;pwn\x07\r\nb\u202ec" in line
        assert "/files/" in line
