"""scrape queue: look into the download queue, and let failed downloads be tried again."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from scraper.cli import parsing, values
from scraper.cli.console import put, say
from scraper.cli.exits import Exit, UsageError
from scraper.cli.report import next_command
from storage.reasons import explain
from storage.records import DownloadState

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from storage.queue import Queue
    from storage.records import Download

_EPILOG = """\
examples:
  scrape queue list --state failed
  scrape queue list --reason not-audio --json
  scrape queue retry --reason too-large   # then download --max-size 4G
"""


def build_parser() -> parsing.Parser:
    """Return the parser of the command."""
    parser = parsing.Parser(
        prog="scrape queue",
        description="Look into the download queue, and let failed downloads be tried again.",
        epilog=_EPILOG,
    )
    parser.add_argument(
        "action",
        choices=("list", "retry"),
        help="list: the downloads, the last changed first; retry: let what failed wait again",
    )
    parser.add_argument(
        "--state",
        nargs="+",
        choices=[str(state) for state in DownloadState],
        metavar="STATE",
        default=[],
        help=f"only these: {', '.join(DownloadState)}",
    )
    parser.add_argument(
        "--reason",
        type=values.reason,
        metavar="REASON",
        help="only this reason, such as not-audio",
    )
    parser.add_argument("--host", metavar="HOST", help="only this host")
    parser.add_argument(
        "--max", type=values.count, default=100, metavar="N", help="at most N (default: %(default)s)"
    )
    parsing.add_common(parser)
    return parser


async def run(options: argparse.Namespace) -> Exit:
    """Print the downloads that the options choose."""
    from scraper.cli.resources import open_database  # noqa: PLC0415 - --help does not need it
    from storage.queue import Queue  # noqa: PLC0415

    async with await open_database(options) as database:
        queue = Queue(database)
        if options.action == "retry":
            return await _retry(queue, options)
        chosen = await queue.list(
            states=[DownloadState(state) for state in options.state],
            reason=options.reason,
            host=options.host,
            limit=options.max,
        )
        total = sum((await queue.counts()).values())
    if options.json:
        put(json.dumps({"downloads": [_object(item) for item in chosen]}, ensure_ascii=True) + "\n")
    else:
        _print(chosen, total)
    return Exit.DONE


async def _retry(queue: Queue, options: argparse.Namespace) -> Exit:
    if options.state:
        raise UsageError(
            "retry takes no --state",
            next_step="It is for what failed or was cancelled; use --reason or --host",
        )
    number = await queue.retry(reason=options.reason, host=options.host)
    if options.json:
        put(json.dumps({"retried": number}) + "\n")
    elif not options.quiet:
        say("1 download waits again." if number == 1 else f"{number:,} downloads wait again.")
        if number:
            say(f"Next: {next_command('download', options)}")
    return Exit.DONE


def _print(chosen: Sequence[Download], total: int) -> None:
    from rich.text import Text  # noqa: PLC0415

    from scraper.cli.console import stdout_console, visible  # noqa: PLC0415

    console = stdout_console()
    for item in chosen:
        line = Text(f"{item.id:>5} ", style="dim").append(f"{item.state:<9} ", style=_STYLES[item.state])
        line.append(visible(item.stem or item.url), style="default")
        console.print(line, soft_wrap=True)
        for detail in _details(item):
            console.print(Text(f"{'':16}{visible(detail)}", style="dim"), soft_wrap=True)
    console.print(f"{len(chosen):,} of {total:,} downloads")


def _details(item: Download) -> list[str]:
    lines = [item.path if item.state is DownloadState.DONE and item.path else item.url]
    if item.reason is not None and item.state is not DownloadState.DONE:
        detail = f" ({item.detail})" if item.detail else ""
        explanation = explain(item.reason)
        lines.append(f"{item.reason}: {explanation.sentence}{detail}; {explanation.next_step}")
    if item.state is DownloadState.WAITING and item.attempts:
        lines.append(f"tried {_times(item.attempts)}, due {_moment(item.due)}")
    return lines


def _object(item: Download) -> dict[str, Any]:
    done = item.state is DownloadState.DONE
    return {
        "id": item.id,
        "state": str(item.state),
        "url": item.url,
        "host": item.host,
        "kind": str(item.kind),
        "name": item.stem,
        "post": item.referer,
        "attempts": item.attempts,
        "due": _moment(item.due),
        "reason": str(item.reason) if item.reason else None,
        "detail": item.detail,
        "path": item.path if done else None,
        "bytes": item.bytes if done else None,
        "sha256": item.sha256 if done else None,
    }


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


_STYLES = {
    DownloadState.WAITING: "yellow",
    DownloadState.RUNNING: "cyan",
    DownloadState.DONE: "green",
    DownloadState.FAILED: "red",
    DownloadState.CANCELLED: "dim",
}
