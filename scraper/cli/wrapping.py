"""Plain text in lines that fit a terminal of 80 columns, whether there is one or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len, chop_cells, set_cell_size

from scraper.cli.console import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDTH: Final = 80
"""Columns."""


def wrapped(text: str, *, first: str = "", then: str | None = None) -> list[str]:
    """Return `text`, made visible, in lines of at most `WIDTH` columns; an address is never broken.

    `first` stands before the first line and `then` before the others, by default as many spaces. Wide
    letters take two columns; text without spaces, as Japanese is written, is broken where a line is full.

    >>> wrapped("robots.txt allows it", first="note: ")
    ['note: robots.txt allows it']
    """
    before = " " * len(first) if then is None else then
    lines: list[str] = []
    line, used = "", 0
    for word in visible(text).split():
        for piece in _pieces(word, WIDTH - max(len(first), len(before))):
            wide = cell_len(piece)
            indent = before if lines else first
            if line and len(indent) + used + 1 + wide > WIDTH:
                lines.append(indent + line)
                line, used = piece, wide
            else:
                line, used = (f"{line} {piece}", used + 1 + wide) if line else (piece, wide)
    return [*lines, (before if lines else first) + line] if line else lines


def fitted(text: str, width: int) -> str:
    """Return `text`, made visible, in exactly `width` columns: padded, or cut in its middle.

    The end stays: of an address it names the file.

    >>> fitted("https://blog.example/files/song.mp3", 20)
    'https://bl…/song.mp3'
    """
    line = visible(text[: 4 * width] + text[4 * width :][-4 * width :])
    wide = cell_len(line)
    if wide <= width:
        return line + " " * (width - wide)
    end = set_cell_size(line[::-1], width // 2 - 1)[::-1]
    return f"{set_cell_size(line, width - width // 2)}…{end}"


def _pieces(word: str, room: int) -> Iterator[str]:
    """Yield `word`, in parts that fit into `room` columns where it is wide letters that are in the way."""
    if cell_len(word) <= room or "://" in word or cell_len(word) == len(word):
        yield word
    else:
        yield from chop_cells(word, room)
