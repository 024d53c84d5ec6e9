"""What brings downloads back without an operator: leases that ran out, and what a wrong clock wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, case, null, select, union_all, update

from storage.backoff import LONGEST_RETRY_AFTER, MAX_CLAIMS
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
    )
)
_CUT = (
    update(downloads).where(_WAITING, downloads.c.due > bindparam("latest")).values(due=bindparam("latest"))
)


def take_back_expired(connection: Connection, *, now: float) -> int:
    """Let the downloads of vanished workers wait again; give up those that saw too many workers vanish."""
    values = {"now": now, "horizon": now + LONGEST_LEASE, "updated": now}
    return connection.execute(_TAKE_BACK, values).rowcount


def cut_due_times(connection: Connection, *, now: float) -> None:
    """Bring back what would wait longer than anything may: its due time was written under a wrong clock.

    Only what is written down comes to an end: cut anew by each look, such a wait would never. All that waits
    is walked through.
    """
    connection.execute(_CUT, {"latest": now + LONGEST_RETRY_AFTER})
