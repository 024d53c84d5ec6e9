"""What a person changes: many downloads at once, chosen by a selection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import case, delete, insert, literal, select, update

from storage.queue.holding import LET_GO
from storage.reasons import Reason
from storage.records import DownloadState
from storage.schema import downloads, pruned

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import ColumnElement, Connection

    from storage.records import Selection

_ENDED = frozenset({DownloadState.DONE, DownloadState.FAILED, DownloadState.CANCELLED})
_GIVEN_UP = frozenset({DownloadState.FAILED, DownloadState.CANCELLED})
_WAITING = frozenset({DownloadState.WAITING})
_OPEN = frozenset({DownloadState.WAITING, DownloadState.RUNNING})
_IDS = range(-(2**63), 2**63)
"""What a column of ids can hold."""


def conditions(selection: Selection, *, among: Collection[DownloadState] = ()) -> list[ColumnElement[bool]]:
    """Return what a download of the selection fulfils; with `among`, it is in one of these states too."""
    found: list[ColumnElement[bool]] = []
    states = set(selection.states) & set(among) if selection.states and among else selection.states or among
    if states or selection.states:
        found.append(downloads.c.state.in_(sorted(states)))
    if selection.ids:
        found.append(downloads.c.id.in_(sorted(id_ for id_ in set(selection.ids) if id_ in _IDS)))
    if selection.reason is not None:
        found.append(downloads.c.reason == selection.reason)
    if selection.host is not None:
        found.append(downloads.c.host == selection.host)
    return found


def retry(connection: Connection, selection: Selection, *, now: float) -> int:
    """Let what failed or was cancelled wait again; return how many."""
    values = {"state": DownloadState.WAITING, "attempts": 0, "due": now, "updated": now, **LET_GO}
    return _change(connection, conditions(selection, among=_GIVEN_UP), values)


def hurry(connection: Connection, selection: Selection, *, now: float) -> int:
    """Let what waits for a later moment be due now, with the tries that it has left; return how many."""
    chosen = [*conditions(selection, among=_WAITING), downloads.c.due > now]
    return _change(connection, chosen, {"due": now, "updated": now})


def cancel(connection: Connection, selection: Selection, *, now: float) -> int:
    """Cancel what waits or runs; return how many."""
    values = {
        "state": DownloadState.CANCELLED,
        "reason": Reason.CANCELLED,
        "detail": None,
        "updated": now,
        **LET_GO,
    }
    return _change(connection, conditions(selection, among=_OPEN), values)


def prune(connection: Connection, selection: Selection, *, before: float, now: float, most: int) -> int:
    """Forget at most `most` downloads that ended, but for their keys; return how many."""
    ended = select(downloads.c.id).where(*conditions(selection, among=_ENDED), downloads.c.updated < before)
    ids = list(connection.scalars(ended.limit(most).with_for_update(skip_locked=True)))
    chosen = downloads.c.id.in_(ids)
    content = case((downloads.c.state == DownloadState.DONE, downloads.c.sha256))
    keys = select(downloads.c.key, content, literal(now)).where(chosen)
    connection.execute(insert(pruned).from_select(["key", "sha256", "pruned"], keys))
    connection.execute(delete(downloads).where(chosen))
    return len(ids)


def _change(connection: Connection, chosen: list[ColumnElement[bool]], values: dict[str, Any]) -> int:
    return connection.execute(update(downloads).where(*chosen).values(values)).rowcount
