"""The history of commands: when they ran, for what, and with what result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from storage.schema import runs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One command. A run that was killed has no `finished` and no `outcome`."""

    id: int
    command: str
    query: str
    started: float
    finished: float | None
    outcome: str | None
    counts: dict[str, int]


class Runs:
    """The runs of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def start(self, command: str, query: str) -> int:
        """Record that `command` begins, with `query` in words; return the id of the run."""
        values = {"command": command, "query": query, "started": self._database.now(), "counts": {}}
        return await self._database.write(_insert, values)

    async def finish(self, run: int, outcome: str, counts: Mapping[str, int]) -> None:
        """Record how run `run` ended and what it counted."""
        values = {"finished": self._database.now(), "outcome": outcome, "counts": counts}
        await self._database.change(update(runs).where(runs.c.id == run).values(values))

    async def last(self, count: int) -> list[Run]:
        """Return the last `count` runs, the latest first."""
        rows = await self._database.rows(select(runs).order_by(runs.c.id.desc()).limit(count))
        return [
            Run(
                id=row.id,
                command=row.command,
                query=row.query,
                started=row.started,
                finished=row.finished,
                outcome=row.outcome,
                counts=row.counts,
            )
            for row in rows
        ]


def _insert(connection: Connection, values: Mapping[str, Any]) -> int:
    return int(connection.execute(insert(runs).values(values).returning(runs.c.id)).scalar_one())
