"""Posts that earlier runs stored, held against a new query: nothing is fetched again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.downloads.wanted import wanted_downloads
from storage.records import ReadPost, Saved

if TYPE_CHECKING:
    from collections.abc import Sequence

    from filters.criteria import Criteria
    from filters.graph import GenreGraph
    from storage.posts import Posts

_BATCH = 200


async def match_stored(
    posts: Posts, blogs: Sequence[str], *, criteria: Criteria, graph: GenreGraph, now: float
) -> Saved:
    """Mark the stored posts of `blogs` that newly match `criteria`, and queue their links.

    Returns how many posts newly matched (as `new`) and how many downloads were queued.
    """
    matched = queued = 0
    batch: list[ReadPost] = []

    async def keep() -> None:
        nonlocal matched, queued
        saved = await posts.mark_matched(batch)
        matched += saved.new
        queued += saved.queued
        batch.clear()

    async for post in posts.stored(blogs):
        match = criteria.match(post, graph, now=now)
        if match:
            batch.append(ReadPost(post=post, matched=match.matched, wanted=wanted_downloads(post)))
        if len(batch) == _BATCH:
            await keep()
    if batch:
        await keep()
    return Saved(new=matched, queued=queued)
