from __future__ import annotations

import asyncio
import sqlite3
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, insert, select

from storage.blogs import Blogs
from storage.database import Database
from storage.schema import SCHEMA_VERSION, blogs, metadata, schema_version

if TYPE_CHECKING:
    from pathlib import Path


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def _count(database: Database) -> int:
    async with database.reading() as connection:
        return await connection.scalar(select(func.count()).select_from(blogs)) or 0


async def test_a_missing_database_is_created_with_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "crate.db"
    async with await Database.open(f"sqlite:///{path}") as database, database.reading() as connection:
        assert await connection.scalar(select(schema_version.c.version)) == SCHEMA_VERSION
    assert path.stat().st_mode & 0o077 == 0


async def test_all_tables_are_strict(database: Database) -> None:
    async with database.reading() as connection:
        tables = (await connection.exec_driver_sql("PRAGMA table_list")).mappings().all()
    strict = {table["name"] for table in tables if table["strict"]}
    assert strict >= set(metadata.tables)


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 30000)],
)
async def test_every_connection_is_durable_and_patient(
    database: Database, pragma: str, value: object
) -> None:
    async with database.writing() as first, database.reading() as second:
        for connection in (first, second):
            assert (await connection.exec_driver_sql(f"PRAGMA {pragma}")).scalar() == value


async def test_what_was_written_is_there_after_opening_again(tmp_path: Path) -> None:
    path = tmp_path / "crate.db"
    async with await Database.open(path) as database, database.writing() as connection:
        await connection.execute(insert(blogs).values(url="https://a.example/", complete=0))
    async with await Database.open(path) as database:
        assert await _count(database) == 1


async def test_closing_leaves_one_file(tmp_path: Path) -> None:
    async with await Database.open(tmp_path / "crate.db") as database, database.writing() as connection:
        await connection.execute(insert(blogs).values(url="https://a.example/", complete=0))
    assert _names(tmp_path) == ["crate.db"]


async def test_an_exception_takes_all_changes_back(database: Database) -> None:
    async def broken() -> None:
        async with database.writing() as connection:
            await connection.execute(insert(blogs).values(url="https://a.example/", complete=0))
            raise KeyError

    with pytest.raises(KeyError):
        await broken()
    assert await _count(database) == 0


async def test_a_reader_does_not_wait_for_the_writer(database: Database) -> None:
    async with database.writing() as connection:
        await connection.execute(insert(blogs).values(url="https://a.example/", complete=0))
        assert await _count(database) == 0
    assert await _count(database) == 1


async def test_a_reader_sees_one_state_throughout(database: Database) -> None:
    count = select(func.count()).select_from(blogs)
    async with database.reading() as reader:
        assert await reader.scalar(count) == 0
        async with database.writing() as writer:
            await writer.execute(insert(blogs).values(url="https://a.example/", complete=0))
        assert await reader.scalar(count) == 0


async def test_writers_take_turns(database: Database) -> None:
    inside = 0

    async def write(number: int) -> None:
        nonlocal inside
        async with database.writing() as connection:
            inside += 1
            assert inside == 1
            await connection.execute(insert(blogs).values(url=f"https://{number}.example/", complete=0))
            inside -= 1

    await asyncio.gather(*(write(number) for number in range(20)))
    assert await _count(database) == 20


async def test_a_cancelled_writer_leaves_nothing_and_blocks_nobody(database: Database) -> None:
    entered = asyncio.Event()

    async def stuck() -> None:
        async with database.writing() as connection:
            await connection.execute(insert(blogs).values(url="https://a.example/", complete=0))
            entered.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(stuck())
    await entered.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await _count(database) == 0
    async with database.writing() as connection:
        await connection.execute(insert(blogs).values(url="https://b.example/", complete=0))
    assert await _count(database) == 1


async def test_two_processes_may_create_it_at_the_same_time(tmp_path: Path) -> None:
    path = tmp_path / "crate.db"
    opened = await asyncio.gather(*(Database.open(path) for _ in range(8)))
    for database in opened:
        async with database.reading() as connection:
            versions = (await connection.scalars(select(schema_version.c.version))).all()
            assert versions == [SCHEMA_VERSION]
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
    other = await Database.open(path)
    async with other.reading() as reader:
        await reader.execute(select(blogs))
        database = await Database.open(path)
        async with database.writing() as connection:
            await connection.execute(insert(blogs).values(url="https://a.example/", complete=0))
        await asyncio.wait_for(database.close(), timeout=10)
    await other.close()


async def test_a_cancelled_write_ends_and_leaves_the_database_free(database: Database) -> None:
    kept = Blogs(database)
    for waits in range(40):
        task = asyncio.create_task(kept.set_complete(f"https://b{waits}.example/", complete=True))
        for _ in range(waits):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        async with asyncio.timeout(5):
            await kept.set_complete("https://after.example/", complete=True)
