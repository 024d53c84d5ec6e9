"""The work of the queue takes the same time however many downloads there are: it looks into indexes only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from storage.downloads import enqueue
from storage.queue import Queue
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from storage.database import Database
    from storage.records import Download, WantedDownload

WORK: dict[str, Callable[[Queue, list[Download]], Awaitable[object]]] = {
    "claim": lambda queue, _: queue.claim(limit=9),
    "claim sparing hosts": lambda queue, _: queue.claim(limit=9, skip_hosts=["a.example"]),
    "heartbeat": lambda queue, jobs: queue.heartbeat(jobs, lease=60),
    "verified": lambda queue, jobs: queue.verified(jobs[0], path="/a", size=1, sha256=""),
    "complete": lambda queue, jobs: queue.complete(jobs[0], path="/a", size=1, sha256=""),
    "fail": lambda queue, jobs: queue.fail(jobs[0], Reason.TIMEOUT),
    "release": lambda queue, jobs: queue.release(jobs[0]),
    "next due": lambda queue, _: queue.next_due(),
}


@pytest.mark.parametrize("work", WORK.values(), ids=WORK)
async def test_no_statement_walks_through_the_table(
    database: Database,
    wish: Callable[..., WantedDownload],
    work: Callable[[Queue, list[Download]], Awaitable[object]],
) -> None:
    queue = Queue(database)
    async with database.writing() as connection:
        await enqueue(connection, [wish(f"{number}", priority=number % 2) for number in range(9)], now=0.0)
    jobs = await queue.claim(limit=4)
    statements: list[tuple[str, Any]] = []
    event.listen(
        database._engine.sync_engine,
        "before_cursor_execute",
        lambda *args: statements.append((args[2], args[3])),
    )
    await work(queue, jobs)
    explained = [(text, given) for text, given in statements if not text.startswith("BEGIN")]
    assert explained
    async with database.reading() as connection:
        for text, given in explained:
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", given)
            steps = [row.detail for row in plan]
            assert not [step for step in steps if "TEMP B-TREE" in step]
            # min() of an indexed column stops at its first entry, though the plan calls it a scan.
            walks = [step for step in steps if step.startswith("SCAN downloads")]
            assert all("SELECT min(" in text and "USING INDEX downloads_" in step for step in walks), text
