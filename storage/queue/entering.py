"""How downloads enter the queue, in the transaction that also keeps the posts that name them."""

from __future__ import annotations

import importlib
import logging
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import select

from storage.chunks import chunks
from storage.queue.fitting import fitting_ones
from storage.queue.rows import as_row
from storage.schema import downloads, pruned
from storage.text import storable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Insert

    from storage.records import WantedDownload

_log = logging.getLogger(__name__)


def enqueue(connection: Connection, wanted: Sequence[WantedDownload], *, now: float) -> int:
    """Queue what posts name, in the transaction of `connection`; return how many rows are new.

    What no queue should hold is told in the log and passed over: the posts are kept all the same.
    """
    fit, refused = fitting_ones(wanted)
    for error in refused:
        _log.warning("%s", error)
    return enter(connection, fit, now=now)


def enter(connection: Connection, wanted: Sequence[WantedDownload], *, now: float) -> int:
    """Queue what is not known yet and fits; return how many rows are new.

    A key that has a row keeps it, whatever its state, and one that was pruned has had its turn: what is done
    is not fetched again.
    """
    gone = _pruned(connection, wanted)
    rows = [as_row(wish, now=now) for wish in wanted if storable(wish.key) not in gone]
    if not rows:
        return 0
    return len(connection.execute(entering(connection.dialect.name), rows).all())


@cache
def entering(dialect: str) -> Insert:
    """Return the statement that enters rows unless they are there: the one that differs by database."""
    # Each alone: a module of SQLAlchemy for a database that is not used takes 14 ms of every start.
    insert = importlib.import_module(f"sqlalchemy.dialects.{dialect}").insert
    entered: Insert = (
        insert(downloads).on_conflict_do_nothing(index_elements=["key"]).returning(downloads.c.id)
    )
    return entered


def _pruned(connection: Connection, wanted: Sequence[WantedDownload]) -> set[str]:
    query = select(pruned.c.key)
    return {
        key
        for keys in chunks({wish.key for wish in wanted})
        for key in connection.scalars(query.where(pruned.c.key.in_(keys)))
    }
