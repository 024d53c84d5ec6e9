"""Rows of the download queue: from a wish to a row, from a row to a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects.sqlite import insert

from storage.reasons import Reason
from storage.records import Download, DownloadState, LinkKind
from storage.schema import downloads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.records import WantedDownload


async def enqueue(connection: AsyncConnection, wanted: Sequence[WantedDownload], *, now: float) -> int:
    """Queue what is not known yet, in the transaction of `connection`; return how many rows are new.

    A key that has a row keeps it, whatever its state: what is done is not fetched again.
    """
    if not wanted:
        return 0
    statement = (
        insert(downloads).on_conflict_do_nothing(index_elements=[downloads.c.key]).returning(downloads.c.id)
    )
    added = await connection.execute(statement, [_waiting(wish, now) for wish in wanted])
    return len(added.all())


def as_download(row: Row[*tuple[Any, ...]]) -> Download:
    """Return the record of a row that has all columns of `downloads`."""
    return Download(
        id=row.id,
        key=row.key,
        url=row.url,
        host=row.host,
        state=DownloadState(row.state),
        attempts=row.attempts,
        due=row.due,
        created=row.created,
        updated=row.updated,
        kind=LinkKind(row.kind),
        format=row.format,
        stem=row.stem,
        referer=row.referer,
        lease_until=row.lease_until,
        token=row.token,
        reason=None if row.reason is None else Reason(row.reason),
        detail=row.detail,
        path=row.path,
        bytes=row.bytes,
        sha256=row.sha256,
    )


def _waiting(wish: WantedDownload, now: float) -> dict[str, Any]:
    return {
        "key": wish.key,
        "url": wish.url,
        "host": wish.host,
        "state": DownloadState.WAITING,
        "priority": wish.priority,
        "attempts": 0,
        "due": now,
        "created": now,
        "updated": now,
        "kind": wish.kind,
        "format": wish.format,
        "stem": wish.stem,
        "referer": wish.referer,
    }
