from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from storage.posts import Posts
from storage.queue import Queue
from storage.records import (
    DownloadState,
    Evidence,
    Link,
    LinkKind,
    Post,
    Precision,
    Published,
    ReadPost,
    Saved,
    Trust,
    WantedDownload,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.database import Database

FULL = Post(
    url="https://blog.example/Crazy?utm_source=x",
    key="https://blog.example/Crazy",
    blog="https://blog.example/",
    title="Nasty C – Crazy (Original Mix)",
    artist="Nasty C",
    track="Crazy",
    version="Original Mix",
    label="Mavin",
    featuring=("A", "B, C"),
    published=Published(text="2024-05", precision=Precision.MONTH, timestamp=1714521600.0),
    genres=("deep house", "afro house"),
    evidence=(
        Evidence(genre="deep house", trust=Trust.LABEL, source="label line", text="Genre: Deep House"),
        Evidence(genre="afro house", trust=Trust.HINT, source="hashtag", text="#afrohouse"),
    ),
    links=(
        Link(
            url="https://files.example/a b.mp3?utm_source=x",
            key="https://files.example/a%20b.mp3",
            kind=LinkKind.DIRECT,
            host="files.example",
            format="mp3",
            name="a b.mp3",
            text="Download あ",
        ),
        Link(
            url="https://gate.example/1",
            key="https://gate.example/1",
            kind=LinkKind.GATE,
            host="gate.example",
        ),
    ),
    cover="https://blog.example/cover.jpg",
)


async def _stored(posts: Posts) -> list[Post]:
    return [post async for post in posts.stored()]


async def test_a_post_comes_back_as_it_was(database: Database) -> None:
    posts = Posts(database)
    assert await posts.save([ReadPost(post=FULL)]) == Saved(new=1, queued=0)
    assert await _stored(posts) == [FULL]


async def test_saving_again_adds_nothing(database: Database, read: Callable[..., ReadPost]) -> None:
    posts = Posts(database)
    batch = [read("one", files=("a", "b")), read("two", files=("b", "c"))]
    assert await posts.save(batch) == Saved(new=2, queued=3)
    assert await posts.save(batch) == Saved(new=0, queued=0)
    assert await _stored(posts) == [entry.post for entry in batch]


async def test_an_empty_batch_is_nothing(database: Database) -> None:
    assert await Posts(database).save([]) == Saved(new=0, queued=0)
    assert await Posts(database).mark_matched([]) == Saved(new=0, queued=0)


async def test_a_post_is_rewritten_in_place(database: Database, read: Callable[..., ReadPost]) -> None:
    posts = Posts(database)
    await posts.save([ReadPost(post=FULL), read("two")])
    changed = replace(FULL, title="New", label=None, evidence=(), links=FULL.links[1:], genres=("techno",))
    assert await posts.save([ReadPost(post=changed)]) == Saved(new=0, queued=0)
    assert (await _stored(posts))[0] == changed


async def test_the_download_of_a_vanished_link_stays(
    database: Database, read: Callable[..., ReadPost]
) -> None:
    posts = Posts(database)
    await posts.save([read("one", files=("a",))])
    await posts.save([read("one")])
    assert (await _stored(posts))[0].links == ()
    assert (await Queue(database).counts())[DownloadState.WAITING] == 1


async def test_only_posts_that_match_are_queued(database: Database, read: Callable[..., ReadPost]) -> None:
    posts = Posts(database)
    assert await posts.save([read("one", files=("a",), matched=())]) == Saved(new=1, queued=0)
    assert [post async for post in posts.matched()] == []


async def test_matches_add_up(database: Database, read: Callable[..., ReadPost]) -> None:
    posts = Posts(database)
    for matched in [("house", "techno"), ("dub", "house"), ()]:
        await posts.save([read("one", matched=matched)])
    assert [found.matched async for found in posts.matched()] == [("house", "techno", "dub")]


async def test_a_post_twice_in_a_batch_is_one_post(database: Database, read: Callable[..., ReadPost]) -> None:
    posts = Posts(database)
    batch = [
        read("one", files=("a",), matched=("house",), title="Old"),
        read("one", files=("b",), matched=("dub",), title="New"),
    ]
    assert await posts.save(batch) == Saved(new=1, queued=2)
    found = [post async for post in posts.matched()]
    assert [(one.post.title, one.matched) for one in found] == [("New", ("house", "dub"))]


async def test_a_link_twice_in_a_post_is_one_link(database: Database, read: Callable[..., ReadPost]) -> None:
    posts = Posts(database)
    await posts.save([read("one", files=("a", "b", "a"))])
    assert [link.key[-5:] for link in (await _stored(posts))[0].links] == ["a.mp3", "b.mp3"]


async def test_known_tells_what_is_stored_and_when_it_was_published(
    database: Database, read: Callable[..., ReadPost]
) -> None:
    posts = Posts(database)
    many = [read(f"{number}") for number in range(1200)]
    await posts.save([*many, ReadPost(post=FULL)])
    keys = {entry.post.key for entry in many}
    known = await posts.known([*keys, FULL.key, "https://blog.example/never"])
    assert known == dict.fromkeys(keys) | {FULL.key: 1714521600.0}
    assert await posts.known([]) == {}


async def test_a_stored_post_that_matches_a_new_query_is_queued_without_being_touched(
    database: Database, read: Callable[..., ReadPost], wish: Callable[..., WantedDownload]
) -> None:
    posts = Posts(database)
    await posts.save([ReadPost(post=FULL), read("two", matched=("dub",))])
    again = [
        ReadPost(post=replace(FULL, title="Not this"), matched=("house",), wanted=(wish("a"), wish("b"))),
        read("two", files=("b",), matched=("house",)),
        read("never stored", files=("c",)),
    ]
    assert await posts.mark_matched(again) == Saved(new=2, queued=2)
    assert [(one.post.title, one.matched) async for one in posts.matched()] == [
        (FULL.title, ("house",)),
        ("two", ("dub", "house")),
    ]
    assert await posts.mark_matched(again) == Saved(new=0, queued=0)


async def test_a_stored_post_that_matches_nothing_more_is_passed_over(
    database: Database,
    read: Callable[..., ReadPost],
    clock: Callable[[], float],
    pass_time: Callable[[float], None],
) -> None:
    posts = Posts(database)
    await posts.save([read("one", matched=("house", "dub"))])
    pass_time(5)
    assert await posts.mark_matched([read("one", files=("a",), matched=("dub",))]) == Saved(new=0, queued=0)
    assert [one async for one in posts.matched(since_matched=clock())] == []


async def test_posts_are_counted_and_the_names_they_matched_are_listed(
    database: Database, read: Callable[..., ReadPost]
) -> None:
    posts = Posts(database)
    assert await posts.count() == (0, 0)
    assert await posts.matched_names() == ()
    await posts.save(
        [read("1", matched=("house", "dub")), read("2", matched=("any",)), read("3", matched=())]
    )
    assert await posts.count() == (3, 2)
    assert await posts.matched_names() == ("any", "dub", "house")


async def test_a_batch_is_kept_whole_or_not_at_all(
    database: Database, read: Callable[..., ReadPost], wish: Callable[..., WantedDownload]
) -> None:
    posts = Posts(database)
    await posts.save([read("one", files=("a",), title="Old")])
    no_kind: Any = {"kind": None}
    broken = replace(read("two", files=("b",)), wanted=(wish("b", **no_kind),))
    with pytest.raises(Exception, match="NOT NULL"):
        await posts.save([read("one", title="New"), broken])
    assert [(post.title, len(post.links)) for post in await _stored(posts)] == [("Old", 1)]
    assert await Queue(database).waiting_total() == 1


async def test_52_lone_surrogates_and_nul_are_stored_as_replacement_characters(
    database: Database, read: Callable[..., ReadPost]
) -> None:
    posts = Posts(database)
    nasty = "\u202egpj.exe\ud800\0\udc00"
    entry = read(
        nasty, files=("a\udfff",), title=nasty, blog=f"https://{nasty}/", genres=(nasty,), artist=nasty
    )
    assert await posts.save([entry]) == Saved(new=1, queued=1)
    assert await posts.save([entry]) == Saved(new=0, queued=0)
    (found,) = [one async for one in posts.matched(keys=[entry.post.key])]
    assert found.post.title == found.post.artist == found.post.genres[0] == "\u202egpj.exe\ufffd\ufffd\ufffd"
    assert set(found.downloads) == {found.post.links[0].key}
    assert await posts.known([entry.post.key]) == {found.post.key: None}


async def test_a_batch_needs_few_statements(database: Database, read: Callable[..., ReadPost]) -> None:
    statements: list[str] = []
    engine = database._engine
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    await Posts(database).save([read(f"{number}", files=(f"{number}",)) for number in range(100)])
    assert len(statements) < 15
