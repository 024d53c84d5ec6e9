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
