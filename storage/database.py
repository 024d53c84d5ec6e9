"""What is kept, open: reads that run side by side, changes one after another, each in a thread."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, Self, TypeAlias, TypeVar

from storage.connecting import BEGIN, connect, outside_transactions
from storage.explaining import explained
from storage.location import locate
from storage.opening import identity_of, refuse_replaced
from storage.patience import SHORT, Patience
from storage.unbroken import in_thread, unbroken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from sqlalchemy import Connection, Engine, Executable, Row, Select

    Rows: TypeAlias = Sequence[Row[*tuple[Any, ...]]]

_T = TypeVar("_T")
_P = ParamSpec("_P")

_READERS: Final = 4
"""Reads that run at once; more wait for their turn."""


class Database:
    """A file of storage, open. Get it from `Database.open`.

    What is done with it is a function of a connection, which runs in a thread of the database: one way there
    and back, however many its statements are. Whoever is cancelled meanwhile waits for its end, so that no
    transaction is ever left open. Errors that a person can do something about are raised as StorageError
    with the path and the next step.
    """

    def __init__(self, path: Path, engine: Engine, clock: Callable[[], float]) -> None:
        self.path = path
        self.now = clock
        """Tell the time as POSIX seconds UTC."""
        self._engine = engine
        self._reading = engine.execution_options(**{BEGIN: "BEGIN"})
        self._writing = engine.execution_options(**{BEGIN: "BEGIN IMMEDIATE"})
        # Threads of its own: those that all share may be busy with files, and heartbeats cannot wait.
        self._readers = ThreadPoolExecutor(max_workers=_READERS, thread_name_prefix="database-read")
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="database-write")
        self._patience = Patience()
        self._identity = identity_of(path)

    @classmethod
    async def open(cls, target: str | Path, *, clock: Callable[[], float] = time.time) -> Self:
        """Open the database at `target`, a path or ``sqlite:///path``; create it where there is none.

        Raises StorageError if the file is not a database of cratedig, is damaged or cannot be written,
        and NewerDatabaseError if a newer cratedig wrote it. Such a file is never changed.
        """
        path = locate(target)
        return cls(path, await in_thread(_connected, path), clock)

    async def read(
        self, work: Callable[Concatenate[Connection, _P], _T], *args: _P.args, **kwargs: _P.kwargs
    ) -> _T:
        """Return what `work` returns, called with a connection and the arguments.

        It sees one state of the database throughout, and waits for no writer.
        """

        def run() -> _T:
            refuse_replaced(self.path, self._identity)
            with explained(self.path), self._reading.begin() as connection:
                return work(connection, *args, **kwargs)

        return await unbroken(asyncio.get_running_loop().run_in_executor(self._readers, run))

    async def write(
        self, work: Callable[Concatenate[Connection, _P], _T], *args: _P.args, **kwargs: _P.kwargs
    ) -> _T:
        """Return what `work` returns, called with a connection and the arguments.

        All the changes that it makes are kept when this returns, or none where it raises.
        """

        def run() -> _T:
            refuse_replaced(self.path, self._identity)
            with explained(self.path), self._patience.begin(self._writing) as connection:
                return work(connection, *args, **kwargs)

        return await unbroken(asyncio.get_running_loop().run_in_executor(self._writer, run))

    async def rows(self, *queries: Select[*tuple[Any, ...]]) -> Rows:
        """Return the rows of `queries`, one after the other, all of one state of the database."""
        return await self.read(_rows, queries)

    async def change(self, statement: Executable, values: Sequence[Mapping[str, Any]] | None = None) -> int:
        """Carry out `statement`, for each of `values` if they are given; return how many rows changed."""
        return await self.write(_change, statement, values)

    async def close(self) -> None:
        """Fold the write-ahead log into the file, as far as other processes allow, and close."""
        await in_thread(self._close)

    def _close(self) -> None:
        self._writer.shutdown()
        self._readers.shutdown()
        try:
            with explained(self.path):
                outside_transactions(
                    self._engine,
                    f"PRAGMA busy_timeout={SHORT}",
                    "PRAGMA wal_checkpoint(TRUNCATE)",
                )
        finally:
            self._engine.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()


def _rows(connection: Connection, queries: Iterable[Select[*tuple[Any, ...]]]) -> Rows:
    return [row for query in queries for row in connection.execute(query)]


def _change(connection: Connection, statement: Executable, values: Sequence[Mapping[str, Any]] | None) -> int:
    return connection.execute(statement, values).rowcount


def _connected(path: Path) -> Engine:
    with explained(path):
        return connect(path, connections=_READERS + 1)
