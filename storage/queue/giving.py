"""A claim as a whole: what vanished workers held comes back first, then what is due is given out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, update

from storage.queue.claiming import take_due
from storage.queue.holding import LET_GO
from storage.queue.rows import as_download, unknown_word
from storage.queue.sweeping import cut_due_times, take_back_expired
from storage.reasons import Reason
from storage.records import DownloadState
from storage.schema import downloads

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import Connection

    from storage.records import Download

_PARK = (
    update(downloads)
    .where(downloads.c.id == bindparam("job"))
    .values(state=DownloadState.FAILED, reason=Reason.UNKNOWN_VERSION, **LET_GO)
)


def give(
    connection: Connection,
    *,
    limit: int,
    now: float,
    lease: float,
    token: str,
    skip: Collection[str],
    served_last: str,
    look_at_clock: bool,
) -> list[Download]:
    """Take at most `limit` downloads that are due for `lease` seconds; return them in order.

    With `look_at_clock`, a claim that finds less than it may give also cuts due times that a wrong clock
    wrote.
    """
    take_back_expired(connection, now=now)
    given: list[Download] = []
    while len(given) < limit:
        rows = take_due(
            connection,
            limit=limit - len(given),
            now=now,
            lease_until=now + lease,
            token=token,
            skip=skip,
            cursor=given[-1].host if given else served_last,
        )
        jobs = [as_download(row) for row in rows]
        strange = {job.id: word for job in jobs if (word := unknown_word(job)) is not None}
        given += [job for job in jobs if job.id not in strange]
        if not strange:
            break
        _park(connection, strange)
    if look_at_clock and len(given) < limit and cut_due_times(connection, now=now):
        given += give(
            connection,
            limit=limit - len(given),
            now=now,
            lease=lease,
            token=token,
            skip=skip,
            served_last=given[-1].host if given else served_last,
            look_at_clock=False,
        )
    return given


def _park(connection: Connection, strange: Mapping[int, str]) -> None:
    """Set downloads failed that a newer cratedig wrote: this one does not know what they ask for."""
    connection.execute(_PARK, [{"job": job, "detail": word} for job, word in strange.items()])
