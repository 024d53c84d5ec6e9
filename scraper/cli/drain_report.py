"""What a drain says at its end: the closing table, the hosts that were put off, the next step."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from scraper.cli.console import put, say
from scraper.cli.draining import folder_of
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
    from collections.abc import Mapping

    from rich.console import Console

    from scraper.downloads.counts import DrainCounts, LeftAlone
    from storage.database import Database

_HOST_LINES = 5


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
    waiting = await Queue(database).waiting_total()
    if options.json:
        failed = {str(reason): number for reason, number in counts.failed.items()}
        result = {"outcome": outcome, **counts.numbers(), "failed_by_reason": failed, "waiting": waiting}
        put(json.dumps(result | put_back_object(counts) | {"seconds": round(seconds, 3)}) + "\n")
    elif options.quiet:
        say_failures(counts)
    else:
        held = (await Queue(database).counts())[DownloadState.RUNNING]
        _print_counts(options, counts, console, waiting=waiting, held=held, seconds=seconds)
        _say_next(options, counts, waiting=waiting, held=held, outcome=outcome)


def say_failures(counts: DrainCounts) -> None:
    """Say on stderr what failed or is tried again later, a line for each reason and host put off."""
    for reason, number in counts.failed.items():
        noun = "download" if number == 1 else "downloads"
        say(f"scrape: {number:,} {noun} failed: {reason}, {explain(reason).sentence}")
    for reason, number in counts.later.items():
        say(f"scrape: {number:,} downloads are tried again later: {reason}, {explain(reason).sentence}")
    for line in put_off_lines(counts.left_alone, now=time.time()):
        say(f"scrape: {line}")


def _print_counts(
    options: argparse.Namespace,
    counts: DrainCounts,
    console: Console,
    *,
    waiting: int,
    held: int,
    seconds: float,
) -> None:
    rows = [
        ("downloaded", f"{counts.done:,}"),
        ("received", bytes_text(counts.bytes)),
        ("tried again later", f"{counts.put_back:,}"),
        ("still waiting", f"{waiting:,}"),
        *([("held by another run", f"{held:,}")] if held else []),
        ("time", seconds_text(seconds)),
    ]
    console.print(closing_table(rows, counts.failed, later=counts.later))
    for line in put_off_lines(counts.left_alone, now=time.time()):
        say(line)
    if counts.done:
        say(f"Files: {folder_of(options).path}")


def _say_next(
    options: argparse.Namespace, counts: DrainCounts, *, waiting: int, held: int, outcome: str
) -> None:
    if held:
        say("What another run holds, or a killed one left behind, is free within a minute.")
    if counts.failed:
        say(f"Next: {next_command('queue list --state failed', options)}   (why each one failed)")
    elif waiting and outcome != "failed":
        say(f"Next: the same again when they are due   ({next_command('status', options)} says when)")


def put_off_lines(left_alone: Mapping[str, LeftAlone], *, now: float) -> list[str]:
    """Return a line for each host that is left alone, those of the most downloads first; five at most."""
    ordered = sorted(left_alone.items(), key=lambda item: (-item[1].downloads, item[0]))
    lines = []
    for host, left in ordered[:_HOST_LINES]:
        what = f"{left.downloads:,} download{'s' if left.downloads > 1 else ''}, {left.reason}"
        until = moment(left.until, now=now)
        lines.append(f"put off: {short_host(host)} until {until} ({what})")
    more = len(ordered) - len(lines)
    return [*lines, f"put off: and {more:,} more host{'s' if more > 1 else ''}"] if more else lines


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
            for host, left in counts.left_alone.items()
        ],
    }
