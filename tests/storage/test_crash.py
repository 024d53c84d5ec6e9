"""Nothing is lost and nothing is half there when the process is killed."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import textwrap
import threading
from contextlib import closing
from typing import TYPE_CHECKING

from storage.database import Database
from storage.queue import Queue
from storage.records import DownloadState

if TYPE_CHECKING:
    from pathlib import Path

ROUNDS = 8

WORKER = textwrap.dedent("""
    import asyncio, sys
    from storage.database import Database
    from storage.posts import Posts
    from storage.queue import Queue
    from storage.records import Finished, Link, LinkKind, Post, ReadPost, WantedDownload

    def entry(name):
        urls = [f"https://files.example/{name}-{part}.mp3" for part in range(3)]
        url = f"https://blog.example/{name}"
        links = tuple(Link(url=u, key=u, kind=LinkKind.DIRECT, host="files.example") for u in urls)
        wanted = tuple(WantedDownload(key=u, url=u, host="files.example", kind=LinkKind.DIRECT) for u in urls)
        post = Post(url=url, key=url, blog="https://blog.example/", title=name, links=links)
        return ReadPost(post=post, matched=("house",), wanted=wanted)

    async def main(path, run):
        database = await Database.open(path)
        posts, queue = Posts(database), Queue(database)
        for batch in range(100_000):
            await posts.save([entry(f"{run}-{batch}-{number}") for number in range(5)])
            print("saved", f"{run}-{batch}", flush=True)
            jobs = await queue.claim(limit=4)
            await queue.complete_many(
                [Finished(id=job.id, token=job.token, path="/x", size=1, sha256="ab") for job in jobs]
            )
            for job in jobs:
                print("done", job.id, flush=True)

    asyncio.run(main(sys.argv[1], sys.argv[2]))
""")


def _run_and_kill(path: Path, run: int, seconds: float, *, at_work: bool) -> list[str]:
    """Return the lines that the worker managed to print; each tells of something that was committed.

    It is killed `seconds` after its start, or after it has committed something.
    """
    with subprocess.Popen(
        [sys.executable, "-c", WORKER, str(path), str(run)], stdout=subprocess.PIPE, text=True
    ) as worker:
        assert worker.stdout is not None
        first = worker.stdout.readline() if at_work else ""
        timer = threading.Timer(seconds, worker.kill)
        timer.start()
        lines = (first + worker.stdout.read()).splitlines()
        timer.cancel()
    return lines


def _check(path: Path, promised: list[list[str]]) -> None:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        titles = {row[0] for row in connection.execute("SELECT title FROM posts")}
        incomplete = connection.execute(
            "SELECT p.title, count(l.key), count(d.key) FROM posts p LEFT JOIN links l ON l.post_id = p.id "
            "LEFT JOIN downloads d ON d.key = l.key "
            "GROUP BY p.id HAVING count(l.key) != 3 OR count(d.key) != 3"
        ).fetchall()
        done = {row[0] for row in connection.execute("SELECT id FROM downloads WHERE state = 'done'")}
    assert incomplete == []
    batches = {title.rpartition("-")[0] for title in titles}
    assert len(titles) == 5 * len(batches)
    assert {name for what, name in promised if what == "saved"} <= batches
    assert {int(name) for what, name in promised if what == "done"} <= done


async def test_kill_9_at_any_moment_loses_nothing_and_leaves_nothing_half_there(tmp_path: Path) -> None:
    path = tmp_path / "crate.db"
    moments = random.Random(20261120)
    promised: list[list[str]] = []
    for run in range(ROUNDS):
        at_work = run % 2 == 0  # otherwise it may still be opening the database
        lines = _run_and_kill(
            path, run, moments.uniform(0, 0.5) if at_work else moments.uniform(0.2, 0.8), at_work=at_work
        )
        # The last line may be cut in the middle.
        promised += [words for line in lines if len(words := line.split()) == 2][: max(0, len(lines) - 1)]
        if path.exists() and path.stat().st_size:
            async with await Database.open(path):
                pass
            _check(path, promised)
    assert promised, "no worker lived long enough to save anything"


async def test_what_a_killed_worker_held_is_given_again(tmp_path: Path) -> None:
    path = tmp_path / "crate.db"
    lines = _run_and_kill(path, 0, 0.5, at_work=True)
    assert lines
    async with await Database.open(path) as database:
        held = (await Queue(database).counts())[DownloadState.RUNNING]
    async with await Database.open(path, clock=lambda: 4e9) as later:
        queue = Queue(later)
        total = await queue.waiting_total()
        assert len(await queue.claim(limit=100_000)) == total + held
