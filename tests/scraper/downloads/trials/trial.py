"""One trial: a queue, a folder, a clock that all processes share, and the nursery of the workers."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from storage.database import Database
from storage.posts import Posts
from storage.records import LinkKind, Post, ReadPost, WantedDownload
from tests.scraper.downloads.trials.clock import SharedClock
from tests.scraper.downloads.trials.ledger import open_ledger
from tests.scraper.downloads.trials.nursery import LEASE, Nursery, Worker

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_TURNS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A queue with something in it, and workers to be had."""

    database: Path
    folder: Path
    clock: SharedClock
    nursery: Nursery
    order: dict[str, Any]

    async def start(self, *, point: dict[str, Any] | None = None, **order: Any) -> Worker:
        """Start a worker, which meets a signal at `point`, if given."""
        return await self.nursery.start(self.order | {"point": point} | order)

    def let_leases_run_out(self) -> None:
        """Move the clock past every lease that is held now."""
        self.clock.pass_time(LEASE + 1)

    async def finish(
        self, *, workers: int = 1, step: float = LEASE + 1, turns: int = _TURNS
    ) -> list[dict[str, Any]]:
        """Let `workers` drain until nothing waits, with the clock moved on by `step` in between.

        Returns what they say. What is stuck stays so for `turns` turns, and then this raises.
        """
        said: list[dict[str, Any]] = []
        for _ in range(turns):
            self.clock.pass_time(step)
            team = [await self.start() for _ in range(workers)]
            for worker in team:
                assert await worker.ended() == 0
                said.append(worker.result)
            if not self.waiting():
                return said
        raise AssertionError(f"{self.waiting()} downloads are stuck")

    def waiting(self) -> int:
        """Return how many downloads have not ended."""
        with closing(sqlite3.connect(self.database)) as connection:
            query = "SELECT count(*) FROM downloads WHERE state IN ('waiting', 'running')"
            return int(connection.execute(query).fetchone()[0])


async def fill(path: Path, addresses: Sequence[str]) -> None:
    """Put `addresses` into the queue of a new database, each under the host that it names."""
    wanted = tuple(
        WantedDownload(
            key=address,
            url=address,
            host=address.split("/")[2],
            kind=LinkKind.DIRECT,
            stem=address.rpartition("/")[2].removesuffix(".wav") + f" {number}",
        )
        for number, address in enumerate(addresses)
    )
    post = Post(url="https://blog.example/p", key="p", blog="https://blog.example/", title="Post")
    async with await Database.open(path) as database:
        await Posts(database).save([ReadPost(post=post, matched=("any",), wanted=wanted)])


async def open_trial(
    nursery: Nursery, place: Path, addresses: Sequence[str], *, folder: Path | None = None, **order: Any
) -> Trial:
    """Return a trial in the folder `place` with `addresses` in its queue; `order` is for every worker."""
    place.mkdir(exist_ok=True)  # noqa: ASYNC240 - nothing else goes on
    database, folder, clock = place / "crate.db", folder or place / "crate", place / "clock"
    await fill(database, addresses)
    open_ledger(database)
    defaults: dict[str, Any] = {
        "database": str(database), "to": str(folder), "clock": str(clock), "lease": LEASE, "concurrency": 6,
        "most": None, "quick": True, "patience": 0.0, "aside": False,
        "limits": {"concurrency": 6, "per_host": 6, "attempts": 1},
    }  # fmt: skip
    return Trial(
        database=database, folder=folder, clock=SharedClock(clock), nursery=nursery, order=defaults | order
    )
