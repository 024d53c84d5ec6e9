from __future__ import annotations

from typing import TYPE_CHECKING

from storage.runs import Run, Runs

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.database import Database


async def test_the_last_runs_come_latest_first(
    database: Database,
    clock: Callable[[], float],
    pass_time: Callable[[float], None],
) -> None:
    runs = Runs(database)
    first = await runs.start("scrape", "house, techno")
    pass_time(9)
    second = await runs.start("download", "")
    await runs.finish(first, "done", {"found": 12, "new": 3})
    started = clock() - 9
    assert await runs.last(5) == [
        Run(id=second, command="download", query="", started=clock(), finished=None, outcome=None, counts={}),
        Run(
            id=first,
            command="scrape",
            query="house, techno",
            started=started,
            finished=clock(),
            outcome="done",
            counts={"found": 12, "new": 3},
        ),
    ]
    assert [run.id for run in await runs.last(1)] == [second]
