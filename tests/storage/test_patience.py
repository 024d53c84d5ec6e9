"""Changes while another program holds the lock."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, insert

from storage.errors import StorageError
from storage.patience import LONG, SHORT
from storage.schema import blogs

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from storage.database import Database

_LOCKED = "locked by another program"


def _patience_of(database: Database) -> list[int]:
    """Return where the milliseconds that each change would wait are written down; in truth none waits."""
    found: list[int] = []

    def begin(connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        if statement == "BEGIN IMMEDIATE":
            driver: Any = connection.connection.driver_connection
            found.append(driver.execute("PRAGMA busy_timeout").fetchone()[0])
            driver.execute("PRAGMA busy_timeout=0")

    event.listen(database._engine, "before_cursor_execute", begin)
    event.listen(
        database._engine, "checkout", lambda driver, *_: driver.execute(f"PRAGMA busy_timeout={LONG}")
    )
    return found


async def _add(database: Database, url: str) -> None:
    await database.change(insert(blogs).values(url=url, complete=0))


def _patience_inside(connection: Connection) -> object:
    return connection.exec_driver_sql("PRAGMA busy_timeout").scalar()


async def test_what_follows_a_change_that_waited_in_vain_waits_shortly(database: Database) -> None:
    waited = _patience_of(database)
    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        adding = (_add(database, str(number)) for number in range(20))
        told = await asyncio.gather(*adding, return_exceptions=True)
    assert all(isinstance(one, StorageError) and _LOCKED in str(one) for one in told)
    assert waited == [LONG] + [SHORT] * 19


async def test_once_one_got_its_turn_the_next_waits_as_long_as_ever(database: Database) -> None:
    waited = _patience_of(database)
    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match=_LOCKED):
            await _add(database, "a")
    assert await database.write(_patience_inside) == LONG  # for whoever reads by this connection
    await _add(database, "b")
    assert waited == [LONG, SHORT, LONG]
