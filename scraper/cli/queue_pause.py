"""scrape queue pause and resume: of a host, or of the whole queue."""

from __future__ import annotations

import json
import time
from difflib import get_close_matches
from typing import TYPE_CHECKING

from scraper.cli.console import put, say
from scraper.cli.exits import Exit, UsageError
from scraper.cli.host_names import as_queued, is_host_name
from scraper.cli.queue_rows import downloads_text, pause_object, pause_text
from scraper.cli.report import next_command
from storage.queue import Queue
from storage.records import Selection

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from storage.database import Database
    from storage.records import Pause

_HOSTS_LOOKED_AT = 1000
_TOLD = 10
_DIGITS = 18  # what the number of a row can have


async def pause_or_resume(options: argparse.Namespace, database: Database) -> Exit:
    """Pause or resume the hosts that are named, or the whole queue, and say what is paused now.

    Raises `UsageError` for a pause of what is no host; what is paused can be resumed whatever it is called.
    """
    queue = Queue(database)
    if options.action == "pause":
        await _require_hosts(queue, options)
    hosts: list[str | None] = list(options.hosts) or [None]
    now = time.time()
    until = None if options.pause_for is None else now + options.pause_for
    unchanged: list[str | None] = []
    for host in hosts:
        if options.action == "pause":
            await queue.pause(host, until=until)
        elif not await _resume(queue, host):
            unchanged.append(host)
    pauses = await queue.pauses()
    if options.json:
        put(json.dumps({"pauses": [pause_object(pause) for pause in pauses]}) + "\n")
    elif not options.quiet:
        for host in unchanged:
            say(f"{host or 'The whole queue'} was not paused.")
        _tell(options, pauses, now=now)
        if options.action == "pause":
            await _hint(queue, options.hosts)
    return Exit.DONE


async def _require_hosts(queue: Queue, options: argparse.Namespace) -> None:
    """Raise `UsageError` for the first host that is none: it would be paused for nothing."""
    for host in options.hosts:
        # Names with underscores are none by the book, and are there all the same.
        known = is_host_name(host) or any((await queue.counts(Selection(host=host))).values())
        if not known:
            raise await _no_host(queue, host, options)


async def _no_host(queue: Queue, host: str, options: argparse.Namespace) -> UsageError:
    hosts = next_command("status", options)
    number = int(host) if host.isascii() and host.isdigit() and len(host) <= _DIGITS else None
    if number is None:
        step = f"Write it like blog.example; {hosts} says which wait"
        return UsageError("This is no name of a host", where=host[:60], next_step=step)
    item = await queue.get(number)
    if item is None:
        step = f"Look with {hosts} which hosts wait"
        return UsageError(f"{number} is no host, and no download either", next_step=step)
    pause, cancel = (
        next_command(f"queue {words}", options) for words in (f"pause {item.host}", f"cancel {number}")
    )
    return UsageError(
        f"{number} is a download and no host",
        where=item.stem or item.url,
        next_step=f"Pause its host: {pause}; or give up this one: {cancel}",
    )


async def _resume(queue: Queue, host: str | None) -> bool:
    return await queue.resume(host) or (host is not None and await queue.resume(as_queued(host)))


def _tell(options: argparse.Namespace, pauses: Sequence[Pause], *, now: float) -> None:
    """Say what is paused, the whole queue first, and how it goes on."""
    if not pauses:
        say("Nothing is paused.")
        say(f"Next: {next_command('download', options)}")
        return
    ordered = sorted(pauses, key=lambda pause: (pause.host is not None, pause.host or ""))
    for pause in ordered[:_TOLD]:
        line = f"{pause_text(pause, now=now)}."
        say(line[:1].upper() + line[1:] if pause.host is None else line)
    if len(ordered) > _TOLD:
        say(f"And {len(ordered) - _TOLD:,} more hosts; scrape status --json names all.")
    first = ordered[0].host
    say(f"Goes on with: {next_command(f'queue resume {first}' if first else 'queue resume', options)}")


async def _hint(queue: Queue, hosts: Sequence[str]) -> None:
    """Say of each of `hosts` how much it holds back, and of a misspelt one how it is spelled."""
    if not hosts:
        return
    waiting = {one.host: one.waiting for one in await queue.waiting_by_host(_HOSTS_LOOKED_AT)}
    for host in hosts:
        near = get_close_matches(host, waiting, n=1)
        if host in waiting:
            say(f"{host}: {downloads_text(waiting[host])} held back.")
        elif near:
            say(f"{host}: nothing of it waits. Did you mean {near[0]}?")
        else:
            alone = "" if set(".:") & set(host) else " Without a host the whole queue is paused."
            say(f"{host}: nothing of it waits now.{alone}")
