"""What makes a second run cheap: the validators of conditional requests."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from storage.records import Validator
from storage.schema import validators
from storage.unbroken import whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storage.database import Database

_KEPT = tuple(field.name for field in fields(Validator))


class Validators:
    """What servers said of the addresses of listings and feeds, by the address that is asked for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, url: str) -> Validator | None:
        """Return what is kept of the last answer for `url`."""
        query = select(*(validators.c[name] for name in _KEPT)).where(validators.c.url == url)
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).mappings().one_or_none()
        return None if row is None else Validator(**row)

    @whole
    async def save(self, given: Mapping[str, Validator]) -> None:
        """Keep validators by address; one replaces what was kept for its address.

        Save them only when what came with them is stored: otherwise a crash in between hides it for good.
        """
        if not given:
            return
        now = self._database.now()
        values = [{"url": url, "saved": now} | asdict(one) for url, one in given.items()]
        statement = insert(validators)
        replace = {name: statement.excluded[name] for name in ("saved", *_KEPT)}
        async with self._database.writing() as connection:
            await connection.execute(
                statement.on_conflict_do_update(index_elements=[validators.c.url], set_=replace), values
            )
