"""What brings downloads back without an operator: leases that ran out, and what a wrong clock wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, case, null, or_, select, union_all, update

from storage.backoff import LONGEST_RETRY_AFTER, MAX_CLAIMS
from storage.queue.holding import not_later_than
from storage.queue.port import LONGEST_LEASE
from storage.reasons import Reason
from storage.records import DownloadState
from storage.schema import downloads, in_state

if TYPE_CHECKING:
    from sqlalchemy import Connection

_WAITING = in_state(DownloadState.WAITING)
_GAVE_UP = downloads.c.attempts >= MAX_CLAIMS
_RUNNING_IDS = select(downloads.c.id).where(in_state(DownloadState.RUNNING))
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
        due=not_later_than("now"),
    )
)
AHEAD = 60.0
"""Seconds. What was written later than that from now was written by a clock that has been set back since: who
waits for a turn to write is behind by less."""
_WAIT = downloads.c.due - downloads.c.updated
_CUT = (
    update(downloads)
    .where(
        _WAITING,
        downloads.c.due > bindparam("now"),
        or_(downloads.c.due > bindparam("latest"), downloads.c.updated > bindparam("ahead")),
    )
    .values(
        due=case(
            (downloads.c.updated <= bindparam("ahead"), bindparam("latest")),
            (_WAIT > LONGEST_RETRY_AFTER, bindparam("latest")),
            (_WAIT < 0, bindparam("now")),
            else_=bindparam("now") + _WAIT,
        )
    )
)


def take_back_expired(connection: Connection, *, now: float) -> int:
    """Let the downloads of vanished workers wait again; give up those that saw too many workers vanish."""
    values = {"now": now, "horizon": now + LONGEST_LEASE, "updated": now}
    return connection.execute(_TAKE_BACK, values).rowcount


def cut_due_times(connection: Connection, *, now: float) -> int:
    """Let what a clock that was ahead wrote wait from now on, as long as it was to; return how many.

    Nothing waits longer than anything may. Only what is written down comes to an end: cut anew by each
    look, such a wait would never. All that waits is walked through.
    """
    values = {"now": now, "latest": now + LONGEST_RETRY_AFTER, "ahead": now + AHEAD, "updated": now}
    return connection.execute(_CUT, values).rowcount
