"""Links that stand on most posts of a blog belong to none of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from storage.blogs import Blogs
from storage.posts import Posts
from storage.queue import Queue
from storage.records import DownloadState, LinkKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.database import Database
    from storage.records import Download, ReadPost

BLOG, OTHER = "https://blog.example/", "https://other.example/"


def key(name: str) -> str:
    return f"https://files.example/{name}.mp3"


async def links_of(database: Database) -> dict[str, list[str]]:
    return {
        post.title: [link.key.rsplit("/", 1)[-1].removesuffix(".mp3") for link in post.links]
        async for post in Posts(database).stored()
    }


async def download_of(database: Database, name: str) -> Download:
    found = {
        download.key: download
        async for matched in Posts(database).matched()
        for download in matched.downloads.values()
    }
    return found[key(name)]


async def kept(database: Database, read: Callable[..., ReadPost], posts: dict[str, tuple[str, ...]]) -> None:
    await Posts(database).save([read(name, files=files) for name, files in posts.items()])


@pytest.mark.parametrize(
    ("posts", "dropped"),
    [
        pytest.param({"a": "1x", "b": "2x", "c": "3x", "d": "4x", "e": "5x"}, {"x"}, id="L39 on all of five"),
        pytest.param({"a": "1x", "b": "2x", "c": "3x", "d": "4", "e": "5"}, {"x"}, id="L40 on three of five"),
        pytest.param(
            {"a": "1x", "b": "2x", "c": "3", "d": "4", "e": "5"}, set(), id="two posts share a file"
        ),
        pytest.param({"a": "1x", "b": "2x", "c": "3x"}, set(), id="an album on all of three posts"),
        pytest.param({"a": "1x", "b": "2x", "c": "3x", "d": "4x"}, set(), id="and on all of four"),
        pytest.param(
            {"a": "x", "b": "x", "c": "x", "d": "4", "e": "5", "f": "6", "g": "7"}, set(), id="three of seven"
        ),
        pytest.param(dict.fromkeys("abcdef", "xyz"), {"x", "y", "z"}, id="several"),
        pytest.param({}, set(), id="a blog without posts"),
    ],
)
async def test_what_stands_on_at_least_half_of_five_or_more_posts_is_dropped(
    database: Database, read: Callable[..., ReadPost], posts: dict[str, str], dropped: set[str]
) -> None:
    await kept(database, read, {name: tuple(files) for name, files in posts.items()})
    assert await Blogs(database).drop_boilerplate(BLOG) == {key(name) for name in dropped}
    assert await links_of(database) == {
        name: [file for file in files if file not in dropped] for name, files in posts.items()
    }
    assert await Blogs(database).drop_boilerplate(BLOG) == frozenset()


async def test_its_download_leaves_the_queue_and_those_of_the_posts_wait(
    database: Database, read: Callable[..., ReadPost]
) -> None:
    await kept(database, read, {name: (name, "mix") for name in "abcde"})
    await Blogs(database).drop_boilerplate(BLOG)
    assert (await download_of(database, "a")).state is DownloadState.WAITING
    claimed = await Queue(database).claim(limit=100)
    assert sorted(job.key for job in claimed) == sorted(map(key, "abcde"))


@pytest.mark.parametrize("blog", [BLOG, OTHER])
async def test_a_post_that_has_it_later_on_has_it_queued_again(
    database: Database, read: Callable[..., ReadPost], blog: str
) -> None:
    await kept(database, read, dict.fromkeys("abcde", ("mix",)))
    await Blogs(database).drop_boilerplate(BLOG)
    saved = await Posts(database).save([read("f", files=("mix",), blog=blog)])
    assert saved.queued == 1
    assert (await download_of(database, "mix")).state is DownloadState.WAITING


async def test_what_is_being_fetched_or_is_there_is_left_alone(
    database: Database, read: Callable[..., ReadPost]
) -> None:
    await kept(database, read, dict.fromkeys("abcde", ("mix",)))
    [job] = await Queue(database).claim(limit=1)
    await Blogs(database).drop_boilerplate(BLOG)
    await Queue(database).complete(job, path="/m.mp3", size=1, sha256="0")
    assert await Queue(database).retry() == 0


async def test_a_download_that_a_post_of_another_blog_links_goes_on_waiting(
    database: Database, read: Callable[..., ReadPost]
) -> None:
    await kept(database, read, dict.fromkeys("abcde", ("mix",)))
    await Posts(database).save([read("f", files=("mix",), blog=OTHER)])
    await Blogs(database).drop_boilerplate(BLOG)
    assert (await links_of(database))["f"] == ["mix"]
    assert (await download_of(database, "mix")).state is DownloadState.WAITING


async def test_posts_of_other_blogs_do_not_count(database: Database, read: Callable[..., ReadPost]) -> None:
    await kept(database, read, {"a": ("mix",), "b": ("mix",), "c": ("c",), "d": ("d",), "e": ("e",)})
    await Posts(database).save([read(name, files=("mix",), blog=OTHER) for name in "fgh"])
    assert await Blogs(database).drop_boilerplate(BLOG) == frozenset()


@pytest.mark.parametrize("kind", LinkKind)
async def test_only_what_could_be_downloaded_is_dropped(
    database: Database, read: Callable[..., ReadPost], kind: LinkKind
) -> None:
    for name in "abcde":
        entry = read(name, files=("mix",))
        links = tuple(replace(link, kind=kind) for link in entry.post.links)
        await Posts(database).save([replace(entry, post=replace(entry.post, links=links))])
    is_download = kind.queued or kind is LinkKind.MANUAL
    assert bool(await Blogs(database).drop_boilerplate(BLOG)) is is_download
