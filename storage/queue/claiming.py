"""How downloads are handed out: by priority, host after host in turn, each by due time and id."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select, union_all, update

from storage.queue.heads import heads_behind, heads_up_to, is_paused, next_priority
from storage.records import DownloadState
from storage.schema import downloads, in_state

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from sqlalchemy import ColumnElement, Connection, Row, Select
    from sqlalchemy.sql.dml import ReturningUpdate

_BELOW_ALL = -(2**31)
"""Smaller than every priority."""

_WAITING = in_state(DownloadState.WAITING)
_NEXT = downloads.alias("next")


def _fair(*restrictions: Callable[[ColumnElement[str]], ColumnElement[bool]]) -> Select[int]:
    """Return the query for the ids of what is due in the next priority, a row of each host in turn.

    Hosts behind the cursor come first, then those up to it. The rows of a recursive query are worked off in
    the order in which they are found, so that a round ends before the next begins.
    """
    cursor: ColumnElement[str] = bindparam("cursor")
    behind = heads_behind("behind", cursor)
    up_to = heads_up_to("up_to", cursor)
    heads = union_all(select(behind), select(up_to)).subquery("heads")
    allowed = [condition(heads.c.host) for condition in restrictions]
    firsts = (
        select(heads)
        .where(heads.c.due <= bindparam("now"), ~is_paused(heads.c.host), *allowed)
        .limit(bindparam("count"))
        .subquery("firsts")
    )
    turns = select(firsts).cte("turns", recursive=True)
    of_host = select(downloads.c.id).where(
        _WAITING, downloads.c.priority == turns.c.priority, downloads.c.host == turns.c.host
    )
    # One comparison of (due, id) would be shorter, but SQLite walks through all of the same due time for it.
    same_due = of_host.where(downloads.c.due == turns.c.due, downloads.c.id > turns.c.id)
    later = of_host.where(downloads.c.due > turns.c.due)
    following = func.coalesce(
        same_due.order_by(downloads.c.id).limit(1).correlate(turns).scalar_subquery(),
        later.order_by(downloads.c.due, downloads.c.id).limit(1).correlate(turns).scalar_subquery(),
    )
    columns = (_NEXT.c.priority, _NEXT.c.host, _NEXT.c.due, _NEXT.c.id)
    turns = turns.union_all(
        select(*columns)
        .join_from(turns, _NEXT, _NEXT.c.id == following)
        .where(_NEXT.c.due <= bindparam("now"))
    )
    return select(turns.c.id).limit(bindparam("count"))


def _take(due: Select[int]) -> ReturningUpdate[*tuple[Any, ...]]:
    # Where rows are locked one by one, another worker may have taken what was found: it is passed over.
    free = select(downloads.c.id).where(downloads.c.id.in_(due), _WAITING).with_for_update(skip_locked=True)
    return (
        update(downloads)
        .where(downloads.c.id.in_(free))
        .values(state=DownloadState.RUNNING, attempts=downloads.c.attempts + 1)
        .returning(*downloads.c)
    )


# The statements are built once: building one takes longer than running it. Names that are columns are set.
_NEXT_PRIORITY = select(next_priority())
_TAKE = _take(_fair())
_TAKE_OTHERS = _take(_fair(lambda host: host.not_in(bindparam("skip", expanding=True))))


def take_due(
    connection: Connection,
    *,
    limit: int,
    now: float,
    lease_until: float,
    token: str,
    skip: Collection[str],
    cursor: str,
) -> list[Row[*tuple[Any, ...]]]:
    """Set at most `limit` downloads that are due running, none of hosts in `skip`; return them in order.

    `cursor` is the host that was served last.
    """
    statement = _TAKE_OTHERS if skip else _TAKE
    values: dict[str, Any] = {
        "token": token,
        "lease_until": lease_until,
        "updated": now,
        "now": now,
        "cursor": cursor,
    }
    if skip:
        values["skip"] = _padded(skip)
    taken: list[Row[*tuple[Any, ...]]] = []
    above: int | None = _BELOW_ALL
    while above is not None:
        page = {"above": above, "count": limit - len(taken)}
        rows = connection.execute(statement, values | page).all()
        taken += _in_turns(rows, values["cursor"])
        if len(taken) >= limit:
            break
        values["cursor"] = taken[-1].host if taken else cursor
        # Where nothing was taken, only a look tells which priority it was that had nothing due.
        above = rows[0].priority if rows else connection.scalar(_NEXT_PRIORITY, {"above": above})
    return taken


def _in_turns(rows: Sequence[Row[*tuple[Any, ...]]], cursor: str) -> list[Row[*tuple[Any, ...]]]:
    """Return the rows of one priority as hosts took their turns, round after round."""
    rounds: Counter[str] = Counter()
    placed = []
    for row in sorted(rows, key=lambda row: (row.due, row.id)):
        rounds[row.host] += 1
        placed.append(((rounds[row.host], row.host <= cursor, row.host), row))
    return [row for _, row in sorted(placed, key=lambda place: place[0])]


def _padded(hosts: Collection[str]) -> list[str]:
    """Return the hosts, the last one repeated up to a power of two: few lengths make few statements."""
    ordered = sorted(hosts)
    length = 1 << (len(ordered) - 1).bit_length()
    return ordered + ordered[-1:] * (length - len(ordered))
