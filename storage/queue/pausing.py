"""Pauses: nothing of a host is given out, or nothing at all, until a moment or until a person says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from storage.queue.heads import pause_holds
from storage.queue.rows import named
from storage.reasons import Reason
from storage.records import Pause
from storage.schema import EVERY_HOST, pauses

if TYPE_CHECKING:
    from sqlalchemy import Connection

_ACTIVE = select(pauses).where(pause_holds()).order_by(pauses.c.host)


def pause(connection: Connection, given: Pause) -> None:
    """Keep a pause in the place of an earlier one; those that are over are dropped."""
    over = pauses.c.until <= given.since
    connection.execute(delete(pauses).where(over | (pauses.c.host == _host(given.host))))
    connection.execute(
        insert(pauses),
        {"host": _host(given.host), "since": given.since, "until": given.until, "reason": given.reason},
    )


def resume(connection: Connection, host: str | None, *, now: float) -> bool:
    """End a pause; return whether it held."""
    held = any(given.host == host for given in active(connection, now=now))
    connection.execute(delete(pauses).where(pauses.c.host == _host(host)))
    return held


def active(connection: Connection, *, now: float) -> list[Pause]:
    """Return the pauses that hold, that of the whole queue first."""
    return [
        Pause(
            host=row.host if row.host != EVERY_HOST else None,
            since=row.since,
            until=row.until,
            reason=None if row.reason is None else named(Reason, row.reason),
        )
        for row in connection.execute(_ACTIVE, {"now": now})
    ]


def _host(host: str | None) -> str:
    return EVERY_HOST if host is None else host
