"""Random operations on the queue in SQL and on its model: both always say and hold the same."""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from storage.database import Database
from storage.errors import LeaseLostError
from storage.queue import Queue
from storage.reasons import Reason
from storage.records import Download, DownloadState, Finished, LinkKind, Selection, WantedDownload
from tests.storage.queue.model import ModelQueue
from tests.storage.queue.model_view import Store

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from storage.queue import DownloadQueue

HOSTS = st.sampled_from(["a", "b", "c", "d"])
PAUSED = st.sampled_from(["a", "b", None])
WORKERS = st.integers(0, 1)
PICK = st.integers(0, 1_000)
CHOSEN = st.builds(
    Selection,
    ids=st.lists(st.integers(1, 12), min_size=1, max_size=3),  # else little would be left to work on
    states=st.lists(st.sampled_from(list(DownloadState)), max_size=2, unique=True),
    reason=st.sampled_from([None, None, Reason.TIMEOUT, Reason.GONE, Reason.CANCELLED]),
    host=st.none() | HOSTS,
)
JUMPS = st.sampled_from([0.5, 5.0, 31.0, 61.0, 4000.0, 86_400.0, 90_000.0, -5.0, -1800.0, -86_400.0])
SIZES = st.sampled_from([None, 0, 7, 5_000_000])
CONTENTS = st.sampled_from([("ab" * 32, 1), ("ab" * 32, 2), ("cd" * 32, 1)])


class QueueMachine(RuleBasedStateMachine):
    """Two workers over each of both stores; each operation goes to the same worker of both."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.time = 100_000_000.0
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "crate.db"
        self.databases = [self.run(Database.open(path, clock=self.now)) for _ in range(2)]
        store = Store()
        self.sql: list[DownloadQueue] = [Queue(database, rng=random.Random(7)) for database in self.databases]
        self.model: list[DownloadQueue] = [
            ModelQueue(store, self.now, rng=random.Random(7)) for _ in range(2)
        ]
        self.held: list[tuple[Download, Download]] = []
        self.keys = 0

    def now(self) -> float:
        return self.time

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    def both(self, worker: int, work: Callable[[DownloadQueue, int], Awaitable[Any]]) -> Any:
        """Return what both say; `work` is told which of a pair of jobs is meant."""

        async def answer(queue: DownloadQueue, side: int) -> Any:
            try:
                return await work(queue, side)
            except LeaseLostError:
                return LeaseLostError

        said = self.run(answer(self.sql[worker], 0))
        expected = self.run(answer(self.model[worker], 1))
        return said, expected

    def same(self, worker: int, work: Callable[[DownloadQueue, int], Awaitable[Any]]) -> None:
        said, expected = self.both(worker, work)
        assert said == expected, (said, expected)

    def jobs(self, picks: list[int]) -> list[tuple[Download, Download]]:
        """Return jobs that were claimed once, be they held still or not, each once."""
        chosen = {self.held[pick % len(self.held)][0].id: self.held[pick % len(self.held)] for pick in picks}
        return list(chosen.values())

    @initialize()
    def begin(self) -> None:
        for host in "abcd":
            self.enqueue(0, [host] * 4, 0)

    @rule(worker=WORKERS, hosts=st.lists(HOSTS, min_size=1, max_size=5), priority=st.integers(0, 1))
    def enqueue(self, worker: int, hosts: list[str], priority: int) -> None:
        wanted = [self.wish(host, priority) for host in hosts]
        self.same(worker, lambda queue, _: queue.enqueue([*wanted, wanted[0]]))

    def wish(self, host: str, priority: int) -> WantedDownload:
        self.keys += 1
        url = f"https://{host}/{self.keys % 40}"
        return WantedDownload(key=url, url=url, host=host, kind=LinkKind.DIRECT, priority=priority)

    @rule(worker=WORKERS, limit=st.integers(1, 6), skip=st.sets(HOSTS, max_size=3))
    def claim(self, worker: int, limit: int, skip: set[str]) -> None:
        said, expected = self.both(
            worker, lambda queue, _: queue.claim(limit=limit, lease=30.0, skip_hosts=skip)
        )
        assert [_without_token(job) for job in said] == [_without_token(job) for job in expected]
        self.held += zip(said, expected, strict=True)
        self.held = self.held[-30:]

    @rule(seconds=JUMPS)
    def pass_time(self, seconds: float) -> None:
        self.time += seconds

    @precondition(lambda self: self.held)
    @rule(worker=WORKERS, picks=st.lists(PICK, min_size=1, max_size=5))
    def heartbeat(self, worker: int, picks: list[int]) -> None:
        pairs = self.jobs(picks)
        self.same(worker, lambda queue, side: queue.heartbeat([pair[side] for pair in pairs], lease=30.0))

    @precondition(lambda self: self.held)
    @rule(worker=WORKERS, picks=st.lists(PICK, min_size=1, max_size=5), size=SIZES)
    def release(self, worker: int, picks: list[int], size: int | None) -> None:
        pairs = [_announced(pair, size) for pair in self.jobs(picks)]
        self.same(worker, lambda queue, side: queue.release_many([pair[side] for pair in pairs]))

    @precondition(lambda self: self.held)
    @rule(worker=WORKERS, picks=st.lists(PICK, min_size=1, max_size=4), content=CONTENTS, own=st.booleans())
    def verify(self, worker: int, picks: list[int], content: tuple[str, int], *, own: bool) -> None:
        pairs = self.jobs(picks)
        said, expected = self.both(
            worker,
            lambda queue, side: queue.verified_many(
                [_finished(pair[side], content, own=own) for pair in pairs]
            ),
        )
        assert (said.lost, said.elsewhere.keys()) == (expected.lost, expected.elsewhere.keys())

    @precondition(lambda self: self.held)
    @rule(worker=WORKERS, picks=st.lists(PICK, min_size=1, max_size=4), content=CONTENTS)
    def complete(self, worker: int, picks: list[int], content: tuple[str, int]) -> None:
        pairs = self.jobs(picks)
        self.same(
            worker,
            lambda queue, side: queue.complete_many(
                [_finished(pair[side], content, own=False) for pair in pairs]
            ),
        )

    @precondition(lambda self: self.held)
    @rule(worker=WORKERS, pick=PICK, reason=st.sampled_from([Reason.TIMEOUT, Reason.GONE]), size=SIZES)
    def fail(self, worker: int, pick: int, reason: Reason, size: int | None) -> None:
        (pair,) = (_announced(one, size) for one in self.jobs([pick]))
        said, expected = self.both(worker, lambda queue, side: queue.fail(pair[side], reason, "why"))
        assert said == expected, (said, expected)

    @precondition(lambda self: self.held)
    @rule(worker=WORKERS, pick=PICK, seconds=JUMPS, size=SIZES)
    def put_off(self, worker: int, pick: int, seconds: float, size: int | None) -> None:
        (pair,) = (_announced(one, size) for one in self.jobs([pick]))
        until = self.time + seconds
        self.same(
            worker,
            lambda queue, side: queue.put_off(pair[side], until=until, reason=Reason.RATE_LIMITED),
        )

    @rule(worker=WORKERS, chosen=CHOSEN)
    def retry(self, worker: int, chosen: Selection) -> None:
        self.same(worker, lambda queue, _: queue.retry(chosen))

    @rule(worker=WORKERS, chosen=CHOSEN)
    def hurry(self, worker: int, chosen: Selection) -> None:
        self.same(worker, lambda queue, _: queue.hurry(chosen))

    @rule(worker=WORKERS, chosen=CHOSEN)
    def cancel(self, worker: int, chosen: Selection) -> None:
        self.same(worker, lambda queue, _: queue.cancel(chosen))

    @rule(worker=WORKERS, chosen=CHOSEN, ago=st.sampled_from([-1.0, 50.0]))
    def prune(self, worker: int, chosen: Selection, ago: float) -> None:
        self.same(worker, lambda queue, _: queue.prune(chosen, before=self.time - ago))

    @rule(worker=WORKERS, host=PAUSED, seconds=st.sampled_from([None, 5.0, 10.0, 60.0]))
    def pause(self, worker: int, host: str | None, seconds: float | None) -> None:
        until = None if seconds is None else self.time + seconds
        self.same(worker, lambda queue, _: queue.pause(host, until=until, reason=Reason.DISK_FULL))

    @rule(worker=WORKERS, host=PAUSED)
    def resume(self, worker: int, host: str | None) -> None:
        self.same(worker, lambda queue, _: queue.resume(host))

    @rule(worker=WORKERS)
    def sweep(self, worker: int) -> None:
        self.same(worker, lambda queue, _: queue.sweep())

    @rule(chosen=CHOSEN)
    def look(self, chosen: Selection) -> None:
        for question in (
            lambda queue, _: queue.counts(chosen),
            lambda queue, _: queue.failed_by_reason(),
            lambda queue, _: queue.paused_total(),
            lambda queue, _: queue.waiting_by_host(3),
            lambda queue, _: queue.next_due(),
            lambda queue, _: queue.pauses(),
        ):
            self.same(0, question)
        said, expected = self.both(0, lambda queue, _: queue.heads(5))
        assert [row.id for row in said] == [row.id for row in expected]

    @invariant()
    def both_hold_the_same(self) -> None:
        said, expected = self.both(0, lambda queue, _: queue.list(Selection(), limit=1000))
        assert [_without_token(row) for row in said] == [_without_token(row) for row in expected]
        for rows in (said, expected):
            assert not [key for key, count in Counter(row.key for row in rows).items() if count > 1]
            for row in rows:
                assert (row.state is DownloadState.RUNNING) == (row.lease_until is not None)
                assert row.attempts >= 0
                assert row.token is None or row.state in {DownloadState.RUNNING, DownloadState.DONE}

    def teardown(self) -> None:
        for database in self.databases:
            self.run(database.close())
        self.loop.close()
        self.folder.cleanup()


def _without_token(row: Download) -> Download:
    # Whose content another's is told may be any of several: so may its path.
    return replace(row, token=None if row.token is None else "held", path=None)


def _announced(pair: tuple[Download, Download], size: int | None) -> tuple[Download, Download]:
    return replace(pair[0], size=size), replace(pair[1], size=size)


def _finished(job: Download, content: tuple[str, int], *, own: bool) -> Finished:
    assert job.token is not None
    sha256, size = content
    return Finished(id=job.id, token=job.token, path=f"/{job.id}", size=size, sha256=sha256, own=own)


TestQueueMachine = QueueMachine.TestCase
TestQueueMachine.settings = settings(
    max_examples=25,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
