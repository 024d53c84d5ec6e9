"""The download queue in SQL: jobs are claimed under a lease and changed only by who holds it."""

from __future__ import annotations

import math
import secrets
from random import SystemRandom
from typing import TYPE_CHECKING, Any

from storage.backoff import LONGEST_RETRY_AFTER, Again, decide
from storage.errors import LeaseLostError
from storage.queue import choosing, holding, pausing
from storage.queue.entering import enter
from storage.queue.fitting import fitting
from storage.queue.giving import give
from storage.queue.holding import given_back
from storage.queue.port import LONGEST_LEASE, DownloadQueue
from storage.queue.sweeping import cut_due_times, take_back_expired
from storage.queue.view import EVERYTHING, QueueView
from storage.records import Download, DownloadState, Finished, Intents, Pause, Selection
from storage.schema import EVERY_HOST, downloads

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from random import Random

    from sqlalchemy import Connection

    from storage.backoff import GiveUp
    from storage.database import Database
    from storage.reasons import Reason
    from storage.records import WantedDownload

_LONGEST_DETAIL = 500
_PRUNED_AT_ONCE = 5000
"""Downloads that one transaction forgets: workers wait no longer than that for their turn to write."""
_CUT_EVERY = 60.0
"""Seconds between two looks for due times that a wrong clock wrote."""


class Queue(QueueView, DownloadQueue):
    """The queue of a database; what each operation promises is said at the port, `DownloadQueue`.

    Each operation is one transaction in one hop to the thread of the database.
    """

    def __init__(self, database: Database, *, rng: Random | None = None) -> None:
        super().__init__(database)
        self._rng = rng or SystemRandom()
        self._served_last = ""
        self._cut_at: float | None = None

    async def enqueue(self, wanted: Sequence[WantedDownload]) -> int:
        """Queue what is not known yet; return how many are new."""
        fit = [fitting(wish) for wish in wanted]
        return await self._database.write(enter, fit, now=self._database.now())

    async def claim(
        self, *, limit: int, lease: float = 60.0, skip_hosts: Collection[str] = ()
    ) -> list[Download]:
        """Take at most `limit` downloads that are due, for `lease` seconds; each counts as an attempt."""
        if not 0 < lease <= LONGEST_LEASE:
            raise ValueError(f"a lease lasts at most {LONGEST_LEASE} seconds, not {lease}")
        now = self._database.now()
        look = self._cut_at is None or abs(now - self._cut_at) >= _CUT_EVERY
        jobs = await self._database.write(
            give,
            limit=limit,
            now=now,
            lease=lease,
            token=secrets.token_hex(8),
            skip=skip_hosts,
            served_last=self._served_last,
            look_at_clock=look,
        )
        if jobs:
            self._served_last = jobs[-1].host
        if look and len(jobs) < limit:
            self._cut_at = now
        return jobs

    async def heartbeat(self, jobs: Sequence[Download], *, lease: float) -> frozenset[int]:
        """Keep `jobs` for `lease` seconds from now; return the ids of those that are no longer held."""
        if not jobs:
            return frozenset()
        return await self._database.write(holding.keep, jobs, now=self._database.now(), lease=lease)

    async def verified(self, job: Download, *, path: str, size: int, sha256: str) -> str | None:
        """Record an intent; return the path of the same content elsewhere, if another download has it."""
        intents = await self.verified_many([_finished(job, path, size, sha256)])
        if intents.lost:
            raise _lost(job)
        return intents.elsewhere.get(job.id)

    async def verified_many(self, intended: Sequence[Finished]) -> Intents:
        """Record many intents, in order: the second of two with the same content finds the first."""
        if not intended:
            return Intents(lost=frozenset(), elsewhere={})
        return await self._database.write(holding.intend, intended, now=self._database.now())

    async def complete(self, job: Download, *, path: str, size: int, sha256: str) -> None:
        """Record that the file of `job` is published under `path`."""
        if await self.complete_many([_finished(job, path, size, sha256)]):
            raise _lost(job)

    async def complete_many(self, finished: Sequence[Finished]) -> frozenset[int]:
        """Record many published files; return the ids of those that were not held any more."""
        if not finished:
            return frozenset()
        return await self._database.write(holding.complete, finished, now=self._database.now())

    async def fail(
        self, job: Download, reason: Reason, detail: str | None = None, *, retry_after: float | None = None
    ) -> Again | GiveUp:
        """Record a failed attempt and return what follows: another, or none."""
        verdict = decide(reason, job.attempts, retry_after=retry_after, rng=self._rng)
        values: dict[str, Any] = {"reason": reason, "detail": _short(detail), **given_back(job)}
        if isinstance(verdict, Again):
            values |= {"state": DownloadState.WAITING, "due": self._database.now() + verdict.delay}
        else:
            values |= {"state": DownloadState.FAILED}
        await self._change(job, values)
        return verdict

    async def put_off(
        self, job: Download, *, until: float, reason: Reason, detail: str | None = None
    ) -> None:
        """Let `job` wait until then for a cause not its own: no attempt is used."""
        if not math.isfinite(until):
            raise ValueError(f"nothing is put off until {until}")
        values = {
            "state": DownloadState.WAITING,
            "due": min(until, self._database.now() + LONGEST_RETRY_AFTER),
            "attempts": downloads.c.attempts - 1,
            "reason": reason,
            "detail": _short(detail),
            **given_back(job),
        }
        await self._change(job, values)

    async def release(self, job: Download) -> None:
        """Give `job` back as it was before it was claimed."""
        if await self.release_many([job]):
            raise _lost(job)

    async def release_many(self, jobs: Sequence[Download]) -> frozenset[int]:
        """Give many back, all at once; return the ids of those that were not held any more."""
        if not jobs:
            return frozenset()
        return await self._database.write(holding.give_back, jobs, now=self._database.now())

    async def sweep(self) -> int:
        """Let what vanished workers held wait again; return how many."""
        now = self._database.now()
        taken_back = await self._database.write(_sweep, now)
        self._cut_at = now
        return taken_back

    async def retry(self, selection: Selection = EVERYTHING) -> int:
        """Let failed and cancelled downloads wait again, due now and with all tries; return how many."""
        return await self._database.write(choosing.retry, selection, now=self._database.now())

    async def hurry(self, selection: Selection) -> int:
        """Let what waits for a later moment be due now; return how many."""
        return await self._database.write(choosing.hurry, selection, now=self._database.now())

    async def cancel(self, selection: Selection) -> int:
        """Cancel what waits or runs; return how many."""
        return await self._database.write(choosing.cancel, selection, now=self._database.now())

    async def prune(self, selection: Selection, *, before: float) -> int:
        """Forget what ended before then, but for the keys; return how many. Many go in portions."""
        total, portion = 0, _PRUNED_AT_ONCE
        while portion == _PRUNED_AT_ONCE:
            now = self._database.now()
            portion = await self._database.write(
                choosing.prune, selection, before=before, now=now, most=_PRUNED_AT_ONCE
            )
            total += portion
        return total

    async def pause(
        self, host: str | None, *, reason: Reason | None = None, until: float | None = None
    ) -> None:
        """Give out nothing of `host`, or nothing at all (None), until then or until it is resumed."""
        if host == EVERY_HOST or (until is not None and not math.isfinite(until)):
            raise ValueError(f"no pause of {host!r} until {until}")
        given = Pause(host=host, since=self._database.now(), until=until, reason=reason)
        await self._database.write(pausing.pause, given)

    async def resume(self, host: str | None) -> bool:
        """End the pause of `host`, or that of the whole queue (None); return whether there was one."""
        return await self._database.write(pausing.resume, host, now=self._database.now())

    async def _change(self, job: Download, values: dict[str, Any]) -> None:
        now = self._database.now()
        if job.token is None or not await self._database.write(holding.change, job, values, now=now):
            raise _lost(job)


def _sweep(connection: Connection, now: float) -> int:
    cut_due_times(connection, now=now)
    return take_back_expired(connection, now=now)


def _finished(job: Download, path: str, size: int, sha256: str) -> Finished:
    if job.token is None:
        raise _lost(job)
    return Finished(id=job.id, token=job.token, path=path, size=size, sha256=sha256)


def _lost(job: Download) -> LeaseLostError:
    return LeaseLostError(
        "The download is no longer held by this worker",
        where=job.url,
        next_step="Leave it: another worker has it, or it was cancelled",
    )


def _short(detail: str | None) -> str | None:
    return None if detail is None else detail[:_LONGEST_DETAIL]
