"""The work of the queue takes the same time however many downloads there are: it looks into indexes only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from storage.queue import Queue
from storage.reasons import Reason
from storage.records import WantedDownload

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sqlalchemy import Connection

    from storage.database import Database
    from storage.records import Download


async def _claim_beside_a_pause(queue: Queue, _: list[Download]) -> None:
    await queue.pause("b.example")
    await queue.claim(limit=9)


async def _verify_what_another_has(queue: Queue, jobs: list[Download]) -> None:
    for job in jobs[:2]:
        await queue.verified(job, path="/a", size=1, sha256="5e")


def _wish_of(job: Download) -> WantedDownload:
    return WantedDownload(key=f"{job.key}!", url=job.url, host=job.host, kind=job.kind)


WORK: dict[str, Callable[[Queue, list[Download]], Awaitable[object]]] = {
    "claim": lambda queue, _: queue.claim(limit=9),
    "claim sparing hosts": lambda queue, _: queue.claim(limit=9, skip_hosts=["a.example"]),
    "claim beside a pause": _claim_beside_a_pause,
    "heartbeat": lambda queue, jobs: queue.heartbeat(jobs, lease=60),
    "verified": lambda queue, jobs: queue.verified(jobs[0], path="/a", size=1, sha256=""),
    "verified, as another": _verify_what_another_has,
    "complete": lambda queue, jobs: queue.complete(jobs[0], path="/a", size=1, sha256=""),
    "release many": lambda queue, jobs: queue.release_many(jobs),
    "put off": lambda queue, jobs: queue.put_off(jobs[0], until=9e9, reason=Reason.TIMEOUT),
    "enqueue": lambda queue, jobs: queue.enqueue([_wish_of(job) for job in jobs]),
    "fail": lambda queue, jobs: queue.fail(jobs[0], Reason.TIMEOUT),
    "release": lambda queue, jobs: queue.release(jobs[0]),
    "next due": lambda queue, _: queue.next_due(),
    "heads": lambda queue, _: queue.heads(9),
}


@pytest.mark.parametrize("work", WORK.values(), ids=WORK)
async def test_no_statement_walks_through_the_table(
    database: Database,
    wish: Callable[..., WantedDownload],
    work: Callable[[Queue, list[Download]], Awaitable[object]],
) -> None:
    queue = Queue(database)
    await queue.enqueue([wish(f"{number}", priority=number % 2) for number in range(9)])
    jobs = await queue.claim(limit=4)
    await queue.sweep()  # which walks, but once a minute
    statements: list[tuple[str, Any]] = []
    event.listen(
        database._engine, "before_cursor_execute", lambda *args: statements.append((args[2], args[3]))
    )
    await work(queue, jobs)
    explained = [(text, given) for text, given in statements if not text.startswith("BEGIN")]
    assert explained
    for text, given in explained:
        steps = await database.read(_steps, text, given)
        # Of hosts there are few: the first download of each may be put into groups.
        assert {step for step in steps if "TEMP B-TREE" in step} <= {"USE TEMP B-TREE FOR GROUP BY"}
        # What asks for the first entry of an index stops there, though the plan calls it a scan.
        walks = [step for step in steps if step.startswith("SCAN downloads")]
        stops = "SELECT min(" in text or "downloads.id\n LIMIT" in text
        assert not walks or (stops and all("INDEX downloads_" in step for step in walks)), text


def _steps(connection: Connection, text: str, given: Any) -> list[str]:
    return [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", given)]
