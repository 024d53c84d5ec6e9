"""The blogs that were read: how far, when, and with what result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.sqlite import insert

from storage.reasons import Reason
from storage.schema import blogs
from storage.text import storable
from storage.unbroken import whole

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.database import Database


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


class Blogs:
    """The blogs of a database, by address."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, url: str) -> BlogState | None:
        """Return what is known of the blog at `url`, None if it was never read."""
        async with self._database.reading() as connection:
            row = (await connection.execute(select(blogs).where(blogs.c.url == url))).one_or_none()
        return None if row is None else _state(row)

    async def all(self) -> list[BlogState]:
        """Return all blogs, by address."""
        async with self._database.reading() as connection:
            return [_state(row) for row in await connection.execute(select(blogs).order_by(blogs.c.url))]

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

    async def note_run(self, url: str, *, ok: bool, reason: Reason | None, at: float) -> None:
        """Record how reading the blog went; `at` in POSIX seconds UTC.

        Whatever a blog says but that it was removed for good, it is not gone.
        """
        values: dict[str, Any] = {"reason": None if ok else reason, "gone_since": None}
        if ok:
            values["last_read"] = at
        await self._change(url, **values)

    @whole
    async def _change(self, url: str, **values: Any) -> None:
        async with self._database.writing() as connection:
            await ensure_blogs(connection, {url})
            await connection.execute(update(blogs).where(blogs.c.url == url).values(values))


async def ensure_blogs(connection: AsyncConnection, urls: Collection[str]) -> dict[str, int]:
    """Keep the blogs at `urls` in the transaction of `connection`; return their ids by address."""
    ordered = sorted(urls)
    new = [{"url": url, "complete": 0} for url in ordered]
    await connection.execute(insert(blogs).on_conflict_do_nothing(index_elements=[blogs.c.url]), new)
    query = select(blogs.c.url, blogs.c.id).where(blogs.c.url.in_(ordered))
    ids = {row.url: row.id for row in await connection.execute(query)}
    return {url: ids[storable(url)] for url in ordered}


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
    )
