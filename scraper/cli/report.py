"""The table that a run ends with, and the next command to type where something failed."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from scraper.cli.console import visible
from storage.reasons import Reason, explain

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

    from rich.table import Table

_KILO = 1000.0


def closing_table(rows: Sequence[tuple[str, str]], failed: Mapping[Reason, int]) -> Table:
    """Return the closing table: a line for each of `rows`, and one for each reason of failure."""
    from rich.table import Table  # noqa: PLC0415 - not needed for --help
    from rich.text import Text  # noqa: PLC0415

    table = Table(show_header=False, box=None, padding=(0, 1), pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    if failed:
        table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row(Text(name), Text(value))
    for reason, number in sorted(failed.items(), key=lambda item: -item[1]):
        sentence = explain(reason).sentence
        table.add_row(
            Text(f"failed: {reason}", style="red"), Text(f"{number:,}"), Text(visible(sentence), style="dim")
        )
    return table


def next_command(words: str, options: argparse.Namespace) -> str:
    """Return ``scrape WORDS`` with what this run was told of database, configuration and addresses."""
    command = ["scrape", *words.split()]
    for name in ("config", "database"):
        if getattr(options, name):
            command += [f"--{name}", str(getattr(options, name))]
    if options.allow_private and words.startswith("download"):
        command.append("--allow-private")
    return shlex.join(command)


def bytes_text(number: float) -> str:
    """Return a number of bytes in decimal units: ``12.3 MB``."""
    for unit in ("B", "kB", "MB", "GB"):
        if number < _KILO:
            return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"
        number /= _KILO
    return f"{number:.1f} TB"


def seconds_text(seconds: float) -> str:
    """Return a duration: ``3.2 s``, ``4 min 10 s``, ``2 h 5 min``."""
    if seconds < 60:  # noqa: PLR2004
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:  # noqa: PLR2004
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min"
