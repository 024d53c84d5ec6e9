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

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence

    from sqlalchemy import Connection, Row, Select

    from storage.database import Database, Rows
    from storage.records import Download, Post, WantedDownload

_PAGE = 200
"""Posts in memory at once while streaming."""


class Posts:
    """The posts of a database, by the identity of their address."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def known(self, keys: Collection[str]) -> dict[str, float | None]:
        """Return which of `keys` are stored, each with the POSIX seconds UTC of its publication."""
        query = select(posts.c.key, posts.c.published_at)
        rows = await self._database.rows(*(query.where(posts.c.key.in_(some)) for some in chunks(keys)))
        return {row.key: row.published_at for row in rows}

    async def listed(self, blog: str, *, keys: Collection[str], ids: Collection[str]) -> KnownPosts:
        """Return which posts of a listing of `blog` are stored, by their keys and by their listed ids."""
        return await self._database.read(_listed, blog, keys=keys, ids=ids)

    async def save(self, batch: Sequence[ReadPost]) -> Saved:
        """Keep a batch of posts, what they matched, and the downloads of those that did: all, or none of it.

        A post that is stored is rewritten in place, also where its listed id tells that it has moved to
        another address; matches add to the earlier ones; the download of a link that vanished stays. What a
        key has queued before is not queued again. Of a post that comes twice, the last reading stays.
        """
        if not batch:
            return Saved(new=0, queued=0)
        return await self._database.write(_save, batch, now=self._database.now())

    async def mark_matched(self, batch: Sequence[ReadPost]) -> Saved:
        """Record what stored posts match beyond what they matched before, and queue their downloads.

        Posts that are not stored are passed over. `new` counts the posts whose matches grew.
        """
        return await self._database.write(_mark_matched, _one_each(batch), now=self._database.now())

    async def count(self) -> tuple[int, int]:
        """Return how many posts are stored, and how many of them have matched."""
        query = select(func.count(), func.count().filter(IS_MATCHED)).select_from(posts)
        total, matched = (await self._database.rows(query))[0]
        return total, matched

    async def count_of(self, blog: str) -> int:
        """Return how many posts of `blog` are stored."""
        query = select(func.count()).select_from(posts).join(blogs).where(blogs.c.url == blog)
        return int((await self._database.rows(query))[0][0])

    async def matched_names(self) -> tuple[str, ...]:
        """Return the names of all queries that stored posts have matched, in alphabetical order."""
        query = select(posts.c.matched).where(IS_MATCHED).distinct()
        rows = await self._database.rows(query)
        return tuple(sorted({name for row in rows for name in row.matched}))

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
        return await self._database.read(_whole, keys)

    async def find(self, key: str) -> MatchedPost | None:
        """Return the stored post of this key with what it matched and the downloads of its links."""
        _, found = await self._database.read(_matched_posts, _WITH_BLOG.where(posts.c.key == storable(key)))
        return found[0] if found else None

    async def stored(self, blogs_of: Collection[str] | None = None) -> AsyncIterator[Post]:
        """Yield all posts in the order in which they were stored, or only those of some blogs.

        A page of posts is in memory at a time; posts that are stored meanwhile come at the end.
        """
        async for rows in self._pages(blogs_of):
            for post in await self._database.read(as_posts, rows):
                yield post

    async def _pages(self, blogs_of: Collection[str] | None) -> AsyncIterator[Rows]:
        query = _WITH_BLOG.order_by(posts.c.id).limit(_PAGE)
        if blogs_of is not None:
            query = query.where(blogs.c.url.in_(sorted(blogs_of)))
        after = 0
        while True:
            rows = await self._database.rows(query.where(posts.c.id > after))
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
            rows, page = await self._database.read(_matched_posts, following, keys=chosen)
            for post in page:
                yield post
            if len(rows) < _PAGE:
                return
            last = tuple_(rows[-1].order_at, rows[-1].id)
            following = query.where(tuple_(posts.c.order_at, posts.c.id) < last)


_WITH_BLOG: Select[*tuple[Any, ...]] = select(posts, blogs.c.url.label("blog")).join_from(posts, blogs)


def _listed(connection: Connection, blog: str, *, keys: Collection[str], ids: Collection[str]) -> KnownPosts:
    columns = select(posts.c.key, posts.c.published_at, posts.c.modified, posts.c.listed_id, posts.c.blog_id)
    blog_id = connection.scalar(select(blogs.c.id).where(blogs.c.url == blog))
    named = columns.where(posts.c.blog_id == blog_id)
    queries = [columns.where(posts.c.key.in_(some)) for some in chunks(keys)]
    queries += [named.where(posts.c.listed_id.in_(some)) for some in chunks(ids)]
    rows = [row for query in queries for row in connection.execute(query)]
    own = {row.listed_id: row.key for row in rows if row.blog_id == blog_id and row.listed_id is not None}
    return KnownPosts(
        by_key={row.key: _stored_post(row, blog_id) for row in rows},
        by_id={name: own[storable(name)] for name in ids if storable(name) in own},
    )


def _save(connection: Connection, batch: Sequence[ReadPost], *, now: float) -> Saved:
    blog_ids = ensure_blogs(connection, {entry.post.blog for entry in batch})
    new = keep(connection, batch, blog_ids, now=now)
    return Saved(new=new, queued=enqueue(connection, _wanted(batch), now=now))


def _mark_matched(connection: Connection, entries: Mapping[str, ReadPost], *, now: float) -> Saved:
    earlier = _earlier(connection, entries)
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
    connection.execute(update(posts).where(posts.c.id == bindparam("post")), values)
    return Saved(new=len(stored), queued=enqueue(connection, _wanted(stored.values()), now=now))


def _whole(connection: Connection, keys: Collection[str]) -> list[Post]:
    queries = [_WITH_BLOG.where(posts.c.key.in_(some)) for some in chunks(keys)]
    return [post for query in queries for post in as_posts(connection, connection.execute(query).all())]


def _matched_posts(
    connection: Connection, query: Select[*tuple[Any, ...]], *, keys: Collection[str] | None = None
) -> tuple[Rows, list[MatchedPost]]:
    """Return the rows of `query`, and those of them that have one of `keys` as posts."""
    rows = connection.execute(query).all()
    return rows, _with_downloads(connection, [row for row in rows if keys is None or row.key in keys])


def _with_downloads(connection: Connection, rows: Rows) -> list[MatchedPost]:
    found = as_posts(connection, rows)
    query = (
        select(links.c.post_id, downloads)
        .join_from(links, downloads, links.c.key == downloads.c.key)
        .where(links.c.post_id.in_([row.id for row in rows]))
    )
    queued: dict[int, dict[str, Download]] = {}
    for row in connection.execute(query):
        queued.setdefault(row.post_id, {})[row.key] = as_download(row)
    return [
        MatchedPost(post=post, matched=row.matched, downloads=queued.get(row.id, {}))
        for row, post in zip(rows, found, strict=True)
    ]


def _earlier(connection: Connection, entries: Collection[str]) -> dict[str, Row[*tuple[Any, ...]]]:
    query = select(posts.c.id, posts.c.key, posts.c.matched)
    earlier: dict[str, Row[*tuple[Any, ...]]] = {}
    for some in chunks(entries):
        rows = connection.execute(query.where(posts.c.key.in_(some)))
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
