"""The robots.txt files of hosts, kept between runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from storage.schema import robots
from storage.unbroken import whole

if TYPE_CHECKING:
    from storage.database import Database


class RobotsFiles:
    """The robots.txt files of origins (``https://host:port``)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, origin: str, *, max_age: float) -> tuple[int, str] | None:
        """Return status and text of the robots.txt of `origin` if it is not older than `max_age` seconds.

        One that seems to come from the future is not used: the clock was set back since.
        """
        now = self._database.now()
        query = select(robots.c.status, robots.c.body).where(
            robots.c.origin == origin, robots.c.fetched.between(now - max_age, now)
        )
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else (row.status, row.body)

    @whole
    async def save(self, origin: str, status: int, body: str) -> None:
        """Keep what `origin` answered just now."""
        values = {"status": status, "body": body, "fetched": self._database.now()}
        statement = insert(robots).values(origin=origin, **values)
        async with self._database.writing() as connection:
            await connection.execute(
                statement.on_conflict_do_update(index_elements=[robots.c.origin], set_=values)
            )
