"""scrape status: what is kept, what waits and until when, what the last runs did, how much disk is left."""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scraper.cli import parsing
from scraper.cli.console import put
from scraper.cli.exits import Exit

if TYPE_CHECKING:
    import argparse

    from storage.blogs import BlogState
    from storage.database import Database
    from storage.reasons import Reason
    from storage.records import DownloadState
    from storage.runs import Run

_RUNS = 5


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
    from scraper.cli.report import bytes_text, closing_table  # noqa: PLC0415

    rows = [("posts", f"{status.posts:,}"), ("matched", f"{status.matched:,}")]
    rows += [(f"downloads {state}", f"{number:,}") for state, number in status.downloads.items()]
    rows.append(("disk free", bytes_text(status.free)))
    console = stdout_console()
    console.print(Text(visible(status.database), style="dim"), soft_wrap=True)
    console.print(closing_table(rows, status.failed))
    if status.due is not None:
        console.print(f"next download due: {_when(status.due)}")
    for blog in status.blogs:
        state = "read to its end" if blog.complete else "not read to its end"
        trouble = f", last time: {blog.reason}" if blog.reason else ""
        console.print(Text(f"blog {visible(blog.url)}: {state}{trouble}"), soft_wrap=True)
    for last in status.runs:
        outcome = last.outcome or "under way, or killed"
        line = f"run {_moment(last.started)} {last.command} ({visible(last.query)}): {outcome}"
        console.print(Text(line), soft_wrap=True)


def _object(status: _Status) -> dict[str, Any]:
    return {
        "database": status.database,
        "posts": status.posts,
        "matched": status.matched,
        "downloads": {str(state): number for state, number in status.downloads.items()},
        "failed_by_reason": {str(reason): number for reason, number in status.failed.items()},
        "next_due": _moment(status.due) if status.due is not None else None,
        "blogs": [
            {"url": blog.url, "complete": blog.complete, "reason": str(blog.reason) if blog.reason else None}
            for blog in status.blogs
        ],
        "runs": [
            {
                "command": last.command,
                "query": last.query,
                "started": _moment(last.started),
                "finished": _moment(last.finished) if last.finished is not None else None,
                "outcome": last.outcome,
                "counts": last.counts,
            }
            for last in status.runs
        ],
        "disk_free_bytes": status.free,
    }


def _when(due: float) -> str:
    return "now" if due <= time.time() else _moment(due)


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
