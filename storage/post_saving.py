"""A batch of posts written in one transaction: each to its row, with its evidence and its links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, delete, insert, select, update

from storage.chunks import chunks
from storage.post_places import Place, Places, stored_id
from storage.post_rows import drop_parts, evidence_values, link_values, post_values
from storage.schema import links, post_genres, posts, unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection

    from storage.records import ReadPost

_PLACES = select(
    posts.c.id,
    posts.c.key,
    posts.c.blog_id,
    posts.c.listed_id,
    posts.c.modified,
    posts.c.matched,
    posts.c.matched_at,
)


def keep(
    connection: Connection, batch: Sequence[ReadPost], blog_ids: Mapping[str, int], *, now: float
) -> int:
    """Write `batch`, whose blogs have the rows `blog_ids` by address; return how many posts are new."""
    places = Places(_stored(connection, batch, blog_ids))
    for entry in batch:
        places.put(entry, blog_id=blog_ids[entry.post.blog], now=now)
    _make_room(connection, places)
    return _write(connection, places.written(), now)


def _stored(connection: Connection, batch: Sequence[ReadPost], blog_ids: Mapping[str, int]) -> list[Place]:
    """Return the stored rows that have a key or a listed id of the batch, each once."""
    listed: dict[int, set[str]] = {}
    for entry in batch:
        if (listed_id := stored_id(entry.post)) is not None:
            listed.setdefault(blog_ids[entry.post.blog], set()).add(listed_id)
    having: list[ColumnElement[bool]] = [
        posts.c.key.in_(some) for some in chunks({entry.post.key for entry in batch})
    ]
    for blog_id, ids in listed.items():
        having += [and_(posts.c.blog_id == blog_id, posts.c.listed_id.in_(some)) for some in chunks(ids)]
    places: dict[int, Place] = {}
    for condition in having:
        for row in connection.execute(_PLACES.where(condition)).mappings():
            places[row["id"]] = Place(**row)
    return list(places.values())


def _make_room(connection: Connection, places: Places) -> None:
    """Let stored rows go where they are to be before anything is written: each step keeps keys unique."""
    if places.steps:
        values = [{"row": step.id, "key": step.key, "listed_id": None} for step in places.steps]
        connection.execute(update(posts).where(posts.c.id == bindparam("row")), values)
    for some in chunks(places.left()):
        # Where a post has moved away from, there is nothing to try again.
        connection.execute(delete(unreadable).where(unreadable.c.post_key.in_(some)))


def _write(connection: Connection, places: Sequence[Place], now: float) -> int:
    entries = {place.key: place.entry for place in places if place.entry is not None}
    values = {place.key: post_values(entries[place.key].post, place, now=now) for place in places}
    ids = {place.key: place.id for place in places if place.id is not None}
    if ids:
        drop_parts(connection, ids.values())
        rewritten = [{"row": row} | values[key] for key, row in ids.items()]
        connection.execute(update(posts).where(posts.c.id == bindparam("row")), rewritten)
    new = [value | {"created": now} for key, value in values.items() if key not in ids]
    if new:
        written = connection.execute(insert(posts).returning(posts.c.id, posts.c.key), new)
        ids |= {row.key: row.id for row in written}
    for table, values_of in ((post_genres, evidence_values), (links, link_values)):
        parts = [part for key, entry in entries.items() for part in values_of(ids[key], entry.post)]
        if parts:
            connection.execute(insert(table), parts)
    return len(new)
