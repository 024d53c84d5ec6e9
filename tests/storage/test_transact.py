"""Transactions in the thread of the database."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select

from storage.database import Database
from storage.errors import StorageError
from storage.schema import blogs

if TYPE_CHECKING:
    from sqlalchemy import Connection


def _add(connection: Connection, url: str, *, fail: bool = False) -> str:
    connection.execute(insert(blogs).values(url=url, complete=0))
    if fail:
        raise KeyError(url)
    return url


async def _urls(database: Database) -> list[str]:
    async with database.reading() as connection:
        return list(await connection.scalars(select(blogs.c.url).order_by(blogs.c.id)))


async def test_what_the_work_returns_is_returned_and_what_it_wrote_is_kept(database: Database) -> None:
    assert await database.transact(_add, "a") == "a"
    assert await _urls(database) == ["a"]


async def test_nothing_is_kept_of_work_that_fails(database: Database) -> None:
    with pytest.raises(KeyError):
        await database.transact(_add, "a", fail=True)
    assert await _urls(database) == []
    assert await database.transact(_add, "b") == "b"


async def test_work_and_other_writing_wait_for_each_other(database: Database) -> None:
    async def write(number: int) -> None:
        async with database.writing() as connection:
            await connection.execute(insert(blogs).values(url=f"w{number}", complete=0))

    work = [database.transact(_add, f"t{number}") for number in range(20)]
    await asyncio.gather(*work, *(write(number) for number in range(20)))
    assert len(await _urls(database)) == 40


async def test_a_cancelled_caller_waits_for_the_end_of_the_work(database: Database) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def work(connection: Connection) -> None:
        begun.set()
        go_on.wait(30)
        _add(connection, "a")

    task = asyncio.create_task(database.transact(work))
    await asyncio.to_thread(begun.wait, 30)
    task.cancel()
    await asyncio.sleep(0)
    assert not task.done()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await _urls(database) == ["a"]


async def test_errors_are_put_into_words(database: Database) -> None:
    with pytest.raises(StorageError, match="read-only"):
        await database.transact(
            lambda connection: [connection.exec_driver_sql("PRAGMA query_only=ON"), _add(connection, "a")]
        )


async def test_nothing_of_it_is_left_open(database: Database) -> None:
    await database.transact(_add, "a")
    other = await Database.open(database.path, clock=database.now)
    await other.transact(_add, "b")
    await other.close()
    with closing(sqlite3.connect(database.path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
