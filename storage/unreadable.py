"""The posts that could not be read: how often that was tried, and which are to be tried again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import exists, or_, select
from sqlalchemy.dialects.sqlite import insert

from storage.blogs import ensure_blogs
from storage.chunks import chunks
from storage.schema import blogs, posts, unreadable

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import Connection

    from storage.database import Database

MAX_TRIES: Final = 3
"""Runs that ask for a post that is not there, or not for us; then it is left alone for a while.

Not one alone: a page may be listed a little before it is there.
"""

MEMORY: Final = 30 * 86_400.0
"""Seconds for which a post that was tried so often is left alone, until one more run asks for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePost:
    """A post that is to be asked for again: its address, its identity, and how many runs have tried."""

    url: str
    key: str
    times: int


class Unreadable:
    """The posts of a database that could not be read, by the identity of their address."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def tries(self, keys: Collection[str]) -> dict[str, int]:
        """Return which of the posts `keys` could not be read, and how many runs have tried.

        What was left alone for long enough is not among them.
        """
        now = self._database.now()
        counts = or_(unreadable.c.times < MAX_TRIES, unreadable.c.tried_at.between(now - MEMORY, now))
        query = select(unreadable).where(counts)
        queries = [query.where(unreadable.c.post_key.in_(some)) for some in chunks(keys)]
        rows = await self._database.rows(*queries)
        return {row.post_key: row.times for row in rows}

    async def due(self, blog: str, *, limit: int) -> list[DuePost]:
        """Return the posts of `blog` that the next run is to ask for again, those tried longest ago first."""
        is_stored = exists().where(posts.c.key == unreadable.c.post_key)
        has_rested = unreadable.c.tried_at < self._database.now() - MEMORY
        query = (
            select(unreadable.c.url, unreadable.c.post_key, unreadable.c.times)
            .join_from(unreadable, blogs)
            .where(blogs.c.url == blog, or_(unreadable.c.times < MAX_TRIES, has_rested), ~is_stored)
            .order_by(unreadable.c.tried_at, unreadable.c.post_key)
            .limit(limit)
        )
        rows = await self._database.rows(query)
        return [DuePost(url=row.url, key=row.post_key, times=row.times) for row in rows]

    async def note(self, blog: str, unread: Mapping[str, str], *, tries: int = 1) -> None:
        """Record that one more run could not read posts of `blog`, addresses by key, as so many `tries`."""
        await self._write(blog, unread, tries=tries)

    async def put_off(self, blog: str, unread: Mapping[str, str]) -> None:
        """Record that posts of `blog`, addresses by key, are to be asked for again; that was no try."""
        await self._write(blog, unread, tries=0)

    async def _write(self, blog: str, unread: Mapping[str, str], *, tries: int) -> None:
        if not unread:
            return
        now = self._database.now()
        statement = insert(unreadable)
        given = statement.excluded
        again = {
            "blog_id": given.blog_id,
            "url": given.url,
            "times": unreadable.c.times + tries,
            "tried_at": given.tried_at,
        }
        noting = statement.on_conflict_do_update(index_elements=[unreadable.c.post_key], set_=again)

        def write(connection: Connection) -> None:
            (blog_id,) = ensure_blogs(connection, {blog}).values()
            values = [
                {"post_key": key, "blog_id": blog_id, "url": url, "times": tries, "tried_at": now}
                for key, url in unread.items()
            ]
            connection.execute(noting, values)

        await self._database.write(write)
