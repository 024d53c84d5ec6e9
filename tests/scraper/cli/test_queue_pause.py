"""scrape queue pause and resume, and what other commands say of a pause."""

from __future__ import annotations

import json
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("stocked")
HOUR = 3600.0


def _paused(scrape: Callable[..., Any]) -> list[Any]:
    return [pause["host"] for pause in json.loads(scrape("status", "--json").out)["paused"]]


def test_the_whole_queue_is_paused_and_resumed(scrape: Callable[..., Any]) -> None:
    paused = scrape("queue", "pause")
    assert (paused.code, paused.out) == (0, "")
    assert paused.err.splitlines()[0] == "The whole queue is paused until it is resumed."
    assert "scrape queue resume --database" in paused.err
    assert _paused(scrape) == [None]
    resumed = scrape("queue", "resume")
    assert resumed.err.splitlines()[0] == "Nothing is paused."
    assert _paused(scrape) == []


@pytest.mark.parametrize(
    "words",
    [("files.example",), ("https://Files.example:443/x",), ("--host", "files.example")],
    ids=" ".join,
)
def test_a_host_is_paused_however_it_is_named(scrape: Callable[..., Any], words: tuple[str, ...]) -> None:
    ran = scrape("queue", "pause", *words)
    assert "files.example is paused until it is resumed." in ran.err
    assert "files.example: 2 downloads held back." in ran.err
    assert _paused(scrape) == ["files.example"]
    assert "Nothing is paused." in scrape("queue", "resume", *words).err


def test_a_pause_may_end_by_itself(scrape: Callable[..., Any]) -> None:
    (pause,) = json.loads(scrape("queue", "pause", "files.example", "--for", "2h", "--json").out)["paused"]
    assert datetime.fromisoformat(pause["until"]).timestamp() == pytest.approx(time.time() + 2 * HOUR, abs=60)
    assert "files.example is paused until " in scrape("queue", "pause", "files.example", "--for", "2h").err


def test_several_hosts_are_paused_at_once_and_what_is_left_is_said(scrape: Callable[..., Any]) -> None:
    scrape("queue", "pause", "files.example", "page.example")
    ran = scrape("queue", "resume", "files.example")
    assert ran.err.splitlines()[0] == "page.example is paused until it is resumed."
    assert "scrape queue resume page.example" in ran.err


def test_a_host_that_was_not_paused_is_no_failure(scrape: Callable[..., Any]) -> None:
    ran = scrape("queue", "resume", "files.example")
    assert ran.code == 0
    assert ran.err.splitlines()[:2] == ["files.example was not paused.", "Nothing is paused."]
    assert scrape("queue", "resume").err.splitlines()[0] == "The whole queue was not paused."


def test_a_slip_in_the_name_of_a_host_is_noticed(scrape: Callable[..., Any]) -> None:
    assert "Did you mean files.example?" in scrape("queue", "pause", "file.example").err
    assert "nowhere.test: nothing of it waits now." in scrape("queue", "pause", "nowhere.test").err


def test_a_quiet_pause_is_quiet(scrape: Callable[..., Any]) -> None:
    ran = scrape("queue", "pause", "--quiet")
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_many_pauses_are_counted(scrape: Callable[..., Any]) -> None:
    ran = scrape("queue", "pause", *(f"h{number:02}.example" for number in range(15)))
    told = [line for line in ran.err.splitlines() if "is paused" in line]
    assert len(told) == 10
    assert "And 5 more hosts; scrape status --json names all." in ran.err


def test_a_download_says_what_a_pause_holds_back_and_how_it_goes_on(
    scrape: Callable[..., Any], tmp_path: Any
) -> None:
    scrape("queue", "pause")
    ran = scrape("download", "--to", str(tmp_path / "music"))
    assert ran.code == 0
    lines = ran.err.splitlines()
    assert next(line.split() for line in lines if line.startswith("of these paused"))[-1] == "2"
    (held,) = (line for line in lines if line.startswith("Held back: "))
    assert held.startswith("Held back: the whole queue is paused until it is resumed; scrape queue resume ")
    said = json.loads(scrape("download", "--to", str(tmp_path / "music"), "--json").out)
    assert (said["waiting"], said["paused"]) == (2, 2)
