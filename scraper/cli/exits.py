"""Exit codes, a contract with scripts and cron."""

from __future__ import annotations

from enum import IntEnum

from scraper.settings import ConfigError
from storage.errors import CratedigError, StorageError


class Exit(IntEnum):
    """What a command came to."""

    DONE = 0
    SOME_FAILED = 1
    """Some items failed; the rest is kept."""
    USAGE = 2
    CONFIGURATION = 3
    EMPTY = 4
    """Nothing matched, and --fail-if-empty was given."""
    INTERRUPTED = 130
    """Ctrl-C or SIGTERM; all that was done is kept."""


class UsageError(CratedigError):
    """The command was given words that it does not understand."""


def exit_code_of(error: CratedigError) -> Exit:
    """Return the exit code of a run that ended with `error`."""
    from filters.document import GenreDataError  # noqa: PLC0415 - --help does not need it
    from filters.query import QueryError  # noqa: PLC0415 - the same
    from scraper.downloads.errors import VolumeError  # noqa: PLC0415 - --help does not need it

    match error:
        case UsageError() | QueryError():
            return Exit.USAGE
        case ConfigError() | StorageError() | VolumeError() | GenreDataError():
            return Exit.CONFIGURATION
        case _:
            return Exit.SOME_FAILED
