"""The blogs that were read: how far, when, with what result, and which of their posts cannot be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from storage.reasons import Reason
from storage.schema import blogs, unreadable
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


UNREADABLE_MEMORY: Final = 30 * 86_400.0
"""Seconds for which it is known how often a post could not be read."""

_CHUNK = 500  # keys in one statement: databases limit the number of parameters


class Blogs:
    """The blogs of a database, by address."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole
    async def ensure(self, url: str) -> BlogState:
        """Return what is known of the blog at `url`, which is kept from now on."""
        async with self._database.writing() as connection:
            await ensure_blogs(connection, {url})
            row = (await connection.execute(select(blogs).where(blogs.c.url == url))).one()
        return _state(row)

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

    async def note_run(
        self, url: str, *, ok: bool, reason: Reason | None, at: float, title: str | None = None
    ) -> None:
        """Record how reading the blog went; `at` in POSIX seconds UTC. A `title` replaces the one known.

        Whatever a blog says but that it was removed for good, it is not gone.
        """
        values: dict[str, Any] = {"reason": None if ok else reason, "gone_since": None}
        if ok:
            values["last_read"] = at
        if title is not None:
            values["title"] = title
        await self._change(url, **values)

    async def unreadable(self, keys: Collection[str]) -> dict[str, int]:
        """Return which of the posts `keys` could not be read lately, and how many runs have tried."""
        now = self._database.now()
        lately = unreadable.c.tried_at.between(now - UNREADABLE_MEMORY, now)
        found: dict[str, int] = {}
        ordered = list(keys)
        async with self._database.reading() as connection:
            for start in range(0, len(ordered), _CHUNK):
                query = select(unreadable).where(
                    unreadable.c.post_key.in_(ordered[start : start + _CHUNK]), lately
                )
                found |= {row.post_key: row.times for row in await connection.execute(query)}
        return found

    @whole
    async def note_unreadable(self, keys: Collection[str]) -> None:
        """Record that one more run could not read the posts `keys`; what was long ago is dropped."""
        now = self._database.now()
        statement = insert(unreadable)
        again = {"times": unreadable.c.times + 1, "tried_at": statement.excluded.tried_at}
        async with self._database.writing() as connection:
            await connection.execute(
                delete(unreadable).where(unreadable.c.tried_at < now - UNREADABLE_MEMORY)
            )
            await connection.execute(
                statement.on_conflict_do_update(index_elements=[unreadable.c.post_key], set_=again),
                [{"post_key": key, "times": 1, "tried_at": now} for key in keys],
            )

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
