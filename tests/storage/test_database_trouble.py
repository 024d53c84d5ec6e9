"""Databases that cannot be used are refused with words, and left as they are."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import QueuePool

from storage.database import Database
from storage.errors import NewerDatabaseError, StorageError
from storage.explaining import in_words
from storage.queue import Queue
from storage.records import LinkKind, WantedDownload
from storage.schema import SCHEMA_VERSION, blogs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Connection


def _wish(number: int) -> WantedDownload:
    url = f"https://files.example/{number}.mp3"
    return WantedDownload(key=url, url=url, host="files.example", kind=LinkKind.DIRECT)


MANY = [{"url": f"https://{number}.example/", "complete": 0} for number in range(5000)]


_COUNT = select(func.count()).select_from(blogs)


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def _filled(path: Path) -> bytes:
    async with await Database.open(path) as database:
        await database.change(insert(blogs), MANY)
    return await asyncio.to_thread(path.read_bytes)


async def _write_after(database: Database, pragma: str) -> None:
    def write(connection: Connection) -> None:
        connection.exec_driver_sql(pragma)
        connection.execute(insert(blogs), MANY)

    await database.write(write)


def _another_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")


def _the_same_table_name(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE schema_version (major INTEGER, minor INTEGER)")


def _only_the_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE schema_version (version INTEGER)")
        connection.execute("INSERT INTO schema_version VALUES (1)")


def _garbage(path: Path) -> None:
    path.write_bytes(b"ID3\x04" + bytes(range(256)) * 64)


def _text(path: Path) -> None:
    path.write_text("[blogs]\n" * 1000)


def _a_folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        pytest.param(_another_program, "belongs to another program", id="66 tables of another program"),
        pytest.param(_the_same_table_name, "belongs to another program", id="66 a version of its own"),
        pytest.param(_only_the_version, "belongs to another program", id="66 our version without our tables"),
        pytest.param(_garbage, "not a database", id="66 garbage"),
        pytest.param(_text, "not a database", id="66 text"),
        pytest.param(_a_folder, "cannot be opened", id="66 folder"),
    ],
)
async def test_what_is_not_ours_is_refused_and_left_as_it_is(
    tmp_path: Path, make: Callable[[Path], None], words: str
) -> None:
    path = tmp_path / "crate.db"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(StorageError, match=words) as caught:
        await Database.open(path)
    assert caught.value.where == str(path)
    assert caught.value.next_step
    assert before == (path.read_bytes() if path.is_file() else None)
    assert _names(tmp_path) == ["crate.db"]


async def test_66_a_newer_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "crate.db"
    await _filled(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE schema_version SET version = ?", [SCHEMA_VERSION + 1])
    before = path.read_bytes()
    with pytest.raises(NewerDatabaseError, match="Upgrade cratedig or use another --database"):
        await Database.open(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
async def test_66_a_truncated_database_is_refused(tmp_path: Path, kept: float) -> None:
    path = tmp_path / "crate.db"
    content = await _filled(path)
    path.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(StorageError, match="damaged"):
        await Database.open(path)


async def test_66_an_emptied_database_with_a_log_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "crate.db"
    await _filled(path)
    log = path.with_name("crate.db-wal")
    log.write_bytes(b"changes")
    os.truncate(path, 0)
    with pytest.raises(StorageError, match="damaged"):
        await Database.open(path)
    assert log.read_bytes() == b"changes"


async def test_66_a_damaged_page_is_told_when_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "crate.db"
    content = bytearray(await _filled(path))
    for page in range(30, len(content) // 4096):
        content[page * 4096 : page * 4096 + 8] = b"\xff" * 8
    path.write_bytes(content)
    async with await Database.open(path) as database:
        with pytest.raises(StorageError, match="damaged"):
            await database.rows(select(func.count(blogs.c.title), func.count(blogs.c.url)))


@pytest.mark.parametrize("below", ["crate.db", "deeper/crate.db"])
async def test_a_folder_that_is_a_file_is_told(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="cannot be created") as caught:
        await Database.open(tmp_path / "file" / below)
    assert caught.value.next_step == "Check that its folder is writable, or use another --database"


async def test_65_a_full_disk_is_told_and_nothing_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "crate.db"
    async with await Database.open(path) as database:
        with pytest.raises(StorageError, match="disk is full"):
            await _write_after(database, "PRAGMA max_page_count=1")
        assert await database.rows(select(blogs)) == []


async def test_65_66_a_read_only_database_is_told(database: Database) -> None:
    with pytest.raises(StorageError, match="read-only"):
        await _write_after(database, "PRAGMA query_only=ON")


def _delete(path: Path) -> None:
    path.unlink()


def _move(path: Path) -> None:
    path.rename(path.with_name("elsewhere.db"))


def _replace(path: Path) -> None:
    copy = path.with_name("copy.db")
    copy.write_bytes(path.read_bytes())
    copy.replace(path)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(_delete, id="66 deleted"),
        pytest.param(_move, id="66 moved"),
        pytest.param(_replace, id="66 replaced"),
    ],
)
async def test_nothing_is_written_to_a_file_that_nobody_can_open_any_more(
    database: Database, spoil: Callable[[Path], None]
) -> None:
    await database.change(insert(blogs), MANY)
    await asyncio.to_thread(spoil, database.path)
    with pytest.raises(StorageError, match="deleted, moved or replaced while it was open") as caught:
        await Queue(database).enqueue([_wish(1)])
    assert caught.value.where == str(database.path)


@pytest.mark.parametrize("seen", [True, False])
async def test_66_a_moved_database_is_whole_when_it_is_brought_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, seen: bool
) -> None:
    path = tmp_path / "crate.db"
    async with await Database.open(path) as database:
        await database.change(insert(blogs), MANY)
        await asyncio.to_thread(_move, path)
        if not seen:  # moved at the last moment
            monkeypatch.setattr("storage.database.refuse_replaced", lambda *_: None)
        # What is open is in use: a new connection finds nothing in the place of the file.
        with ExitStack() as used:
            pool = database._engine.pool
            assert isinstance(pool, QueuePool)
            for _ in range(pool.checkedin()):
                used.enter_context(database._engine.connect())
            with pytest.raises(StorageError, match="moved or replaced" if seen else "cannot be opened"):
                await database.rows(_COUNT)
        assert not path.exists()
    path.with_name("elsewhere.db").rename(path)
    async with await Database.open(path) as database:
        assert (await database.rows(_COUNT))[0][0] == len(MANY)


async def test_66_a_flipped_byte_within_the_queue_is_told_not_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "crate.db"
    async with await Database.open(path) as database:
        await Queue(database).enqueue([_wish(number) for number in range(2000)])
    content = bytearray(await asyncio.to_thread(path.read_bytes))
    for page in range(40, len(content) // 4096):
        content[page * 4096] ^= 0xFF  # the kind of the page
    await asyncio.to_thread(path.write_bytes, content)
    async with await Database.open(path) as database:
        with pytest.raises(StorageError, match="damaged"):
            await Queue(database).claim(limit=2000)


async def test_66_a_database_on_a_network_file_system_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.opening.networked", lambda _: "nfs4")
    with pytest.raises(StorageError, match=r"network file system \(nfs4\)") as caught:
        await Database.open(tmp_path / "crate.db")
    assert caught.value.next_step == "Keep the database on a local disk: use another --database"


async def test_a_lock_held_too_long_is_told(database: Database) -> None:
    event.listen(database._engine, "checkout", lambda driver, *_: driver.execute("PRAGMA busy_timeout=1"))
    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="locked by another program"):
            await database.change(insert(blogs), MANY)


async def test_a_mistake_of_the_program_is_not_dressed_up(database: Database) -> None:
    with pytest.raises(IntegrityError):
        await database.change(insert(blogs).values(url=None, complete=0))


def test_an_error_without_a_code_is_not_put_into_words(tmp_path: Path) -> None:
    assert in_words(sqlite3.ProgrammingError("Cannot operate on a closed database."), tmp_path) is None
