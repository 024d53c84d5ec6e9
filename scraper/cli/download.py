"""scrape download: drain the queue into verified files."""

from __future__ import annotations

import asyncio
import textwrap
import time
from typing import TYPE_CHECKING

from scraper.cli import parsing, values
from scraper.cli.durations import deadline
from scraper.cli.exits import Exit, UsageError
from scraper.downloads.naming.fields import FIELDS

if TYPE_CHECKING:
    import argparse

    from rich.console import Console

    from scraper.downloads.draining.counts import DrainCounts
    from storage.database import Database

_EPILOG = """\
Every file is written beside its place, checked (length, signature, an audio library opens it), and then
given its name in one step. A file of other content is never overwritten. What fails is tried again later,
up to five times, unless trying again cannot help. A host that asks for more patience than half a minute
is left alone, by later runs too, until its time has come.

At the deadline what is under way is given back to the queue; what came of it is kept for the next run.
With --watch the run goes on until Ctrl-C or the deadline: it waits for what falls due, for what others queue,
and for room on a full disk.

names (the ending comes from the content):
  --name '{artist} - {title}'           of what the post says
  --name '{blog}/{artist} - {title}'    a folder for each blog
  --name '{label|blog}/{year}/{name}'   the label, or else the blog
FIELDS
examples:
  scrape download --to ~/Music/new
  scrape download --max 20 --per-host 2 --bandwidth 2M
  scrape download --dry-run                   # what, how much, from where
  scrape download --watch --deadline 06:30
  0 1 * * *  scrape download --deadline 06:30 --quiet    # for cron
"""


def build_parser() -> parsing.Parser:
    """Return the parser of the command."""
    parser = parsing.Parser(
        prog="scrape download",
        description="Fetch what is queued into verified files.",
        epilog=_EPILOG.replace("FIELDS", _fields()),
    )
    group = parser.add_argument_group("this run")
    group.add_argument("--max", type=values.count, metavar="N", help="try at most N downloads")
    group.add_argument(
        "--deadline",
        type=deadline,
        metavar="2h|06:30",
        help="end after so long, or at the next such time of day",
    )
    group.add_argument(
        "--watch", action="store_true", help="go on with what falls due or is queued meanwhile"
    )
    group.add_argument(
        "--dry-run",
        action="store_true",
        help="print what would be fetched, how much, from where, and what not and why; fetch nothing",
    )
    parsing.add_download_options(parser)
    parsing.add_connections(parser, concurrency=8)
    parsing.add_common(parser)
    return parser


def _fields() -> str:
    """Return the fields of a template, indented and no wider than a terminal."""
    words = f"Fields: {', '.join(f'{{{name}}}' for name in FIELDS)}"
    return f"{textwrap.fill(words, 78, initial_indent='  ', subsequent_indent='  ')}\n"


async def run(options: argparse.Namespace) -> Exit:
    """Drain the queue, or print the plan."""
    if options.watch and options.dry_run:
        raise UsageError(
            "--dry-run fetches nothing that --watch could wait for", next_step="Leave one of them out"
        )
    from scraper.cli.console import stderr_console  # noqa: PLC0415 - --help needs none of these
    from scraper.cli.draining import folder_of  # noqa: PLC0415
    from scraper.cli.resources import open_database  # noqa: PLC0415
    from scraper.downloads.publishing.folder import check_folder  # noqa: PLC0415

    async with await open_database(options) as database:
        if options.dry_run:
            from scraper.cli.plan_report import print_plan  # noqa: PLC0415

            await print_plan(options, database)
            return Exit.DONE
        # What cannot be used is better said alone than below a table of nothing.
        await asyncio.to_thread(check_folder, folder_of(options))
        return await _drain(options, database, stderr_console())


async def _drain(options: argparse.Namespace, database: Database, console: Console) -> Exit:
    from scraper.cli.drain_report import report_drain  # noqa: PLC0415
    from scraper.cli.draining import Draining  # noqa: PLC0415
    from scraper.cli.resources import open_client  # noqa: PLC0415
    from scraper.downloads.draining.counts import DrainCounts  # noqa: PLC0415
    from storage.runs import Runs  # noqa: PLC0415

    counts = DrainCounts()
    runs, started, outcome = Runs(database), time.time(), "failed"
    number = await runs.start("download", f"to {options.to or 'the default folder'}")
    try:
        async with open_client(options, database) as client:
            draining = Draining(
                options=options, database=database, client=client, console=console, counts=counts
            )
            ended = await draining.until(options.deadline, most=options.max, watch=options.watch)
        outcome = ("some failed" if counts.failed or counts.put_back else "done") if ended else "deadline"
    except asyncio.CancelledError:
        outcome = "interrupted"
        raise
    finally:
        await runs.finish(number, outcome, counts.numbers())
        seconds = time.time() - started
        await report_drain(options, counts, database, console, outcome=outcome, seconds=seconds)
    return _exit(counts, outcome)


def _exit(counts: DrainCounts, outcome: str) -> Exit:
    """Return what the run came to. At a deadline it is no failure that something still waits."""
    failed = counts.failed or (counts.put_back and outcome != "deadline")
    return Exit.SOME_FAILED if failed else Exit.DONE
