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
    batch: dict[str, tuple[str, ...]] = {}

    async def keep() -> None:
        nonlocal matched, queued
        found = [
            ReadPost(post=post, matched=batch[post.key], wanted=wanted_downloads(post))
            for post in await posts.whole(batch)
        ]
        saved = await posts.mark_matched(found)
        matched += saved.new
        queued += saved.queued
        batch.clear()

    # Only what newly matches is needed as a whole: of long blogs hardly anything is.
    async for post, before in posts.outlines(blogs):
        match = criteria.match(post, graph, now=now)
        if match and not set(match.matched) <= set(before):
            batch[post.key] = match.matched
        if len(batch) == _BATCH:
            await keep()
    if batch:
        await keep()
    return Saved(new=matched, queued=queued)
