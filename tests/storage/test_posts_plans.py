"""Holding a listing against what is stored takes the same time however many posts a blog has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from storage.blogs import Blogs
from storage.posts import Posts
from storage.schema import metadata

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from sqlalchemy import Connection

    from storage.database import Database
    from storage.records import ReadPost

URL = "https://blog.example/"
MANY = [f"{number}" for number in range(600)]
WALKS = tuple(f"SCAN {table}" for table in metadata.tables)
WORK: dict[str, Callable[[Database, Callable[..., ReadPost]], Awaitable[object]]] = {
    "known": lambda database, _: Posts(database).known(MANY),
    "listed": lambda database, _: Posts(database).listed(URL, keys=MANY, ids=MANY),
    "save": lambda database, read: Posts(database).save(
        [read("0", listed_id="0"), read("moved", listed_id="1"), read("new", files=("a",), listed_id="new")]
    ),
    "count_of": lambda database, _: Posts(database).count_of(URL),
    "yields": lambda database, _: Blogs(database).yields(URL, since=5.0),
}


async def _steps(database: Database, read: Callable[..., ReadPost], work: str) -> list[str]:
    """Return how the database goes about the statements of `work`, of which there are some."""
    await Posts(database).save([read(f"{number}", listed_id=f"{number}") for number in range(9)])
    statements: list[tuple[str, Any]] = []

    def note(*args: Any) -> None:
        _connection, _cursor, text, given, _context, executemany = args
        statements.append((text, given[0] if executemany else given))

    event.listen(database._engine, "before_cursor_execute", note)
    await WORK[work](database, read)
    event.remove(database._engine, "before_cursor_execute", note)
    return await database.read(_plan, [one for one in statements if not one[0].startswith("BEGIN")])


def _plan(connection: Connection, statements: Iterable[tuple[str, Any]]) -> list[str]:
    return [
        row.detail
        for text, given in statements
        for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", given)
    ]


@pytest.mark.parametrize("work", WORK)
async def test_no_statement_walks_through_a_table_or_sorts(
    database: Database, read: Callable[..., ReadPost], work: str
) -> None:
    steps = await _steps(database, read, work)
    assert steps
    assert not [step for step in steps if step.startswith(WALKS) or "TEMP B-TREE" in step]


@pytest.mark.parametrize(
    ("work", "index"),
    [
        pytest.param("listed", "posts_listed (blog_id=? AND listed_id=?)", id="listed ids"),
        pytest.param("save", "posts_listed (blog_id=? AND listed_id=?)", id="posts that may have moved"),
        pytest.param("yields", "posts_read (blog_id=? AND updated<?)", id="the last before a moment"),
        pytest.param("yields", "posts_read (blog_id=? AND updated>?)", id="those since a moment"),
    ],
)
async def test_an_index_finds_them_among_all_posts_of_the_blog(
    database: Database, read: Callable[..., ReadPost], work: str, index: str
) -> None:
    assert [step for step in await _steps(database, read, work) if step.endswith(index)]
