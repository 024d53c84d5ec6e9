"""The posts that were read, what they matched, and the downloads that follow from it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, insert, select, tuple_, update
from sqlalchemy.dialects import sqlite

from storage.blogs import ensure_blogs
from storage.downloads import as_download, enqueue
from storage.post_rows import as_posts, drop_parts, evidence_values, link_values, post_values
from storage.records import MatchedPost, ReadPost, Saved
from storage.schema import IS_MATCHED, blogs, downloads, links, post_genres, posts
from storage.text import storable
from storage.unbroken import whole

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Row, Select
    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.database import Database
    from storage.records import Download, Post, WantedDownload

_CHUNK = 500
"""Keys in one statement: databases limit the number of parameters."""
_PAGE = 200
"""Posts in memory at once while streaming."""
_REWRITTEN = [column.name for column in posts.c if column.name not in {"id", "key", "created"}]


class Posts:
    """The posts of a database, by the identity of their address."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def known(self, keys: Collection[str]) -> dict[str, float | None]:
        """Return which of `keys` are stored, each with the POSIX seconds UTC of its publication."""
        known: dict[str, float | None] = {}
        query = select(posts.c.key, posts.c.published_at)
        async with self._database.reading() as connection:
            for some in _chunks(keys):
                for row in await connection.execute(query.where(posts.c.key.in_(some))):
                    known[row.key] = row.published_at
        return known

    @whole
    async def save(self, batch: Sequence[ReadPost]) -> Saved:
        """Keep a batch of posts, what they matched, and the downloads of those that did: all, or none of it.

        A post that is stored is rewritten in place; matches add to the earlier ones; the download of a
        link that vanished stays. What a key has queued before is not queued again.
        """
        entries = _one_each(batch)
        if not entries:
            return Saved(new=0, queued=0)
        now = self._database.now()
        async with self._database.writing() as connection:
            earlier = await _earlier(connection, entries)
            blog_ids = await ensure_blogs(connection, {entry.post.blog for entry in entries.values()})
            await drop_parts(connection, [row.id for row in earlier.values()])
            ids = await _write(
                connection,
                [
                    post_values(entry.post, blog_id=blog_ids[entry.post.blog], now=now)
                    | _match_values(entry, earlier.get(key), now)
                    for key, entry in entries.items()
                ],
            )
            await _write_parts(connection, ids, entries)
            queued = await enqueue(connection, _wanted(entries.values()), now=now)
        return Saved(new=len(entries) - len(earlier), queued=queued)

    @whole
    async def mark_matched(self, batch: Sequence[ReadPost]) -> Saved:
        """Record what stored posts match beyond what they matched before, and queue their downloads.

        Posts that are not stored are passed over. `new` counts the posts whose matches grew.
        """
        entries = _one_each(batch)
        now = self._database.now()
        async with self._database.writing() as connection:
            earlier = await _earlier(connection, entries)
            stored = {key: entry for key, entry in entries.items() if _grows(entry, earlier.get(key))}
            if not stored:
                return Saved(new=0, queued=0)
            values = [
                {"post": earlier[key].id} | _match_values(entry, earlier[key], now)
                for key, entry in stored.items()
            ]
            await connection.execute(update(posts).where(posts.c.id == bindparam("post")), values)
            queued = await enqueue(connection, _wanted(stored.values()), now=now)
        return Saved(new=len(stored), queued=queued)

    async def count(self) -> tuple[int, int]:
        """Return how many posts are stored, and how many of them have matched."""
        async with self._database.reading() as connection:
            total = await connection.scalar(select(func.count()).select_from(posts)) or 0
            matched = await connection.scalar(select(func.count()).select_from(posts).where(IS_MATCHED)) or 0
        return total, matched

    async def matched_names(self) -> tuple[str, ...]:
        """Return the names of all queries that stored posts have matched, in alphabetical order."""
        query = select(posts.c.matched).where(IS_MATCHED).distinct()
        async with self._database.reading() as connection:
            rows = await connection.scalars(query)
        return tuple(sorted({name for names in rows for name in names}))

    async def stored(self, blogs_of: Collection[str] | None = None) -> AsyncIterator[Post]:
        """Yield all posts in the order in which they were stored, or only those of some blogs.

        A page of posts is in memory at a time; posts that are stored meanwhile come at the end.
        """
        query = _WITH_BLOG.order_by(posts.c.id).limit(_PAGE)
        if blogs_of is not None:
            query = query.where(blogs.c.url.in_(sorted(blogs_of)))
        after = 0
        while True:
            async with self._database.reading() as connection:
                rows = (await connection.execute(query.where(posts.c.id > after))).all()
                page = await as_posts(connection, rows)
            for post in page:
                yield post
            if len(rows) < _PAGE:
                return
            after = rows[-1].id

    async def matched(
        self, *, since_matched: float | None = None, keys: Collection[str] | None = None
    ) -> AsyncIterator[MatchedPost]:
        """Yield the posts that matched with the downloads of their links, newest first, undated ones last.

        `since_matched` (POSIX seconds UTC) leaves only what a run that started then found to match, be it
        new or not; `keys` only these posts. A page of posts is in memory at a time.
        """
        query = _WITH_BLOG.where(IS_MATCHED).order_by(posts.c.order_at.desc(), posts.c.id.desc()).limit(_PAGE)
        if since_matched is not None:
            query = query.where(posts.c.matched_at >= since_matched)
        chosen = None if keys is None else {storable(key) for key in keys}
        following = query
        while True:
            async with self._database.reading() as connection:
                rows = (await connection.execute(following)).all()
                page = await _matched_posts(
                    connection, [row for row in rows if chosen is None or row.key in chosen]
                )
            for post in page:
                yield post
            if len(rows) < _PAGE:
                return
            last = tuple_(rows[-1].order_at, rows[-1].id)
            following = query.where(tuple_(posts.c.order_at, posts.c.id) < last)


_WITH_BLOG: Select[*tuple[Any, ...]] = select(posts, blogs.c.url.label("blog")).join_from(posts, blogs)


async def _matched_posts(
    connection: AsyncConnection, rows: Sequence[Row[*tuple[Any, ...]]]
) -> list[MatchedPost]:
    found = await as_posts(connection, rows)
    query = (
        select(links.c.post_id, downloads)
        .join_from(links, downloads, links.c.key == downloads.c.key)
        .where(links.c.post_id.in_([row.id for row in rows]))
    )
    queued: dict[int, dict[str, Download]] = {}
    for row in await connection.execute(query):
        queued.setdefault(row.post_id, {})[row.key] = as_download(row)
    return [
        MatchedPost(post=post, matched=row.matched, downloads=queued.get(row.id, {}))
        for row, post in zip(rows, found, strict=True)
    ]


async def _earlier(
    connection: AsyncConnection, entries: Mapping[str, ReadPost]
) -> dict[str, Row[*tuple[Any, ...]]]:
    query = select(posts.c.id, posts.c.key, posts.c.matched, posts.c.matched_at)
    earlier: dict[str, Row[*tuple[Any, ...]]] = {}
    for some in _chunks(entries):
        rows = await connection.execute(query.where(posts.c.key.in_(some)))
        earlier.update((row.key, row) for row in rows)
    return earlier


async def _write(connection: AsyncConnection, values: list[dict[str, Any]]) -> dict[str, int]:
    statement = sqlite.insert(posts)
    rewrite = {name: statement.excluded[name] for name in _REWRITTEN}
    written = await connection.execute(
        statement.on_conflict_do_update(index_elements=[posts.c.key], set_=rewrite).returning(
            posts.c.id, posts.c.key
        ),
        values,
    )
    return {row.key: row.id for row in written}


async def _write_parts(
    connection: AsyncConnection, ids: Mapping[str, int], entries: Mapping[str, ReadPost]
) -> None:
    for table, values_of in ((post_genres, evidence_values), (links, link_values)):
        values = [value for key, entry in entries.items() for value in values_of(ids[key], entry.post)]
        if values:
            await connection.execute(insert(table), values)


def _match_values(entry: ReadPost, earlier: Row[*tuple[Any, ...]] | None, now: float) -> dict[str, Any]:
    before: tuple[str, ...] = () if earlier is None else earlier.matched
    matched_at = None if earlier is None else earlier.matched_at
    return {
        "matched": tuple(dict.fromkeys(before + entry.matched)),
        "matched_at": now if entry.matched else matched_at,
    }


def _grows(entry: ReadPost, earlier: Row[*tuple[Any, ...]] | None) -> bool:
    return earlier is not None and not set(entry.matched) <= set(earlier.matched)


def _one_each(batch: Sequence[ReadPost]) -> dict[str, ReadPost]:
    """Return the batch by key; of a post that comes twice, the last reading with the matches of all."""
    entries: dict[str, ReadPost] = {}
    for entry in batch:
        key = storable(entry.post.key)
        before = entries.get(key)
        if before is not None:
            matched = tuple(dict.fromkeys(before.matched + entry.matched))
            entries[key] = replace(entry, matched=matched, wanted=before.wanted + entry.wanted)
        else:
            entries[key] = entry
    return entries


def _wanted(entries: Iterable[ReadPost]) -> list[WantedDownload]:
    return [wish for entry in entries if entry.matched for wish in entry.wanted]


def _chunks(keys: Collection[str]) -> Iterator[list[str]]:
    ordered = sorted(keys)
    return (ordered[start : start + _CHUNK] for start in range(0, len(ordered), _CHUNK))
