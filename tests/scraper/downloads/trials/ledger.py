"""Every change of every download with the worker that made it, written in the transaction of the change."""

from __future__ import annotations

import sqlite3
import sqlite3.dbapi2
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LONGEST_LEASE = 3600.0
"""Seconds."""

_TABLE = """
    CREATE TABLE ledger (
        number INTEGER PRIMARY KEY, worker TEXT NOT NULL, moment REAL NOT NULL, id INTEGER NOT NULL,
        was TEXT NOT NULL, became TEXT NOT NULL, token TEXT, new_token TEXT, lease_until REAL
    )
"""
# A temporary trigger belongs to one connection: so it knows whose change it writes down.
_TRIGGER = """
    CREATE TEMP TRIGGER write_down AFTER UPDATE ON main.downloads BEGIN
        INSERT INTO ledger (worker, moment, id, was, became, token, new_token, lease_until)
        VALUES ('{worker}', moment(), old.id, old.state, new.state, old.token, new.token, old.lease_until);
    END
"""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one row."""

    worker: str
    moment: float
    id: int
    was: str
    became: str
    token: str | None
    new_token: str | None
    lease_until: float | None

    @property
    def is_claim(self) -> bool:
        """Whether a worker took the row."""
        return self.became == "running" and self.token != self.new_token

    @property
    def ran_out(self) -> bool:
        """Whether the lease was over, or was given by a clock that has been set back since."""
        return self.lease_until is not None and not 0 <= self.lease_until - self.moment <= LONGEST_LEASE


def open_ledger(database: Path) -> None:
    """Add the table to a database that nobody works with yet."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(_TABLE)


def record_changes(worker: str, clock: Callable[[], float]) -> None:
    """Let every connection that this process opens from now on write down its changes as those of `worker`."""
    connect = sqlite3.connect

    def connecting(*args: Any, **kwargs: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*args, **kwargs)
        connection.create_function("moment", 0, clock)
        connection.execute(_TRIGGER.format(worker=worker))
        return connection

    sqlite3.connect = sqlite3.dbapi2.connect = connecting  # type: ignore[assignment]


def read_ledger(database: Path) -> list[Change]:
    """Return the changes in the order of their transactions."""
    query = (
        "SELECT worker, moment, id, was, became, token, new_token, lease_until FROM ledger ORDER BY number"
    )
    with closing(sqlite3.connect(database)) as connection:
        return [Change(*row) for row in connection.execute(query)]


def stale_changes(changes: list[Change], *, jumped: bool = False) -> Iterator[str]:
    """Yield every change that was made by who did not hold the row, and every change of what was done.

    Only one is right: a row whose lease has run out may be taken back by anybody. Where the clock `jumped`,
    nobody can tell from here what it said to whom, and any row may have been taken back.
    """
    holder: dict[int, str] = {}
    for change in changes:
        if change.was == "done":
            yield f"{change}: it was done"
        elif change.was == "running" and change.worker != holder[change.id]:
            taken_back = change.became in {"waiting", "failed"} and change.new_token is None
            if not taken_back or not (change.ran_out or jumped):
                yield f"{change}: {holder[change.id]} held it"
        if change.is_claim:
            holder[change.id] = change.worker
