"""What is known of the furniture of a blog, from one run to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scraper.furniture_memory import FurnitureMemory
from scraper.posts.page.repeats import ENOUGH

if TYPE_CHECKING:
    from scraper.crawl_job import Stores

BLOG = "https://b.example/"
MENU, OLD = frozenset({1, 2}), frozenset({3})


async def run(stores: Stores, posts: range, prints: frozenset[int], *, anew: bool = False) -> FurnitureMemory:
    """Let a run read `posts`, whose pages have `prints`."""
    memory = FurnitureMemory(BLOG, stores.blogs, anew=anew)
    await memory.load()
    for number in posts:
        memory.learn(f"{BLOG}{number}", prints)
    await memory.keep(links=frozenset(), all_read=False)
    return memory


async def test_a_run_begins_with_what_the_last_one_knew(stores: Stores) -> None:
    assert not (await run(stores, range(2), MENU)).known
    assert (await run(stores, range(2, 3), MENU)).prints == MENU
    assert (await run(stores, range(0), MENU)).prints == MENU


async def test_a_run_that_begins_anew_forgets_what_was_there(stores: Stores) -> None:
    await run(stores, range(8), OLD)
    assert (await run(stores, range(8), MENU, anew=True)).prints == MENU
    assert (await run(stores, range(0), MENU)).prints == MENU


@pytest.mark.parametrize("read", range(ENOUGH))
async def test_a_run_that_begins_anew_and_learns_too_little_leaves_what_was_known(
    stores: Stores, read: int
) -> None:
    await run(stores, range(8), OLD)
    assert not (await run(stores, range(read), MENU, anew=True)).known
    assert (await run(stores, range(0), MENU)).prints == OLD
