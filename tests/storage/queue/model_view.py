"""What the plain queue in memory holds, and how it is looked into."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

from storage.backoff import LONGEST_RETRY_AFTER
from storage.queue.port import LONGEST_LEASE
from storage.records import Download, DownloadState, Finished, Pause, Selection, WaitingHost

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.reasons import Reason

_Downloads: TypeAlias = list[Download]
_Pauses: TypeAlias = list[Pause]
_WaitingHosts: TypeAlias = list[WaitingHost]

WAITING, RUNNING, DONE, FAILED, CANCELLED = DownloadState
EVERYTHING = Selection()


class Store:
    """What several queues of one store share."""

    def __init__(self) -> None:
        self.rows: dict[int, Download] = {}
        self.pruned: set[str] = set()
        self.pauses: dict[str | None, Pause] = {}
        self.tokens = 0
        self.last_id = 0


class ModelView:
    """Looks into a store in memory, by the words of the port."""

    def __init__(self, store: Store, clock: Callable[[], float]) -> None:
        self._store = store
        self._now = clock

    async def pauses(self) -> _Pauses:
        active = [
            pause for pause in self._store.pauses.values() if pause.until is None or pause.until > self._now()
        ]
        return sorted(active, key=lambda pause: pause.host or "")

    def _pause_of(self, host: str) -> float | None:
        """Return until when nothing of the host is given out, None if it may be."""
        ends = [
            math.inf if pause.until is None else pause.until
            for name in (None, host)
            if (pause := self._store.pauses.get(name)) is not None
        ]
        end = max(ends, default=-math.inf)
        return end if end > self._now() else None

    async def get(self, id: int) -> Download | None:  # noqa: A002
        return self._store.rows.get(id)

    async def list(self, selection: Selection = EVERYTHING, *, limit: int = 100) -> _Downloads:
        rows = [row for row in self._store.rows.values() if chosen(row, selection)]
        return sorted(rows, key=lambda row: (-row.updated, -row.id))[:limit]

    async def counts(self, selection: Selection = EVERYTHING) -> dict[DownloadState, int]:
        rows = [row for row in self._store.rows.values() if chosen(row, selection)]
        return {state: sum(row.state is state for row in rows) for state in DownloadState}

    async def failed_by_reason(self) -> dict[Reason, int]:
        counts = Counter(row.reason for row in self._in(FAILED) if row.reason is not None)
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    async def waiting_total(self) -> int:
        return len(self._in(WAITING))

    async def paused_total(self) -> int:
        return sum(self._pause_of(row.host) is not None for row in self._in(WAITING))

    async def waiting_by_host(self, limit: int) -> _WaitingHosts:
        now, hosts = self._now(), Counter(row.host for row in self._in(WAITING))
        found = []
        for host, waiting in sorted(hosts.items(), key=lambda item: (-item[1], item[0]))[:limit]:
            dues = [row.due for row in self._in(WAITING) if row.host == host]
            due = sum(moment <= now for moment in dues)
            found.append(WaitingHost(host=host, waiting=waiting, due=due, earliest=min(dues)))
        return found

    async def heads(self, limit: int) -> _Downloads:
        heads: dict[tuple[int, str], Download] = {}
        for row in sorted(self._in(WAITING), key=lambda row: (row.due, row.id)):
            heads.setdefault((row.priority, row.host), row)
        return [heads[place] for place in sorted(heads)][:limit]

    async def next_due(self) -> float | None:
        now = self._now()
        whole = self._store.pauses.get(None)
        instants = [
            max(
                now if row.due > now and row.updated > now + 60 else min(row.due, now + LONGEST_RETRY_AFTER),
                self._pause_of(row.host) or -math.inf,
            )
            for row in await self.heads(1_000_000)
        ]
        leases = [row.lease_until for row in self._in(RUNNING) if row.lease_until is not None]
        if leases:
            first = min(leases)
            first = first if first <= now + LONGEST_LEASE else now
            if whole is not None and (whole.until is None or whole.until > now):
                first = max(first, math.inf if whole.until is None else whole.until)
            instants.append(first)
        return min((instant for instant in instants if instant < math.inf), default=None)

    def _in(self, *states: DownloadState) -> _Downloads:
        return [row for row in self._store.rows.values() if row.state in states]

    def _held(self, job: Download | Finished) -> Download | None:
        row = self._store.rows.get(job.id)
        held = row is not None and row.state is RUNNING and job.token is not None and row.token == job.token
        return row if held else None

    def _path_elsewhere(self, one: Finished, own: Download) -> str | None:
        def same(row: Download) -> bool:
            return (row.sha256, row.bytes) == (one.sha256, one.size) and row.path is not None

        states = (DONE,) if same(own) else (DONE, RUNNING)
        for state in states:
            for row in self._in(state):
                if row.id != one.id and same(row):
                    return row.path
        return None

    def _done_by(self, one: Finished) -> bool:
        row = self._store.rows.get(one.id)
        return row is not None and row.state is DONE and row.token == one.token


def chosen(row: Download, selection: Selection) -> bool:
    return (
        (not selection.ids or row.id in selection.ids)
        and (not selection.states or row.state in selection.states)
        and (selection.reason is None or row.reason == selection.reason)
        and (selection.host is None or row.host == selection.host)
    )
