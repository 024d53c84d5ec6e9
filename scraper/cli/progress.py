"""Progress on a terminal: bars drawn by a timer from counts that the work keeps anyway."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from scraper.cli.console import visible
from scraper.cli.report import bytes_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

    from scraper.cli.bar import Reading
    from scraper.crawl_job import CrawlCounts
    from scraper.downloads.draining.counts import DrainCounts

_NAME_WIDTH = 40


@contextmanager
def crawl_progress(counts: CrawlCounts, *, console: Console, shown: bool) -> Iterator[None]:
    """Show how far a crawl is while the block runs, if `shown` and the console is a terminal."""

    def reading() -> Reading:
        words = f"{counts.matched} matched, {counts.queued} queued"
        return counts.read, counts.to_read or None, words

    with _bar("Reading", reading, console=console, shown=shown):
        yield


@contextmanager
def drain_progress(counts: DrainCounts, total: int, *, console: Console, shown: bool) -> Iterator[None]:
    """Show how far a drain is while the block runs, if `shown` and on a terminal.

    `total` are the downloads that are to be tried, with those that `counts` holds already.
    """

    def reading() -> Reading:
        tried = counts.tried
        current = next(iter(counts.running.values()), None)
        name = visible((current.stem or current.host)[:_NAME_WIDTH]) if current else ""
        return tried, max(total, tried), f"{bytes_text(counts.bytes)} {name}"

    with _bar("Downloading", reading, console=console, shown=shown):
        yield


@contextmanager
def _bar(title: str, reading: Callable[[], Reading], *, console: Console, shown: bool) -> Iterator[None]:
    if not shown or not console.is_terminal:
        yield
        return
    from scraper.cli.bar import CountedProgress  # noqa: PLC0415 - a run for cron needs none

    with CountedProgress(title, reading, console=console):
        yield
