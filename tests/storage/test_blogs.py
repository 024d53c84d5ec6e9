from __future__ import annotations

from typing import TYPE_CHECKING

from storage.blogs import Blogs, BlogState
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
    for _ in range(2):
        await blogs.set_complete(URL, complete=False)
        assert await blogs.get(URL) == NEW
    assert await blogs.all() == [NEW]


async def test_a_run_that_went_well_is_noted(database: Database) -> None:
    blogs = Blogs(database)
    await blogs.note_run(URL, ok=True, reason=None, at=5.0)
    await blogs.set_complete(URL, complete=True)
    assert await blogs.get(URL) == BlogState(url=URL, title=None, complete=True, last_read=5.0, reason=None)


async def test_a_run_that_failed_keeps_when_it_last_went_well(database: Database) -> None:
    blogs = Blogs(database)
    await blogs.note_run(URL, ok=True, reason=None, at=5.0)
    await blogs.note_run(URL, ok=False, reason=Reason.UNREACHABLE, at=9.0)
    assert await blogs.get(URL) == BlogState(
        url=URL, title=None, complete=False, last_read=5.0, reason=Reason.UNREACHABLE
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
