"""The download queue: jobs are claimed under a lease and changed only by who holds it."""

from __future__ import annotations

import secrets
from random import SystemRandom
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, null, select, update

from storage.backoff import Again, decide
from storage.claiming import LONGEST_LEASE, take_back_expired, take_due
from storage.downloads import as_download
from storage.errors import LeaseLostError
from storage.queue_view import QueueView
from storage.records import Download, DownloadState, Finished
from storage.schema import downloads, in_state
from storage.unbroken import whole

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from random import Random

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.backoff import GiveUp
    from storage.database import Database
    from storage.reasons import Reason

_RUNNING = in_state(DownloadState.RUNNING)
_LET_GO: dict[str, Any] = {"token": null(), "lease_until": null()}
_LONGEST_DETAIL = 500
_CHUNK = 1000
"""Jobs in one statement: databases limit the number of parameters."""


class Queue(QueueView):
    """Hands out the downloads of a database. Several processes may do so at once: leases decide.

    Every change of a claimed job asks for its token and raises LeaseLostError if the lease ran out and
    the job was taken back: the caller then leaves the job and its file alone.
    """

    def __init__(self, database: Database, *, rng: Random | None = None) -> None:
        super().__init__(database)
        self._rng = rng or SystemRandom()

    @whole
    async def claim(
        self, *, limit: int, lease: float = 60.0, skip_hosts: Collection[str] = ()
    ) -> list[Download]:
        """Take at most `limit` jobs that are due, for `lease` seconds, by priority, due time and id.

        Jobs whose lease ran out are given again; each claim counts as an attempt. Hosts in
        `skip_hosts` are left waiting.
        """
        if not 0 < lease <= LONGEST_LEASE:
            raise ValueError(f"a lease lasts at most {LONGEST_LEASE} seconds, not {lease}")
        now = self._database.now()
        async with self._database.writing() as connection:
            await take_back_expired(connection, now=now)
            rows = await take_due(
                connection,
                limit=limit,
                now=now,
                lease_until=now + lease,
                token=secrets.token_hex(8),
                skip=skip_hosts,
            )
        return [as_download(row) for row in rows]

    @whole
    async def heartbeat(self, jobs: Sequence[Download], *, lease: float) -> frozenset[int]:
        """Keep `jobs` for `lease` seconds from now; return the ids of those that are no longer held."""
        now = self._database.now()
        async with self._database.writing() as connection:
            held = await _with_token(connection, jobs, _RUNNING)
            for ids in _chunks(held):
                values = {"lease_until": now + lease, "updated": now}
                await connection.execute(update(downloads).where(downloads.c.id.in_(ids)).values(values))
        return frozenset(job.id for job in jobs) - held

    async def verified(self, job: Download, *, path: str, size: int, sha256: str) -> None:
        """Record where the file of `job` is about to be published, and what it is.

        After a crash between publishing and `complete`, the next worker recognises the file by it.
        """
        intended = Finished(id=job.id, token=_token(job), path=path, size=size, sha256=sha256)
        if await self.verified_many([intended]):
            raise _lost(job)

    @whole
    async def verified_many(self, intended: Sequence[Finished]) -> frozenset[int]:
        """Record many intents in one transaction; return the ids of jobs that are not held any more."""
        if not intended:
            return frozenset()
        now = self._database.now()
        async with self._database.writing() as connection:
            changed = await connection.execute(_INTEND, [_named(one, now) for one in intended])
            if changed.rowcount == len(intended):
                return frozenset()
            held = await _with_token(connection, intended, _RUNNING)
        return frozenset(one.id for one in intended) - held

    async def complete(self, job: Download, *, path: str, size: int, sha256: str) -> None:
        """Record that the file of `job` is published under `path`."""
        done = Finished(id=job.id, token=_token(job), path=path, size=size, sha256=sha256)
        if await self.complete_many([done]):
            raise _lost(job)

    @whole
    async def complete_many(self, finished: Sequence[Finished]) -> frozenset[int]:
        """Record published files in one transaction; return the ids of jobs that were not held any more.

        To complete the same again changes nothing.
        """
        if not finished:
            return frozenset()
        now = self._database.now()
        async with self._database.writing() as connection:
            changed = await connection.execute(_COMPLETE, [_named(one, now) for one in finished])
            if changed.rowcount == len(finished):
                return frozenset()
            done = await _with_token(connection, finished, in_state(DownloadState.DONE))
        return frozenset(one.id for one in finished) - done

    async def fail(
        self, job: Download, reason: Reason, detail: str | None = None, *, retry_after: float | None = None
    ) -> Again | GiveUp:
        """Record a failed attempt and return what follows, as storage.backoff decides: another, or none.

        `retry_after` is what the server asked for, in seconds from now.
        """
        verdict = decide(reason, job.attempts, retry_after=retry_after, rng=self._rng)
        values: dict[str, Any] = {"reason": reason, "detail": _short(detail), **_LET_GO}
        if isinstance(verdict, Again):
            values |= {"state": DownloadState.WAITING, "due": self._database.now() + verdict.delay}
        else:
            values |= {"state": DownloadState.FAILED}
        await self._change(job, values)
        return verdict

    @whole
    async def retry(self, *, reason: Reason | None = None, host: str | None = None) -> int:
        """Let failed and cancelled downloads wait again, due now and with all tries; return how many.

        `reason` and `host`, if given, choose among them.
        """
        ended: list[ColumnElement[bool]] = [
            downloads.c.state.in_([DownloadState.FAILED, DownloadState.CANCELLED])
        ]
        if reason is not None:
            ended.append(downloads.c.reason == reason)
        if host is not None:
            ended.append(downloads.c.host == host)
        now = self._database.now()
        values = {"state": DownloadState.WAITING, "attempts": 0, "due": now, "updated": now, **_LET_GO}
        async with self._database.writing() as connection:
            return int((await connection.execute(update(downloads).where(*ended).values(values))).rowcount)

    async def put_off(
        self, job: Download, *, until: float, reason: Reason, detail: str | None = None
    ) -> None:
        """Let `job` wait until `until` (POSIX seconds UTC) for a cause not its own: no attempt is used."""
        await self._change(
            job,
            {
                "state": DownloadState.WAITING,
                "due": until,
                "attempts": downloads.c.attempts - 1,
                "reason": reason,
                "detail": _short(detail),
                **_LET_GO,
            },
        )

    async def release(self, job: Download) -> None:
        """Give `job` back as it was before it was claimed."""
        await self._change(
            job, {"state": DownloadState.WAITING, "attempts": downloads.c.attempts - 1, **_LET_GO}
        )

    @whole
    async def _change(self, job: Download, values: dict[str, Any]) -> None:
        async with self._database.writing() as connection:
            changed = await connection.execute(
                update(downloads)
                .where(downloads.c.id == job.id, downloads.c.token == _token(job), _RUNNING)
                .values(values | {"updated": self._database.now()})
            )
        if changed.rowcount != 1:
            raise _lost(job)


_INTEND = update(downloads).where(
    downloads.c.id == bindparam("job"), downloads.c.token == bindparam("holder"), _RUNNING
)
# The token stays: it tells who finished, so that an acknowledgement can be repeated.
_COMPLETE = _INTEND.values(state=DownloadState.DONE, reason=null(), detail=null(), lease_until=null())


def _named(one: Finished, now: float) -> dict[str, Any]:
    return {
        "job": one.id,
        "holder": one.token,
        "path": one.path,
        "bytes": one.size,
        "sha256": one.sha256,
        "updated": now,
    }


async def _with_token(
    connection: AsyncConnection, jobs: Iterable[Download | Finished], state: ColumnElement[bool]
) -> frozenset[int]:
    """Return the ids of those of `jobs` that are in `state` and still have their token."""
    tokens = {job.id: job.token for job in jobs}
    same: set[int] = set()
    query = select(downloads.c.id, downloads.c.token).where(state).with_for_update()
    for ids in _chunks(tokens):
        rows = await connection.execute(query.where(downloads.c.id.in_(ids)))
        same.update(row.id for row in rows if row.token == tokens[row.id])
    return frozenset(same)


def _chunks(ids: Collection[int]) -> Iterable[list[int]]:
    ordered = sorted(ids)
    return (ordered[start : start + _CHUNK] for start in range(0, len(ordered), _CHUNK))


def _token(job: Download) -> str:
    if job.token is None:
        raise _lost(job)
    return job.token


def _lost(job: Download) -> LeaseLostError:
    return LeaseLostError(
        "The download is no longer held by this worker",
        where=job.url,
        next_step="Leave it: another worker has it, or it was cancelled",
    )


def _short(detail: str | None) -> str | None:
    return None if detail is None else detail[:_LONGEST_DETAIL]
