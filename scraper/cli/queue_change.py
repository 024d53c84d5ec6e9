"""scrape queue retry, cancel and prune: what they choose, what they do, what they say."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from scraper.cli.console import put, say
from scraper.cli.exits import Exit
from scraper.cli.queue_ids import chosen_by_id
from scraper.cli.queue_rows import downloads_text
from scraper.cli.report import local_time, next_command
from storage.queue import Queue
from storage.records import DownloadState, Selection

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from storage.database import Database
    from storage.records import Download

_DONE_TO_IT = {"retry": "retried", "cancel": "cancelled", "prune": "pruned"}
_ENDED_UNDONE = (DownloadState.FAILED, DownloadState.CANCELLED)
_TOLD = 5  # downloads that are named one by one


async def change_downloads(options: argparse.Namespace, database: Database) -> Exit:
    """Do what `options.action` says to the downloads that the options choose, and say how many they were."""
    queue = Queue(database)
    named = await chosen_by_id(queue, options.ids)
    selection = _selection(options)
    match options.action:
        case "retry":
            number = await queue.retry(selection)
            if options.ids or options.states or options.reason or options.host:
                number += await queue.hurry(
                    replace(selection, states=options.states or [DownloadState.WAITING])
                )
        case "cancel":
            number = await queue.cancel(selection)
        case _:
            number = await queue.prune(selection, before=options.older_than)
    if options.json:
        put(json.dumps({_DONE_TO_IT[options.action]: number}) + "\n")
    elif not options.quiet:
        _tell(options, number, named)
    return Exit.DONE


def _selection(options: argparse.Namespace) -> Selection:
    states = options.states
    if options.action == "retry" and not (states or options.ids):
        states = [DownloadState.FAILED]
    if options.action == "prune" and not states:
        states = list(_ENDED_UNDONE)
    return Selection(ids=options.ids, states=states, reason=options.reason, host=options.host)


def _tell(options: argparse.Namespace, number: int, named: Sequence[Download]) -> None:
    if not number:
        for line in _nothing(options, named):
            say(line)
        return
    match options.action:
        case "retry":
            say(f"{downloads_text(number)} {'waits' if number == 1 else 'wait'} again.")
            say(f"Next: {next_command('download', options)}")
        case "cancel":
            say(f"{downloads_text(number)} {'is' if number == 1 else 'are'} cancelled.")
            say(f"Back with: {next_command(_again(options), options)}")
        case _:
            say(
                f"{downloads_text(number)} {'is' if number == 1 else 'are'} forgotten, and not fetched again."
            )


def _again(options: argparse.Namespace) -> str:
    ids = " ".join(map(str, options.ids))
    if ids:
        return f"queue retry {ids}"
    host = f" --host {options.host}" if options.host else ""
    return f"queue retry --state cancelled{host}"


def _nothing(options: argparse.Namespace, named: Sequence[Download]) -> list[str]:
    """Return why nothing was changed."""
    if named:
        lines = [
            f"Download {item.id} is {item.state}: nothing to {options.action}." for item in named[:_TOLD]
        ]
        more = len(named) - len(lines)
        return [*lines, f"Nor is there of {more:,} more."] if more else lines
    if options.action == "prune":
        since = local_time(options.older_than, now=time.time())
        states = " or ".join(options.states or _ENDED_UNDONE)
        return [f"Nothing that is {states} has ended before {since}."]
    what = "that failed is like that" if options.action == "retry" else "that waits or runs is like that"
    filtered = options.states or options.reason or options.host
    return [f"Nothing {what}." if filtered else "Nothing has failed."]
