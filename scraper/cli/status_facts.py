"""What `scrape status` looks at."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from yarl import URL

from scraper.cli.disk_space import free_bytes
from scraper.http.politeness.hosts import host_of
from storage.blogs import Blogs
from storage.holds import HostHolds
from storage.posts import Posts
from storage.queue import Queue
from storage.runs import Runs

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from storage.blogs import BlogState
    from storage.database import Database
    from storage.holds import Hold
    from storage.reasons import Reason
    from storage.records import DownloadState, Pause, WaitingHost
    from storage.runs import Run

MOST_HOSTS: Final = 1000
"""Hosts that are looked at, those with the most downloads first."""

_RUNS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What a database holds; `due` is POSIX seconds UTC, `free` the bytes of the disk for files."""

    database: str
    folder: str
    posts: int
    matched: int
    downloads: dict[DownloadState, int]
    failed: dict[Reason, int]
    due: float | None
    hosts: list[WaitingHost]
    pauses: list[Pause]
    holds: list[Hold]
    blogs: list[BlogState]
    runs: list[Run]
    free: int


async def gather(database: Database, folder: Path) -> Status:
    """Return what `database` holds, and what the disk of `folder` has room for."""
    queue, posts = Queue(database), Posts(database)
    total, matched = await posts.count()
    return Status(
        database=str(database.path),
        folder=str(folder),
        posts=total,
        matched=matched,
        downloads=await queue.counts(),
        failed=await queue.failed_by_reason(),
        due=await queue.next_due(),
        hosts=await queue.waiting_by_host(MOST_HOSTS),
        pauses=await queue.pauses(),
        holds=await HostHolds(database).active(),
        blogs=await Blogs(database).all(),
        runs=await Runs(database).last(_RUNS),
        free=await asyncio.to_thread(free_bytes, folder),
    )


def hold_of(host: str, holds: Iterable[Hold]) -> Hold | None:
    """Return the hold that keeps anything from being asked of `host`, as the queue writes it. Pure.

    The queue knows no ports; of several holds of a host the shortest counts.
    """
    try:
        group = host_of(URL.build(scheme="https", host=host)).group
    except ValueError:
        group = host
    fitting = [hold for hold in holds if hold.group == group or hold.group.rpartition(":")[0] == host]
    return min(fitting, key=lambda hold: hold.until, default=None)
