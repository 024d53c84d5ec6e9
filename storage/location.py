"""Where the database is: a path, or an address of the kind that database tools use."""

from __future__ import annotations

from pathlib import Path

from storage.errors import StorageError

_SQLITE = "sqlite:///"
_POSTGRESQL = ("postgresql:", "postgresql+", "postgres:")


def locate(target: str | Path) -> Path:
    """Return the absolute path of the SQLite file that `target` names.

    `target` is a path or ``sqlite:///relative`` or ``sqlite:////absolute``. Raises StorageError for
    other addresses, for a database in memory and for a path that no file system can hold.
    """
    text = str(target)
    if text.lower().startswith(_POSTGRESQL):
        # The address is not repeated: it may hold a password.
        raise StorageError(
            "PostgreSQL is not supported yet",
            where=f"{text.partition(':')[0]}://…",
            next_step="Give the path of an SQLite file to --database",
        )
    if text.startswith(_SQLITE):
        text = text.removeprefix(_SQLITE)
    elif "://" in text:
        raise StorageError(
            "This kind of database is not known",
            where=f"{text.partition('://')[0]}://…",
            next_step="Give the path of an SQLite file, or sqlite:///path, to --database",
        )
    if text in {"", ":memory:"} or "\0" in text:
        raise StorageError(
            "The database needs a file of its own",
            where=repr(text),
            next_step="Give the path of an SQLite file to --database",
        )
    return Path(text).expanduser().absolute()
