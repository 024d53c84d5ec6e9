"""The export of posts that only their running text made match."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from storage.database import Database
from storage.posts import Posts
from storage.records import Evidence, Post, ReadPost, Trust

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

URL = "https://blog.example/a-post/"
SAID = Evidence(genre="deep house", trust=Trust.PROSE, source="text", text="A slice of deep house.")


async def _store(path: Path, matched: tuple[str, ...]) -> None:
    post = Post(url=URL, key=URL, blog="https://blog.example/", title="Kora – Lines", evidence=(SAID,))
    async with await Database.open(path) as database:
        await Posts(database).save([ReadPost(post=post, matched=matched)])


@pytest.mark.parametrize(
    ("matched", "words", "genres"),
    [
        (("house",), (), ["deep house"]),
        (("any",), (), []),
        (("any",), ("--from-text",), ["deep house"]),
        (("trance",), (), []),  # by a default of its blog, not by its text
        (("house",), ("--genres", "any"), []),
    ],
)
def test_a_post_that_matched_by_its_text_is_exported_with_the_genres_of_its_text(
    scrape: Callable[..., Any],
    tmp_path: Path,
    matched: tuple[str, ...],
    words: tuple[str, ...],
    genres: list[str],
) -> None:
    asyncio.run(_store(tmp_path / "crate.sqlite3", matched))
    (post,) = json.loads(scrape("export", *words).out)["posts"]
    assert post["genres"] == genres
