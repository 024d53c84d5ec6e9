"""The download queue as plainly as it can be said, in memory: what the one in SQL is held against."""

from __future__ import annotations

import math
import random
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from storage.backoff import LONGEST_RETRY_AFTER, MAX_CLAIMS, Again, decide
from storage.errors import LeaseLostError
from storage.queue import DownloadQueue
from storage.queue.fitting import fitting
from storage.queue.port import LONGEST_LEASE
from storage.reasons import Reason
from storage.records import Download, Finished, Intents, Pause, Selection
from storage.text import storable
from tests.storage.queue.model_view import (
    CANCELLED,
    DONE,
    EVERYTHING,
    FAILED,
    RUNNING,
    WAITING,
    ModelView,
    Store,
    chosen,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from random import Random

    from storage.backoff import GiveUp
    from storage.records import DownloadState, WantedDownload

_Downloads: TypeAlias = list[Download]


class ModelQueue(ModelView, DownloadQueue):
    """A queue over a store in memory, by the words of the port."""

    def __init__(self, store: Store, clock: Callable[[], float], rng: Random | None = None) -> None:
        super().__init__(store, clock)
        self._rng = rng or random.Random()
        self._served_last = ""
        self._cut_at: float | None = None

    async def enqueue(self, wanted: Sequence[WantedDownload]) -> int:
        known = {row.key for row in self._store.rows.values()} | self._store.pruned
        new = 0
        for wish in [fitting(wish) for wish in wanted]:
            if wish.key not in known:
                known.add(wish.key)
                self._enter(wish)
                new += 1
        return new

    def _enter(self, wish: WantedDownload) -> None:
        now = self._now()
        self._store.last_id = max(self._store.rows, default=0) + 1
        row = Download(
            id=self._store.last_id, key=wish.key, url=wish.url, host=wish.host, state=WAITING, attempts=0,
            due=now, created=now, updated=now, kind=wish.kind, format=wish.format, stem=wish.stem,
            referer=wish.referer, checksum=wish.checksum, priority=wish.priority,
        )  # fmt: skip
        self._store.rows[row.id] = row

    async def claim(self, *, limit: int, lease: float = 60.0, skip_hosts: Collection[str] = ()) -> _Downloads:
        if not 0 < lease <= LONGEST_LEASE:
            raise ValueError(f"lease {lease}")
        now = self._now()
        self._take_back(now)
        self._store.tokens += 1
        given = self._give(limit, now, lease, skip_hosts)
        if self._look_at_clock(now, short=len(given) < limit):
            given += self._give(limit - len(given), now, lease, skip_hosts)
        return given

    def _give(self, limit: int, now: float, lease: float, skip_hosts: Collection[str]) -> _Downloads:
        due = [
            row
            for row in self._in(WAITING)
            if row.due <= now and row.host not in skip_hosts and self._pause_of(row.host) is None
        ]
        given = []
        for row in self._in_turns(due)[:limit]:
            job = replace(
                row, state=RUNNING, attempts=row.attempts + 1, lease_until=now + lease,
                token=str(self._store.tokens), updated=now,
            )  # fmt: skip
            self._store.rows[row.id] = job
            given.append(job)
        if given:
            self._served_last = given[-1].host
        return given

    def _in_turns(self, due: list[Download]) -> list[Download]:
        cursor, ordered = self._served_last, []
        for priority in sorted({row.priority for row in due}):
            rounds: Counter[str] = Counter()
            placed = []
            for row in sorted(due, key=lambda row: (row.due, row.id)):
                if row.priority == priority:
                    rounds[row.host] += 1
                    placed.append(((rounds[row.host], row.host <= cursor, row.host), row))
            ordered += [row for _, row in sorted(placed, key=lambda place: place[0])]
            # The next priority goes on behind the host that this one served last.
            cursor = ordered[-1].host
        return ordered

    def _look_at_clock(self, now: float, *, short: bool) -> bool:
        if not short or (self._cut_at is not None and abs(now - self._cut_at) < 60):
            return False
        self._cut_at = now
        return self._cut(now)

    def _cut(self, now: float) -> bool:
        changed = False
        for row in self._in(WAITING):
            due = row.due
            if row.updated > now + 60:
                due = min(due, now + min(max(row.due - row.updated, 0), LONGEST_RETRY_AFTER))
            due = min(due, now + LONGEST_RETRY_AFTER)
            if due < row.due:
                self._store.rows[row.id] = replace(row, due=due, updated=now)
                changed = True
        return changed

    def _take_back(self, now: float) -> int:
        expired = [
            row
            for row in self._in(RUNNING)
            if row.lease_until is None or row.lease_until < now or row.lease_until > now + LONGEST_LEASE
        ]
        for row in expired:
            free = replace(
                row, state=WAITING, token=None, lease_until=None, due=min(row.due, now), updated=now
            )
            if row.attempts >= MAX_CLAIMS:
                free = replace(free, state=FAILED, reason=Reason.CRASHED, detail=None)
            self._store.rows[row.id] = free
        return len(expired)

    async def sweep(self) -> int:
        self._cut_at = self._now()
        self._cut(self._now())
        return self._take_back(self._now())

    async def heartbeat(self, jobs: Sequence[Download], *, lease: float) -> frozenset[int]:
        return self._change_each(jobs, lambda row: replace(row, lease_until=self._now() + lease))

    async def release_many(self, jobs: Sequence[Download]) -> frozenset[int]:
        sizes = {job.id: _size(job) for job in jobs}
        return self._change_each(
            jobs,
            lambda row: replace(
                row, state=WAITING, attempts=row.attempts - 1, size=sizes[row.id], token=None,
                lease_until=None, due=min(row.due, self._now()),
            ),
        )  # fmt: skip

    async def release(self, job: Download) -> None:
        _refuse(job, await self.release_many([job]))

    async def verified(self, job: Download, *, path: str, size: int, sha256: str) -> str | None:
        intents = await self.verified_many([_finished(job, path, size, sha256)])
        _refuse(job, intents.lost)
        return intents.elsewhere.get(job.id)

    async def verified_many(self, intended: Sequence[Finished]) -> Intents:
        held = {one.id: row for one in intended if (row := self._held(one)) is not None}
        elsewhere: dict[int, str] = {}
        for one in intended:
            if one.id not in held:
                continue
            path = None if one.own else self._path_elsewhere(one, held[one.id])
            if path is not None:
                elsewhere[one.id] = path
            else:
                self._store.rows[one.id] = replace(
                    self._store.rows[one.id], path=one.path, bytes=one.size, sha256=one.sha256,
                    updated=self._now(),
                )  # fmt: skip
        return Intents(lost=frozenset(one.id for one in intended) - held.keys(), elsewhere=elsewhere)

    async def complete(self, job: Download, *, path: str, size: int, sha256: str) -> None:
        _refuse(job, await self.complete_many([_finished(job, path, size, sha256)]))

    async def complete_many(self, finished: Sequence[Finished]) -> frozenset[int]:
        lost = set()
        for one in finished:
            row = self._held(one)
            if row is not None:
                self._store.rows[one.id] = replace(
                    row, state=DONE, path=one.path, bytes=one.size, sha256=one.sha256, reason=None,
                    detail=None, lease_until=None, updated=self._now(),
                )  # fmt: skip
            elif not self._done_by(one):
                lost.add(one.id)
        return frozenset(lost)

    async def fail(
        self, job: Download, reason: Reason, detail: str | None = None, *, retry_after: float | None = None
    ) -> Again | GiveUp:
        verdict = decide(reason, job.attempts, retry_after=retry_after, rng=self._rng)
        again = isinstance(verdict, Again)
        due = self._now() + verdict.delay if isinstance(verdict, Again) else None
        lost = self._change_each(
            [job],
            lambda row: replace(
                row, state=WAITING if again else FAILED, due=row.due if due is None else due, reason=reason,
                detail=None if detail is None else storable(detail)[:500], size=_size(job), token=None,
                lease_until=None,
            ),
        )  # fmt: skip
        _refuse(job, lost)
        return verdict

    async def put_off(
        self, job: Download, *, until: float, reason: Reason, detail: str | None = None
    ) -> None:
        if not math.isfinite(until):
            raise ValueError(f"until {until}")
        lost = self._change_each(
            [job],
            lambda row: replace(
                row, state=WAITING, due=min(until, self._now() + LONGEST_RETRY_AFTER),
                attempts=row.attempts - 1, reason=reason, detail=detail, size=_size(job), token=None,
                lease_until=None,
            ),
        )  # fmt: skip
        _refuse(job, lost)

    async def retry(self, selection: Selection = EVERYTHING) -> int:
        return self._change_chosen(
            selection,
            (FAILED, CANCELLED),
            lambda row: replace(
                row, state=WAITING, attempts=0, due=self._now(), token=None, lease_until=None
            ),
        )

    async def hurry(self, selection: Selection) -> int:
        now = self._now()
        found = [row for row in self._in(WAITING) if chosen(row, selection) and row.due > now]
        for row in found:
            self._store.rows[row.id] = replace(row, due=now, updated=now)
        return len(found)

    async def cancel(self, selection: Selection) -> int:
        return self._change_chosen(
            selection,
            (WAITING, RUNNING),
            lambda row: replace(
                row, state=CANCELLED, reason=Reason.CANCELLED, detail=None, token=None, lease_until=None
            ),
        )

    async def prune(self, selection: Selection, *, before: float) -> int:
        ended = [row for row in self._in(DONE, FAILED, CANCELLED) if chosen(row, selection)]
        old = [row for row in ended if row.updated < before]
        for row in old:
            self._store.pruned.add(row.key)
            del self._store.rows[row.id]
        return len(old)

    async def pause(
        self, host: str | None, *, reason: Reason | None = None, until: float | None = None
    ) -> None:
        if host == "" or (until is not None and not math.isfinite(until)):
            raise ValueError(f"no pause of {host!r} until {until}")
        over = [name for name, given in self._store.pauses.items() if _is_over(given, self._now())]
        for name in over:
            del self._store.pauses[name]
        self._store.pauses[host] = Pause(host=host, since=self._now(), until=until, reason=reason)

    async def resume(self, host: str | None) -> bool:
        held = host in {pause.host for pause in await self.pauses()}
        self._store.pauses.pop(host, None)
        return held

    def _change_each(
        self, jobs: Sequence[Download], change: Callable[[Download], Download]
    ) -> frozenset[int]:
        lost = set()
        for job in jobs:
            row = self._held(job)
            if row is None:
                lost.add(job.id)
            else:
                self._store.rows[row.id] = replace(change(row), updated=self._now())
        return frozenset(lost)

    def _change_chosen(
        self, selection: Selection, states: Iterable[DownloadState], change: Callable[[Download], Download]
    ) -> int:
        found = [row for row in self._in(*states) if chosen(row, selection)]
        for row in found:
            self._store.rows[row.id] = replace(change(row), updated=self._now())
        return len(found)


def _is_over(pause: Pause, now: float) -> bool:
    return pause.until is not None and pause.until <= now


def _size(job: Download) -> int | None:
    return None if job.size is None or not 0 <= job.size < 2**63 else job.size


def _finished(job: Download, path: str, size: int, sha256: str) -> Finished:
    if job.token is None:
        raise LeaseLostError("lost")
    return Finished(id=job.id, token=job.token, path=path, size=size, sha256=sha256)


def _refuse(job: Download, lost: frozenset[int]) -> None:
    if job.id in lost:
        raise LeaseLostError("lost")
