"""The one connection to what is kept: opening, transactions, closing."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Self, TypeVar

from sqlalchemy import URL, create_engine, event
from sqlalchemy.ext.asyncio import create_async_engine

from storage.errors import StorageError
from storage.explaining import explained
from storage.location import locate
from storage.opening import (
    identity_of,
    is_ready,
    make_ready,
    refuse_emptied,
    refuse_networked,
    refuse_replaced,
)
from storage.unbroken import unbroken

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path
    from types import TracebackType

    from sqlalchemy import Connection, Engine
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

# WAL lets readers and the writer work side by side; FULL keeps the last commits through a power loss.
_PRAGMAS = ("busy_timeout=30000", "foreign_keys=ON", "synchronous=FULL")
_BEGIN = "begin_with"
_PATIENCE_AT_CLOSE = 500
"""Milliseconds that closing waits for other processes before it leaves the log to them."""

_T = TypeVar("_T")
_P = ParamSpec("_P")

_SHARE_TRIES = 100
_SHARE_PAUSE = 0.02
"""Seconds."""


class Database:
    """A file of storage, open. Reads run side by side, writes one after another.

    All of it belongs to one event loop. Errors that a person can do something about are raised as
    StorageError with the path and the next step.
    """

    def __init__(self, path: Path, engine: AsyncEngine, clock: Callable[[], float]) -> None:
        self.path = path
        self.now = clock
        """Tell the time as POSIX seconds UTC."""
        self._engine = engine
        self._readers = engine.execution_options(**{_BEGIN: "BEGIN"})
        self._writers = engine.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})
        self._write_lock = asyncio.Lock()
        self._transactions = _engine_of_one(path)
        # A thread of its own: those that all share may be busy with files, and heartbeats cannot wait.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="database")
        self._identity = identity_of(path)

    @classmethod
    async def open(cls, target: str | Path, *, clock: Callable[[], float] = time.time) -> Self:
        """Open the database at `target`, a path or ``sqlite:///path``; create it where there is none.

        Raises StorageError if the file is not a database of cratedig, is damaged or cannot be written,
        and NewerDatabaseError if a newer cratedig wrote it. Such a file is never changed.
        """
        path = locate(target)
        await asyncio.to_thread(_make_room, path)
        database = cls(path, _engine(path), clock)
        try:
            await database._prepare()
        except BaseException:
            await database._dispose()
            raise
        return database

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection that sees one state of the database throughout; it waits for no writer."""
        with explained(self.path):
            async with self._readers.begin() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """Give the connection for one transaction of changes: all of them are kept, or none.

        Not to be entered again from inside.
        """
        with explained(self.path):
            async with self._write_lock:
                refuse_replaced(self.path, self._identity)
                async with self._writers.begin() as connection:
                    yield connection

    async def transact(
        self, work: Callable[Concatenate[Connection, _P], _T], *args: _P.args, **kwargs: _P.kwargs
    ) -> _T:
        """Return what `work` returns, called with a connection within one transaction of changes.

        It runs in the thread of the database: one way there and back, however many its statements are,
        where `writing` needs one for each. A cancelled caller waits for its end.
        """
        return await unbroken(self._transact(lambda connection: work(connection, *args, **kwargs)))

    async def _transact(self, work: Callable[[Connection], _T]) -> _T:
        with explained(self.path):
            async with self._write_lock:
                return await asyncio.get_running_loop().run_in_executor(self._thread, self._run, work)

    def _run(self, work: Callable[[Connection], _T]) -> _T:
        refuse_replaced(self.path, self._identity)
        with self._transactions.begin() as connection:
            return work(connection)

    async def close(self) -> None:
        """Fold the write-ahead log into the file, as far as other processes allow, and close."""
        try:
            with explained(self.path):
                await self._outside_transactions(
                    f"PRAGMA busy_timeout={_PATIENCE_AT_CLOSE}", "PRAGMA wal_checkpoint(TRUNCATE)"
                )
        finally:
            await self._dispose()

    async def _dispose(self) -> None:
        self._thread.shutdown()
        self._transactions.dispose()
        await self._engine.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def _prepare(self) -> None:
        async with self.reading() as connection:
            ready = await connection.run_sync(is_ready, self.path)
        with explained(self.path):
            mode = await self._share()
        if mode != "wal":
            raise StorageError(
                "The file system of the database cannot share it between programs",
                where=str(self.path),
                next_step="Keep the database on a local disk: use another --database",
            )
        if not ready:
            async with self.writing() as connection:
                await connection.run_sync(make_ready, self.path)

    async def _share(self) -> Any:
        """Switch to a write-ahead log; return the mode that is on then.

        Where several processes switch a new database at once, SQLite refuses instead of waiting.
        """
        for _ in range(_SHARE_TRIES):
            try:
                return await self._outside_transactions("PRAGMA journal_mode=WAL")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
            await asyncio.sleep(_SHARE_PAUSE)
        return await self._outside_transactions("PRAGMA journal_mode=WAL")

    async def _outside_transactions(self, *pragmas: str) -> Any:
        """Run PRAGMAs that are not allowed inside a transaction; return the first value of the last."""
        value: Any = None
        async with self._engine.connect() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            for pragma in pragmas:
                async with driver.execute(pragma) as cursor:  # type: ignore[union-attr]
                    row = await cursor.fetchone()
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


def _engine(path: Path) -> AsyncEngine:
    # Without an isolation level the driver begins no transactions by itself: BEGIN is ours.
    url = URL.create("sqlite+aiosqlite", database=str(path))
    engine = create_async_engine(url, connect_args={"isolation_level": None})
    event.listen(engine.sync_engine, "connect", _configure)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _engine_of_one(path: Path) -> Engine:
    """Return the engine of `transact`: one connection, opened when it is first needed."""
    url = URL.create("sqlite+pysqlite", database=str(path))
    engine = create_engine(url, pool_size=1, connect_args={"isolation_level": None})
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})


def _configure(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    statement = connection.get_execution_options().get(_BEGIN)
    if statement is not None:
        connection.exec_driver_sql(statement)
