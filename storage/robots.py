"""The robots.txt files of hosts, kept between runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from storage.schema import robots

if TYPE_CHECKING:
    from storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsFile:
    """What an origin answered when it was asked for its robots.txt, `age` seconds ago."""

    status: int
    text: str
    age: float


class RobotsFiles:
    """The robots.txt files of origins (``https://host:port``)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, origin: str, *, max_age: float) -> RobotsFile | None:
        """Return the robots.txt of `origin` if it is not older than `max_age` seconds.

        One that seems to come from the future is not used: the clock was set back since.
        """
        now = self._database.now()
        query = select(robots).where(robots.c.origin == origin, robots.c.fetched.between(now - max_age, now))
        rows = await self._database.rows(query)
        found = [RobotsFile(status=row.status, text=row.body, age=now - row.fetched) for row in rows]
        return found[0] if found else None

    async def save(self, origin: str, status: int, text: str) -> None:
        """Keep what `origin` answered just now."""
        values = {"status": status, "body": text, "fetched": self._database.now()}
        statement = insert(robots).values(origin=origin, **values)
        await self._database.change(
            statement.on_conflict_do_update(index_elements=[robots.c.origin], set_=values)
        )
