from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select

from storage.blogs import Blogs
from storage.database import Database
from storage.schema import SCHEMA_VERSION, blogs, metadata, schema_version

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection


_BLOG = insert(blogs).values(url="https://a.example/", complete=0)


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def _count(database: Database) -> int:
    return len(await database.rows(select(blogs.c.id)))


async def test_a_missing_database_is_created_with_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "crate.db"
    async with await Database.open(f"sqlite:///{path}") as database:
        assert await database.rows(select(schema_version.c.version)) == [(SCHEMA_VERSION,)]
    assert path.stat().st_mode & 0o077 == 0


async def test_all_tables_are_strict(database: Database) -> None:
    tables = await database.read(lambda connection: connection.exec_driver_sql("PRAGMA table_list").all())
    strict = {table.name for table in tables if table.strict}
    assert strict >= set(metadata.tables)


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 30000)],
)
async def test_every_connection_is_durable_and_patient(
    database: Database, pragma: str, value: object
) -> None:
    def ask(connection: Connection) -> object:
        return connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()

    assert await asyncio.gather(database.write(ask), *(database.read(ask) for _ in range(9))) == [value] * 10


async def test_what_was_written_is_there_after_opening_again(tmp_path: Path) -> None:
    path = tmp_path / "crate.db"
    async with await Database.open(path) as database:
        await database.change(_BLOG)
    async with await Database.open(path) as database:
        assert await _count(database) == 1


async def test_closing_leaves_one_file(tmp_path: Path) -> None:
    async with await Database.open(tmp_path / "crate.db") as database:
        await database.change(_BLOG)
    assert _names(tmp_path) == ["crate.db"]


async def test_two_processes_may_create_it_at_the_same_time(tmp_path: Path) -> None:
    path = tmp_path / "crate.db"
    opened = await asyncio.gather(*(Database.open(path) for _ in range(8)))
    for database in opened:
        assert await database.rows(select(schema_version.c.version)) == [(SCHEMA_VERSION,)]
    for database in opened:
        await database.close()


@pytest.mark.parametrize("leftover", ["nothing in it", "only a header"])
async def test_what_an_interrupted_creation_left_is_completed(tmp_path: Path, leftover: str) -> None:
    path = tmp_path / "crate.db"
    path.touch()
    if leftover == "only a header":
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.close()
    async with await Database.open(path) as database:
        assert await _count(database) == 0


async def test_closing_does_not_wait_for_other_readers(tmp_path: Path) -> None:
    path = tmp_path / "crate.db"
    async with await Database.open(path):
        with closing(sqlite3.connect(path, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM blogs")
            database = await Database.open(path)
            await database.change(_BLOG)
            await asyncio.wait_for(database.close(), timeout=25)  # less than a lock is waited for


async def test_a_cancelled_write_ends_and_leaves_the_database_free(database: Database) -> None:
    kept = Blogs(database)
    for waits in range(40):
        task = asyncio.create_task(kept.set_complete(f"https://b{waits}.example/", complete=True))
        for _ in range(waits):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        async with asyncio.timeout(25):
            await kept.set_complete("https://after.example/", complete=True)
