"""Reads and changes in the threads of the database."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, insert, select

from storage.database import Database
from storage.errors import StorageError
from storage.schema import blogs

if TYPE_CHECKING:
    from sqlalchemy import Connection

_COUNT = select(func.count()).select_from(blogs)


class Stopped:
    """Work that says when it has begun, and goes on when it is told to."""

    def __init__(self) -> None:
        self._begun, self._go_on = threading.Event(), threading.Event()

    def here(self) -> None:
        self._begun.set()
        assert self._go_on.wait(30)

    async def begun(self) -> None:
        assert await asyncio.to_thread(self._begun.wait, 30)

    def go_on(self) -> None:
        self._go_on.set()


def _add(connection: Connection, url: str, *, fail: bool = False) -> str:
    connection.execute(insert(blogs).values(url=url, complete=0))
    if fail:
        raise KeyError(url)
    return url


async def _urls(database: Database) -> list[str]:
    return [row.url for row in await database.rows(select(blogs.c.url).order_by(blogs.c.id))]


async def test_what_the_work_returns_is_returned_and_what_it_wrote_is_kept(database: Database) -> None:
    assert await database.write(_add, "a") == "a"
    assert await _urls(database) == ["a"]


async def test_nothing_is_kept_of_work_that_fails(database: Database) -> None:
    with pytest.raises(KeyError):
        await database.write(_add, "a", fail=True)
    assert await _urls(database) == []
    assert await database.write(_add, "b") == "b"


async def test_a_statement_is_carried_out_for_each_of_many_values(database: Database) -> None:
    await database.change(insert(blogs), [{"url": url, "complete": 0} for url in "ab"])
    assert await _urls(database) == ["a", "b"]
    assert await database.change(blogs.update().values(complete=1)) == 2
    assert await database.change(blogs.delete().where(blogs.c.url == "a")) == 1
    assert await database.change(blogs.delete().where(blogs.c.url == "a")) == 0


async def test_rows_of_many_queries_come_one_after_the_other(database: Database) -> None:
    await database.change(insert(blogs), [{"url": url, "complete": 0} for url in "ab"])
    queries = [select(blogs.c.url).where(blogs.c.url == url) for url in "bxa"]
    assert [row.url for row in await database.rows(*queries)] == ["b", "a"]


async def test_changes_wait_for_each_other(database: Database) -> None:
    inside = 0

    def write(connection: Connection, number: int) -> None:
        nonlocal inside
        inside += 1
        assert inside == 1
        _add(connection, f"w{number}")
        inside -= 1

    await asyncio.gather(*(database.write(write, number) for number in range(20)))
    assert len(await _urls(database)) == 20


async def test_a_reader_does_not_wait_for_the_writer(database: Database) -> None:
    stopped = Stopped()

    def write_slowly(connection: Connection) -> None:
        _add(connection, "a")
        stopped.here()

    writing = asyncio.create_task(database.write(write_slowly))
    await stopped.begun()
    assert await _urls(database) == []
    stopped.go_on()
    await writing
    assert await _urls(database) == ["a"]


async def test_a_reader_sees_one_state_throughout(database: Database) -> None:
    stopped = Stopped()

    def look_twice(connection: Connection) -> list[object]:
        first = connection.scalar(_COUNT)
        stopped.here()
        return [first, connection.scalar(_COUNT)]

    reading = asyncio.create_task(database.read(look_twice))
    await stopped.begun()
    await database.write(_add, "a")
    stopped.go_on()
    assert await reading == [0, 0]
    assert await _urls(database) == ["a"]


async def test_more_readers_than_there_are_threads_all_get_their_turn(database: Database) -> None:
    await database.write(_add, "a")
    assert await asyncio.gather(*(_urls(database) for _ in range(50))) == [["a"]] * 50


@pytest.mark.parametrize("how", ["read", "write"])
async def test_a_cancelled_caller_waits_for_the_end_of_the_work(database: Database, how: str) -> None:
    stopped = Stopped()
    ended: list[str] = []

    def work(connection: Connection) -> None:
        connection.execute(_COUNT)
        stopped.here()
        if how == "write":
            _add(connection, "a")
        ended.append(how)

    task = asyncio.create_task(database.read(work) if how == "read" else database.write(work))
    await stopped.begun()
    task.cancel()
    await asyncio.sleep(0)
    assert not task.done()
    stopped.go_on()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended == [how]
    assert await _urls(database) == (["a"] if how == "write" else [])


async def test_errors_are_put_into_words(database: Database) -> None:
    with pytest.raises(StorageError, match="read-only"):
        await database.write(
            lambda connection: [connection.exec_driver_sql("PRAGMA query_only=ON"), _add(connection, "a")]
        )


async def test_nothing_of_it_is_left_open(database: Database) -> None:
    await database.write(_add, "a")
    other = await Database.open(database.path, clock=database.now)
    await other.write(_add, "b")
    await other.close()
    with closing(sqlite3.connect(database.path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
