"""A crawl by a platform's interface in a process of its own, killed at random moments until it ends."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from scraper.crawl_job import Stores
from storage.blogs import Blogs
from storage.database import Database
from storage.posts import Posts
from storage.turns import Turns
from storage.unreadable import Unreadable
from storage.validators import Validators
from tests.scraper.simulated.crawling import files_of, numbers, state_of, stored
from tests.scraper.simulated.wordpress import SimulatedWordPress
from tests.scraper.test_crawl_kill import BATCH, READERS, kill, start

if TYPE_CHECKING:
    from pathlib import Path

ROUNDS = int(os.environ.get("KILL_ROUNDS", "1"))
KILLS = 10
CUT_EVERY = 5


def publish(blog: SimulatedWordPress, first: int, last: int) -> None:
    for number in numbers(first, last):
        blog.publish(number).cut = number % CUT_EVERY == 0  # so that its page is fetched


async def is_killed(blog: SimulatedWordPress, url: str, path: Path, *, at: int | None, after: float) -> bool:
    """Run the crawl, to be killed so many seconds after its request number `at`; return whether it was."""
    process = await start(url, path)
    left = at

    async def count(_: str) -> None:
        nonlocal left
        left = None if left is None else left - 1
        if left == 0:
            asyncio.get_running_loop().call_later(after, kill, process)

    blog.before = count
    status = await process.wait()
    blog.before = None
    assert status in {0, -signal.SIGKILL}
    return status != 0


@pytest.mark.parametrize("seed", range(ROUNDS))
async def test_killed_ten_times_a_walk_by_the_interface_misses_no_post_and_fetches_no_page_for_nothing(
    serve: Any, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    blog = SimulatedWordPress(0)
    blog.at_once = 10
    publish(blog, 1, 150)
    path = tmp_path / "crate.sqlite3"
    killed, most, edited = 0, 12, set[int]()
    async with serve(blog.answer) as url, asyncio.timeout(600):
        address = f"{url}/"
        while killed < KILLS:
            undisturbed = killed == KILLS // 2 and not edited
            at, after = chance.randint(1, most), chance.uniform(0, 0.03)
            if await is_killed(blog, address, path, at=None if undisturbed else at, after=after):
                killed += 1
                continue
            # All of the blog is read now: the same for what is new and what was edited.
            most = 4
            newest = len(blog.posts)
            publish(blog, newest + 1, newest + 25)
            blog.edit(edit := chance.randrange(1, 150, CUT_EVERY))
            edited.add(edit)
        assert not await is_killed(blog, address, path, at=None, after=0)
        async with await Database.open(path) as database:
            with closing(Turns(path)) as turns:
                stores = Stores(
                    blogs=Blogs(database),
                    posts=Posts(database),
                    validators=Validators(database),
                    turns=turns,
                    unreadable=Unreadable(database),
                )
                assert await stored(stores) == numbers(1, len(blog.posts))
                state = await state_of(stores, address)
                assert (state.complete, state.resume) == (True, None)
                for number in edited:
                    assert await files_of(stores, number) == [blog.posts[number].file.rsplit("/", 1)[-1]]
    cut = sum(post.cut for post in blog.posts.values())
    assert len(blog.posts_asked) == cut
    # What was on its way when the program was killed, and nothing else.
    assert blog.posts_asked.total() - cut <= (READERS + 2 * BATCH) * killed
    if ROUNDS > 1:
        print(f"{killed} kills, {len(edited)} edits, {blog.posts_asked.total() - cut} again")  # noqa: T201
