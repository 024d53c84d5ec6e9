"""What reading a blog brought, then and now, and whether its pages seem to have changed under the reader."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import exists, func, literal_column, select

from storage.schema import blogs, links, posts

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select

EARLIER: Final = 50
"""The posts read last before a moment, as many of them as tell how reading went then."""

_ENOUGH_NOW: Final = 5
_ENOUGH_BEFORE: Final = 10
_HABIT: Final = 0.5
"""The part of the earlier posts that had something, from which on its absence is news."""

_READ_OF = select(
    (posts.c.genres != literal_column("'[]'")).label("genres"),
    exists().where(links.c.post_id == posts.c.id).label("links"),
)


class Lack(StrEnum):
    """What all posts of a blog lack that they used to have."""

    GENRES = "no genres"
    LINKS = "no links"


@dataclass(frozen=True, slots=True, kw_only=True)
class Yield:
    """How many posts were read, and how many of them have genres and links of any kind."""

    posts: int
    with_genres: int
    with_links: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BlogYield:
    """What is known of the posts of a blog before and after a moment."""

    stored: int
    """All its posts."""
    before: Yield
    """Those read last before the moment, EARLIER of them at most."""
    now: Yield
    """All those read since, new or not."""


def changed_layout(before: Yield, now: Yield) -> Lack | None:
    """Return what the posts of a blog have ceased to have, None while nothing is suspicious.

    It takes five posts without any of it, where at least half of ten or more had it. Without genres nothing
    matches, so that this is said first where links are lacking as well.
    """
    if now.posts < _ENOUGH_NOW or before.posts < _ENOUGH_BEFORE:
        return None
    if now.with_genres == 0 and before.with_genres >= before.posts * _HABIT:
        return Lack.GENRES
    if now.with_links == 0 and before.with_links >= before.posts * _HABIT:
        return Lack.LINKS
    return None


def blog_yield(connection: Connection, blog: str, *, since: float) -> BlogYield:
    """Return what reading `blog` brought before and from `since` on, in POSIX seconds UTC."""
    blog_id = connection.scalar(select(blogs.c.id).where(blogs.c.url == blog))
    of_blog = posts.c.blog_id == blog_id
    latest_first = (posts.c.updated.desc(), posts.c.id.desc())
    read = _READ_OF.where(of_blog)
    return BlogYield(
        stored=connection.scalar(select(func.count()).select_from(posts).where(of_blog)) or 0,
        before=_yield(connection, read.where(posts.c.updated < since).order_by(*latest_first).limit(EARLIER)),
        now=_yield(connection, read.where(posts.c.updated >= since)),
    )


def _yield(connection: Connection, read: Select[*tuple[Any, ...]]) -> Yield:
    one = read.subquery()
    counts = select(
        func.count().label("posts"),
        func.count().filter(one.c.genres).label("with_genres"),
        func.count().filter(one.c.links).label("with_links"),
    )
    row = connection.execute(counts).mappings().one()
    return Yield(**row)
