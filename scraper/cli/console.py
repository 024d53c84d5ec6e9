"""What people see: data on stdout, everything else on stderr, nothing of strangers taken for commands."""

from __future__ import annotations

import io
import sys
import unicodedata
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, cast

from storage.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator

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

    class Output(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError  # rich would end the process with 1

    file = None if sys.stdout is None else cast("IO[str]", _Stdout())
    return Output(file=file, highlight=False, soft_wrap=False)


def put(text: str) -> None:
    """Write data to stdout. Raises `StorageError` where that fails, `BrokenPipeError` where nobody reads."""
    if sys.stdout is None:  # it was closed before the program began
        raise _unwritable("it is closed")
    with _writing():
        sys.stdout.write(text)
        sys.stdout.flush()


class _Stdout:
    """Stdout as rich is to see it: what it cannot take is an error that says so."""

    def write(self, text: str) -> int:
        with _writing():
            return sys.stdout.write(text)

    def flush(self) -> None:
        with _writing():
            sys.stdout.flush()

    def __getattr__(self, name: str) -> object:
        return getattr(sys.stdout, name)


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        raise _unwritable(str(error)) from error


def _unwritable(why: str) -> StorageError:
    return StorageError(
        "The output cannot be written", where=f"stdout: {why}", next_step="Check where it is sent to"
    )


def speak_utf8() -> None:
    """Let stdout and stderr carry any text, whatever the locale says."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def say(text: str) -> None:
    """Write one line of plain text to stderr, made visible; where stderr was closed, nobody listens."""
    if sys.stderr is None:
        return
    sys.stderr.write(f"{visible(text)}\n")
    sys.stderr.flush()
