"""The first download that waits for each host: a walk from host to host, not from row to row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, exists, func, or_, select

from storage.records import DownloadState
from storage.schema import EVERY_HOST, downloads, in_state, pauses

if TYPE_CHECKING:
    from sqlalchemy import CTE, ColumnElement, ScalarSelect, Select

_WAITING = in_state(DownloadState.WAITING)
_HEAD = downloads.alias("head")
_COLUMNS = (_HEAD.c.priority, _HEAD.c.host, _HEAD.c.due, _HEAD.c.id)


def next_priority() -> ScalarSelect[int]:
    """Return the query for the smallest priority that waits and is greater than the one bound as `above`."""
    return (
        select(func.min(downloads.c.priority))
        .where(_WAITING, downloads.c.priority > bindparam("above"))
        .scalar_subquery()
    )


def is_paused(host: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition that nothing of `host` may be given out at the moment bound as `now`."""
    return exists().where(pauses.c.host.in_([host, EVERY_HOST]), pause_holds())


def pause_holds() -> ColumnElement[bool]:
    """Return the condition that a pause is not over at the moment bound as `now`."""
    return or_(pauses.c.until.is_(None), pauses.c.until > bindparam("now"))


def heads_behind(name: str, host: ColumnElement[str]) -> CTE:
    """Return the heads of the next priority above the one bound as `above`, of the hosts behind `host`."""
    return _heads_of_next_priority(name, start=downloads.c.host > host)


def heads_up_to(name: str, host: ColumnElement[str]) -> CTE:
    """Return the heads of the next priority above the one bound as `above`, of the hosts up to `host`."""
    return _heads_of_next_priority(name, downloads.c.host <= host)


def heads_of_all(name: str) -> CTE:
    """Return the heads of every priority, by priority and host."""
    first = _first()
    heads = _begin(name, first)
    # One comparison of (priority, host) would be shorter, but SQLite walks through all rows of a host for it.
    same_priority = first.where(downloads.c.priority == heads.c.priority, downloads.c.host > heads.c.host)
    return _go_on(heads, same_priority, first.where(downloads.c.priority > heads.c.priority))


def _heads_of_next_priority(
    name: str, *range_of_hosts: ColumnElement[bool], start: ColumnElement[bool] | None = None
) -> CTE:
    # Only the start asks for `start`: with two lower bounds to choose from, the planner takes the wrong one.
    first = _first(*range_of_hosts)
    begin = first if start is None else first.where(start)
    heads = _begin(name, begin.where(downloads.c.priority == next_priority()))
    step = first.where(downloads.c.priority == heads.c.priority, downloads.c.host > heads.c.host)
    return _go_on(heads, step)


def _first(*restrictions: ColumnElement[bool]) -> Select[int]:
    """Return the query for the id of the first entry of the index within the restrictions.

    To ask for the first one behind a host is one step into the index: a host costs the same with one
    download that waits as with a million.
    """
    return (
        select(downloads.c.id)
        .where(_WAITING, *restrictions)
        .order_by(downloads.c.priority, downloads.c.host, downloads.c.due, downloads.c.id)
        .limit(1)
    )


def _begin(name: str, first: Select[int]) -> CTE:
    return select(*_COLUMNS).where(_HEAD.c.id == first.scalar_subquery()).cte(name, recursive=True)


def _go_on(heads: CTE, *following: Select[int]) -> CTE:
    """Add to `heads` what follows each of them, by the first of these queries that finds something."""
    ids = [query.correlate(heads).scalar_subquery() for query in following]
    following_id = func.coalesce(*ids) if len(ids) > 1 else ids[0]
    return heads.union_all(select(*_COLUMNS).join_from(heads, _HEAD, _HEAD.c.id == following_id))
