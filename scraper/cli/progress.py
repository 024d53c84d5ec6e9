"""Progress on a terminal: bars drawn by a timer from counts that the work keeps anyway."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Column

from scraper.cli.console import visible
from scraper.cli.report import bytes_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rich.console import Console, RenderableType
    from rich.progress import TaskID

    from scraper.crawl_job import CrawlCounts
    from scraper.downloads.counts import DrainCounts

_REDRAWS = 8  # a second
_NAME_WIDTH = 40

Reading = tuple[int, int | None, str]
"""What is done, of how many (None while nobody knows), and a few words."""


class _CountedProgress(Progress):
    """One bar whose state is read from counts each time it is drawn."""

    def __init__(self, title: str, reading: Callable[[], Reading], *, console: Console) -> None:
        self._reading = reading
        self._bar: TaskID | None = None  # rich draws once before a bar can be added
        super().__init__(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=12),
            MofNCompleteColumn(),
            TimeElapsedColumn(table_column=Column(no_wrap=True, min_width=7)),
            TextColumn(
                "{task.fields[words]}", style="dim", table_column=Column(no_wrap=True, overflow="ellipsis")
            ),
            console=console,
            refresh_per_second=_REDRAWS,
            transient=True,
        )
        self._bar = self.add_task(title, total=None, words="")

    def get_renderables(self) -> Iterable[RenderableType]:
        """Read the counts, then draw."""
        if self._bar is not None:
            done, total, words = self._reading()
            self.update(self._bar, completed=done, total=total, words=words)
        yield from super().get_renderables()


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
    with _CountedProgress(title, reading, console=console):
        yield
