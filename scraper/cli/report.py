"""The table that a run ends with, the next command to type, and how numbers and moments are written."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scraper.cli.console import visible
from storage.reasons import Reason, explain

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

    from rich.table import Table

_KILO = 1000.0
_HOST_WIDTH = 40


def closing_table(
    rows: Sequence[tuple[str, str]],
    failed: Mapping[Reason, int],
    *,
    later: Mapping[Reason, int] | None = None,
    next_steps: bool = False,
    words: bool = True,
) -> Table:
    """Return the closing table: a line for each of `rows`, and one for each reason of failure.

    `later` is what failed for now only. Each reason has its sentence unless `words` are left to lines that
    follow, with `next_steps` also what to do about it.
    """
    from rich.table import Table  # noqa: PLC0415 - not needed for --help
    from rich.text import Text  # noqa: PLC0415

    table = Table(show_header=False, box=None, padding=(0, 1), pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    if words and (failed or later):
        table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row(Text(name), Text(value))
    for name, style, numbers in (("later", "yellow", later or {}), ("failed", "red", failed)):
        for reason, number in sorted(numbers.items(), key=lambda item: -item[1]):
            cells = [Text(f"{name}: {reason}", style=style), Text(f"{number:,}")]
            if words:
                said = explain(reason)
                sentence = f"{said.sentence}; {said.next_step}" if next_steps else said.sentence
                cells.append(Text(visible(sentence), style="dim"))
            table.add_row(*cells)
    return table


def short_host(name: str) -> str:
    """Return `name`, of a long one only its end, which tells whose it is."""
    return name if len(name) <= _HOST_WIDTH else f"…{name[1 - _HOST_WIDTH :]}"


def next_command(words: str, options: argparse.Namespace) -> str:
    """Return ``scrape WORDS`` with what this run was told of database, configuration and addresses."""
    command = ["scrape", *words.split()]
    for name in ("config", "database"):
        if getattr(options, name):
            command += [f"--{name}", str(getattr(options, name))]
    if options.allow_private and words.startswith(("download", "blogs", "--genres")):
        command.append("--allow-private")
    if words.startswith("download") and getattr(options, "to", None):
        command += ["--to", str(options.to)]  # where the parts of what is to go on are
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


def local_time(seconds: float, *, now: float) -> str:
    """Return POSIX seconds UTC as a person here writes it: ``14:20``, on another day ``2026-11-21 14:20``."""
    moment = datetime.fromtimestamp(seconds).astimezone()
    today = datetime.fromtimestamp(now).astimezone().date()
    return moment.strftime("%H:%M" if moment.date() == today else "%Y-%m-%d %H:%M")


def utc_time(seconds: float) -> str:
    """Return POSIX seconds UTC as programs read it: ``2026-11-21T14:20:00+00:00``."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
