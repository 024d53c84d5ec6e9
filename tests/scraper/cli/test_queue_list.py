"""scrape queue list and show."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from scraper.http.addresses.identity import post_key
from storage.database import Database
from storage.posts import Posts
from storage.reasons import Reason, explain
from storage.records import Post, ReadPost

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("stocked")


def _ids(scrape: Callable[..., Any], *words: str) -> set[int]:
    return {item["id"] for item in json.loads(scrape("queue", "list", "--json", *words).out)["downloads"]}


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ((), {1, 2, 3, 4, 5, 6, 7}),
        (("--state", "failed"), {3, 4}),
        (("--state", "waiting", "running"), {1, 2, 7}),
        (("--reason", "not-audio"), {4}),
        (("--host", "page.example"), {4}),
        (("--host", "https://Page.example:8080/4.mp3"), {4}),
        (("--host", "files.example", "--state", "failed"), {3}),
        (("--host", "nobody.example"), set()),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_list_shows_what_the_filters_choose(
    scrape: Callable[..., Any], words: tuple[str, ...], ids: set[int]
) -> None:
    assert _ids(scrape, *words) == ids


def test_a_list_that_is_cut_says_how_to_see_all(scrape: Callable[..., Any]) -> None:
    cut = scrape("queue", "list", "--max", "2")
    assert cut.out.splitlines()[-1] == "2 of 7 downloads; --max 7 shows all"
    assert scrape("queue", "list").out.splitlines()[-1] == "7 downloads"
    assert scrape("queue", "list", "--state", "done").out.splitlines()[-1] == "1 download"
    assert scrape("queue", "list", "--host", "nobody.example").out == "No download is like that\n"
    assert json.loads(scrape("queue", "list", "--max", "2", "--json").out)["total"] == 7


def test_a_list_tells_reason_next_step_and_due_time_with_nothing_said_twice(
    scrape: Callable[..., Any],
) -> None:
    out = " ".join(scrape("queue", "list").out.split())
    not_found, later = explain(Reason.NOT_FOUND), explain(Reason.RATE_LIMITED)
    assert f"not-found: {not_found.sentence}; {not_found.next_step} " in out, "404 once"
    assert f"rate-limited: {later.sentence} (status 429); {later.next_step} " in out
    assert "tried once, due " in out
    assert "(in 2 h)" in out


@pytest.mark.parametrize("words", [("list",), ("show", "4"), ("show", "4", "--json"), ("list", "--json")])
def test_what_strangers_wrote_cannot_speak_to_the_terminal(
    scrape: Callable[..., Any], words: tuple[str, ...]
) -> None:
    out = scrape("queue", *words).out
    assert "pwn" in out
    assert "\x1b" not in out


def test_show_tells_everything_about_a_download(scrape: Callable[..., Any], tmp_path: Path) -> None:
    asyncio.run(_store_post(tmp_path / "crate.sqlite3"))
    done = scrape("queue", "show", "5").out
    for said in (
        "5 done Milo Ashgrove - Whole",
        "https://files.example/5.mp3",
        "The Title of the Post",
        "https://blog.example/5/",
        "direct, mp3",
        "tried      once",
        "/music/Milo Ashgrove - Whole.mp3",
        "4.2 kB (4,200 bytes)",
        "5e" * 32,
    ):
        assert said in done
    waiting, running, failed = (scrape("queue", "show", number).out for number in "273")
    assert "(in 2 h)" in waiting
    assert "lease      until" in running
    assert f"not-found: {explain(Reason.NOT_FOUND).sentence}\n" in failed
    assert f"next step  {explain(Reason.NOT_FOUND).next_step}\n" in failed


async def _store_post(path: Path) -> None:
    url = "https://blog.example/5/"
    title = "The Title of the Post"
    post = Post(url=url, key=post_key(url), blog="https://blog.example/", title=title)
    async with await Database.open(path) as database:
        await Posts(database).save([ReadPost(post=post)])


def test_show_tells_it_to_programs_in_the_order_asked_for(scrape: Callable[..., Any]) -> None:
    items = json.loads(scrape("queue", "show", "7", "2", "7", "--json").out)["downloads"]
    assert [item["id"] for item in items] == [7, 2]
    running, waiting = items
    assert datetime.fromisoformat(running["lease_until"]).timestamp() > time.time()
    assert (waiting["reason"], waiting["lease_until"], waiting["pause"]) == ("rate-limited", None, None)
    assert waiting["next_step"] == explain(Reason.RATE_LIMITED).next_step
    assert {"priority", "checksum", "announced_bytes", "post_title", "key"} <= waiting.keys()


def test_show_names_the_pause_that_holds_a_download(scrape: Callable[..., Any]) -> None:
    scrape("queue", "pause", "files.example")
    assert "held by    files.example is paused until it is resumed" in scrape("queue", "show", "1").out
    scrape("queue", "pause", "--for", "2h")
    held = json.loads(scrape("queue", "show", "1", "--json").out)["downloads"][0]["pause"]
    assert held["host"] is None, "of the whole queue"
    assert "held by" not in scrape("queue", "show", "5").out, "it is done"


def test_a_list_fits_into_80_columns_with_its_reasons(scrape: Callable[..., Any]) -> None:
    lines = scrape("queue", "list").out.splitlines()
    assert max(map(len, lines)) <= 80
    below = next(number for number, line in enumerate(lines) if "not-audio: " in line) + 1
    assert lines[below].startswith(" " * 16), "a long reason goes on below itself"
    assert "://" not in lines[below]


def test_lists_fit_into_80_columns_but_for_addresses_and_sentences(scrape: Callable[..., Any]) -> None:
    for line in scrape("queue", "show", "1", "5").out.splitlines():
        assert len(line) <= 80 or "://" in line
