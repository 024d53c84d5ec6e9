"""Posts as rows and rows as posts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from storage.records import Evidence, Link, LinkKind, Post, Precision, Published, Trust
from storage.schema import links, post_genres
from storage.text import storable

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Connection, Row, Table

    from storage.post_places import Place

UNDATED = -1e15
"""Where posts without a date stand in the order of time: before all others."""


def post_values(post: Post, place: Place, *, now: float) -> dict[str, Any]:
    """Return the columns of `posts` for a post in its place, but for those that stay as they were made."""
    published = post.published
    return {
        "key": place.key,
        "url": post.url,
        "blog_id": place.blog_id,
        "title": post.title,
        "artist": post.artist,
        "track": post.track,
        "version": post.version,
        "label": post.label,
        "featuring": post.featuring,
        "published_text": published.text if published else None,
        "published_precision": published.precision if published else None,
        "published_at": published.timestamp if published else None,
        "order_at": published.timestamp if published else UNDATED,
        "genres": post.genres,
        "cover": post.cover,
        "matched": place.matched,
        "matched_at": place.matched_at,
        "updated": now,
        "listed_id": place.listed_id,
        "modified": place.modified,
        "passwords": post.passwords,
        "partial": int(post.partial),
    }


def drop_parts(connection: Connection, ids: Collection[int]) -> None:
    """Delete evidence and links of the posts `ids`, to be written anew."""
    for table in (post_genres, links):
        connection.execute(delete(table).where(table.c.post_id.in_(sorted(ids))))


def evidence_values(post_id: int, post: Post) -> list[dict[str, Any]]:
    """Return the rows of `post_genres` for a post."""
    return [
        {
            "post_id": post_id,
            "position": position,
            "genre": one.genre,
            "trust": one.trust,
            "source": one.source,
            "text": one.text,
        }
        for position, one in enumerate(post.evidence)
    ]


def link_values(post_id: int, post: Post) -> list[dict[str, Any]]:
    """Return the rows of `links` for a post: the first of each key."""
    first: dict[str, Link] = {}
    for link in post.links:
        first.setdefault(storable(link.key), link)
    return [
        {
            "post_id": post_id,
            "position": position,
            "key": link.key,
            "url": link.url,
            "kind": link.kind,
            "host": link.host,
            "format": link.format,
            "name": link.name,
            "text": link.text,
            "quality": link.quality,
            "group_number": link.group,
            "part": link.part,
            "unsure": int(not link.sure),
            "expires": int(link.expires),
        }
        for position, link in enumerate(first.values())
    ]


def as_posts(connection: Connection, rows: Sequence[Row[*tuple[Any, ...]]]) -> list[Post]:
    """Return the posts of `rows` (the columns of `posts`, and `blog`) with their evidence and links."""
    ids = [row.id for row in rows]
    evidence = _parts(connection, post_genres, ids)
    found = _parts(connection, links, ids)
    return [_post(row, evidence.get(row.id, ()), found.get(row.id, ())) for row in rows]


def outline(row: Row[*tuple[Any, ...]]) -> Post:
    """Return the post of `row` without its evidence and links."""
    return _post(row, (), ())


def _parts(
    connection: Connection, table: Table, ids: Sequence[int]
) -> dict[int, list[Row[*tuple[Any, ...]]]]:
    query = select(table).where(table.c.post_id.in_(ids)).order_by(table.c.post_id, table.c.position)
    parts: dict[int, list[Row[*tuple[Any, ...]]]] = {}
    for row in connection.execute(query):
        parts.setdefault(row.post_id, []).append(row)
    return parts


def _post(
    row: Row[*tuple[Any, ...]],
    evidence: Sequence[Row[*tuple[Any, ...]]],
    found: Sequence[Row[*tuple[Any, ...]]],
) -> Post:
    return Post(
        url=row.url,
        key=row.key,
        blog=row.blog,
        title=row.title,
        artist=row.artist,
        track=row.track,
        version=row.version,
        label=row.label,
        featuring=row.featuring,
        published=_published(row),
        genres=row.genres,
        evidence=tuple(
            Evidence(genre=one.genre, trust=Trust(one.trust), source=one.source, text=one.text)
            for one in evidence
        ),
        links=tuple(
            Link(
                url=one.url,
                key=one.key,
                kind=LinkKind(one.kind),
                host=one.host,
                format=one.format,
                name=one.name,
                text=one.text,
                quality=one.quality,
                group=one.group_number,
                part=one.part,
                sure=not one.unsure,
                expires=bool(one.expires),
            )
            for one in found
        ),
        cover=row.cover,
        listed_id=row.listed_id,
        modified=row.modified,
        passwords=row.passwords,
        partial=bool(row.partial),
    )


def _published(row: Row[*tuple[Any, ...]]) -> Published | None:
    if row.published_text is None:
        return None
    return Published(
        text=row.published_text,
        precision=Precision(row.published_precision),
        timestamp=row.published_at,
    )
