"""Changes of what a worker holds: each asks for the token of its claim."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, case, null, select, update

from storage.chunks import chunks
from storage.records import DownloadState, Intents
from storage.schema import downloads, in_state

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Select

    from storage.records import Download, Finished

_RUNNING = in_state(DownloadState.RUNNING)
_DONE = in_state(DownloadState.DONE)
LET_GO: dict[str, Any] = {"token": null(), "lease_until": null()}
"""What nobody holds has neither."""
_LARGEST = 2**63 - 1
"""Bytes: what a column of sizes can hold."""


def not_later_than(moment: str) -> ColumnElement[float]:
    """Return the due time of what was claimed: if it lies behind `moment`, the clock was set back since."""
    return case((downloads.c.due > bindparam(moment), bindparam(moment)), else_=downloads.c.due)


# Built once; the names of columns are set, the others say where.
_HELD = update(downloads).where(
    downloads.c.id == bindparam("job"), downloads.c.token == bindparam("holder"), _RUNNING
)
# The token stays: it tells who finished, so that an acknowledgement can be repeated.
_COMPLETE = _HELD.values(state=DownloadState.DONE, reason=null(), detail=null(), lease_until=null())
_RELEASE = _HELD.values(
    state=DownloadState.WAITING,
    attempts=downloads.c.attempts - 1,
    due=not_later_than("now"),
    **LET_GO,
)
_TOKENS = select(
    downloads.c.id, downloads.c.token, downloads.c.path, downloads.c.bytes, downloads.c.sha256
).with_for_update()


def keep(connection: Connection, jobs: Sequence[Download], *, now: float, lease: float) -> frozenset[int]:
    """Hold jobs for `lease` seconds from now; return the ids of those that are no longer held."""
    values = [_holder(job) | {"lease_until": now + lease, "updated": now} for job in jobs]
    return _change_all(connection, _HELD, jobs, values, then=_RUNNING)


def complete(connection: Connection, finished: Sequence[Finished], *, now: float) -> frozenset[int]:
    """Set jobs done; return the ids of those that were not held, and are not done by the same claim."""
    values = [_of_file(one, now) for one in finished]
    return _change_all(connection, _COMPLETE, finished, values, then=_DONE)


def give_back(connection: Connection, jobs: Sequence[Download], *, now: float) -> frozenset[int]:
    """Let jobs wait as before their claim; return the ids of those that were not held."""
    held = _with_token(connection, jobs, _RUNNING)
    values = [
        _holder(job) | {"size": _size(job), "now": now, "updated": now} for job in jobs if job.id in held
    ]
    if values:
        connection.execute(_RELEASE, values)
    return frozenset(job.id for job in jobs) - held.keys()


def given_back(job: Download) -> dict[str, Any]:
    """Return the values of a row whose worker gives it back, with the size that it knows of the file."""
    return {"size": _size(job), **LET_GO}


def change(connection: Connection, job: Download, values: Mapping[str, Any], *, now: float) -> bool:
    """Change a job that is held; return whether it was."""
    changed = connection.execute(_HELD.values({**values, "updated": now}), _holder(job))
    return changed.rowcount == 1


def intend(connection: Connection, intended: Sequence[Finished], *, now: float) -> Intents:
    """Record where files are about to be published, but for content that another job has elsewhere."""
    held = _with_token(connection, intended, _RUNNING)
    known = _known(connection, intended)
    elsewhere: dict[int, str] = {}
    recorded: dict[_Content, tuple[int, str]] = {}
    values = []
    for one in intended:
        if one.id not in held:
            continue
        content = _Content(one.sha256, one.size)
        if not one.own and (one.sha256 in known or content in recorded):
            path = _path_elsewhere(connection, one, content, before=held[one.id], group=recorded)
            if path is not None:
                elsewhere[one.id] = path
                continue
        recorded.setdefault(content, (one.id, one.path))
        values.append(_of_file(one, now))
    if values:
        connection.execute(_HELD, values)
    return Intents(lost=frozenset(one.id for one in intended) - held.keys(), elsewhere=elsewhere)


class _Content(NamedTuple):
    sha256: str | None
    size: int | None


_LOOKED_AT = 1000
_WITH_CONTENTS = (
    select(downloads.c.sha256)
    .where(downloads.c.sha256.in_(bindparam("contents", expanding=True)))
    .limit(_LOOKED_AT)
)


def _known(connection: Connection, intended: Sequence[Finished]) -> set[str]:
    """Return those of the hashes that some row has, perhaps others too: most contents are new."""
    known: set[str] = set()
    for contents in chunks({one.sha256 for one in intended}):
        found = connection.scalars(_WITH_CONTENTS, {"contents": contents}).all()
        # Of one content there may be any number of rows: then each is asked for by itself.
        known.update(found if len(found) < _LOOKED_AT else contents)
    return known


def _of_content(state: ColumnElement[bool]) -> Select[str]:
    # Two questions instead of one in order of state: however many have the same content, the first will do.
    return (
        select(downloads.c.path)
        .where(
            downloads.c.sha256 == bindparam("content"),
            downloads.c.bytes == bindparam("size"),
            downloads.c.id != bindparam("job"),
            downloads.c.path.is_not(None),
            state,
        )
        .limit(1)
    )


_DONE_ELSEWHERE = _of_content(_DONE)
_INTENDED_ELSEWHERE = _of_content(_RUNNING)


def _path_elsewhere(
    connection: Connection,
    one: Finished,
    content: _Content,
    *,
    before: _Content,
    group: Mapping[_Content, tuple[int, str]],
) -> str | None:
    """Return where another job has the same content: it is done, or has said before that it will be there."""
    values = {"content": one.sha256, "size": one.size, "job": one.id}
    path = connection.scalar(_DONE_ELSEWHERE, values)
    # Who has said so himself gives way to nobody who has not finished.
    if path is not None or before == content:
        return path
    first = group.get(content)
    if first is not None and first[0] != one.id:
        return first[1]
    return connection.scalar(_INTENDED_ELSEWHERE, values)


def _change_all(
    connection: Connection,
    statement: Any,
    jobs: Sequence[Download | Finished],
    values: list[dict[str, Any]],
    *,
    then: ColumnElement[bool],
) -> frozenset[int]:
    """Change jobs; return the ids of those that are not in the state `then` with their token."""
    if connection.execute(statement, values).rowcount == len(jobs):
        return frozenset()
    return frozenset(job.id for job in jobs) - _with_token(connection, jobs, then).keys()


def _with_token(
    connection: Connection, jobs: Sequence[Download | Finished], state: ColumnElement[bool]
) -> dict[int, _Content]:
    """Return the ids of those of `jobs` that are in `state` and have their token, with their intents."""
    tokens = {job.id: job.token for job in jobs if job.token is not None}
    same: dict[int, _Content] = {}
    for ids in chunks(tokens):
        for row in connection.execute(_TOKENS.where(state, downloads.c.id.in_(ids))):
            if row.token == tokens[row.id]:
                intent = (None, None) if row.path is None else (row.sha256, row.bytes)
                same[row.id] = _Content(*intent)
    return same


def _holder(job: Download | Finished) -> dict[str, Any]:
    return {"job": job.id, "holder": job.token}


def _size(job: Download) -> int | None:
    return job.size if job.size is not None and 0 <= job.size <= _LARGEST else None


def _of_file(one: Finished, now: float) -> dict[str, Any]:
    return _holder(one) | {"path": one.path, "bytes": one.size, "sha256": one.sha256, "updated": now}
