"""Links of matched posts that stand by: their music has no download that is done or may still succeed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from storage.chunks import chunks
from storage.queue.entering import enqueue
from storage.queue.rows import named
from storage.records import DownloadState, LinkKind
from storage.schema import IS_MATCHED, blogs, downloads, links, posts, pruned

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import ColumnElement, Connection

    from storage.database import Database
    from storage.records import WantedDownload

_FAILED = downloads.c.state == DownloadState.FAILED
_NO_FORMAT = ""


class SpareLinks:
    """The links of a database that could be queued in the place of others."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def posts(
        self,
        blogs_of: Collection[str],
        *,
        kinds: Collection[LinkKind],
        formats: Collection[str] = (),
        every: bool = False,
    ) -> list[str]:
        """Return the keys of matched posts with music for which a link of `kinds` and `formats` stands by.

        That is music none of whose links is in the queue, or one of whose links has failed for good; with
        `every`, any. A link whose format is not known is of any; no formats are all.
        """
        music = func.coalesce(links.c.group_number, -1 - links.c.position)
        query = (
            select(posts.c.key)
            .select_from(links)
            .join(posts)
            .join(blogs)
            .outerjoin(downloads, downloads.c.key == links.c.key)
            .outerjoin(pruned, pruned.c.key == links.c.key)
            .where(IS_MATCHED, blogs.c.url.in_(sorted(blogs_of)), links.c.kind.in_(sorted(kinds)))
            .group_by(links.c.post_id, posts.c.key, music)
            .having(_any(downloads.c.id.is_(None) & pruned.c.key.is_(None)) == 1)
        )
        if not every:
            # What was pruned was done if its content is known; else it is gone as what failed is.
            lives = (downloads.c.id.is_not(None) & ~_FAILED) | pruned.c.sha256.is_not(None)
            failed = _FAILED | (pruned.c.key.is_not(None) & pruned.c.sha256.is_(None))
            query = query.having((_any(lives) == 0) | (_any(failed) == 1))
        if formats:
            query = query.where(func.coalesce(links.c.format, _NO_FORMAT).in_([*sorted(formats), _NO_FORMAT]))
        return list(dict.fromkeys(row.key for row in await self._database.rows(query)))

    async def states(self, keys: Collection[str]) -> dict[str, DownloadState]:
        """Return the states of the downloads of these links, by key; of pruned ones, how they ended."""
        return await self._database.read(_states, keys)

    async def queue(self, wanted: Sequence[WantedDownload]) -> int:
        """Queue what has no download yet; return how many were added."""
        return await self._database.write(enqueue, wanted, now=self._database.now())


def _states(connection: Connection, keys: Collection[str]) -> dict[str, DownloadState]:
    query = select(downloads.c.key, downloads.c.state)
    forgotten = select(pruned.c.key, pruned.c.sha256)
    states: dict[str, DownloadState] = {}
    for some in chunks(keys):
        rows = connection.execute(query.where(downloads.c.key.in_(some)))
        states.update((row.key, named(DownloadState, row.state)) for row in rows)
        for key, sha256 in connection.execute(forgotten.where(pruned.c.key.in_(some))):
            states[key] = DownloadState.FAILED if sha256 is None else DownloadState.DONE
    return states


def _any(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.max(case((condition, 1), else_=0))
