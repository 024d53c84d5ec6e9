"""scrape status: what waits for what and until when, what is paused, what failed, in few lines of 80 columns."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from scraper.cli.status_facts import hold_of
from storage.blogs import Blogs
from storage.database import Database
from storage.holds import Hold, HostHolds
from storage.reasons import Reason, explain
from storage.records import LinkKind, WantedDownload

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from storage.queue import Queue

HOUR = 3600.0


def _lines(scrape: Callable[..., Any], begin: str) -> list[str]:
    whole = scrape("status").out.replace("\n  ", " ")
    return [line for line in whole.splitlines() if line.startswith(begin)]


def test_status_counts_every_state_and_every_reason(
    scrape: Callable[..., Any], stocked: Callable[..., None]
) -> None:
    said = json.loads(scrape("status", "--json").out)
    assert said["downloads"] == {"waiting": 2, "running": 1, "done": 1, "failed": 2, "cancelled": 1}
    assert said["failed_by_reason"] == {"not-audio": 1, "not-found": 1}
    out = scrape("status").out
    assert "failed: not-found" in out
    assert explain(Reason.NOT_FOUND).next_step in " ".join(out.split())


def test_status_says_by_host_what_is_due_and_what_is_not(
    scrape: Callable[..., Any], stocked: Callable[..., None]
) -> None:
    stocked(_more_hosts)
    lines = _lines(scrape, "waiting: ")
    assert lines[:2] == [
        "waiting: 3 of many.example, due now",
        "waiting: 2 of files.example, 1 due now, the others later",
    ]
    assert lines[2].startswith("waiting: 1 of later.example, due from ")
    hosts = json.loads(scrape("status", "--json").out)["waiting_by_host"]
    assert [(host["host"], host["waiting"], host["due_now"]) for host in hosts] == [
        ("many.example", 3, 3),
        ("files.example", 2, 1),
        ("later.example", 1, 0),
    ]
    assert datetime.fromisoformat(hosts[2]["next_due"]).timestamp() == pytest.approx(
        time.time() + HOUR, abs=60
    )


async def _more_hosts(queue: Queue) -> None:
    await queue.enqueue([_wish("later.example", 0)])
    (job,) = await queue.claim(limit=1, skip_hosts=["files.example"])
    await queue.put_off(job, until=time.time() + HOUR, reason=Reason.TIMEOUT)
    await queue.enqueue([_wish("many.example", number) for number in range(3)])


def _wish(host: str, number: int) -> WantedDownload:
    key = f"{host}/{number}.mp3"
    return WantedDownload(key=key, url=f"https://{key}", host=host, kind=LinkKind.DIRECT)


def test_status_says_what_is_paused_and_what_is_left_alone(
    scrape: Callable[..., Any], stocked: Callable[..., None], tmp_path: Path
) -> None:
    scrape("queue", "pause", "files.example", "--for", "2h")
    assert _lines(scrape, "waiting: ")[0].startswith("waiting: 2 of files.example, paused until ")
    assert _lines(scrape, "paused: ")[0].startswith("paused: files.example is paused until ")
    scrape("queue", "resume", "files.example")
    asyncio.run(_hold(tmp_path / "crate.sqlite3"))
    assert _lines(scrape, "waiting: ")[0].startswith("waiting: 2 of files.example, left alone until ")
    (host,) = json.loads(scrape("status", "--json").out)["waiting_by_host"]
    assert datetime.fromisoformat(host["left_alone_until"]).timestamp() > time.time()
    assert not host["paused"]


async def _hold(path: Path) -> None:
    async with await Database.open(path) as database:
        await HostHolds(database).save("files.example", until=time.time() + HOUR, reason=Reason.RATE_LIMITED)


def test_where_there_is_much_status_stays_short(
    scrape: Callable[..., Any], change: Callable[..., None], tmp_path: Path
) -> None:
    change(_much)
    asyncio.run(_many_blogs(tmp_path / "crate.sqlite3"))
    waiting, paused, blogs = (_lines(scrape, begin) for begin in ("waiting: ", "paused: ", "blog"))
    assert len(waiting) == len(paused) == len(blogs) == 11
    assert waiting[-1] == "waiting: and 30 of other hosts"
    assert paused[-1] == "paused: and 5 more hosts"
    assert blogs[0].startswith("blog https://b39.example/: "), "those in trouble come first"
    assert blogs[-1] == "blog: and 30 more; scrape blogs list names all"
    lines = scrape("status").out.splitlines()
    assert len(lines) < 60
    assert [line for line in lines[1:] if len(line) > 80] == []
    assert len(json.loads(scrape("status", "--json").out)["waiting_by_host"]) == 40


async def _much(queue: Queue) -> None:
    await queue.enqueue([_wish(f"h{number:02}.example", 0) for number in range(40)])
    for number in range(15):
        await queue.pause(f"h{number:02}.example")


async def _many_blogs(path: Path) -> None:
    async with await Database.open(path) as database:
        for number in range(39):
            await Blogs(database).note_run(f"https://b{number:02}.example/", ok=True, reason=None, at=0.0)
        await Blogs(database).note_run("https://b39.example/", ok=False, reason=Reason.TIMEOUT, at=0.0)


def _held(group: str, until: float = 2.0) -> Hold:
    return Hold(group=group, until=until, reason=Reason.TIMEOUT)


@pytest.mark.parametrize(
    ("host", "holds", "found"),
    [
        ("files.example", [_held("files.example")], "files.example"),
        ("www.files.example", [_held("files.example")], "files.example"),
        ("127.0.0.1", [_held("127.0.0.1:8080")], "127.0.0.1:8080"),
        ("files.example", [_held("other.example")], None),
        ("files.example", [_held("files.example:8080", 9.0), _held("files.example", 3.0)], "files.example"),
        ("not a host", [_held("not a host")], "not a host"),
        ("files.example", [], None),
    ],
)
def test_the_hold_of_a_host_is_found_whatever_its_port(
    host: str, holds: list[Hold], found: str | None
) -> None:
    hold = hold_of(host, holds)
    assert (hold.group if hold else None) == found
