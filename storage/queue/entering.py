"""How downloads enter the queue, in the transaction that also keeps the posts that name them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from storage.chunks import chunks
from storage.queue.fitting import fitting_ones
from storage.queue.rows import as_row
from storage.schema import downloads, pruned
from storage.text import storable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection
    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.records import WantedDownload

_log = logging.getLogger(__name__)

# The one place where the queue's SQL differs by database: the word for "unless it is there".
_ENTER = {
    name: dialect.insert(downloads).on_conflict_do_nothing(index_elements=["key"]).returning(downloads.c.id)
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}


async def enqueue(connection: AsyncConnection, wanted: Sequence[WantedDownload], *, now: float) -> int:
    """Queue what posts name, in the transaction of `connection`; return how many rows are new.

    What no queue should hold is told in the log and passed over: the posts are kept all the same.
    """
    fit, refused = fitting_ones(wanted)
    for error in refused:
        _log.warning("%s", error)
    return await connection.run_sync(enter, fit, now=now)


def enter(connection: Connection, wanted: Sequence[WantedDownload], *, now: float) -> int:
    """Queue what is not known yet and fits; return how many rows are new.

    A key that has a row keeps it, whatever its state, and one that was pruned has had its turn: what is done
    is not fetched again.
    """
    gone = _pruned(connection, wanted)
    rows = [as_row(wish, now=now) for wish in wanted if storable(wish.key) not in gone]
    if not rows:
        return 0
    return len(connection.execute(_ENTER[connection.dialect.name], rows).all())


def _pruned(connection: Connection, wanted: Sequence[WantedDownload]) -> set[str]:
    query = select(pruned.c.key)
    return {
        key
        for keys in chunks({wish.key for wish in wanted})
        for key in connection.scalars(query.where(pruned.c.key.in_(keys)))
    }
