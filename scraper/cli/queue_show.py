"""scrape queue show: everything about some downloads."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from scraper.cli.console import put, stdout_console, visible
from scraper.cli.exits import Exit
from scraper.cli.queue_ids import chosen_by_id
from scraper.cli.queue_rows import (
    STYLES,
    download_object,
    pause_object,
    pause_of,
    pause_text,
    times,
    when,
)
from scraper.cli.report import bytes_text, local_time, utc_time
from scraper.http.addresses.identity import post_key
from storage.posts import Posts
from storage.queue import Queue
from storage.reasons import explain, in_words
from storage.records import DownloadState

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

    from storage.database import Database
    from storage.records import Download, Pause

_LABEL = 11  # columns


async def show_downloads(options: argparse.Namespace, database: Database) -> Exit:
    """Print all that is known of the downloads with `options.ids`. Raises `UsageError` for unknown ones."""
    queue = Queue(database)
    items = await chosen_by_id(queue, options.ids)
    pauses = await queue.pauses()
    titles = await _titles(Posts(database), items)
    now = time.time()
    if options.json:
        put(
            json.dumps({"downloads": [_object(item, titles, pauses) for item in items]}, ensure_ascii=True)
            + "\n"
        )
        return Exit.DONE
    from rich.text import Text  # noqa: PLC0415 - not needed for --json

    console = stdout_console()
    for item in items:
        line = Text(f"{item.id} ", style="bold").append(f"{item.state} ", style=STYLES[item.state])
        console.print(line.append(visible(item.stem or item.url), style="default"), soft_wrap=True)
        for label, value in _facts(item, titles, pauses, now=now):
            fact = Text(f"  {label:<{_LABEL}}", style="dim").append(visible(value), style="default")
            console.print(fact, soft_wrap=True)
    return Exit.DONE


async def _titles(posts: Posts, items: Sequence[Download]) -> dict[str, str]:
    """Return the titles of the posts that `items` were found in, by address; some are not stored."""
    keys = {item.referer: post_key(item.referer) for item in items if item.referer}
    found = {post.key: post.title for post in await posts.whole(set(keys.values()))}
    return {address: found[key] for address, key in keys.items() if key in found}


def _facts(
    item: Download, titles: Mapping[str, str], pauses: Sequence[Pause], *, now: float
) -> list[tuple[str, str]]:
    facts = [("address", item.url), ("host", item.host), ("kind", _kind(item))]
    if item.referer:
        facts += [("post", titles[item.referer])] if item.referer in titles else []
        facts.append(("" if item.referer in titles else "post", item.referer))
    facts.append(("tried", times(item.attempts) if item.attempts else "never"))
    if item.reason is not None and item.state is not DownloadState.DONE:
        facts.append(("reason", f"{item.reason}: {in_words(item.reason, item.detail)}"))
        facts.append(("next step", explain(item.reason).next_step))
    facts += _moments(item, pauses, now=now)
    facts += _file(item)
    facts.append(("queued", local_time(item.created, now=now)))
    facts.append(("changed", local_time(item.updated, now=now)))
    return facts


def _kind(item: Download) -> str:
    return f"{item.kind}, {item.format}" if item.format else str(item.kind)


def _moments(item: Download, pauses: Sequence[Pause], *, now: float) -> list[tuple[str, str]]:
    facts = []
    if item.state is DownloadState.WAITING:
        facts.append(("due", when(item.due, now=now)))
        if (pause := pause_of(item.host, pauses)) is not None:
            facts.append(("held by", pause_text(pause, now=now)))
    if item.state is DownloadState.RUNNING and item.lease_until is not None:
        lease = item.lease_until
        left = "it ran out: the next claim takes it back" if lease <= now else f"until {when(lease, now=now)}"
        facts.append(("lease", left))
    return facts


def _file(item: Download) -> list[tuple[str, str]]:
    facts = []
    if item.path is not None:
        facts.append(("file" if item.state is DownloadState.DONE else "intended", item.path))
    size = item.bytes if item.bytes is not None else item.size
    if size is not None:
        announced = "" if item.bytes is not None else ", as announced"
        facts.append(("size", f"{bytes_text(size)} ({size:,} bytes{announced})"))
    facts += [("sha256", item.sha256)] if item.sha256 else []
    facts += [("declared", item.checksum)] if item.checksum else []
    return facts


def _object(item: Download, titles: Mapping[str, str], pauses: Sequence[Pause]) -> dict[str, Any]:
    pause = pause_of(item.host, pauses) if item.state is DownloadState.WAITING else None
    reason = None if item.reason is None else explain(item.reason)
    return download_object(item) | {
        "post_title": titles.get(item.referer or ""),
        "key": item.key,
        "priority": item.priority,
        "announced_bytes": item.size,
        "checksum": item.checksum,
        "lease_until": None if item.lease_until is None else utc_time(item.lease_until),
        "sentence": None if reason is None else reason.sentence,
        "next_step": None if reason is None else reason.next_step,
        "intended_path": item.path,
        "pause": None if pause is None else pause_object(pause),
    }
