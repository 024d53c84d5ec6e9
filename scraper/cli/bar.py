"""One bar on a terminal, drawn by a timer."""

from __future__ import annotations

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

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rich.console import Console, RenderableType
    from rich.progress import TaskID

_REDRAWS = 8  # a second

Reading = tuple[int, int | None, str]
"""What is done, of how many (None while nobody knows), and a few words."""


class CountedProgress(Progress):
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
