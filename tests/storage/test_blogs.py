from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from storage.blog_backoff import DAY
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
    assert await blogs.get(URL) == replace(NEW, last_read=5.0, reason=Reason.UNREACHABLE, failures=1, due=9.0)
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


async def _failures(blogs: Blogs) -> tuple[int, float | None]:
    state = await blogs.get(URL)
    assert state is not None
    return state.failures, state.due


async def test_each_failure_in_a_row_puts_off_when_the_blog_is_due_until_one_run_goes_well(
    database: Database,
) -> None:
    blogs = Blogs(database)
    for night, failures, due in [(0, 1, 0.0), (1, 2, 1.5), (2, 3, 3.5), (4, 4, 7.5), (8, 5, 14.5)]:
        await blogs.note_run(URL, ok=False, reason=Reason.SERVER_ERROR, at=night * DAY)
        assert await _failures(blogs) == (failures, due * DAY)
    await blogs.note_run(URL, ok=True, reason=None, at=9 * DAY)
    assert await _failures(blogs) == (0, None)


async def test_asking_again_before_it_is_due_does_not_put_it_off_for_longer(database: Database) -> None:
    blogs = Blogs(database)
    for second in range(9):
        await blogs.note_run(URL, ok=False, reason=Reason.TIMEOUT, at=float(second))
    assert await _failures(blogs) == (1, 0.0), "offline, a person tries again and again"
    for second in range(9):
        await blogs.note_run(URL, ok=False, reason=Reason.TIMEOUT, at=DAY + second)
    assert await _failures(blogs) == (2, 1.5 * DAY)


@pytest.mark.parametrize("reason", [Reason.ROBOTS, Reason.DISK_FULL])
async def test_what_is_no_failure_of_the_blog_changes_nothing_of_when_it_is_due(
    database: Database, reason: Reason
) -> None:
    blogs = Blogs(database)
    for night in range(2):
        await blogs.note_run(URL, ok=False, reason=Reason.NO_POSTS, at=night * DAY)
    await blogs.note_run(URL, ok=False, reason=reason, at=2 * DAY)
    assert await _failures(blogs) == (2, 1.5 * DAY)
    state = await blogs.get(URL)
    assert state is not None
    assert state.reason is reason


async def test_how_a_blog_lists_its_posts_replaces_what_was_known(database: Database) -> None:
    blogs = Blogs(database)
    api = "https://blog.example/wp-json/wp/v2/"
    await blogs.note_way(
        URL, platform="WordPress", way="WordPress REST", way_address=api, announced=4321, marker=5.5
    )
    known = replace(
        NEW, platform="WordPress", way="WordPress REST", way_address=api, announced=4321, marker=5.5
    )
    assert await blogs.get(URL) == known
    await blogs.note_run(URL, ok=True, reason=None, at=9.0)
    assert await blogs.get(URL) == replace(known, last_read=9.0)
    await blogs.note_way(URL, platform=None, way="pages", way_address=URL, announced=None, marker=None)
    assert await blogs.get(URL) == replace(NEW, way="pages", way_address=URL, last_read=9.0)


@pytest.mark.parametrize(("announced", "kept"), [(-1, 0), (0, 0), (10**30, 2**63 - 1)])
async def test_a_blog_may_announce_any_number_of_posts(database: Database, announced: int, kept: int) -> None:
    blogs = Blogs(database)
    await blogs.note_way(
        URL, platform=None, way="feed", way_address=URL, announced=announced, marker=float("inf")
    )
    state = await blogs.get(URL)
    assert state is not None
    assert state.announced == kept


async def test_an_interrupted_walk_goes_on_where_it_was(database: Database) -> None:
    blogs = Blogs(database)
    await blogs.set_resume(URL, "https://blog.example/?page=7")
    assert await blogs.get(URL) == replace(NEW, resume="https://blog.example/?page=7")
    await blogs.set_resume(URL, None)
    assert await blogs.get(URL) == NEW


async def test_blogs_are_followed_until_they_are_removed_and_their_posts_stay(
    database: Database, read: Callable[..., ReadPost]
) -> None:
    blogs, posts = Blogs(database), Posts(database)
    await posts.save([read("one"), read("two", blog="https://other.example/")])
    assert await blogs.followed() == []
    for url in (URL, "https://a.example/", URL):
        await blogs.follow(url)
    assert await blogs.followed() == ["https://a.example/", URL]
    assert await blogs.get(URL) == replace(NEW, followed=True)
    assert await blogs.unfollow(URL) is True
    assert await blogs.unfollow(URL) is False
    assert await blogs.unfollow("https://never.example/") is False
    assert await blogs.followed() == ["https://a.example/"]
    assert await blogs.get("https://never.example/") is None
    assert await posts.count_of(URL) == 1
