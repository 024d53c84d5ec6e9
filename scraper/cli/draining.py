"""Draining the queue with progress: what `scrape download` and `scrape … --download` share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.cli.progress import drain_progress
from scraper.downloads.drain import Drain
from scraper.downloads.folder import DownloadFolder
from scraper.settings import download_path
from storage.queue import Queue

if TYPE_CHECKING:
    import argparse

    from rich.console import Console

    from scraper.downloads.counts import DrainCounts
    from scraper.http.client import Client
    from storage.database import Database

_MAX_FILES_AT_ONCE = 100


def folder_of(options: argparse.Namespace) -> DownloadFolder:
    """Return the folder that `options` name, or the user's own, as an absolute path."""
    return DownloadFolder(path=(options.to or download_path()).expanduser().absolute())


async def drain_queue(
    options: argparse.Namespace,
    *,
    database: Database,
    client: Client,
    console: Console,
    counts: DrainCounts | None = None,
    most: int | None = None,
) -> DrainCounts:
    """Download what is due, at most `most`, and return the counts. Raises `VolumeError`.

    `counts`, if given, is filled while it goes on, so that an interrupted caller can report.
    """
    queue = Queue(database)
    drain = Drain(
        queue=queue,
        client=client,
        folder=folder_of(options),
        concurrency=min(options.concurrency, _MAX_FILES_AT_ONCE),
        max_bytes=options.max_size,
        counts=counts,
    )
    total = await queue.waiting_total()
    shown = not (options.no_progress or options.quiet)
    with drain_progress(
        drain.counts, total if most is None else min(total, most), console=console, shown=shown
    ):
        return await drain.run(most=most)
