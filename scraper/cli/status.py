"""scrape status: what is kept, what waits for what and until when, what the last runs did, the disk."""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scraper.cli import parsing
from scraper.cli.console import put
from scraper.cli.exits import Exit
from scraper.cli.report import closing_table, local_time, short_host, utc_time
from scraper.stopping import moment
from storage.reasons import Reason, explain

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from storage.blogs import BlogState
    from storage.database import Database
    from storage.holds import Hold
    from storage.records import DownloadState
    from storage.runs import Run

_RUNS = 5
_HOLDS = 10


def build_parser() -> parsing.Parser:
    """Return the parser of the command."""
    parser = parsing.Parser(
        prog="scrape status", description="Say what is kept, what waits, and what the last runs did."
    )
    parser.add_argument(
        "--to",
        type=Path,
        metavar="DIR",
        help="the folder whose disk is looked at (default: that of downloads)",
    )
    parsing.add_common(parser)
    return parser


@dataclass(frozen=True, slots=True, kw_only=True)
class _Status:
    database: str
    posts: int
    matched: int
    downloads: dict[DownloadState, int]
    failed: dict[Reason, int]
    due: float | None
    holds: list[Hold]
    blogs: list[BlogState]
    runs: list[Run]
    free: int


async def run(options: argparse.Namespace) -> Exit:
    """Print the status."""
    from scraper.cli.draining import folder_of  # noqa: PLC0415 - --help needs none of these
    from scraper.cli.resources import open_database  # noqa: PLC0415

    async with await open_database(options) as database:
        status = await _gather(database, folder_of(options).path)
    if options.json:
        put(json.dumps(_object(status)) + "\n")
    else:
        _print(status)
    return Exit.DONE


async def _gather(database: Database, folder: Path) -> _Status:
    from storage.blogs import Blogs  # noqa: PLC0415
    from storage.holds import HostHolds  # noqa: PLC0415
    from storage.posts import Posts  # noqa: PLC0415
    from storage.queue import Queue  # noqa: PLC0415
    from storage.runs import Runs  # noqa: PLC0415

    queue, posts = Queue(database), Posts(database)
    total, matched = await posts.count()
    return _Status(
        database=str(database.path),
        posts=total,
        matched=matched,
        downloads=await queue.counts(),
        failed=await queue.failed_by_reason(),
        due=await queue.next_due(),
        holds=await HostHolds(database).active(),
        blogs=await Blogs(database).all(),
        runs=await Runs(database).last(_RUNS),
        free=_free(folder),
    )


def _free(folder: Path) -> int:
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    return shutil.disk_usage(existing).free


def _print(status: _Status) -> None:
    from rich.text import Text  # noqa: PLC0415

    from scraper.cli.console import stdout_console, visible  # noqa: PLC0415
    from scraper.cli.report import bytes_text  # noqa: PLC0415

    rows = [("posts", f"{status.posts:,}"), ("matched", f"{status.matched:,}")]
    rows += [(f"downloads {state}", f"{number:,}") for state, number in status.downloads.items()]
    rows.append(("disk free", bytes_text(status.free)))
    console = stdout_console()
    console.print(Text(visible(status.database), style="dim"), soft_wrap=True)
    console.print(closing_table(rows, status.failed, next_steps=True))
    for line in _lines(status, now=time.time()):
        console.print(Text(visible(line)), soft_wrap=True)


def _lines(status: _Status, *, now: float) -> Iterator[str]:
    if status.due is not None:
        except_for = " (but for hosts left alone)" if status.holds else ""
        due = f"now{except_for}" if status.due <= now else moment(status.due, now=now)
        yield f"next download due: {due}"
    for hold in status.holds[:_HOLDS]:
        until = moment(hold.until, now=now)
        sentence = explain(hold.reason).sentence
        yield f"left alone: {short_host(hold.group)} until {until}, {hold.reason}: {sentence}"
    if len(status.holds) > _HOLDS:
        yield f"left alone: and {len(status.holds) - _HOLDS:,} more"
    for blog in status.blogs:
        yield f"blog {blog.url}: {_blog_state(blog, now=now)}"
    for last in status.runs:
        outcome = last.outcome or "under way, or killed"
        yield f"run {local_time(last.started, now=now)} {last.command} ({last.query}): {outcome}"


def _blog_state(blog: BlogState, *, now: float) -> str:
    if blog.reason is None:
        return "read to its end" if blog.complete else "not read to its end"
    since = "never read" if blog.last_read is None else f"last read {local_time(blog.last_read, now=now)}"
    if blog.gone_since is not None:
        since = f"gone since {local_time(blog.gone_since, now=now)}, {since}"
    return f"{since}; {blog.reason}: {explain(blog.reason).sentence}"


def _object(status: _Status) -> dict[str, Any]:
    return {
        "database": status.database,
        "posts": status.posts,
        "matched": status.matched,
        "downloads": {str(state): number for state, number in status.downloads.items()},
        "failed_by_reason": {str(reason): number for reason, number in status.failed.items()},
        "next_due": _moment(status.due),
        "left_alone": [
            {"host": hold.group, "until": _moment(hold.until), "reason": str(hold.reason)}
            for hold in status.holds
        ],
        "blogs": [
            {
                "url": blog.url,
                "complete": blog.complete,
                "reason": str(blog.reason) if blog.reason else None,
                "last_read": _moment(blog.last_read),
                "gone_since": _moment(blog.gone_since),
            }
            for blog in status.blogs
        ],
        "reasons": _explanations(status),
        "runs": [
            {
                "command": last.command,
                "query": last.query,
                "started": _moment(last.started),
                "finished": _moment(last.finished),
                "outcome": last.outcome,
                "counts": last.counts,
            }
            for last in status.runs
        ],
        "disk_free_bytes": status.free,
    }


def _explanations(status: _Status) -> dict[str, dict[str, str]]:
    """Return sentence and next step of each reason that the status names."""
    named = {hold.reason for hold in status.holds} | {blog.reason for blog in status.blogs if blog.reason}
    explanations = {reason: explain(reason) for reason in sorted(named | status.failed.keys())}
    return {
        str(reason): {"sentence": said.sentence, "next_step": said.next_step}
        for reason, said in explanations.items()
    }


def _moment(seconds: float | None) -> str | None:
    return None if seconds is None else utc_time(seconds)
