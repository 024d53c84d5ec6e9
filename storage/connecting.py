"""Connections to a file of SQLite: how they are made, what each is told, and how it becomes one for many."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import URL, create_engine, event

from storage.errors import StorageError
from storage.opening import is_ready, make_ready, refuse_emptied, refuse_networked
from storage.patience import LONG

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, Engine

BEGIN: Final = "begin_with"
"""The option of an engine that says how its transactions begin."""

# WAL lets readers and the writer work side by side; FULL keeps the last commits through a power loss.
_PRAGMAS = (f"busy_timeout={LONG}", "foreign_keys=ON", "synchronous=FULL")
_SHARE_TRIES = 100
_SHARE_PAUSE = 0.02
"""Seconds."""


def connect(path: Path, *, connections: int) -> Engine:
    """Return an engine for the database at `path`, made or brought up to date. Blocks.

    It has at most `connections` at once, for any threads. Raises StorageError, and NewerDatabaseError for
    one of a newer cratedig; such a file is never changed.
    """
    _make_room(path)
    engine = _engine(path, connections)
    try:
        _prepare(engine, path)
    except BaseException:
        engine.dispose()
        raise
    return engine


def outside_transactions(engine: Engine, *pragmas: str) -> Any:
    """Run PRAGMAs that are not allowed inside a transaction; return the first value of the last. Blocks."""
    value: Any = None
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        for pragma in pragmas:
            row = driver.execute(pragma).fetchone()
            value = row[0] if row else None
    return value


def _make_room(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Exclusively: opening and closing a database that this process uses would drop SQLite's locks on it.
        with contextlib.suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        refuse_emptied(path)
        refuse_networked(path)
    except OSError as error:
        raise StorageError(
            f"The database cannot be created ({error.strerror})",
            where=str(path),
            next_step="Check that its folder is writable, or use another --database",
        ) from error


def _engine(path: Path, connections: int) -> Engine:
    # Never created here: a new file in the place of one that was moved would make SQLite delete its log.
    url = URL.create("sqlite+pysqlite", database=path.as_uri(), query={"mode": "rw", "uri": "true"})
    # Without an isolation level the driver begins no transactions by itself: BEGIN is ours.
    told = {"isolation_level": None, "check_same_thread": False}
    engine = create_engine(url, pool_size=connections, max_overflow=0, connect_args=told)
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def _configure(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    statement = connection.get_execution_options().get(BEGIN)
    if statement is not None:
        connection.exec_driver_sql(statement)


def _prepare(engine: Engine, path: Path) -> None:
    with engine.execution_options(**{BEGIN: "BEGIN"}).begin() as connection:
        ready = is_ready(connection, path)
    if _share(engine) != "wal":
        raise StorageError(
            "The file system of the database cannot share it between programs",
            where=str(path),
            next_step="Keep the database on a local disk: use another --database",
        )
    if not ready:
        with engine.execution_options(**{BEGIN: "BEGIN IMMEDIATE"}).begin() as connection:
            make_ready(connection, path)


def _share(engine: Engine) -> Any:
    """Switch to a write-ahead log; return the mode that is on then.

    Where several processes switch a new database at once, SQLite refuses instead of waiting.
    """
    for _ in range(_SHARE_TRIES):
        try:
            return outside_transactions(engine, "PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
        time.sleep(_SHARE_PAUSE)
    return outside_transactions(engine, "PRAGMA journal_mode=WAL")
