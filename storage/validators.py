"""What makes a second run cheap: validators of conditional requests, and robots.txt files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from storage.records import Validator
from storage.schema import robots, validators
from storage.unbroken import whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storage.database import Database


class Validators:
    """The validators that servers gave for addresses of listings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, url: str) -> Validator | None:
        """Return the validator to ask `url` again with."""
        query = select(validators.c.etag, validators.c.last_modified).where(validators.c.url == url)
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else Validator(etag=row.etag, last_modified=row.last_modified)

    @whole
    async def save(self, given: Mapping[str, Validator]) -> None:
        """Keep validators by address; one replaces what was kept for its address.

        Save them only when what came with them is stored: otherwise a crash in between hides it for good.
        """
        if not given:
            return
        now = self._database.now()
        values = [
            {"url": url, "etag": one.etag, "last_modified": one.last_modified, "saved": now}
            for url, one in given.items()
        ]
        statement = insert(validators)
        replace = {name: statement.excluded[name] for name in ("etag", "last_modified", "saved")}
        async with self._database.writing() as connection:
            await connection.execute(
                statement.on_conflict_do_update(index_elements=[validators.c.url], set_=replace), values
            )


class Robots:
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
