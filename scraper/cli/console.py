"""What people see: data on stdout, everything else on stderr, nothing of strangers taken for commands."""

from __future__ import annotations

import sys
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

_DANGEROUS = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def visible(text: str) -> str:
    """Return `text` on one line with every control, bidirectional mark and lone surrogate written out."""
    if text.isprintable():
        return text
    return "".join(_escape(char) if unicodedata.category(char) in _DANGEROUS else char for char in text)


def _escape(char: str) -> str:
    return char.encode("unicode_escape", "backslashreplace").decode("ascii")


def stderr_console() -> Console:
    """Return rich's console on stderr, without colours where NO_COLOR is set or stderr is no terminal."""
    from rich.console import Console  # noqa: PLC0415 - not needed for --help

    return Console(stderr=True, highlight=False, soft_wrap=False)


def stdout_console() -> Console:
    """Return rich's console on stdout, for tables that are the data of a command."""
    from rich.console import Console  # noqa: PLC0415 - not needed for --help

    return Console(highlight=False, soft_wrap=False)


def say(text: str) -> None:
    """Write one line of plain text to stderr, made visible."""
    sys.stderr.write(f"{visible(text)}\n")
    sys.stderr.flush()
