"""Draining the queue with progress: what `scrape download` and `scrape … --download` share."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from scraper.cli.console import say
from scraper.cli.disk_space import free_bytes
from scraper.cli.progress import drain_progress
from scraper.cli.watch_words import idle_lines
from scraper.downloads.draining.drain import Drain
from scraper.downloads.draining.watching import Watch, before
from scraper.downloads.settings import DrainSettings
from scraper.settings import download_path
from storage.posts import Posts
from storage.queue import Queue
from storage.reasons import Reason
from storage.records import Selection

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from rich.console import Console

    from scraper.downloads.draining.counts import DrainCounts
    from scraper.downloads.errors import VolumeError
    from scraper.http.client import Client
    from storage.database import Database
    from storage.records import Pause

_MAX_FILES_AT_ONCE = 100
_EVER = 2**63
_NEWS = 1_000_000
"""Bytes more of room for which a watch tries what was too large for less."""
ROOM_PATIENCE: Final = 300.0
"""Seconds that a run waits for room on a full disk; a watch waits for as long as it lasts."""


def folder_of(options: argparse.Namespace) -> Path:
    """Return the folder that `options` name, or the user's own, as an absolute path."""
    path: Path = (options.to or download_path()).expanduser().absolute()
    return path


def settings_of(options: argparse.Namespace) -> DrainSettings:
    """Return what `options` say about files."""
    return DrainSettings(
        max_bytes=options.max_size,
        name=options.name,
        sidecar=options.sidecar,
        unpack=options.unpack,
        keep_rejected=options.keep_rejected,
        bandwidth=options.bandwidth,
    )


@dataclass(slots=True, kw_only=True)
class Draining:
    """Downloads as `options` say, into `counts`, with a bar while something is under way on a terminal."""

    options: argparse.Namespace
    database: Database
    client: Client
    console: Console
    counts: DrainCounts
    _pauses: list[Pause] = field(default_factory=list)
    _free: int = _EVER

    async def once(self, most: int | None = None, *, patience: float = ROOM_PATIENCE) -> None:
        """Download what is due, at most `most`; wait `patience` seconds for room. Raises `VolumeError`."""
        options = self.options
        queue = Queue(self.database)
        drain = Drain(
            queue=queue,
            client=self.client,
            folder=folder_of(options),
            concurrency=min(options.concurrency, _MAX_FILES_AT_ONCE),
            settings=settings_of(options),
            posts=Posts(self.database),
            counts=self.counts,
            patience=patience,
        )
        total = self.counts.tried + await queue.waiting_total()
        shown = not (options.no_progress or options.quiet)
        total = total if most is None else min(total, self.counts.tried + most)
        with drain_progress(self.counts, total, console=self.console, shown=shown):
            await drain.run(most=most)

    async def until(self, deadline: float | None, *, most: int | None, watch: bool) -> bool:
        """Download until nothing is due, with `watch` again and again; return whether that was all.

        It was not where `deadline` (POSIX seconds UTC) came first: what is under way is given back then.
        Raises `VolumeError`, of a full disk only without `watch`.
        """
        # Somebody may have made room: a person who starts a run does not wait for the next look.
        await Queue(self.database).hurry(Selection(reason=Reason.DISK_FULL))
        if not watch:
            return await before(deadline, self.once(most))
        watching = Watch(
            drain=partial(self.once, patience=0.0),
            tried=lambda: self.counts.tried,
            next_due=self.next_due,
            idle=self._say_idle,
            full=self._say_full,
        )
        return await before(deadline, watching.run(most=most))

    async def next_due(self) -> float | None:
        """Return when the next can be claimed; what waited for room can be at once if there is more of it."""
        queue = Queue(self.database)
        free = await asyncio.to_thread(free_bytes, folder_of(self.options))
        if free > self._free + _NEWS:
            await queue.hurry(Selection(reason=Reason.DISK_FULL))
        self._free = free
        self._pauses = await queue.pauses()
        return await queue.next_due()

    def _say_idle(self, due: float | None) -> None:
        if self._speaks:
            for line in idle_lines(due, self._pauses, now=time.time()):
                say(line)

    def _say_full(self, error: VolumeError) -> None:
        if self._speaks:
            say(f"waiting: {error}")

    @property
    def _speaks(self) -> bool:
        return self.console.is_terminal and not (self.options.quiet or self.options.json)
