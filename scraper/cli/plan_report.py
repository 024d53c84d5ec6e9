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
from scraper.cli.presence import is_seen
from scraper.cli.report import bytes_text, short_host, utc_time
from scraper.cli.resources import open_client
from scraper.cli.wrapping import fitted, wrapped
from scraper.downloads.errors import VolumeError
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
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from scraper.downloads.naming.template import NameTemplate
    from scraper.downloads.plan import PlannedFile, Skipped
    from storage.database import Database

LOOKED_AT: Final = 10_000
"""Downloads that a plan looks at, the first in the queue."""

_FILE_LINES = 50
_SKIPPED_LINES = 10
_NAME_WIDTH, _HOST_WIDTH = 41, 22

_WORDS: Final[dict[Why, str]] = {
    Why.QUEUE_PAUSED: "the whole queue is paused until {until}",
    Why.HOST_PAUSED: "the host is paused until {until}",
    Why.NOT_DUE: "not due yet, the first from {until}",
    Why.LEFT_ALONE: "the host asked to be left alone until {until}",
    Why.BEYOND_MAX: "more than --max",
}


async def print_plan(options: argparse.Namespace, database: Database) -> None:
    """Print what a drain would do now. Servers are asked for sizes only, and the database stays as it is.

    Raises `VolumeError` where a file is in the way of the folder.
    """
    folder = folder_of(options)
    if await asyncio.to_thread(_is_file, folder):
        raise VolumeError(Reason.DISK_ERROR, str(folder), detail=f"{folder} is no folder")
    queue = Queue(database)
    total = await queue.waiting_total()
    waiting = await queue.list(Selection(states=[DownloadState.WAITING]), limit=LOOKED_AT)
    if len(waiting) < LOOKED_AT:  # another run may have begun with some in between
        total = len(waiting)
    later = max(0, total - len(waiting))
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
    free = await asyncio.to_thread(free_bytes, folder)
    if options.json:
        put(
            json.dumps(_object(plan, names, later=later, folder=str(folder), free=free), ensure_ascii=True)
            + "\n"
        )
        return
    lines = [
        *_file_lines(plan, names),
        *_skipped_lines(plan),
        *_totals(plan, later=later),
    ]
    put("".join(f"{line}\n" for line in [*lines, *_disk_lines(plan, free, str(folder))]))


def _is_file(path: Path) -> bool:
    return is_seen(path) and not path.is_dir()


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
    """Yield what would fail and what would be left, by reason and host, with how many each is."""
    failing, left = _parted(plan)
    yield from _grouped("would fail: ", failing)
    yield from _grouped("skipped: ", left)


def _parted(plan: Plan) -> tuple[list[Skipped], list[Skipped]]:
    failing = [one for one in plan.skipped if isinstance(one.why, Reason)]
    return failing, [one for one in plan.skipped if isinstance(one.why, Why)]


def _grouped(label: str, skipped: Sequence[Skipped]) -> Iterator[str]:
    groups: Counter[tuple[Why | Reason, str]] = Counter()
    until: dict[tuple[Why | Reason, str], float] = {}
    for one in skipped:
        group = (one.why, "" if one.why in {Why.QUEUE_PAUSED, Why.BEYOND_MAX} else one.download.host)
        groups[group] += 1
        if one.until is not None:
            until[group] = min(one.until, until.get(group, one.until))
    for group, number in groups.most_common(_SKIPPED_LINES):
        yield from wrapped(_skipped_text(*group, number, until.get(group)), first=label, then="  ")
    if len(groups) > _SKIPPED_LINES:
        rest = groups.total() - sum(number for _, number in groups.most_common(_SKIPPED_LINES))
        yield f"{label}and {rest:,} more; --json names all"


def _skipped_text(why: Why | Reason, host: str, number: int, until: float | None) -> str:
    at = "it is resumed" if until is None else moment(until, now=time.time())
    what = _WORDS[why].format(until=at) if isinstance(why, Why) else f"{why}, {explain(why).sentence}"
    return f"{number:,}{f' of {short_host(host)}' if host else ''}: {what}"


def _totals(plan: Plan, *, later: int) -> Iterator[str]:
    """Yield the sums: fetched, failing, skipped and not looked at are together all that waits."""
    size = bytes_text(plan.known_bytes)
    if plan.unknown:
        size = f"{size} and {plan.unknown:,} of unknown size" if plan.known_bytes else "of unknown size"
    known = f": {size}" if plan.files else ""
    total = len(plan.files) + len(plan.skipped) + later
    failing, left = map(len, _parted(plan))
    sums = [(failing, "would fail"), (left, "skipped"), (later, "not looked at")]
    others = ", ".join(f"{number:,} {what}" for number, what in sums if number)
    text = f"{len(plan.files):,} of {total:,} waiting would be fetched{known}"
    yield from wrapped(f"{text}; {others}" if others else text, then="  ")


def _disk_lines(plan: Plan, free: int, folder: str) -> Iterator[str]:
    if not plan.files:
        return
    if plan.known_bytes > free:
        text = f"that does not fit: {bytes_text(free)} are free for {folder}; make room, or use --to"
        yield from wrapped(text, first="warning: ", then="  ")
    else:
        yield from wrapped(f"{bytes_text(free)} are free for {folder}", first="disk: ", then="  ")


def _object(plan: Plan, names: Mapping[int, str], *, later: int, folder: str, free: int) -> dict[str, Any]:
    failing, left = _parted(plan)
    return {
        "waiting": len(plan.files) + len(plan.skipped) + later,
        "files": len(plan.files),
        "known_bytes": plan.known_bytes,
        "unknown_sizes": plan.unknown,
        "folder": folder,
        "free_bytes": free,
        "fits": plan.known_bytes <= free,
        "plan": [_file_object(file, names) for file in plan.files],
        "would_fail": [_named(one) | {"reason": str(one.why)} for one in failing],
        "skipped": [_skipped_object(one) for one in left],
        "not_looked_at": later,
    }


def _file_object(file: PlannedFile, names: Mapping[int, str]) -> dict[str, Any]:
    item = file.download
    return {
        "id": item.id,
        "url": item.url,
        "host": item.host,
        "name": names.get(item.id, item.stem),
        "format": item.format,
        "announced_bytes": file.size,
        "post": item.referer,
    }


def _skipped_object(one: Skipped) -> dict[str, Any]:
    until = None if one.until is None else utc_time(one.until)
    return _named(one) | {"why": str(one.why), "until": until}


def _named(one: Skipped) -> dict[str, Any]:
    item = one.download
    return {"id": item.id, "url": item.url, "host": item.host, "name": item.stem}
