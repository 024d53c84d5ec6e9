from __future__ import annotations

from typing import TYPE_CHECKING

from storage.blogs import UNREADABLE_MEMORY, Blogs, BlogState
from storage.posts import Posts
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.database import Database
    from storage.records import ReadPost

URL = "https://blog.example/"
NEW = BlogState(url=URL, title=None, complete=False, last_read=None, reason=None)


async def test_a_blog_is_kept_once(database: Database) -> None:
    blogs = Blogs(database)
    assert await blogs.get(URL) is None
    assert await blogs.ensure(URL) == NEW
    assert await blogs.ensure(URL) == await blogs.get(URL) == NEW
    assert await blogs.all() == [NEW]


async def test_a_run_that_went_well_is_noted(database: Database) -> None:
    blogs = Blogs(database)
    await blogs.note_run(URL, ok=True, reason=None, at=5.0, title="A blog")
    await blogs.set_complete(URL, complete=True)
    assert await blogs.get(URL) == BlogState(
        url=URL, title="A blog", complete=True, last_read=5.0, reason=None
    )


async def test_a_run_that_failed_keeps_when_it_last_went_well(database: Database) -> None:
    blogs = Blogs(database)
    await blogs.note_run(URL, ok=True, reason=None, at=5.0, title="A blog")
    await blogs.note_run(URL, ok=False, reason=Reason.UNREACHABLE, at=9.0)
    assert await blogs.get(URL) == BlogState(
        url=URL, title="A blog", complete=False, last_read=5.0, reason=Reason.UNREACHABLE
    )
    await blogs.note_run(URL, ok=True, reason=None, at=12.0)
    state = await blogs.get(URL)
    assert state is not None
    assert (state.last_read, state.reason) == (12.0, None)


async def test_saving_posts_keeps_their_blogs(database: Database, read: Callable[..., ReadPost]) -> None:
    await Blogs(database).set_complete("https://b.example/", complete=True)
    await Posts(database).save([read("1", blog="https://b.example/"), read("2", blog="https://a.example/")])
    states = await Blogs(database).all()
    assert [(state.url, state.complete) for state in states] == [
        ("https://a.example/", False),
        ("https://b.example/", True),
    ]


async def test_what_tells_of_news_and_when_the_listing_was_asked_are_kept_apart(database: Database) -> None:
    blogs = Blogs(database)
    await blogs.note_listing(URL, feed="https://blog.example/feed/", listed_at=5.0)
    await blogs.note_listing(URL, feed="https://blog.example/atom/")
    state = await blogs.get(URL)
    assert state is not None
    assert (state.feed, state.listed_at) == ("https://blog.example/atom/", 5.0)
    await blogs.note_listing(URL, feed=None, listed_at=9.0)
    state = await blogs.get(URL)
    assert state is not None
    assert (state.feed, state.listed_at) == (None, 9.0)


async def test_a_blog_is_gone_since_it_first_said_so_and_until_it_says_something_else(
    database: Database,
) -> None:
    blogs = Blogs(database)
    await blogs.note_gone(URL, at=5.0)
    await blogs.note_gone(URL, at=9.0)
    state = await blogs.get(URL)
    assert state is not None
    assert (state.gone_since, state.reason) == (5.0, Reason.GONE)
    await blogs.note_run(URL, ok=True, reason=None, at=12.0)
    state = await blogs.get(URL)
    assert state is not None
    assert (state.gone_since, state.reason, state.last_read) == (None, None, 12.0)


async def test_runs_that_could_not_read_a_post_are_counted_for_a_while(
    database: Database, pass_time: Callable[[float], None]
) -> None:
    blogs = Blogs(database)
    assert await blogs.unreadable(["a", "b"]) == {}
    await blogs.note_unreadable({"a", "b"})
    await blogs.note_unreadable({"a"})
    assert await blogs.unreadable(["a", "b", "c"]) == {"a": 2, "b": 1}
    pass_time(UNREADABLE_MEMORY)
    await blogs.note_unreadable({"b"})
    pass_time(1)
    assert await blogs.unreadable(["a", "b"]) == {"b": 2}
    pass_time(-100)
    assert await blogs.unreadable(["a", "b"]) == {"a": 2}


async def test_any_number_of_posts_can_be_looked_up(database: Database) -> None:
    blogs = Blogs(database)
    keys = [f"https://blog.example/{number}" for number in range(1201)]
    await blogs.note_unreadable(keys)
    assert await blogs.unreadable(keys) == dict.fromkeys(keys, 1)
