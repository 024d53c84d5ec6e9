"""Links that could be queued in the place of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storage.posts import Posts
from storage.queue import Queue
from storage.reasons import Reason
from storage.records import DownloadState, Link, LinkKind, Post, ReadPost, Selection, WantedDownload
from storage.spare_links import SpareLinks

if TYPE_CHECKING:
    from storage.database import Database

BLOG = "https://b.example/"
KINDS = (LinkKind.DIRECT, LinkKind.HOSTER)


def link(key: str, group: int | None = None, kind: LinkKind = LinkKind.DIRECT) -> Link:
    return Link(
        url=f"https://f.example/{key}", key=key, kind=kind, host="f.example", group=group, format="mp3"
    )


def wish(key: str) -> WantedDownload:
    return WantedDownload(key=key, url=f"https://f.example/{key}", host="f.example", kind=LinkKind.DIRECT)


async def stored(database: Database, *links: Link, queued: str, failed: str, blog: str = BLOG) -> SpareLinks:
    """Store one matched post whose links of these one-letter keys are queued, and those that fail."""
    post = Post(url=f"{blog}p", key=f"{blog}p", blog=blog, title="Kora – Lines", links=links)
    wanted = tuple(map(wish, queued))
    await Posts(database).save([ReadPost(post=post, matched=("house",), wanted=wanted)])
    queue = Queue(database)
    for job in await queue.claim(limit=10):
        if job.key in failed:
            await queue.fail(job, Reason.GONE)
        else:
            await queue.release(job)
    return SpareLinks(database)


A, B, C = link("a", 1), link("b", 1), link("c")


@pytest.mark.parametrize(
    ("links", "queued", "failed", "spare"),
    [
        pytest.param([A, B, C], "ac", "", False, id="a mirror is under way"),
        pytest.param([A, B], "a", "a", True, id="a mirror has failed and another is there"),
        pytest.param([A, B], "ab", "a", False, id="the other is under way"),
        pytest.param([A, B], "ab", "ab", False, id="all have failed"),
        pytest.param([C], "c", "c", False, id="there never was another"),
        pytest.param([A, B, C], "a", "", True, id="other music was not asked for"),
        pytest.param([A, link("d", kind=LinkKind.GATE)], "a", "", False, id="a gate is no download"),
        pytest.param([A, link("d", kind=LinkKind.ARCHIVE)], "a", "", False, id="of no kind asked for"),
        pytest.param([], "", "", False, id="no links"),
    ],
)
async def test_a_post_is_named_where_a_link_stands_by(
    database: Database, links: list[Link], queued: str, failed: str, spare: bool
) -> None:
    spares = await stored(database, *links, queued=queued, failed=failed)
    assert await spares.posts([BLOG], kinds=KINDS) == [f"{BLOG}p"] * spare
    assert await spares.posts(["https://c.example/"], kinds=KINDS) == []


@pytest.mark.parametrize(("every", "found"), [(False, []), (True, [f"{BLOG}p"])])
async def test_every_link_stands_by_where_all_are_wanted(
    database: Database, every: bool, found: list[str]
) -> None:
    spares = await stored(database, A, B, queued="a", failed="")
    assert await spares.posts([BLOG], kinds=KINDS, every=every) == found


@pytest.mark.parametrize(("formats", "found"), [(["mp3"], 1), (["flac", "wav"], 0), ([], 1)])
async def test_only_the_formats_asked_for_count(database: Database, formats: list[str], found: int) -> None:
    spares = await stored(database, A, C, queued="a", failed="")
    assert len(await spares.posts([BLOG], kinds=KINDS, formats=formats)) == found


async def test_a_link_of_no_known_format_is_of_any(database: Database) -> None:
    unknown = Link(url="https://f.example/x", key="x", kind=LinkKind.HOSTER, host="f.example")
    spares = await stored(database, unknown, queued="", failed="")
    assert await spares.posts([BLOG], kinds=KINDS, formats=["flac"]) == [f"{BLOG}p"]


async def test_a_post_that_matched_nothing_has_no_spares(database: Database) -> None:
    await Posts(database).save([ReadPost(post=Post(url="u", key="k", blog=BLOG, title="t", links=(A,)))])
    assert await SpareLinks(database).posts([BLOG], kinds=KINDS) == []


async def test_states_and_new_downloads_go_by_the_keys_of_links(database: Database) -> None:
    spares = await stored(database, A, B, queued="a", failed="a")
    assert await spares.states({"a", "b", "nobody's"}) == {"a": DownloadState.FAILED}
    assert await spares.queue([wish("a"), wish("b")]) == 1
    assert await spares.states({"a", "b"}) == {"a": DownloadState.FAILED, "b": DownloadState.WAITING}
    assert await spares.queue([]) == 0


@pytest.mark.parametrize(("failed", "spare"), [("", False), ("a", True)])
async def test_what_was_pruned_is_not_taken_for_music_that_is_missing(
    database: Database, failed: str, spare: bool
) -> None:
    spares = await stored(database, A, B, queued="a", failed=failed)
    queue = Queue(database)
    for job in await queue.claim(limit=10):
        await queue.complete(job, path="/a", size=1, sha256="ab")
    assert await queue.prune(Selection(), before=database.now() + 1) == 1
    assert await spares.posts([BLOG], kinds=KINDS) == [f"{BLOG}p"] * spare
    state = DownloadState.FAILED if failed else DownloadState.DONE
    assert await spares.states({"a", "b"}) == {"a": state}
