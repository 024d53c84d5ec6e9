"""What a drain says at its end: the closing table, the hosts that were put off, the next step."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper.cli.console import put, say
from scraper.cli.draining import folder_of
from scraper.cli.failure_groups import failure_lines, failures_object, later_lines
from scraper.cli.queue_rows import downloads_text, pause_text
from scraper.cli.report import (
    bytes_text,
    closing_table,
    next_command,
    seconds_text,
    short_host,
    utc_time,
)
from scraper.stopping import moment
from storage.queue import Queue
from storage.reasons import explain
from storage.records import DownloadState

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from scraper.downloads.draining.counts import DrainCounts, LeftAlone
    from storage.database import Database
    from storage.records import Pause

_HOST_LINES = 5
_PAUSES = 3  # that are named


@dataclass(frozen=True, slots=True, kw_only=True)
class _Left:
    """What is left in the queue after a drain."""

    waiting: int
    paused: int
    held: int
    due: float | None
    """When a claim can find something: POSIX seconds UTC."""
    pauses: Sequence[Pause]


async def report_drain(
    options: argparse.Namespace,
    counts: DrainCounts,
    database: Database,
    console: Console,
    *,
    outcome: str,
    seconds: float,
) -> None:
    """Say what a drain did: as one object, in lines of what failed, or as the closing table."""
    queue = Queue(database)
    waiting, paused = await queue.waiting_total(), await queue.paused_total()
    held = (await queue.counts())[DownloadState.RUNNING]  # what this run held is given back by now
    if options.json:
        failed = {str(reason): number for reason, number in counts.failed.items()}
        result = {"outcome": outcome, **counts.numbers(), "failed_by_reason": failed}
        result |= {"waiting": waiting, "waiting_paused": paused, "held_by_others": held}
        result |= put_back_object(counts) | failures_object(counts)
        put(json.dumps(result | {"seconds": round(seconds, 3)}, ensure_ascii=True) + "\n")
    elif options.quiet:
        say_failures(counts)
    else:
        due, pauses = await queue.next_due(), await queue.pauses()
        left = _Left(waiting=waiting, paused=paused, held=held, due=due, pauses=pauses)
        _print_counts(counts, console, left, seconds=seconds)
        say_results(options, counts)
        _say_next(options, counts, left, outcome=outcome)


def say_failures(counts: DrainCounts) -> None:
    """Say on stderr what failed or is tried again later, a line for each reason and host put off."""
    for reason, number in counts.failed.items():
        say(f"scrape: {downloads_text(number)} failed: {reason}, {explain(reason).sentence}")
    for reason, number in counts.later.items():
        are = "is" if number == 1 else "are"
        said = f"{reason}, {explain(reason).sentence}"
        say(f"scrape: {downloads_text(number)} {are} tried again later: {said}")
    # Where nothing was tried, what waits for its host is no news to a log.
    for line in put_off_lines(counts.left_alone, now=time.time()) if counts.later else ():
        say(f"scrape: {line}")


def say_results(options: argparse.Namespace, counts: DrainCounts) -> None:
    """Say on stderr what failed and which files it was, what is tried again and when, and where files are."""
    now = time.time()
    later = [*later_lines(counts, now=now), *put_off_lines(counts.left_alone, now=now)]
    for line in [*failure_lines(options, counts), *later]:
        say(line)
    if counts.done:
        say(f"Files: {folder_of(options)}")


def _print_counts(counts: DrainCounts, console: Console, left: _Left, *, seconds: float) -> None:
    rows = [
        ("downloaded", f"{counts.done:,}"),
        ("received", bytes_text(counts.bytes)),
        ("tried again later", f"{counts.put_back:,}"),
        ("still waiting", f"{left.waiting:,}"),
        *([("of these paused", f"{left.paused:,}")] if left.paused else []),
        *([("held by another run", f"{left.held:,}")] if left.held else []),
        ("time", seconds_text(seconds)),
    ]
    console.print(closing_table(rows, counts.failed, later=counts.later, words=False))


def _say_next(options: argparse.Namespace, counts: DrainCounts, left: _Left, *, outcome: str) -> None:
    if left.held:
        say("What another run holds, or a killed one left behind, is free within a minute.")
    for pause in left.pauses[:_PAUSES] if left.paused else ():
        host = f" {pause.host}" if pause.host else ""
        resume = next_command(f"queue resume{host}", options)
        say(f"Held back: {pause_text(pause, now=time.time())}; {resume}")
    if left.waiting and outcome == "deadline":
        wait = "waits" if left.waiting == 1 else "wait"
        say(f"The deadline has come: {downloads_text(left.waiting)} still {wait}.")
        say(f"Next: {next_command('download', options)}")
    elif counts.failed:
        say(f"Next: {next_command('queue list --state failed', options)}   (why each one failed)")
    elif left.waiting > left.paused and outcome not in {"failed", "interrupted"}:
        if counts.tried and not counts.left_alone and left.due is not None and left.due <= time.time():
            say(f"Next: {next_command('download', options)}")  # there was a --max
            return
        say(f"Next: the same again when they are due   ({next_command('status', options)} says when)")


def put_off_lines(left_alone: Mapping[str, LeftAlone], *, now: float) -> list[str]:
    """Return a line for each host that is left alone, those of the most downloads first; five at most."""
    held = _held(left_alone, now=now)
    ordered = sorted(held.items(), key=lambda item: (-item[1].downloads, item[0]))
    lines = []
    for host, left in ordered[:_HOST_LINES]:
        what = f"{left.downloads:,} download{'s' if left.downloads > 1 else ''}, {left.reason}"
        until = moment(left.until, now=now)
        lines.append(f"put off: {short_host(host)} until {until} ({what})")
    more = len(ordered) - len(lines)
    return [*lines, f"put off: and {more:,} more host{'s' if more > 1 else ''}"] if more else lines


def _held(left_alone: Mapping[str, LeftAlone], *, now: float) -> dict[str, LeftAlone]:
    """Return those whose time has not come: a watch goes on with the others."""
    return {host: left for host, left in left_alone.items() if left.until > now}


def put_back_object(counts: DrainCounts) -> dict[str, Any]:
    """Return what is tried again later as --json tells it: by reason, and the hosts that are left alone."""
    return {
        "put_back_by_reason": {str(reason): number for reason, number in counts.later.items()},
        "left_alone": [
            {
                "host": host,
                "until": utc_time(left.until),
                "reason": str(left.reason),
                "downloads": left.downloads,
            }
            for host, left in _held(counts.left_alone, now=time.time()).items()
        ],
    }
