"""What a crawl is to do, what with, and what came of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scraper.posts.worker.aside import Aside

if TYPE_CHECKING:
    from collections.abc import Callable

    from filters.criteria import Criteria
    from filters.graph import GenreGraph
    from scraper.http.client import Client
    from scraper.http.errors import FetchError
    from storage.blogs import Blogs
    from storage.posts import Posts
    from storage.reasons import Reason
    from storage.records import ReadPost
    from storage.turns import Turns
    from storage.unreadable import Unreadable
    from storage.validators import Validators


@dataclass(slots=True)
class CrawlCounts:
    """What a crawl has done so far: plain numbers that a progress display may read at any time."""

    blogs: int = 0
    blogs_done: int = 0
    found: int = 0
    """Posts listed, known ones included."""
    to_read: int = 0
    """Posts listed that are not stored yet, and those that an earlier run could not read."""
    read: int = 0
    new: int = 0
    matched: int = 0
    queued: int = 0
    unchanged: int = 0
    """Listings and feeds that had not changed (304), or were too fresh to be asked for."""
    bytes: int = 0
    """Bytes of listings, feeds and post pages, unpacked."""
    failed: Counter[Reason] = field(default_factory=Counter)
    """Blogs and posts that could not be read, by reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlogFailure:
    """A blog that could not be read, or not to its end; what was read of it is kept."""

    blog: str
    error: FetchError
    until: float | None = None
    """When its host may be asked again, POSIX seconds UTC, where it is the host that asked for patience."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlBounds:
    """How far a crawl goes: `full` as if never run, `since` in POSIX seconds UTC, new posts a blog."""

    full: bool = False
    since: float | None = None
    max_posts: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """The parts of storage that a crawl uses."""

    blogs: Blogs
    posts: Posts
    validators: Validators
    turns: Turns
    unreadable: Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What the visits of one crawl share: what to read with, what to do with it, and what came of it.

    `claimed` are the keys of posts that a visit of this run reads, `given_up` those that cannot be read.
    `aside` is where heavy pages are read; whoever runs the crawl opens and closes it.
    """

    client: Client
    stores: Stores
    criteria: Criteria
    bounds: CrawlBounds
    dry_run: bool
    matches: Callable[[ReadPost], None] | None
    graph: GenreGraph
    clock: Callable[[], float]
    counts: CrawlCounts = field(default_factory=CrawlCounts)
    notes: list[str] = field(default_factory=list)
    aside: Aside = field(default_factory=Aside)
    claimed: set[str] = field(default_factory=set)
    given_up: set[str] = field(default_factory=set)
