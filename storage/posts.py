"""The posts that were read, what they matched, and the downloads that follow from it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select, tuple_, update

from storage.blogs import ensure_blogs
from storage.chunks import chunks
from storage.post_rows import as_posts, outline
from storage.post_saving import keep
from storage.queue.entering import enqueue
from storage.queue.rows import as_download
from storage.records import KnownPosts, MatchedPost, ReadPost, Saved, StoredPost
from storage.schema import IS_MATCHED, blogs, downloads, links, posts
from storage.text import storable
from storage.unbroken import whole

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence

    from sqlalchemy import Row, Select
    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.database import Database
    from storage.records import Download, Post, WantedDownload

_PAGE = 200
"""Posts in memory at once while streaming."""


class Posts:
    """The posts of a database, by the identity of their address."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def known(self, keys: Collection[str]) -> dict[str, float | None]:
        """Return which of `keys` are stored, each with the POSIX seconds UTC of its publication."""
        known: dict[str, float | None] = {}
        query = select(posts.c.key, posts.c.published_at)
        async with self._database.reading() as connection:
            for some in chunks(keys):
                for row in await connection.execute(query.where(posts.c.key.in_(some))):
                    known[row.key] = row.published_at
        return known

    async def listed(self, blog: str, *, keys: Collection[str], ids: Collection[str]) -> KnownPosts:
        """Return which posts of a listing of `blog` are stored, by their keys and by their listed ids."""
        columns = select(
            posts.c.key, posts.c.published_at, posts.c.modified, posts.c.listed_id, posts.c.blog_id
        )
        async with self._database.reading() as connection:
            blog_id = await connection.scalar(select(blogs.c.id).where(blogs.c.url == blog))
            named = columns.where(posts.c.blog_id == blog_id)
            queries = [columns.where(posts.c.key.in_(some)) for some in chunks(keys)]
            queries += [named.where(posts.c.listed_id.in_(some)) for some in chunks(ids)]
            rows = [row for query in queries for row in await connection.execute(query)]
        own = {row.listed_id: row.key for row in rows if row.blog_id == blog_id and row.listed_id is not None}
        return KnownPosts(
            by_key={row.key: _stored_post(row, blog_id) for row in rows},
            by_id={name: own[storable(name)] for name in ids if storable(name) in own},
        )

    @whole
    async def save(self, batch: Sequence[ReadPost]) -> Saved:
        """Keep a batch of posts, what they matched, and the downloads of those that did: all, or none of it.

        A post that is stored is rewritten in place, also where its listed id tells that it has moved to
        another address; matches add to the earlier ones; the download of a link that vanished stays. What a
        key has queued before is not queued again. Of a post that comes twice, the last reading stays.
        """
        if not batch:
            return Saved(new=0, queued=0)
        now = self._database.now()
        async with self._database.writing() as connection:
            blog_ids = await ensure_blogs(connection, {entry.post.blog for entry in batch})
            new = await keep(connection, batch, blog_ids, now=now)
            queued = await enqueue(connection, _wanted(batch), now=now)
        return Saved(new=new, queued=queued)

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
                {
                    "post": earlier[key].id,
                    "matched": tuple(dict.fromkeys(earlier[key].matched + entry.matched)),
                    "matched_at": now,
                }
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

    async def count_of(self, blog: str) -> int:
        """Return how many posts of `blog` are stored."""
        query = select(func.count()).select_from(posts).join(blogs).where(blogs.c.url == blog)
        async with self._database.reading() as connection:
            return await connection.scalar(query) or 0

    async def matched_names(self) -> tuple[str, ...]:
        """Return the names of all queries that stored posts have matched, in alphabetical order."""
        query = select(posts.c.matched).where(IS_MATCHED).distinct()
        async with self._database.reading() as connection:
            rows = await connection.scalars(query)
        return tuple(sorted({name for names in rows for name in names}))

    async def outlines(self, blogs_of: Collection[str]) -> AsyncIterator[tuple[Post, tuple[str, ...]]]:
        """Yield the posts of some blogs without evidence and links, each with what it has matched.

        In the order in which they were stored. A page of posts is in memory at a time; posts that are stored
        meanwhile come at the end.
        """
        async for rows in self._pages(blogs_of):
            for row in rows:
                yield outline(row), row.matched

    async def whole(self, keys: Collection[str]) -> list[Post]:
        """Return the stored posts of these keys with all their parts."""
        found: list[Post] = []
        async with self._database.reading() as connection:
            for some in chunks(keys):
                rows = (await connection.execute(_WITH_BLOG.where(posts.c.key.in_(some)))).all()
                found += await as_posts(connection, rows)
        return found

    async def find(self, key: str) -> MatchedPost | None:
        """Return the stored post of this key with what it matched and the downloads of its links."""
        async with self._database.reading() as connection:
            rows = (await connection.execute(_WITH_BLOG.where(posts.c.key == storable(key)))).all()
            found = await _matched_posts(connection, rows)
        return found[0] if found else None

    async def stored(self, blogs_of: Collection[str] | None = None) -> AsyncIterator[Post]:
        """Yield all posts in the order in which they were stored, or only those of some blogs.

        A page of posts is in memory at a time; posts that are stored meanwhile come at the end.
        """
        async for rows in self._pages(blogs_of):
            async with self._database.reading() as connection:
                page = await as_posts(connection, rows)
            for post in page:
                yield post

    async def _pages(
        self, blogs_of: Collection[str] | None
    ) -> AsyncIterator[Sequence[Row[*tuple[Any, ...]]]]:
        query = _WITH_BLOG.order_by(posts.c.id).limit(_PAGE)
        if blogs_of is not None:
            query = query.where(blogs.c.url.in_(sorted(blogs_of)))
        after = 0
        while True:
            async with self._database.reading() as connection:
                rows = (await connection.execute(query.where(posts.c.id > after))).all()
            yield rows
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
    query = select(posts.c.id, posts.c.key, posts.c.matched)
    earlier: dict[str, Row[*tuple[Any, ...]]] = {}
    for some in chunks(entries):
        rows = await connection.execute(query.where(posts.c.key.in_(some)))
        earlier.update((row.key, row) for row in rows)
    return earlier


def _stored_post(row: Row[*tuple[Any, ...]], blog_id: int | None) -> StoredPost:
    return StoredPost(
        published=row.published_at,
        modified=row.modified,
        listed_id=row.listed_id if row.blog_id == blog_id else None,
    )


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
