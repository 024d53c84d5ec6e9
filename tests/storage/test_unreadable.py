"""How often posts could not be read, and which are to be tried again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.posts import Posts
from storage.unreadable import MAX_TRIES, MEMORY, DuePost, Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.database import Database
    from storage.records import ReadPost

BLOG = "https://blog.example/"
OTHER = "https://other.example/"


def unread(*keys: str) -> dict[str, str]:
    return {key: f"https://www.blog.example/{key}" for key in keys}


async def test_runs_that_could_not_read_a_post_are_counted(database: Database) -> None:
    unreadable = Unreadable(database)
    assert await unreadable.tries(["a", "b"]) == {}
    await unreadable.note(BLOG, unread("a", "b"))
    await unreadable.note(BLOG, unread("a"))
    await unreadable.note(BLOG, {})
    assert await unreadable.tries(["a", "b", "c"]) == {"a": 2, "b": 1}


async def test_what_was_tried_often_enough_is_left_alone_for_a_while_and_due_once_more(
    database: Database, pass_time: Callable[[float], None]
) -> None:
    unreadable = Unreadable(database)
    for _ in range(MAX_TRIES):
        await unreadable.note(BLOG, unread("a"))
    pass_time(MEMORY - 1)
    assert await unreadable.tries(["a"]) == {"a": MAX_TRIES}
    assert await unreadable.due(BLOG, limit=9) == []
    pass_time(2)
    assert await unreadable.tries(["a"]) == {}
    assert [post.key for post in await unreadable.due(BLOG, limit=9)] == ["a"]
    await unreadable.note(BLOG, unread("a"))
    assert await unreadable.tries(["a"]) == {"a": MAX_TRIES + 1}
    assert await unreadable.due(BLOG, limit=9) == []


async def test_a_clock_that_was_set_back_does_not_leave_a_post_alone_for_longer(
    database: Database, pass_time: Callable[[float], None]
) -> None:
    unreadable = Unreadable(database)
    for _ in range(MAX_TRIES):
        await unreadable.note(BLOG, unread("a"))
    pass_time(-100)
    assert await unreadable.tries(["a"]) == {}


async def test_a_post_is_due_until_it_was_tried_often_enough_however_long_that_takes(
    database: Database, pass_time: Callable[[float], None]
) -> None:
    unreadable = Unreadable(database)
    for times in range(1, MAX_TRIES):
        await unreadable.note(BLOG, unread("a"))
        pass_time(2 * MEMORY)
        assert await unreadable.due(BLOG, limit=9) == [
            DuePost(url="https://www.blog.example/a", key="a", times=times)
        ]
    await unreadable.note(BLOG, unread("a"))
    assert await unreadable.due(BLOG, limit=9) == []


async def test_only_posts_of_the_blog_that_are_not_stored_are_due(
    database: Database, read: Callable[..., ReadPost]
) -> None:
    unreadable = Unreadable(database)
    stored = read("1")
    await unreadable.note(BLOG, unread("a", stored.post.key))
    await unreadable.note(OTHER, unread("b"))
    await Posts(database).save([stored])
    assert [post.key for post in await unreadable.due(BLOG, limit=9)] == ["a"]
    assert [post.key for post in await unreadable.due(OTHER, limit=9)] == ["b"]
    assert await unreadable.due("https://unknown.example/", limit=9) == []


async def test_those_tried_longest_ago_are_due_first(
    database: Database, pass_time: Callable[[float], None]
) -> None:
    unreadable = Unreadable(database)
    for key in "cab":
        await unreadable.note(BLOG, unread(key))
        pass_time(1)
    await unreadable.note(BLOG, unread("c"))
    assert [post.key for post in await unreadable.due(BLOG, limit=2)] == ["a", "b"]


async def test_the_address_is_the_one_that_was_asked_for_last(database: Database) -> None:
    unreadable = Unreadable(database)
    await unreadable.note(BLOG, {"a": "http://blog.example/a"})
    await unreadable.note(OTHER, {"a": "https://blog.example/a"})
    assert await unreadable.due(BLOG, limit=9) == []
    assert await unreadable.due(OTHER, limit=9) == [DuePost(url="https://blog.example/a", key="a", times=2)]


async def test_any_number_of_posts_can_be_looked_up(database: Database) -> None:
    unreadable = Unreadable(database)
    many = unread(*(str(number) for number in range(1201)))
    await unreadable.note(BLOG, many)
    assert await unreadable.tries(many) == dict.fromkeys(many, 1)
