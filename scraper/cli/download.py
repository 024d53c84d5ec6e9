"""scrape download: drain the queue into verified files."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING

from scraper.cli import parsing, values
from scraper.cli.console import put
from scraper.cli.exits import Exit

if TYPE_CHECKING:
    import argparse

    from rich.console import Console

    from storage.database import Database
    from storage.queue import Queue

_EPILOG = """\
Every file is written beside its place, checked (length, signature, an audio library opens it), and then
given its name in one step. A file of other content is never overwritten. What fails is tried again later,
up to five times, unless trying again cannot help. A host that asks for more patience than half a minute
is left alone, by later runs too, until its time has come.

examples:
  scrape download --to ~/Music/new
  scrape download --max 20 --per-host 2
  scrape download --dry-run
"""
_PLAN_LINES = 50


def build_parser() -> parsing.Parser:
    """Return the parser of the command."""
    parser = parsing.Parser(
        prog="scrape download", description="Fetch what is queued into verified files.", epilog=_EPILOG
    )
    parsing.add_download_options(parser)
    parser.add_argument("--max", type=values.count, metavar="N", help="try at most N downloads")
    parser.add_argument(
        "--dry-run", action="store_true", help="print what would be fetched, from where, and fetch nothing"
    )
    parsing.add_connections(parser, concurrency=8)
    parsing.add_common(parser)
    return parser


async def run(options: argparse.Namespace) -> Exit:
    """Drain the queue, or print the plan."""
    from scraper.cli.console import stderr_console  # noqa: PLC0415 - --help needs none of these
    from scraper.cli.resources import open_database  # noqa: PLC0415
    from storage.queue import Queue  # noqa: PLC0415

    async with await open_database(options) as database:
        if options.dry_run:
            await _print_plan(options, Queue(database))
            return Exit.DONE
        return await _drain(options, database, stderr_console())


async def _drain(options: argparse.Namespace, database: Database, console: Console) -> Exit:
    from scraper.cli.drain_report import report_drain  # noqa: PLC0415
    from scraper.cli.draining import drain_queue  # noqa: PLC0415
    from scraper.cli.resources import open_client  # noqa: PLC0415
    from scraper.downloads.counts import DrainCounts  # noqa: PLC0415
    from storage.runs import Runs  # noqa: PLC0415

    counts = DrainCounts()
    runs, started, outcome = Runs(database), time.time(), "failed"
    number = await runs.start("download", f"to {options.to or 'the default folder'}")
    try:
        async with open_client(options, database) as client:
            await drain_queue(
                options, database=database, client=client, console=console, counts=counts, most=options.max
            )
        outcome = "some failed" if counts.failed or counts.put_back else "done"
    except asyncio.CancelledError:
        outcome = "interrupted"
        raise
    finally:
        await runs.finish(number, outcome, counts.numbers())
        seconds = time.time() - started
        await report_drain(options, counts, database, console, outcome=outcome, seconds=seconds)
    return Exit.SOME_FAILED if counts.failed or counts.put_back else Exit.DONE


async def _print_plan(options: argparse.Namespace, queue: Queue) -> None:
    from rich.markup import escape  # noqa: PLC0415

    from scraper.cli.console import stdout_console, visible  # noqa: PLC0415
    from storage.records import DownloadState  # noqa: PLC0415

    total = await queue.waiting_total()
    limit = total if options.max is None else min(total, options.max)
    waiting = await queue.list(states=[DownloadState.WAITING], limit=max(limit, 1))
    if options.json:
        plan = [
            {"url": item.url, "host": item.host, "name": item.stem, "format": item.format} for item in waiting
        ]
        put(json.dumps({"waiting": total, "plan": plan[:limit]}, ensure_ascii=False) + "\n")
        return
    console = stdout_console()
    for item in waiting[: min(limit, _PLAN_LINES)]:
        console.print(f"{escape(visible(item.stem or item.url))}  [dim]{escape(visible(item.host))}[/dim]")
    more = limit - min(limit, _PLAN_LINES)
    console.print(
        f"{limit:,} of {total:,} waiting would be fetched"
        + (f" ({more:,} more than shown)" if more > 0 else "")
    )
