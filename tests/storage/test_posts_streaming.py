from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storage import posts as posts_module
from storage.posts import Posts
from storage.queue import Queue
from storage.records import DownloadState, Precision, Published, ReadPost

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.database import Database


def _day(number: int) -> Published:
    return Published(text=f"day {number}", precision=Precision.DAY, timestamp=number * 86400.0)


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posts_module, "_PAGE", 4)


@pytest.mark.parametrize("total", [0, 1, 4, 5, 8, 13])
async def test_all_posts_are_streamed_in_the_order_of_storing(
    database: Database, read: Callable[..., ReadPost], total: int
) -> None:
    posts = Posts(database)
    names = [f"{number}" for number in range(total)]
    await posts.save([read(name, matched=()) for name in names])
    assert [post.title async for post in posts.stored()] == names


async def test_only_the_posts_of_some_blogs_are_streamed(
    database: Database, read: Callable[..., ReadPost]
) -> None:
    posts = Posts(database)
    await posts.save([read(f"{number}", blog=f"https://{number % 3}.example/") for number in range(12)])
    found = [post.title async for post in posts.stored(["https://0.example/", "https://2.example/"])]
    assert found == ["0", "2", "3", "5", "6", "8", "9", "11"]
    assert [post async for post in posts.stored([])] == []


async def test_posts_stored_meanwhile_come_at_the_end(
    database: Database, read: Callable[..., ReadPost]
) -> None:
    posts = Posts(database)
    await posts.save([read(f"{number}") for number in range(6)])
    seen: list[str] = []
    async for post in posts.stored():
        seen.append(post.title)
        if post.title == "1":
            await posts.save([read("late"), read("0", title="rewritten")])
    assert seen == ["0", "1", "2", "3", "4", "5", "late"]


async def test_matched_posts_come_newest_first_and_undated_ones_last(
    database: Database, read: Callable[..., ReadPost]
) -> None:
    posts = Posts(database)
    days = [3, 1, None, 7, 7, 7, 7, 7, 7, -4000, None, 2]
    await posts.save(
        [read(f"{number}", published=None if day is None else _day(day)) for number, day in enumerate(days)]
    )
    found = [one.post.title async for one in posts.matched()]
    assert found == ["8", "7", "6", "5", "4", "3", "0", "11", "1", "9", "10", "2"]


async def test_a_run_finds_what_it_matched(
    database: Database,
    read: Callable[..., ReadPost],
    clock: Callable[[], float],
    pass_time: Callable[[float], None],
) -> None:
    posts = Posts(database)
    await posts.save([read("old"), read("again"), read("unmatched", matched=())])
    pass_time(10)
    since = clock()
    await posts.save([read("new"), read("again"), read("old", matched=())])
    await posts.mark_matched([read("unmatched")])
    found = [one.post.title async for one in posts.matched(since_matched=since)]
    assert sorted(found) == ["again", "new", "unmatched"]


async def test_keys_choose_posts_across_pages(database: Database, read: Callable[..., ReadPost]) -> None:
    posts = Posts(database)
    await posts.save([read(f"{number}") for number in range(20)])
    keys = {"https://blog.example/1", "https://blog.example/18", "https://blog.example/never"}
    assert [one.post.title async for one in posts.matched(keys=keys)] == ["18", "1"]


async def test_each_post_comes_with_the_downloads_of_its_links(
    database: Database, read: Callable[..., ReadPost]
) -> None:
    posts, queue = Posts(database), Queue(database)
    await posts.save([read("one", files=("a", "b")), read("two", files=("b",)), read("three")])
    first = (await queue.claim(limit=1))[0]
    await queue.complete(first, path="/music/a.mp3", size=7, sha256="00")
    found = {one.post.title: one.downloads async for one in posts.matched()}
    states = {
        title: {key[-5:]: download.state for key, download in downloads.items()}
        for title, downloads in found.items()
    }
    assert states == {
        "one": {"a.mp3": DownloadState.DONE, "b.mp3": DownloadState.WAITING},
        "two": {"b.mp3": DownloadState.WAITING},
        "three": {},
    }
    assert found["one"][first.key].path == "/music/a.mp3"
