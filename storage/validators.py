"""What makes a second run cheap: the validators of conditional requests."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from storage.records import Validator
from storage.schema import validators

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
        rows = await self._database.rows(query)
        return Validator(**dict(zip(_KEPT, rows[0], strict=True))) if rows else None

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
        await self._database.change(
            statement.on_conflict_do_update(index_elements=[validators.c.url], set_=replace), values
        )
