"""Hosts that are to be left alone for a while, kept from one run to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, case, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from storage.backoff import LONGEST_RETRY_AFTER
from storage.reasons import Reason
from storage.schema import holds

if TYPE_CHECKING:
    from sqlalchemy import BindParameter, Connection

    from storage.database import Database

MAX_HOLDS: Final = 1000
"""Holds that are handed out; those that last longest come first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Hosts that are left alone before `until` (POSIX seconds UTC); `group` names those that share a gate."""

    group: str
    until: float
    reason: Reason


class HostHolds:
    """The holds of a database, by group of hosts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def active(self) -> list[Hold]:
        """Return the holds that are not over, the longest first, none longer than `LONGEST_RETRY_AFTER`."""
        now = self._database.now()
        query = select(holds).where(holds.c.until > now).order_by(holds.c.until.desc()).limit(MAX_HOLDS)
        rows = await self._database.rows(query)
        if rows and rows[0].until > now + LONGEST_RETRY_AFTER:
            await self._shorten(now)
        return [
            Hold(
                group=row.host_group,
                until=min(row.until, now + LONGEST_RETRY_AFTER),
                reason=Reason(row.reason),
            )
            for row in rows
        ]

    async def save(self, group: str, *, until: float, reason: Reason) -> None:
        """Keep that `group` is left alone until then; of two such moments the later one holds.

        Holds that are over are dropped.
        """
        now = self._database.now()
        given = insert(holds).values(
            host_group=group, until=min(until, now + LONGEST_RETRY_AFTER), reason=reason
        )
        later = given.excluded.until > holds.c.until
        values = {
            "until": func.max(holds.c.until, given.excluded.until),
            "reason": case((later, given.excluded.reason), else_=holds.c.reason),
        }
        keeping = given.on_conflict_do_update(index_elements=[holds.c.host_group], set_=values)

        def keep(connection: Connection) -> None:
            connection.execute(delete(holds).where(holds.c.until <= now))
            if until > now:
                connection.execute(keeping)

        await self._database.write(keep)

    async def _shorten(self, now: float) -> None:
        # Only what is written down comes to an end: cut anew by each run, such a hold would never.
        horizon: BindParameter[float] = bindparam("horizon")
        await self._database.change(
            update(holds).where(holds.c.until > horizon).values(until=horizon),
            [{"horizon": now + LONGEST_RETRY_AFTER}],
        )
