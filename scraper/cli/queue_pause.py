"""scrape queue pause and resume: of a host, or of the whole queue."""

from __future__ import annotations

import json
import time
from difflib import get_close_matches
from typing import TYPE_CHECKING

from scraper.cli.console import put, say
from scraper.cli.exits import Exit
from scraper.cli.queue_rows import downloads_text, pause_object, pause_text
from scraper.cli.report import next_command
from storage.queue import Queue

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from storage.database import Database
    from storage.records import Pause

_HOSTS_LOOKED_AT = 1000
_TOLD = 10


async def pause_or_resume(options: argparse.Namespace, database: Database) -> Exit:
    """Pause or resume the hosts that are named, or the whole queue, and say what is paused now."""
    queue = Queue(database)
    hosts: list[str | None] = list(options.hosts) or [None]
    now = time.time()
    until = None if options.pause_for is None else now + options.pause_for
    unchanged: list[str | None] = []
    for host in hosts:
        if options.action == "pause":
            await queue.pause(host, until=until)
        elif not await queue.resume(host):
            unchanged.append(host)
    pauses = await queue.pauses()
    if options.json:
        put(json.dumps({"paused": [pause_object(pause) for pause in pauses]}) + "\n")
    elif not options.quiet:
        for host in unchanged:
            say(f"{host or 'The whole queue'} was not paused.")
        _tell(options, pauses, now=now)
        if options.action == "pause":
            await _hint(queue, options.hosts)
    return Exit.DONE


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
            say(f"{host}: nothing of it waits now.")
