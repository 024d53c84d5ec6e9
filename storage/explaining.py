"""Errors of the database that a person can do something about, put into words in one place."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from storage.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Primary result codes of SQLite that are not mistakes of this program: https://www.sqlite.org/rescode.html
_WORDS: dict[int, tuple[str, str]] = {
    sqlite3.SQLITE_PERM: (
        "The database may not be used",
        "Check who owns the file, or use another --database",
    ),
    sqlite3.SQLITE_BUSY: (
        "The database has been locked by another program for too long",
        "Wait until it has ended, or end it, then run the command again",
    ),
    sqlite3.SQLITE_READONLY: (
        "The database is read-only",
        "Make the file and its folder writable, or use another --database",
    ),
    sqlite3.SQLITE_IOERR: (
        "The disk of the database reports an error",
        "Check the disk, then run the command again",
    ),
    sqlite3.SQLITE_CORRUPT: (
        "The database is damaged",
        "Bring back a copy of it, or move it away to begin a new one",
    ),
    sqlite3.SQLITE_FULL: (
        "The disk is full, nothing of the last step was kept",
        "Make room, then run the command again",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "The database cannot be opened",
        "Check that its folder exists and is writable, or use another --database",
    ),
    sqlite3.SQLITE_NOTADB: (
        "The file is not a database",
        "Use another --database; this file is left as it is",
    ),
}


def in_words(error: sqlite3.Error, where: Path) -> StorageError | None:
    """Return what a person should read instead of `error`, or None if it is a mistake of this program."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    words = None if code is None else _WORDS.get(code & 0xFF)
    return None if words is None else StorageError(words[0], where=str(where), next_step=words[1])


@contextmanager
def explained(where: Path) -> Iterator[None]:
    """Turn the errors that `in_words` knows into StorageError; let all others pass."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        told = in_words(cause, where) if isinstance(cause, sqlite3.Error) else None
        if told is None:
            raise
        raise told from error
