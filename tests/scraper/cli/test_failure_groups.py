"""What a drain says of failures at its end: by reason, with the next step and the files."""

from __future__ import annotations

import argparse
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from scraper.cli.failure_groups import failure_lines, failures_object, later_lines
from scraper.downloads.draining.counts import DrainCounts
from storage.reasons import Reason, explain
from tests.scraper.downloads.some_download import some_download

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOW = datetime(2026, 11, 20, 12, 0).astimezone().timestamp()
OPTIONS = argparse.Namespace(config=None, database=None, allow_private=False)


def _counts(
    *failed: tuple[int, Reason, str | None, str | None], later: tuple[Reason, ...] = ()
) -> DrainCounts:
    counts = DrainCounts()
    for number, reason, name, detail in failed:
        counts.fail(some_download(number, name=name), reason, detail)
    for minutes, reason in enumerate(later):
        counts.try_later(some_download(1000 + minutes), reason, due=NOW + 60 * minutes)
    return counts


def test_each_reason_has_a_heading_and_each_file_a_line_below_it() -> None:
    lines = failure_lines(
        OPTIONS,
        _counts(
            (3, Reason.GONE, "Nemo Vale - One", "status 410"),
            (1, Reason.NOT_AUDIO, None, "it is an HTML page"),
            (2, Reason.NOT_AUDIO, "Juno Parch - Two", None),
        ),
    )
    said = explain(Reason.NOT_AUDIO)
    start = next(number for number, line in enumerate(lines) if line.startswith("1 failed, gone"))
    heading = " ".join(line.strip() for line in lines[:2])
    assert heading == f"2 failed, not-audio: {said.sentence}; {said.next_step}"
    assert [line.split() for line in lines[2:start]] == [
        ["1", "https://files.example/1.mp3", "it", "is", "an", "HTML", "page"],
        ["2", "Juno", "Parch", "-", "Two"],
    ]
    assert [line.split() for line in lines[start + 1 :]] == [["3", "Nemo", "Vale", "-", "One"]], "410 is said"


def test_what_was_seen_stands_below_a_name_where_it_is_too_long_to_stand_behind_it() -> None:
    detail = "it is an HTML page; kept as .rejected/4c1f0a9be17a0b42.mp3"
    counts = _counts((8, Reason.NOT_AUDIO, "Sable Foundry - Vault Door (Extended Mix)", detail))
    assert failure_lines(OPTIONS, counts)[-2:] == [
        "       8  Sable Foundry - Vault Door (Extended Mix)",
        f"          {detail}",
    ]
    counts = _counts((8, Reason.NOT_AUDIO, None, f"it claims 300 seconds and holds 12; {detail}"))
    assert failure_lines(OPTIONS, counts)[-2:] == [
        "          it claims 300 seconds and holds 12; it is an HTML page; kept as",
        "          .rejected/4c1f0a9be17a0b42.mp3",
    ]


def test_more_than_ten_of_a_reason_are_counted_with_the_command_that_shows_all() -> None:
    counts = _counts(*((number, Reason.GONE, "Name", None) for number in range(22)))
    assert failure_lines(OPTIONS, counts)[-1] == "    and 12 more: scrape queue list --reason gone"


def test_without_names_there_is_the_heading_alone() -> None:
    counts = _counts(*((number, Reason.GONE, "Name", None) for number in range(3)))
    counts.failures.clear()
    assert failure_lines(OPTIONS, counts) == [
        "3 failed, gone: it was removed for good (410); nothing to do: it is gone"
    ]


@pytest.mark.parametrize("name", ["x" * 300, "長い名前" * 60, "e\u0301" * 100, "a\x1b[31m\u202e" * 30, None])
@pytest.mark.parametrize("detail", ["y" * 300, None, "status 404\n\r\x1b]0;pwn\x07"])
def test_a_failure_is_a_few_lines_of_80_columns_whatever_strangers_wrote(
    name: str | None, detail: str | None
) -> None:
    from rich.cells import cell_len

    lines = failure_lines(OPTIONS, _counts((123_456, Reason.NOT_FOUND, name, detail)))
    assert len(lines) <= 8
    assert max(map(cell_len, lines)) <= 80
    assert all(line.isprintable() for line in lines)


def test_what_is_tried_later_is_a_line_a_reason_with_its_first_moment() -> None:
    counts = _counts(later=(Reason.TIMEOUT, Reason.RATE_LIMITED, Reason.RATE_LIMITED))
    assert list(later_lines(counts, now=NOW)) == [
        "2 downloads tried again later, from 12:01: rate-limited, the server asked for",
        "  patience",
        "1 download tried again later, now: timeout, the server did not answer in time",
    ]


def test_programs_get_failures_and_due_times() -> None:
    said = failures_object(_counts((1, Reason.GONE, None, "status 410"), later=(Reason.TIMEOUT,)))
    assert said["failures"] == [
        {
            "id": 1,
            "name": None,
            "url": "https://files.example/1.mp3",
            "reason": "gone",
            "detail": "status 410",
        }
    ]
    assert datetime.fromisoformat(said["due_by_reason"]["timeout"]).timestamp() == NOW


@pytest.fixture
def crate(scrape: Callable[..., Any], served: Any) -> Any:
    """A database into which the fixture blog was scraped for house and techno."""
    assert scrape(served.url, "--genres", "house", "techno", "--allow-private", "--quiet").code == 0
    return served


def test_a_download_ends_with_what_failed_and_nothing_of_what_did_not(
    scrape: Callable[..., Any], crate: Any, tmp_path: Path
) -> None:
    words = ("download", "--to", str(tmp_path / "music"), "--allow-private")
    err = scrape(*words).err
    assert "1 failed, not-audio: " in err
    assert "Sable Foundry - Vault Door (Extended Mix)" in err
    assert "Harrow Lane" not in err
    scrape("queue", "retry")
    (failure,) = json.loads(scrape(*words, "--json").out)["failures"]
    assert failure["reason"] == "not-audio"
    assert failure["url"].endswith("sable-foundry-vault-door.mp3")


def test_of_many_failures_ten_are_named_within_80_columns(
    scrape: Callable[..., Any], crate: Any, tmp_path: Path
) -> None:
    ran = scrape("download", "--to", str(tmp_path / "music"), "--allow-private", "--max-size", "3000")
    lines = ran.err.splitlines()
    assert sum("  too-large" not in line and line.startswith("      ") for line in lines) == 11, (
        "and one page"
    )
    assert any(line.startswith("    and 11 more: scrape queue list --reason too-large") for line in lines)
    assert [
        line for line in lines if len(line) > 80 and "scrape " not in line and "Files: " not in line
    ] == []


def test_the_main_job_says_the_same_of_its_downloads(
    scrape: Callable[..., Any], served: Any, tmp_path: Path
) -> None:
    job = (served.url, "--genres", "house", "techno", "--allow-private", "--download")
    ran = scrape(*job, "--to", str(tmp_path / "music"))
    assert ran.code == 1
    assert "Sable Foundry - Vault Door (Extended Mix)" in ran.err
    assert "1 failed, not-audio: " in ran.err
