"""Databases of older versions, made by the statements of their time, become those of today."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from storage.blogs import Blogs, BlogState
from storage.database import Database
from storage.errors import StorageError
from storage.holds import HostHolds
from storage.migrations import _STEPS
from storage.posts import Posts
from storage.queue import Queue
from storage.reasons import Reason
from storage.records import DownloadState, KnownPosts, ReadPost, Saved, Selection, StoredPost, Validator
from storage.schema import SCHEMA_VERSION
from storage.unreadable import Unreadable
from storage.validators import Validators

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.records import WantedDownload

ROOT = Path(__file__).parents[2]
STATEMENTS = {older: Path(__file__).with_name(f"version-{older}.sql") for older in (1, 2, 3, 4)}

DYING = """
import asyncio, os, signal, sys
from sqlalchemy import event
from sqlalchemy.engine import Engine
from storage.database import Database

left = int(sys.argv[2])

def die(connection, cursor, statement, *rest):
    global left
    if statement.startswith(("ALTER", "CREATE", "UPDATE")):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

event.listen(Engine, "before_cursor_execute", die)

async def main():
    async with await Database.open(sys.argv[1]):
        pass

asyncio.run(main())
"""


def make(path: Path, version: int = 1, more: str = "") -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(STATEMENTS[version].read_text(encoding="utf-8") + more)
    return path


def shape(path: Path) -> dict[str, Any]:
    """Return all that the tables and indexes of a database are, spelling aside."""
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute("PRAGMA table_list").fetchall()
        indexes = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index'").fetchall()
        names = sorted(table[1] for table in tables if not table[1].startswith("sqlite_"))
        return {
            "tables": sorted(table for table in tables if table[1] in names),
            "columns": {name: connection.execute(f"PRAGMA table_xinfo({name})").fetchall() for name in names},
            "keys": {
                name: connection.execute(f"PRAGMA foreign_key_list({name})").fetchall() for name in names
            },
            "indexes": sorted(str(index) for index in indexes),
        }


def version(path: Path) -> list[tuple[int]]:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return connection.execute("SELECT version FROM schema_version").fetchall()


def test_there_is_a_step_and_a_test_for_every_older_version() -> None:
    assert list(_STEPS) == list(STATEMENTS) == list(range(1, SCHEMA_VERSION))


@pytest.mark.parametrize("older", STATEMENTS)
async def test_an_older_database_becomes_what_a_new_one_is(tmp_path: Path, older: int) -> None:
    path = make(tmp_path / "old.db", older)
    for each in (path, tmp_path / "new.db"):
        async with await Database.open(each):
            pass
    assert shape(path) == shape(tmp_path / "new.db")
    assert version(path) == [(SCHEMA_VERSION,)]


async def test_what_version_1_kept_is_there_and_the_new_parts_work(tmp_path: Path) -> None:
    async with await Database.open(make(tmp_path / "crate.db")) as database:
        blogs, validators = Blogs(database), Validators(database)
        url = "https://blog.example/"
        known = BlogState(url=url, title="A blog", complete=True, last_read=1000.5, reason=None)
        assert await blogs.get(url) == known
        assert [post.title async for post in Posts(database).stored()] == ["One"]
        kept = Validator(etag='"1"', last_modified="Fri, 20 Nov 2026 10:00:00 GMT")
        assert await validators.get(url) == kept
        await validators.save({url: Validator(etag='"2"', fresh_until=5.0)})
        assert await validators.get(url) == Validator(etag='"2"', fresh_until=5.0)
        await HostHolds(database).save("h", until=database.now() + 9, reason=Reason.RATE_LIMITED)
        assert len(await HostHolds(database).active()) == 1
        await blogs.note_gone(url, at=9.0)
        state = await blogs.get(url)
        assert state is not None
        assert state.gone_since == 9.0


async def test_what_version_2_kept_is_there_and_the_new_parts_work(
    tmp_path: Path, read: Callable[..., ReadPost]
) -> None:
    async with await Database.open(make(tmp_path / "crate.db", 2), clock=lambda: 1500.0) as database:
        blogs, posts, url = Blogs(database), Posts(database), "https://blog.example/"
        assert await blogs.get(url) == BlogState(
            url=url,
            title="A blog",
            complete=True,
            last_read=1000.5,
            reason=None,
            feed="https://blog.example/feed/",
            listed_at=900.5,
        )
        assert [due.times for due in await Unreadable(database).due(url, limit=9)] == [2]
        assert len(await HostHolds(database).active()) == 1
        known = await posts.listed(url, keys=[f"{url}1"], ids=["7"])
        stored = StoredPost(published=None, modified=None, listed_id=None)
        assert known == KnownPosts(by_key={f"{url}1": stored}, by_id={})
        assert await posts.save([read("1", listed_id="7", modified=5.0)]) == Saved(new=0, queued=0)
        assert (await posts.listed(url, keys=[], ids=["7"])).by_id == {"7": f"{url}1"}
        await blogs.follow(url)
        assert await blogs.followed() == [url]
        assert (await blogs.yields(url, since=1500.0)).stored == 1


async def test_what_version_3_kept_is_there_and_the_new_parts_work(
    tmp_path: Path, read: Callable[..., ReadPost]
) -> None:
    async with await Database.open(make(tmp_path / "crate.db", 3)) as database:
        posts = Posts(database)
        (old,) = [post async for post in posts.stored()]
        assert (old.passwords, old.partial, old.links[0].sure) == ((), False, True)
        mirror = replace(old.links[0], quality="320", group=1, part=2, sure=False, expires=True)
        changed = replace(old, links=(mirror,), passwords=("foo57",), partial=True)
        await posts.save([ReadPost(post=changed)])
        assert [post async for post in posts.stored()] == [changed]
        state = await Blogs(database).get("https://blog.example/")
        assert state is not None
        assert (state.platform, state.way) == ("wordpress", "feed")


async def test_what_version_4_kept_is_there_and_the_new_parts_work(
    tmp_path: Path, wish: Callable[..., WantedDownload]
) -> None:
    async with await Database.open(make(tmp_path / "crate.db", 4), clock=lambda: 2000.0) as database:
        queue = Queue(database)
        done = await queue.get(2)
        assert done is not None
        assert (done.path, done.sha256, done.checksum, done.size) == ("/music/2.mp3", "cd", None, None)
        await queue.pause("f.example")
        assert await queue.claim(limit=9) == []
        assert await queue.resume("f.example")
        (job,) = await queue.claim(limit=9)
        assert await queue.verified(job, path="/music/1.mp3", size=9, sha256="cd") == "/music/2.mp3"
        assert await queue.prune(Selection(states=[DownloadState.DONE]), before=2000.0) == 1
        assert await queue.enqueue([wish("2", key=done.key, checksum="md5:" + "0" * 32)]) == 0


@pytest.mark.parametrize("older", STATEMENTS)
async def test_many_may_open_an_older_database_at_once(tmp_path: Path, older: int) -> None:
    path = make(tmp_path / "crate.db", older)
    opened = await asyncio.gather(*(Database.open(path) for _ in range(8)))
    for database in opened:
        assert await Blogs(database).get("https://blog.example/") is not None
        await database.close()
    assert version(path) == [(SCHEMA_VERSION,)]


def test_several_processes_may_open_an_older_database_at_once(tmp_path: Path) -> None:
    path = make(tmp_path / "crate.db")
    started = [dying(path, 1000) for _ in range(3)]
    assert [process.wait() for process in started] == [0, 0, 0]
    assert version(path) == [(SCHEMA_VERSION,)]


@pytest.mark.parametrize(
    ("older", "statements"),
    [
        *((1, statements) for statements in (0, 1, 5, len(_STEPS[1]), len(_STEPS[1]) + len(_STEPS[2]))),
        *((2, statements) for statements in (0, 12, len(_STEPS[2]))),
        *((3, statements) for statements in (0, 4, len(_STEPS[3]))),
        *((4, statements) for statements in (0, 3, 5)),
    ],
)
async def test_killed_in_between_it_is_what_it_was_and_the_next_opening_ends_the_work(
    tmp_path: Path, older: int, statements: int
) -> None:
    path = make(tmp_path / "crate.db", older)
    before = shape(path)
    assert dying(path, statements).wait() == -signal.SIGKILL
    assert shape(path) == before
    assert version(path) == [(older,)]
    async with await Database.open(path) as database:
        assert await Blogs(database).get("https://blog.example/") is not None
    assert version(path) == [(SCHEMA_VERSION,)]


def dying(path: Path, statements: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", DYING, str(path), str(statements)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


@pytest.mark.parametrize(
    "more",
    [
        "DROP TABLE links;",
        "UPDATE schema_version SET version = 0;",
        "UPDATE schema_version SET version = -1;",
        "INSERT INTO schema_version VALUES (1);",
        "DELETE FROM schema_version;",
        "UPDATE schema_version SET version = 2;",
        "UPDATE schema_version SET version = 3;",
        "UPDATE schema_version SET version = 4;",
    ],
    ids=["no table", "0", "-1", "two versions", "none", "2 without its tables", "3 without", "4 without"],
)
async def test_66_what_only_looks_like_an_older_database_is_left_as_it_is(tmp_path: Path, more: str) -> None:
    path = make(tmp_path / "crate.db", more=more)
    before = path.read_bytes()
    with pytest.raises(StorageError, match="belongs to another program"):
        await Database.open(path)
    assert path.read_bytes() == before
