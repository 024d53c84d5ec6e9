from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.downloads.origins import MOST_KEPT, Origins
from scraper.http.addresses.identity import post_key
from storage.posts import Posts
from storage.records import Download, DownloadState, LinkKind, MatchedPost, Post, ReadPost

if TYPE_CHECKING:
    from storage.database import Database


def _download(referer: str | None) -> Download:
    return Download(
        id=1, key="k", url="https://f.example/1.mp3", host="f.example", state=DownloadState.RUNNING,
        attempts=1, due=0, created=0, updated=0, kind=LinkKind.DIRECT, referer=referer,
    )  # fmt: skip


class _Counting:
    def __init__(self) -> None:
        self.asked: list[str] = []

    async def find(self, key: str) -> MatchedPost | None:
        self.asked.append(key)
        return None


async def test_the_post_is_found_by_the_address_that_the_download_was_found_at(database: Database) -> None:
    url = "https://b.example/2024/one/"
    post = Post(url=url, key=post_key(url), blog="https://b.example/", title="One", artist="Kora")
    await Posts(database).save([ReadPost(post=post)])
    found = await Origins(Posts(database)).post_of(_download(post.url))
    assert found is not None
    assert found.artist == "Kora"


async def test_a_download_of_no_post_has_none() -> None:
    assert await Origins(None).post_of(_download("https://b.example/1")) is None
    assert await Origins(_Counting()).post_of(_download(None)) is None


async def test_a_post_is_looked_up_once_while_its_files_come_and_memory_is_bounded() -> None:
    posts = _Counting()
    origins = Origins(posts)
    for _ in range(3):
        await origins.post_of(_download("https://b.example/album"))
    assert len(posts.asked) == 1
    for number in range(MOST_KEPT):
        await origins.post_of(_download(f"https://b.example/{number}"))
    await origins.post_of(_download("https://b.example/album"))
    assert len(posts.asked) == MOST_KEPT + 2
