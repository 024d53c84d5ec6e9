"""The blogs that were read: how far, when, and with what result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select, update
from sqlalchemy.dialects.sqlite import insert

from storage.blog_backoff import counts, is_one_more, next_due
from storage.blog_furniture import BlogFurniture, read_furniture
from storage.boilerplate import drop_links, find_boilerplate
from storage.reasons import Reason
from storage.schema import blogs
from storage.text import storable
from storage.yields import BlogYield, blog_yield

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection, Row, Select

    from storage.database import Database

_MOST: Final = 2**63 - 1
"""The greatest number that a database holds."""

# What is known of a blog's furniture is long, and asked for where its posts are read only.
_STATE: Select[*tuple[Any, ...]] = select(*(column for column in blogs.c if column is not blogs.c.furniture))


@dataclass(frozen=True, slots=True, kw_only=True)
class BlogState:
    """What is known of a blog; moments are POSIX seconds UTC.

    `complete` says that its whole archive has been read once.
    """

    url: str
    title: str | None
    complete: bool
    last_read: float | None
    """When it was last read without an error."""
    reason: Reason | None
    """Why the last reading went wrong."""
    feed: str | None = None
    """The address of a feed that tells of all new posts, so that it can be asked instead of the listing."""
    listed_at: float | None = None
    """When the listing itself was last asked for."""
    gone_since: float | None = None
    """When the blog first said that it was removed for good (410); None for one that has not."""
    platform: str | None = None
    """What publishes the blog."""
    way: str | None = None
    """The name of the way in which it lists its posts."""
    way_address: str | None = None
    """What the way is made of again: names and values, encoded as the query of an address."""
    announced: int | None = None
    """How many posts the blog said that it has."""
    marker: float | None = None
    """Up to when the changes of its posts are known."""
    resume: str | None = None
    """Where a first walk that was interrupted goes on: the name of its way, a tab, an address."""
    failures: int = 0
    """How often in a row it failed, once a day at most; what was tried before it was due does not count."""
    due: float | None = None
    """Before when it is not to be asked by itself; storage.blog_backoff.is_due tells."""
    followed: bool = False
    """Whether it is read without being named."""


class Blogs:
    """The blogs of a database, by address."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, url: str) -> BlogState | None:
        """Return what is known of the blog at `url`, None if it was never read."""
        rows = await self._database.rows(_STATE.where(blogs.c.url == url))
        return _state(rows[0]) if rows else None

    async def all(self) -> list[BlogState]:
        """Return all blogs, by address."""
        return [_state(row) for row in await self._database.rows(_STATE.order_by(blogs.c.url))]

    async def set_complete(self, url: str, *, complete: bool) -> None:
        """Record whether all that the blog lists has been read: later runs then look for news only."""
        await self._change(url, complete=int(complete))

    async def note_listing(self, url: str, *, feed: str | None, listed_at: float | None = None) -> None:
        """Record the feed that may be asked instead of the listing, and when the listing was asked for.

        Without `listed_at` (POSIX seconds UTC) the moment known stays.
        """
        listed = {} if listed_at is None else {"listed_at": listed_at}
        await self._change(url, feed=feed, **listed)

    async def note_gone(self, url: str, *, at: float) -> None:
        """Record that the blog was removed for good; `at` in POSIX seconds UTC, of which the first stays."""
        await self._change(url, reason=Reason.GONE, gone_since=func.coalesce(blogs.c.gone_since, at))

    async def note_run(
        self, url: str, *, ok: bool, reason: Reason | None, at: float, brought: bool = False
    ) -> None:
        """Record how reading the blog went; `at` in POSIX seconds UTC. `brought` says that it gave new posts.

        Whatever a blog says but that it was removed for good, it is not gone. What says that the blog failed
        puts off when it is due, unless it was asked before it was; what went well ends that, and so do new
        posts: a long archive may be read in many nights.
        """
        values: dict[str, Any] = {"reason": None if ok else reason, "gone_since": None}
        if ok:
            values["last_read"] = at
        if ok or brought:
            values |= {"failures": 0, "due": None}
        failed = not (ok or brought) and counts(reason)
        await self._change(url, failed_at=at if failed else None, **values)

    async def note_way(
        self,
        url: str,
        *,
        platform: str | None,
        way: str | None,
        way_address: str | None,
        announced: int | None,
        marker: float | None,
    ) -> None:
        """Record how the blog lists its posts, in place of what was known; `marker` in POSIX seconds UTC."""
        most = None if announced is None else min(max(0, announced), _MOST)
        await self._change(
            url, platform=platform, way=way, way_address=way_address, announced=most, marker=marker
        )

    async def set_resume(self, url: str, address: str | None) -> None:
        """Record from which address of the listing the first walk goes on; None once it came to its end."""
        await self._change(url, resume=address)

    async def furniture(self, url: str) -> BlogFurniture:
        """Return what is known of what stands on many posts of the blog and belongs to none."""
        rows = await self._database.rows(select(blogs.c.furniture).where(blogs.c.url == url))
        return read_furniture(rows[0].furniture if rows else None)

    async def keep_furniture(self, url: str, furniture: BlogFurniture) -> None:
        """Record what is known of the furniture of the blog, in place of what was."""
        await self._change(url, furniture=furniture.written())

    async def drop_boilerplate(self, url: str) -> frozenset[str]:
        """Take the download links that stand on most posts of the blog from all of them; return their keys.

        Downloads that nothing else waits for leave the queue.
        """
        keys = await self._database.read(find_boilerplate, url)
        if keys:
            await self._database.write(drop_links, url, keys)
        return keys

    async def follow(self, url: str) -> None:
        """Count the blog among those that are read without being named."""
        await self._change(url, followed=1)

    async def unfollow(self, url: str) -> bool:
        """Return whether the blog was followed; it no longer is, and all that was read of it stays."""
        ending = update(blogs).where(blogs.c.url == url, blogs.c.followed == 1).values(followed=0)
        return await self._database.change(ending) > 0

    async def followed(self) -> list[str]:
        """Return the addresses of the blogs that are followed, in order."""
        query = select(blogs.c.url).where(blogs.c.followed == 1).order_by(blogs.c.url)
        return [row.url for row in await self._database.rows(query)]

    async def yields(self, url: str, *, since: float) -> BlogYield:
        """Return what reading the blog brought before and from `since` on, in POSIX seconds UTC."""
        return await self._database.read(blog_yield, url, since=since)

    async def _change(self, url: str, *, failed_at: float | None = None, **values: Any) -> None:
        def change(connection: Connection) -> None:
            ensure_blogs(connection, {url})
            also = {} if failed_at is None else _one_more_failure(connection, url, failed_at)
            connection.execute(update(blogs).where(blogs.c.url == url).values(values | also))

        await self._database.write(change)


def ensure_blogs(connection: Connection, urls: Collection[str]) -> dict[str, int]:
    """Keep the blogs at `urls` in the transaction of `connection`; return their ids by address."""
    ordered = sorted(urls)
    new = [{"url": url, "complete": 0} for url in ordered]
    connection.execute(insert(blogs).on_conflict_do_nothing(index_elements=[blogs.c.url]), new)
    query = select(blogs.c.url, blogs.c.id).where(blogs.c.url.in_(ordered))
    ids = {row.url: row.id for row in connection.execute(query)}
    return {url: ids[storable(url)] for url in ordered}


def _one_more_failure(connection: Connection, url: str, at: float) -> dict[str, Any]:
    query = select(blogs.c.failures, blogs.c.due).where(blogs.c.url == url)
    row = connection.execute(query).one()
    if not is_one_more(row.failures, row.due, at):
        return {}
    return {"failures": row.failures + 1, "due": next_due(row.failures + 1, at)}


def _state(row: Row[*tuple[Any, ...]]) -> BlogState:
    return BlogState(
        url=row.url,
        title=row.title,
        complete=bool(row.complete),
        last_read=row.last_read,
        reason=None if row.reason is None else Reason(row.reason),
        feed=row.feed,
        listed_at=row.listed_at,
        gone_since=row.gone_since,
        platform=row.platform,
        way=row.way,
        way_address=row.way_address,
        announced=row.announced,
        marker=row.marker,
        resume=row.resume,
        failures=row.failures,
        due=row.due,
        followed=bool(row.followed),
    )
