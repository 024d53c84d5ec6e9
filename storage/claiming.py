"""How downloads are handed out: expired leases come back first, then what is due, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, case, func, null, select, union_all, update

from storage.backoff import MAX_CLAIMS
from storage.reasons import Reason
from storage.records import DownloadState
from storage.schema import downloads, in_state

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection

    from sqlalchemy import ColumnElement, Row, ScalarSelect, Select
    from sqlalchemy.ext.asyncio import AsyncConnection
    from sqlalchemy.sql.dml import ReturningUpdate

LONGEST_LEASE = 3600.0
"""Seconds. A lease that ends later than this from now was given by a clock that has been set back since."""

_BELOW_ALL = -(2**31)
"""Smaller than every priority."""

_WAITING = in_state(DownloadState.WAITING)
_RUNNING = in_state(DownloadState.RUNNING)


def _next_priority(above: ColumnElement[int]) -> ScalarSelect[int]:
    """Return the query for the smallest priority that waits and is greater than `above`: one index step.

    Within one priority the index is sorted by due time. So what is due is found fast, however many
    others wait for later.
    """
    return (
        select(func.min(downloads.c.priority)).where(_WAITING, downloads.c.priority > above).scalar_subquery()
    )


# The statements are built once: building one takes longer than running it. Names that are columns are set.
_NEXT_PRIORITY = select(_next_priority(bindparam("above")))
_GAVE_UP = downloads.c.attempts >= MAX_CLAIMS
_RUNNING_IDS = select(downloads.c.id).where(_RUNNING)
_TAKE_BACK = (
    update(downloads)
    .where(
        # Two steps into the index instead of one walk through all that runs.
        downloads.c.id.in_(
            union_all(
                _RUNNING_IDS.where(downloads.c.lease_until < bindparam("now")),
                _RUNNING_IDS.where(downloads.c.lease_until > bindparam("horizon")),
            )
        )
    )
    .values(
        state=case((_GAVE_UP, DownloadState.FAILED), else_=DownloadState.WAITING),
        reason=case((_GAVE_UP, Reason.CRASHED), else_=downloads.c.reason),
        detail=case((_GAVE_UP, null()), else_=downloads.c.detail),
        token=null(),
        lease_until=null(),
    )
)
_DUE = (
    select(downloads.c.id)
    .where(
        _WAITING,
        downloads.c.priority == _next_priority(bindparam("above")),
        downloads.c.due <= bindparam("now"),
    )
    .order_by(downloads.c.due, downloads.c.id)
    .limit(bindparam("count"))
    .with_for_update(skip_locked=True)
)


def _take(due: Select[int]) -> ReturningUpdate[*tuple[Any, ...]]:
    return (
        update(downloads)
        .where(downloads.c.id.in_(due))
        .values(state=DownloadState.RUNNING, attempts=downloads.c.attempts + 1)
        .returning(*downloads.c)
    )


_TAKE = _take(_DUE)
_TAKE_OTHERS = _take(_DUE.where(downloads.c.host.not_in(bindparam("skip", expanding=True))))


async def take_back_expired(connection: AsyncConnection, *, now: float) -> None:
    """Let the downloads of vanished workers wait again; give up those that saw too many workers vanish."""
    await connection.execute(_TAKE_BACK, {"now": now, "horizon": now + LONGEST_LEASE, "updated": now})


async def take_due(
    connection: AsyncConnection,
    *,
    limit: int,
    now: float,
    lease_until: float,
    token: str,
    skip: Collection[str],
) -> list[Row[*tuple[Any, ...]]]:
    """Set at most `limit` downloads that are due running, none of hosts in `skip`; return them in order."""
    statement = _TAKE_OTHERS if skip else _TAKE
    values = {"token": token, "lease_until": lease_until, "updated": now, "now": now}
    if skip:
        values["skip"] = sorted(skip)
    taken: list[Row[*tuple[Any, ...]]] = []
    above: int | None = _BELOW_ALL
    while above is not None:
        page = {"above": above, "count": limit - len(taken)}
        rows = (await connection.execute(statement, values | page)).all()
        taken += sorted(rows, key=lambda row: (row.due, row.id))
        if len(taken) >= limit:
            break
        # Where nothing was taken, only a look tells which priority it was that had nothing due.
        above = rows[0].priority if rows else await connection.scalar(_NEXT_PRIORITY, {"above": above})
    return taken


async def waiting_priorities(connection: AsyncConnection) -> AsyncIterator[int]:
    """Yield the priorities of what waits, smallest first."""
    priority = await connection.scalar(_NEXT_PRIORITY, {"above": _BELOW_ALL})
    while priority is not None:
        yield priority
        priority = await connection.scalar(_NEXT_PRIORITY, {"above": priority})
