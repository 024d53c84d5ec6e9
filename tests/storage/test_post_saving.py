"""Posts that their platform knows by an id: they may move to another address, and are kept once."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from storage.database import Database
from storage.posts import Posts
from storage.queue import Queue
from storage.records import KnownPosts, Precision, Published, ReadPost, Saved, StoredPost
from storage.schema import blogs, downloads, links
from storage.schema import posts as table
from storage.unreadable import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

URL = "https://blog.example/"


async def _rows(database: Database) -> list[tuple[int, str, str | None]]:
    """Return the rows of posts: id, name in the address, listed id."""
    query = select(table.c.id, table.c.key, table.c.listed_id).order_by(table.c.id)
    return [(row.id, row.key.removeprefix(URL), row.listed_id) for row in await database.rows(query)]


async def test_a_post_comes_back_with_what_the_listing_said(
    database: Database, read: Callable[..., ReadPost]
) -> None:
    posts = Posts(database)
    entry = read("one", listed_id="7", modified=12.5)
    await posts.save([entry])
    assert [post async for post in posts.stored()] == [entry.post]


async def test_a_post_that_moved_keeps_its_row_its_matches_and_its_downloads(
    database: Database, read: Callable[..., ReadPost], pass_time: Callable[[float], None]
) -> None:
    posts, queue = Posts(database), Queue(database)
    await posts.save([read("draft-title", files=("a",), listed_id="7"), read("other", listed_id="8")])
    job = (await queue.claim(limit=1))[0]
    await queue.complete(job, path="/music/a.mp3", size=7, sha256="00")
    pass_time(9)
    moved = read("title", files=("a",), matched=("dub",), listed_id="7", title="New")
    assert await posts.save([moved]) == Saved(new=0, queued=0)
    assert await _rows(database) == [(1, "title", "7"), (2, "other", "8")]
    found = [one async for one in posts.matched(keys=[moved.post.key])]
    assert [(one.post, one.matched) for one in found] == [(moved.post, ("house", "dub"))]
    assert [download.path for download in found[0].downloads.values()] == ["/music/a.mp3"]
    (row,) = await database.rows(select(table).where(table.c.id == 1))
    assert (row.created, row.updated) == (1_000_000.0, 1_000_009.0)


async def test_where_the_new_address_is_stored_its_row_takes_the_listed_id(
    database: Database, read: Callable[..., ReadPost]
) -> None:
    posts = Posts(database)
    await posts.save([read("old", listed_id="7"), read("new", listed_id="8", modified=1.0)])
    assert await posts.save([read("new", listed_id="7", title="New")]) == Saved(new=0, queued=0)
    assert await _rows(database) == [(1, "old", None), (2, "new", "7")]
    assert [post.title async for post in posts.stored()] == ["old", "New"]


async def test_of_two_posts_of_a_batch_with_one_listed_id_the_last_stays_with_the_matches_of_both(
    database: Database, read: Callable[..., ReadPost]
) -> None:
    posts = Posts(database)
    batch = [
        read("draft", files=("a",), listed_id="7"),
        read("title", files=("b",), matched=("dub",), listed_id="7"),
    ]
    assert await posts.save(batch) == Saved(new=1, queued=2)
    assert await _rows(database) == [(1, "title", "7")]
    assert [one.matched async for one in posts.matched()] == [("house", "dub")]


async def test_two_posts_may_change_places(database: Database, read: Callable[..., ReadPost]) -> None:
    posts = Posts(database)
    await posts.save([read("one", listed_id="1"), read("two", listed_id="2")])
    await posts.save([read("one", listed_id="2"), read("two", listed_id="1")])
    assert await _rows(database) == [(1, "one", "2"), (2, "two", "1")]
    free = [read("three", listed_id="2"), read("one", listed_id="1"), read("two", listed_id="2")]
    await posts.save(free)
    assert sorted(name for _, name, _ in await _rows(database)) == ["one", "two"]


async def test_an_address_that_a_post_has_left_may_be_that_of_a_new_one(
    database: Database, read: Callable[..., ReadPost]
) -> None:
    posts = Posts(database)
    await posts.save([read("mix", listed_id="1")])
    batch = [read("mix-1", listed_id="1"), read("mix", listed_id="2")]
    assert await posts.save(batch) == Saved(new=1, queued=0)
    assert await _rows(database) == [(1, "mix-1", "1"), (2, "mix", "2")]


async def test_each_blog_has_listed_ids_of_its_own(database: Database, read: Callable[..., ReadPost]) -> None:
    posts = Posts(database)
    other = "https://other.example/"
    await posts.save([read("one", listed_id="7"), read("two", listed_id="7", blog=other)])
    assert await _rows(database) == [(1, "one", "7"), (2, "two", "7")]
    await posts.save([read("one", listed_id="7", blog=other)])
    assert await _rows(database) == [(1, "one", "7"), (2, "two", None)]
    assert (await posts.listed(URL, keys=[], ids=["7"])).by_id == {}
    await posts.save([read("one")])
    assert await _rows(database) == [(1, "one", None), (2, "two", None)]


async def test_what_a_later_reading_does_not_tell_stays_known(
    database: Database, read: Callable[..., ReadPost]
) -> None:
    posts = Posts(database)
    await posts.save([read("one", listed_id="7", modified=5.0)])
    await posts.save([read("one", title="Read without a listing")])
    known = await posts.listed(URL, keys=[f"{URL}one"], ids=[])
    assert known.by_key[f"{URL}one"] == StoredPost(published=None, modified=5.0, listed_id="7")
    await posts.save([read("one", listed_id="8")])
    known = await posts.listed(URL, keys=[f"{URL}one"], ids=[])
    assert known.by_key[f"{URL}one"] == StoredPost(published=None, modified=None, listed_id="8")


async def test_an_address_that_a_post_has_left_is_not_tried_again(
    database: Database, read: Callable[..., ReadPost]
) -> None:
    posts, unreadable = Posts(database), Unreadable(database)
    await unreadable.note(URL, {f"{URL}{name}": f"{URL}{name}" for name in ("old", "never")})
    await posts.save([read("old", listed_id="7")])
    await posts.save([read("new", listed_id="7")])
    assert [post.key for post in await unreadable.due(URL, limit=9)] == [f"{URL}never"]


async def test_a_listing_is_held_against_what_is_stored(
    database: Database, read: Callable[..., ReadPost]
) -> None:
    posts = Posts(database)
    day = Published(text="2024-05-01", precision=Precision.DAY, timestamp=1714521600.0)
    await posts.save([read("old", listed_id="7", modified=3.0, published=day), read("plain")])
    await posts.save([read("elsewhere", listed_id="9", modified=4.0, blog="https://other.example/")])
    names = ("new", "plain", "elsewhere", "never")
    known = await posts.listed(URL, keys=[f"{URL}{name}" for name in names], ids=["7", "8", "9", ""])
    assert known == KnownPosts(
        by_key={
            f"{URL}old": StoredPost(published=1714521600.0, modified=3.0, listed_id="7"),
            f"{URL}plain": StoredPost(published=None, modified=None, listed_id=None),
            f"{URL}elsewhere": StoredPost(published=None, modified=4.0, listed_id=None),
        },
        by_id={"7": f"{URL}old"},
    )
    assert await posts.listed(URL, keys=[], ids=[]) == KnownPosts(by_key={}, by_id={})
    nobody = await posts.listed("https://never.example/", keys=[], ids=["7"])
    assert nobody == KnownPosts(by_key={}, by_id={})


async def test_a_long_listing_is_held_against_what_is_stored(
    database: Database, read: Callable[..., ReadPost]
) -> None:
    posts = Posts(database)
    many = [read(f"{number}", listed_id=f"id {number}") for number in range(1200)]
    await posts.save(many)
    keys = {entry.post.listed_id or "": entry.post.key for entry in many}
    known = await posts.listed(URL, keys=list(keys.values()), ids=list(keys))
    assert known.by_id == keys
    assert len(known.by_key) == await posts.count_of(URL) == 1200
    assert await posts.count_of("https://never.example/") == 0


async def test_52_any_text_may_be_a_listed_id(database: Database, read: Callable[..., ReadPost]) -> None:
    posts = Posts(database)
    nasty = "\ud800\0"
    await posts.save([read("one", listed_id=nasty), read("none", listed_id="")])
    await posts.save([read("two", listed_id=nasty), read("nothing", listed_id="")])
    assert await _rows(database) == [(1, "two", "\ufffd\ufffd"), (2, "none", None), (3, "nothing", None)]
    assert (await posts.listed(URL, keys=[], ids=[nasty])).by_id == {nasty: f"{URL}two"}


async def _all(database: Database) -> list[Any]:
    """Return all that is stored of posts and downloads."""
    return [
        await database.rows(select(each).order_by(*each.primary_key))
        for each in (blogs, table, links, downloads)
    ]


@pytest.mark.parametrize("seed", range(6))
async def test_a_batch_does_what_its_posts_do_one_by_one_and_never_fails(
    tmp_path: Path, read: Callable[..., ReadPost], seed: int
) -> None:
    draw = random.Random(seed)

    def entry() -> ReadPost:
        return read(
            draw.choice("abcd"),
            title=str(draw.random()),
            files=tuple(draw.sample("xyz", draw.randrange(3))),
            matched=draw.choice([(), ("house",), ("dub", "house")]),
            blog=draw.choice([URL, URL, "https://other.example/"]),
            listed_id=draw.choice([None, "1", "2", "3"]),
            modified=draw.choice([None, 1.0, 2.0]),
        )

    async with (
        await Database.open(tmp_path / "batches.db", clock=lambda: 5.0) as batches,
        await Database.open(tmp_path / "singles.db", clock=lambda: 5.0) as singles,
    ):
        # In the same order, so that their rows are numbered alike.
        for blog in (URL, "https://other.example/"):
            for database in (batches, singles):
                await Posts(database).save([read(blog, blog=blog)])
        for _ in range(12):
            batch = [entry() for _ in range(draw.randrange(1, 7))]
            together = await Posts(batches).save(batch)
            each = [await Posts(singles).save([one]) for one in batch]
            assert together == Saved(new=sum(one.new for one in each), queued=sum(one.queued for one in each))
            assert await _all(batches) == await _all(singles)
