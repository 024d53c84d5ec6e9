"""scrape queue list: the downloads that filters choose."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from scraper.cli.console import put, stdout_console, visible
from scraper.cli.exits import Exit
from scraper.cli.queue_rows import STYLES, detail_lines, download_object, downloads_text
from scraper.cli.wrapping import wrapped
from storage.queue import Queue
from storage.records import Selection

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from storage.database import Database
    from storage.records import Download

_INDENT = " " * 16


async def list_downloads(options: argparse.Namespace, database: Database) -> Exit:
    """Print the downloads that the options choose, the last changed first."""
    queue = Queue(database)
    selection = Selection(states=options.states, reason=options.reason, host=options.host)
    chosen = await queue.list(selection, limit=options.max)
    total = sum((await queue.counts(selection)).values())
    if options.json:
        found = {"downloads": [download_object(item) for item in chosen], "total": total}
        put(json.dumps(found, ensure_ascii=True) + "\n")
    else:
        _print(chosen, total, filtered=selection != Selection(states=[]))
    return Exit.DONE


def _print(chosen: Sequence[Download], total: int, *, filtered: bool) -> None:
    from rich.text import Text  # noqa: PLC0415 - not needed for --json

    console = stdout_console()
    now = time.time()
    for item in chosen:
        line = Text(f"{item.id:>5} ", style="dim").append(f"{item.state:<9} ", style=STYLES[item.state])
        line.append(visible(item.stem or item.url), style="default")
        console.print(line, soft_wrap=True)
        place, *details = detail_lines(item, now=now)
        lines = [f"{_INDENT}{visible(place)}"]  # an address or a path is never broken
        lines += [line for detail in details for line in wrapped(detail, first=_INDENT)]
        for below in lines:
            console.print(Text(below, style="dim"), soft_wrap=True)
    console.print(_last_line(len(chosen), total, filtered=filtered))


def _last_line(shown: int, total: int, *, filtered: bool) -> str:
    if not total:
        return "No download is like that" if filtered else "The queue is empty"
    if shown == total:
        return downloads_text(total)
    return f"{shown:,} of {downloads_text(total)}; --max {total} shows all"
