"""Looking into the download queue, without changing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import bindparam, case, func, select

from storage.backoff import LONGEST_RETRY_AFTER
from storage.queue.choosing import conditions
from storage.queue.heads import heads_of_all, is_paused, pause_holds
from storage.queue.pausing import active
from storage.queue.port import LONGEST_LEASE
from storage.queue.rows import as_download, named
from storage.queue.sweeping import AHEAD
from storage.reasons import Reason
from storage.records import Download, DownloadState, Pause, Selection, WaitingHost
from storage.schema import IS_SETTLED, downloads, in_state, pauses

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select

    from storage.database import Database

_WAITING = in_state(DownloadState.WAITING)
_RUNNING = in_state(DownloadState.RUNNING)
_HIGHEST_ID = 2**63 - 1
EVERYTHING = Selection()
# Inside the class `list` is the method.
_Downloads: TypeAlias = list[Download]
_Pauses: TypeAlias = list[Pause]
_WaitingHosts: TypeAlias = list[WaitingHost]


class QueueView:
    """What the queue of a database holds. What each question promises is said at the port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, id: int) -> Download | None:  # noqa: A002 - what the command line calls it
        """Return the download with this id."""
        if not 0 <= id <= _HIGHEST_ID:
            return None
        rows = await self._database.rows(select(downloads).where(downloads.c.id == id))
        return as_download(rows[0]) if rows else None

    async def list(self, selection: Selection = EVERYTHING, *, limit: int = 100) -> _Downloads:
        """Return at most `limit` downloads, the last changed first."""
        query = select(downloads).where(*conditions(selection))
        query = query.order_by(downloads.c.updated.desc(), downloads.c.id.desc()).limit(limit)
        return [as_download(row) for row in await self._database.rows(query)]

    async def counts(self, selection: Selection = EVERYTHING) -> dict[DownloadState, int]:
        """Return how many downloads are in each state; every state is named."""
        by_state = select(downloads.c.state, func.count()).group_by(downloads.c.state)
        if chosen := conditions(selection):
            rows = await self._database.rows(by_state.where(*chosen))
        else:
            # Each of these has an index of its own; the table is not walked through.
            sets = (IS_SETTLED, _WAITING, _RUNNING)
            rows = await self._database.rows(*(by_state.where(one) for one in sets))
        return dict.fromkeys(DownloadState, 0) | {named(DownloadState, row[0]): row[1] for row in rows}

    async def failed_by_reason(self) -> dict[Reason, int]:
        """Return how many downloads failed for each reason, the most frequent first."""
        query = (
            select(downloads.c.reason, func.count())
            .where(IS_SETTLED, downloads.c.state == DownloadState.FAILED)
            .group_by(downloads.c.reason)
            .order_by(func.count().desc(), downloads.c.reason)
        )
        return {named(Reason, reason): count for reason, count in await self._database.rows(query)}

    async def waiting_total(self) -> int:
        """Return how many downloads wait, due or not, paused or not."""
        return await self._database.read(_one, select(func.count()).where(_WAITING))

    async def paused_total(self) -> int:
        """Return how many of those that wait do so behind a pause."""
        query = select(func.count()).where(_WAITING, is_paused(downloads.c.host))
        return await self._database.read(_one, query.params(now=self._database.now()))

    async def waiting_by_host(self, limit: int) -> _WaitingHosts:
        """Return the hosts for which most waits, at most `limit` of them, paused or not."""
        now = self._database.now()
        due = func.sum(case((downloads.c.due <= now, 1), else_=0))
        query = (
            select(downloads.c.host, func.count(), due, func.min(downloads.c.due))
            .where(_WAITING)
            .group_by(downloads.c.host)
            .order_by(func.count().desc(), downloads.c.host)
            .limit(limit)
        )
        return [
            WaitingHost(host=host, waiting=waiting, due=due, earliest=earliest)
            for host, waiting, due, earliest in await self._database.rows(query)
        ]

    async def heads(self, limit: int) -> _Downloads:
        """Return what waits first for each host in each priority, at most `limit`, by priority and host."""
        return [as_download(row) for row in await self._database.rows(_FIRST_HEADS.params(most=limit))]

    async def pauses(self) -> _Pauses:
        """Return the pauses that are not over, that of the whole queue first, then by host."""
        return await self._database.read(active, now=self._database.now())

    async def next_due(self) -> float | None:
        """Return the earliest instant at which a claim can find something, None if none can be seen."""
        return await self._database.read(_next_due, self._database.now())


_HEADS = heads_of_all("heads")
# They are found in their order: each is looked for behind the one before.
_FIRST_HEADS = (
    select(downloads).join_from(_HEADS, downloads, downloads.c.id == _HEADS.c.id).limit(bindparam("most"))
)
# What a clock that was ahead wrote is looked at by the next claim.
_HEAD_DUE = case(
    ((_HEADS.c.due > bindparam("now")) & (downloads.c.updated > bindparam("ahead")), bindparam("now")),
    else_=_HEADS.c.due,
)
_DUE_BY_PAUSE = (
    select(pauses.c.host, pauses.c.until, func.min(_HEAD_DUE))
    .join_from(_HEADS, downloads, downloads.c.id == _HEADS.c.id)
    .outerjoin(pauses, (pauses.c.host == _HEADS.c.host) & pause_holds())
    .group_by(pauses.c.host, pauses.c.until)
)
_FIRST_LEASE = select(func.min(downloads.c.lease_until)).where(_RUNNING)


def _one(connection: Connection, count: Select[int]) -> int:
    return connection.scalars(count).one()


def _next_due(connection: Connection, now: float) -> float | None:
    whole = next((pause for pause in active(connection, now=now) if pause.host is None), None)
    if whole is not None and whole.until is None:
        return None
    instants: list[float] = []
    for host, until, due in connection.execute(_DUE_BY_PAUSE, {"now": now, "ahead": now + AHEAD}):
        latest = min(due, now + LONGEST_RETRY_AFTER)
        if host is None:
            instants.append(latest)
        elif until is not None:
            instants.append(max(latest, until))
    lease = connection.scalar(_FIRST_LEASE)
    if lease is not None:
        instants.append(lease if lease <= now + LONGEST_LEASE else now)
    earliest = min(instants, default=None)
    if earliest is None or whole is None or whole.until is None:
        return earliest
    return max(earliest, whole.until)
