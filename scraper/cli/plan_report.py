"""scrape download --dry-run: the plan, as people and as programs read it."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from scraper.cli.console import put
from scraper.cli.disk_space import free_bytes
from scraper.cli.draining import folder_of
from scraper.cli.queue_rows import downloads_text
from scraper.cli.report import bytes_text, short_host, utc_time
from scraper.cli.resources import open_client
from scraper.cli.wrapping import fitted, wrapped
from scraper.downloads.naming.values import name_values
from scraper.downloads.origins import Origins
from scraper.downloads.plan import Plan, Why, draw_up, in_order, with_sizes
from scraper.stopping import moment
from storage.holds import HostHolds
from storage.posts import Posts
from storage.queue import Queue
from storage.reasons import Reason, explain
from storage.records import DownloadState, Selection

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping

    from scraper.downloads.naming.template import NameTemplate
    from scraper.downloads.plan import PlannedFile, Skipped
    from storage.database import Database

LOOKED_AT: Final = 10_000
"""Downloads that a plan looks at, the first in the queue."""

_FILE_LINES = 50
_SKIPPED_LINES = 10
_NAME_WIDTH, _HOST_WIDTH = 41, 22

_WORDS: Final[dict[Why | Reason, str]] = {
    Why.QUEUE_PAUSED: "the whole queue is paused",
    Why.HOST_PAUSED: "the host is paused",
    Why.NOT_DUE: "not due yet",
    Why.LEFT_ALONE: "the host asked to be left alone",
    Why.BEYOND_MAX: "more than --max",
}


async def print_plan(options: argparse.Namespace, database: Database) -> None:
    """Print what a drain would do now. Servers are asked for sizes only, and the database stays as it is."""
    queue = Queue(database)
    total = await queue.waiting_total()
    waiting = await queue.list(Selection(states=[DownloadState.WAITING]), limit=LOOKED_AT)
    plan = draw_up(
        in_order(waiting),
        pauses=await queue.pauses(),
        holds=await HostHolds(database).active(),
        now=time.time(),
        max_bytes=options.max_size,
        most=options.max,
    )
    async with open_client(options, database, keeps=False) as client:

        async def size_of(address: str) -> int | None:
            return (await client.head(address)).length

        plan = await with_sizes(plan, size_of, max_bytes=options.max_size)
    names = await _names(options.name, Origins(Posts(database)), plan)
    folder = folder_of(options)
    free = await asyncio.to_thread(free_bytes, folder)
    if options.json:
        put(json.dumps(_object(plan, names, total=total, free=free), ensure_ascii=True) + "\n")
        return
    lines = [
        *_file_lines(plan, names),
        *_skipped_lines(plan),
        *_totals(plan, total=total, looked_at=len(waiting)),
    ]
    put("".join(f"{line}\n" for line in [*lines, *_disk_lines(plan, free, str(folder))]))


async def _names(template: NameTemplate | None, origins: Origins, plan: Plan) -> dict[int, str]:
    """Return what `template` makes of each file, by the id of its download, but for the ending."""
    if template is None:
        return {}
    names = {}
    for item in (file.download for file in plan.files):
        values = name_values(item, await origins.post_of(item))
        names[item.id] = str(template.render(values, item.format or "mp3").with_suffix(""))
    return names


def _file_lines(plan: Plan, names: Mapping[int, str]) -> Iterator[str]:
    for file in plan.files[:_FILE_LINES]:
        item = file.download
        size = "?" if file.size is None else bytes_text(file.size)
        name = fitted(names.get(item.id) or item.stem or item.url, _NAME_WIDTH)
        host = fitted(item.host, _HOST_WIDTH)
        yield f"{size:>8}  {item.format or '':<4} {name}  {host}".rstrip()
    if len(plan.files) > _FILE_LINES:
        yield f"and {len(plan.files) - _FILE_LINES:,} more; --json names all"


def _skipped_lines(plan: Plan) -> Iterator[str]:
    groups: Counter[tuple[Why | Reason, str]] = Counter()
    until: dict[tuple[Why | Reason, str], float] = {}
    for one in plan.skipped:
        group = (one.why, "" if one.why in {Why.QUEUE_PAUSED, Why.BEYOND_MAX} else one.download.host)
        groups[group] += 1
        if one.until is not None:
            until[group] = min(one.until, until.get(group, one.until))
    for group, number in groups.most_common(_SKIPPED_LINES):
        yield from wrapped(_skipped_text(*group, number, until.get(group)), first="skipped: ", then="  ")
    if len(groups) > _SKIPPED_LINES:
        rest = groups.total() - sum(number for _, number in groups.most_common(_SKIPPED_LINES))
        yield f"skipped: and {rest:,} more; --json names all"


def _skipped_text(why: Why | Reason, host: str, number: int, until: float | None) -> str:
    what = _WORDS[why] if isinstance(why, Why) else f"{why}, {explain(why).sentence}"
    of = f" of {short_host(host)}" if host else ""
    at = "" if until is None else f" until {moment(until, now=time.time())}"
    return f"{number:,}{of}: {what}{at}"


def _totals(plan: Plan, *, total: int, looked_at: int) -> Iterator[str]:
    size = bytes_text(plan.known_bytes)
    if plan.unknown:
        size = f"{size} and {plan.unknown:,} of unknown size" if plan.known_bytes else "of unknown size"
    known = f": {size}" if plan.files else ""
    yield f"{len(plan.files):,} of {total:,} waiting would be fetched{known}"
    if total > looked_at:
        yield f"Looked at the first {looked_at:,} that wait; {downloads_text(total - looked_at)} come later"


def _disk_lines(plan: Plan, free: int, folder: str) -> Iterator[str]:
    if not plan.files:
        return
    if plan.known_bytes > free:
        text = f"that does not fit: {bytes_text(free)} are free for {folder}; make room, or use --to"
        yield from wrapped(text, first="warning: ", then="  ")
    else:
        yield from wrapped(f"{bytes_text(free)} are free for {folder}", first="disk: ", then="  ")


def _object(plan: Plan, names: Mapping[int, str], *, total: int, free: int) -> dict[str, Any]:
    return {
        "waiting": total,
        "files": len(plan.files),
        "known_bytes": plan.known_bytes,
        "unknown_sizes": plan.unknown,
        "free_bytes": free,
        "fits": plan.known_bytes <= free,
        "plan": [_file_object(file, names) for file in plan.files],
        "skipped": [_skipped_object(one) for one in plan.skipped],
    }


def _file_object(file: PlannedFile, names: Mapping[int, str]) -> dict[str, Any]:
    item = file.download
    return {
        "id": item.id,
        "url": item.url,
        "host": item.host,
        "name": names.get(item.id, item.stem),
        "format": item.format,
        "bytes": file.size,
        "post": item.referer,
    }


def _skipped_object(one: Skipped) -> dict[str, Any]:
    item = one.download
    return {
        "id": item.id,
        "url": item.url,
        "host": item.host,
        "name": item.stem,
        "why": str(one.why),
        "until": None if one.until is None else utc_time(one.until),
    }
