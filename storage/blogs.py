"""The blogs that were read: how far, when, and with what result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update
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
    """What is known of a blog. `complete`: its whole archive has been read once."""

    url: str
    title: str | None
    complete: bool
    last_read: float | None
    """POSIX seconds UTC of the last reading that went well."""
    reason: Reason | None
    """Why the last reading did not."""


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

    async def note_run(
        self, url: str, *, ok: bool, reason: Reason | None, at: float, title: str | None = None
    ) -> None:
        """Record how reading the blog went; `at` in POSIX seconds UTC. A `title` replaces the one known."""
        values: dict[str, Any] = {"reason": None if ok else reason}
        if ok:
            values["last_read"] = at
        if title is not None:
            values["title"] = title
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
    )
