"""Plain text in lines that fit a terminal of 80 columns, whether there is one or not."""

from __future__ import annotations

import textwrap
from typing import Final

from scraper.cli.console import visible

WIDTH: Final = 80
"""Columns."""


def wrapped(text: str, *, first: str = "", then: str | None = None) -> list[str]:
    """Return `text`, made visible, in lines of at most `WIDTH` columns; an address is never broken.

    `first` stands before the first line and `then` before the others, by default as many spaces.

    >>> wrapped("robots.txt allows it", first="note: ")
    ['note: robots.txt allows it']
    """
    return textwrap.wrap(
        visible(text),
        width=WIDTH,
        initial_indent=first,
        subsequent_indent=" " * len(first) if then is None else then,
        break_long_words=False,
        break_on_hyphens=False,
    )
