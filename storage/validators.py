"""What makes a second run cheap: the validators of conditional requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from storage.records import Validator
from storage.schema import validators
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
