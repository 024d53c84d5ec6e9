"""A crawl in a process of its own that is killed at random moments and started again until it ends."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from storage.blogs import Blogs
from storage.database import Database
from storage.posts import Posts

if TYPE_CHECKING:
    from storage.records import Post

ROOT = Path(__file__).parents[2]
ROUNDS = int(os.environ.get("KILL_ROUNDS", "2"))
READERS = 4
BATCH = 4
PROGRAM = f"""
import asyncio, sys
import scraper.store
from filters.criteria import Criteria
from filters.graph import default_graph
from scraper.crawl import Crawl
from scraper.crawl_job import Stores
from scraper.http.client import Client, Limits
from storage.blogs import Blogs
from storage.database import Database
from storage.posts import Posts
from storage.turns import Turns
from storage.robots import RobotsFiles
from storage.unreadable import Unreadable
from storage.validators import Validators

scraper.store.BATCH = {BATCH}

async def main(url, path):
    async with await Database.open(path) as database:
        limits = Limits(per_host={READERS})
        async with Client(allow_private=True, limits=limits, robots_store=RobotsFiles(database)) as client:
            stores = Stores(
                blogs=Blogs(database),
                posts=Posts(database),
                validators=Validators(database),
                turns=Turns(database.path),
                unreadable=Unreadable(database),
            )
            criteria = Criteria.parse(["house"], graph=default_graph())
            await Crawl(client=client, stores=stores, criteria=criteria).run([url])

asyncio.run(main(*sys.argv[1:]))
"""


async def start(url: str, path: Path) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        PROGRAM,
        url,
        str(path),
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


async def run_with_kills(blog: Any, url: str, path: Path, chance: random.Random, kills: int) -> int:
    """Run until the program ends by itself; return how often it was killed, at most `kills` times."""
    loop = asyncio.get_running_loop()
    killed = 0
    while True:
        process = await start(url, path)
        if killed < kills:
            left = chance.randint(1, 30)

            async def count(asked: str, process: Any = process) -> None:
                nonlocal left
                left -= 1
                if left == 0:
                    loop.call_later(chance.uniform(0, 0.03), kill, process)

            blog.before = count
        status = await process.wait()
        blog.before = None
        if status == 0:
            return killed
        assert status == -signal.SIGKILL
        killed += 1


def kill(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()


async def contents(path: Path, url: str) -> tuple[dict[str, Post], set[str], bool]:
    async with await Database.open(path) as database:
        posts = {post.key: post async for post in Posts(database).stored()}
        queued = {key async for matched in Posts(database).matched() for key in matched.downloads}
        state = await Blogs(database).get(url)
    return posts, queued, state is not None and state.complete


@pytest.mark.parametrize("seed", range(ROUNDS))
async def test_killed_at_any_moment_and_started_again_equals_an_undisturbed_run(
    simulated: Any, serve: Any, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    blog = simulated(60, pause=0.01)
    whole, broken = tmp_path / "whole.sqlite3", tmp_path / "broken.sqlite3"
    async with serve(blog.answer) as url, asyncio.timeout(600):
        address = f"{url}/"
        killed = await run_with_kills(blog, address, broken, chance, kills=2)
        # The blog is complete now: the same for news, more than the first page and the feed show.
        blog.numbers[:0] = range(90, 60, -1)
        killed += await run_with_kills(blog, address, broken, chance, kills=1)
        twice = blog.posts_asked.total() - 90
        blog.asked.clear()
        assert await run_with_kills(blog, address, whole, chance, kills=0) == 0
        posts, queued, complete = await contents(broken, address)
        assert (posts, queued, complete) == await contents(whole, address)
        assert len(posts) == 90
        assert complete
    # What was on its way when the program was killed, and nothing else: with the readers, waiting for
    # storage, in the transaction.
    assert 0 <= twice <= (READERS + 2 * BATCH) * killed
    if ROUNDS > 2:
        sys.stderr.write(f"round {seed}: {killed} kills, {twice} posts fetched again\n")
