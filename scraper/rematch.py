"""Posts that earlier runs stored, held against a query: nothing is fetched again."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from filters.wants import ALL, QUEUED_KINDS
from scraper.downloads.choosing.wanted import wanted_downloads
from storage.records import ReadPost, Saved

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from filters.criteria import Criteria
    from filters.graph import GenreGraph
    from storage.posts import Posts
    from storage.spare_links import SpareLinks

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
        found = []
        for post in await posts.whole(batch):
            match = criteria.match(post, graph, now=now)
            if match and not set(match.matched) <= set(batch[post.key]):
                wanted = wanted_downloads(post, criteria.wants)
                found.append(ReadPost(post=post, matched=match.matched, wanted=wanted))
        saved = await posts.mark_matched(found)
        matched += saved.new
        queued += saved.queued
        batch.clear()

    # Only what may newly match is needed as a whole: of long blogs hardly anything is.
    async for outline, before in posts.outlines(blogs):
        possible = criteria.glance(outline, graph, now=now)
        if possible and not set(possible.matched) <= set(before):
            batch[outline.key] = before
        if len(batch) == _BATCH:
            await keep()
    if batch:
        await keep()
    return Saved(new=matched, queued=queued)


async def queue_spares(
    posts: Posts,
    spares: SpareLinks,
    blogs: Sequence[str],
    *,
    criteria: Criteria,
    graph: GenreGraph,
    now: float,
) -> int:
    """Queue links of stored posts that match where nothing else of the same music is fetched any more.

    So a mirror follows one that failed for good, and a wider query one that asked for some links only.
    Returns how many downloads were queued.
    """
    wants = criteria.wants
    queued = 0
    keys = await spares.posts(
        blogs, kinds=wants.kinds or QUEUED_KINDS, formats=wants.formats, every=wants.prefer == ALL
    )
    for some in _batches(keys):
        found = [post for post in await posts.whole(some) if criteria.match(post, graph, now=now)]
        states = await spares.states({link.key for post in found for link in post.links})
        wanted = [wish for post in found for wish in wanted_downloads(post, wants, states=states)]
        queued += await spares.queue(wanted)
    return queued


def _batches(keys: Sequence[str]) -> Iterator[list[str]]:
    rest = iter(keys)
    while some := list(islice(rest, _BATCH)):
        yield some
