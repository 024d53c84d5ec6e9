"""scrape queue pause and resume, and what other commands say of a pause."""

from __future__ import annotations

import json
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from storage.records import LinkKind, WantedDownload

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("stocked")
HOUR = 3600.0


def _paused(scrape: Callable[..., Any]) -> list[Any]:
    return [pause["host"] for pause in json.loads(scrape("status", "--json").out)["pauses"]]


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
    (pause,) = json.loads(scrape("queue", "pause", "files.example", "--for", "2h", "--json").out)["pauses"]
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


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("1",),
            (
                "scrape: 1 is a download and no host: Nemo Vale - One. "
                "Pause its host: scrape queue pause files.example --database DB; "
                "or give up this one: scrape queue cancel 1 --database DB."
            ),
        ),
        (("4",), "Pause its host: scrape queue pause page.example "),
        (("files.example", "4"), "4 is a download and no host"),
        (("--host", "4"), "4 is a download and no host"),
        (("99",), "scrape: 99 is no host, and no download either. Look with scrape status "),
        (("9" * 40,), "This is no name of a host"),
        (("a..b",), "scrape: This is no name of a host: a..b. Write it like blog.example; scrape status "),
        (("*",), "This is no name of a host: *."),
        (("-17",), "This is no name of a host: -17."),
        (("my_nas",), "This is no name of a host: my_nas."),
    ],
    ids=lambda value: " ".join(value)[:20] if isinstance(value, tuple) else "",
)
def test_what_is_no_host_is_not_paused(
    scrape: Callable[..., Any], tmp_path: Any, words: tuple[str, ...], said: str
) -> None:
    ran = scrape("queue", "pause", *words)
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)
    assert said.replace("DB", str(tmp_path / "crate.sqlite3")) in ran.err
    assert _paused(scrape) == [], "also what was named beside it is not"


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.1:8080", "127.0.0.1"),
        ("::1", "::1"),
        ("[::1]:8080", "::1"),
        ("localhost", "localhost"),
        ("files.example:443", "files.example"),
        ("bücher.example", "xn--bcher-kva.example"),
    ],
)
def test_addresses_and_hosts_with_ports_are_paused_and_resumed(
    scrape: Callable[..., Any], word: str, name: str
) -> None:
    assert scrape("queue", "pause", word).code == 0
    assert _paused(scrape) == [name]
    scrape("queue", "resume", word)
    assert _paused(scrape) == []


def test_a_host_that_waits_is_paused_though_it_is_none_by_the_book(
    scrape: Callable[..., Any], change: Callable[..., None]
) -> None:
    change(lambda queue: queue.enqueue([_wish("my_blog.example")]))
    assert "my_blog.example: 1 download held back." in scrape("queue", "pause", "my_blog.example").err


def _wish(host: str) -> WantedDownload:
    return WantedDownload(key=host, url=f"https://{host}/1.mp3", host=host, kind=LinkKind.DIRECT)


@pytest.mark.parametrize("name", ["17", "a..b", "bücher.example", "my_nas"])
def test_what_an_older_version_paused_can_be_resumed(
    scrape: Callable[..., Any], change: Callable[..., None], name: str
) -> None:
    change(lambda queue: queue.pause(name))
    assert _paused(scrape) == [name]
    assert "Nothing is paused." in scrape("queue", "resume", name).err
    assert _paused(scrape) == []


def test_a_name_that_could_mean_everything_is_told_how_that_is_done(scrape: Callable[..., Any]) -> None:
    assert "all: nothing of it waits now. Without a host the whole queue is paused." in (
        scrape("queue", "pause", "all").err
    )


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
    assert (said["waiting"], said["waiting_paused"]) == (2, 2)
