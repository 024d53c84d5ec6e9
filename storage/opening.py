"""What must be true of a database before it is used: ours, of a version we know, and whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, inspect, select

from storage.errors import NewerDatabaseError, StorageError
from storage.file_systems import networked
from storage.migrations import migrate, tables_of
from storage.schema import SCHEMA_VERSION, metadata, schema_version

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection


def is_ready(connection: Connection, where: Path) -> bool:
    """Return whether the database is of this version; if not, it is empty or older, and can be made ready.

    Raises StorageError for a database of another program, and NewerDatabaseError for one of a newer
    cratedig. Neither is ever written to.
    """
    return _version(connection, where) == SCHEMA_VERSION


def make_ready(connection: Connection, where: Path) -> None:
    """Create the tables, or bring those of an older cratedig up to date, in the transaction of `connection`.

    Another process may have been faster: then nothing is left to do.
    """
    version = _version(connection, where)
    if version is None:
        metadata.create_all(connection, checkfirst=False)
        connection.execute(insert(schema_version).values(version=SCHEMA_VERSION))
    elif version < SCHEMA_VERSION:
        migrate(connection, version)


def _version(connection: Connection, where: Path) -> int | None:
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return None
    if schema_version.name not in tables:
        raise _foreign(where)
    columns = {column["name"] for column in inspect(connection).get_columns(schema_version.name)}
    if columns != set(schema_version.c.keys()):
        raise _foreign(where)
    versions = list(connection.scalars(select(schema_version.c.version)))
    version = versions[0] if len(versions) == 1 else 0
    if version > SCHEMA_VERSION:
        raise NewerDatabaseError(
            f"The database was written by a newer cratedig (its version is {version}, "
            f"this one knows {SCHEMA_VERSION})",
            where=str(where),
            next_step="Upgrade cratedig or use another --database",
        )
    if version < 1 or not tables_of(version) <= tables:
        raise _foreign(where)
    return version


def refuse_emptied(path: Path) -> None:
    """Raise StorageError if the file was cut to nothing while its write-ahead log still holds changes.

    SQLite would take the file for a new one and delete the log.
    """
    log = path.with_name(f"{path.name}-wal")
    if path.stat().st_size == 0 and log.exists() and log.stat().st_size > 0:
        raise StorageError(
            "The database is damaged: the file is empty, its log is not",
            where=str(path),
            next_step="Bring back a copy of both, or move both away to begin a new one",
        )


def refuse_networked(path: Path) -> None:
    """Raise StorageError if the file is on a file system of another machine, where it would be damaged."""
    kind = networked(path)
    if kind is not None:
        raise StorageError(
            f"The database is on a network file system ({kind}), where programs damage each other's changes",
            where=str(path),
            next_step="Keep the database on a local disk: use another --database",
        )


def identity_of(path: Path) -> tuple[int, int]:
    """Return what tells the file from any other that may take its name."""
    status = path.stat()
    return status.st_dev, status.st_ino


def refuse_replaced(path: Path, identity: tuple[int, int]) -> None:
    """Raise StorageError if the file is no longer there, or is another one than was opened.

    SQLite would go on writing to a file that nobody can open any more.
    """
    try:
        same = identity_of(path) == identity
    except OSError:
        same = False
    if not same:
        raise StorageError(
            "The database was deleted, moved or replaced while it was open; nothing more is kept",
            where=str(path),
            next_step="Bring the file back, then run the command again",
        )


def _foreign(where: Path) -> StorageError:
    return StorageError(
        "The database belongs to another program",
        where=str(where),
        next_step="Use another --database; this one is left as it is",
    )
