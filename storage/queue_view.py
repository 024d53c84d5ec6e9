"""Looking into the download queue, without changing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import func, select

from storage.claiming import waiting_priorities
from storage.downloads import as_download
from storage.reasons import Reason
from storage.records import Download, DownloadState
from storage.schema import IS_SETTLED, downloads, in_state

if TYPE_CHECKING:
    from collections.abc import Collection

    from storage.database import Database

_WAITING = in_state(DownloadState.WAITING)
_RUNNING = in_state(DownloadState.RUNNING)
# Inside the class `list` is the method.
_Downloads: TypeAlias = list[Download]


class QueueView:
    """What the queue of a database holds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, id: int) -> Download | None:  # noqa: A002 - what the command line calls it
        """Return the download with this id."""
        async with self._database.reading() as connection:
            row = (await connection.execute(select(downloads).where(downloads.c.id == id))).one_or_none()
        return None if row is None else as_download(row)

    async def list(
        self,
        *,
        states: Collection[DownloadState] = (),
        reason: Reason | None = None,
        host: str | None = None,
        limit: int = 100,
    ) -> _Downloads:
        """Return at most `limit` downloads, the last changed first; what is not given does not restrict."""
        query = select(downloads).order_by(downloads.c.updated.desc(), downloads.c.id.desc()).limit(limit)
        if states:
            query = query.where(downloads.c.state.in_(sorted(states)))
        if reason is not None:
            query = query.where(downloads.c.reason == reason)
        if host is not None:
            query = query.where(downloads.c.host == host)
        async with self._database.reading() as connection:
            return [as_download(row) for row in await connection.execute(query)]

    async def counts(self) -> dict[DownloadState, int]:
        """Return how many downloads are in each state; every state is named."""
        settled = select(downloads.c.state, func.count()).where(IS_SETTLED).group_by(downloads.c.state)
        counts = dict.fromkeys(DownloadState, 0)
        async with self._database.reading() as connection:
            for state, count in await connection.execute(settled):
                counts[DownloadState(state)] = count
            for active in (DownloadState.WAITING, DownloadState.RUNNING):
                counts[active] = await connection.scalar(select(func.count()).where(in_state(active))) or 0
        return counts

    async def failed_by_reason(self) -> dict[Reason, int]:
        """Return how many downloads failed for each reason, the most frequent first."""
        query = (
            select(downloads.c.reason, func.count())
            .where(IS_SETTLED, downloads.c.state == DownloadState.FAILED)
            .group_by(downloads.c.reason)
            .order_by(func.count().desc(), downloads.c.reason)
        )
        async with self._database.reading() as connection:
            return {Reason(reason): count for reason, count in await connection.execute(query)}

    async def waiting_total(self) -> int:
        """Return how many downloads wait, due or not."""
        async with self._database.reading() as connection:
            return await connection.scalar(select(func.count()).where(_WAITING)) or 0

    async def next_due(self) -> float | None:
        """Return the earliest instant at which a claim can find something, None if nothing waits or runs.

        A running download counts with the end of its lease: its worker may have vanished.
        """
        async with self._database.reading() as connection:
            instants = [await connection.scalar(select(func.min(downloads.c.lease_until)).where(_RUNNING))]
            async for priority in waiting_priorities(connection):
                first = select(func.min(downloads.c.due)).where(_WAITING, downloads.c.priority == priority)
                instants.append(await connection.scalar(first))
        return min((instant for instant in instants if instant is not None), default=None)
