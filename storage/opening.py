"""What must be true of a database before it is used: ours, of a version we know, and whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, inspect, select

from storage.errors import NewerDatabaseError, StorageError
from storage.schema import SCHEMA_VERSION, metadata, schema_version

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection


def is_empty(connection: Connection, where: Path) -> bool:
    """Return whether the database has no tables yet; raise StorageError if it is not one to use.

    A database of another program is refused and never written to, one of a newer cratedig too.
    """
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return True
    expected = set(metadata.tables)
    if schema_version.name not in tables:
        raise _foreign(where)
    columns = {column["name"] for column in inspect(connection).get_columns(schema_version.name)}
    if columns != set(schema_version.c.keys()):
        raise _foreign(where)
    versions = list(connection.scalars(select(schema_version.c.version)))
    if len(versions) == 1 and versions[0] > SCHEMA_VERSION:
        raise NewerDatabaseError(
            f"The database was written by a newer cratedig (its version is {versions[0]}, "
            f"this one knows {SCHEMA_VERSION})",
            where=str(where),
            next_step="Upgrade cratedig or use another --database",
        )
    if versions != [SCHEMA_VERSION] or not expected <= tables:
        raise _foreign(where)
    return False


def create(connection: Connection, where: Path) -> None:
    """Create all tables in the transaction of `connection`, unless another process was faster."""
    if is_empty(connection, where):
        metadata.create_all(connection, checkfirst=False)
        connection.execute(insert(schema_version).values(version=SCHEMA_VERSION))


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


def _foreign(where: Path) -> StorageError:
    return StorageError(
        "The database belongs to another program",
        where=str(where),
        next_step="Use another --database; this one is left as it is",
    )
