"""Links that stand on most posts of a blog, such as the mix of the month in its sidebar: of no post."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, select

from storage.records import DownloadState, LinkKind
from storage.schema import blogs, downloads, in_state, links, posts

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

MIN_POSTS: Final = 5
"""Of a blog with fewer posts nothing is boilerplate: an album may well be linked from all of three."""

MIN_REPEATS: Final = 3
"""Two posts may share a file."""

MAX_KEYS: Final = 200
"""So many links of a blog are looked at in a run, those on most posts first."""

_KINDS: Final = tuple(kind for kind in LinkKind if kind.queued or kind is LinkKind.MANUAL)
"""What could be downloaded; what is for sale or plays elsewhere harms nobody on every post."""


def find_boilerplate(connection: Connection, blog: str) -> frozenset[str]:
    """Return the keys of the download links that stand on at least half of the posts of `blog`.

    On at least three, and of a blog with at least five posts.
    """
    blog_id = connection.scalar(select(blogs.c.id).where(blogs.c.url == blog))
    of_blog = posts.c.blog_id == blog_id
    total = connection.scalar(select(func.count()).select_from(posts).where(of_blog)) or 0
    if total < MIN_POSTS:
        return frozenset()
    times = func.count()
    query = (
        select(links.c.key)
        .join_from(posts, links, links.c.post_id == posts.c.id)
        .where(of_blog, links.c.kind.in_(_KINDS))
        .group_by(links.c.key)
        .having(times >= max(MIN_REPEATS, -(-total // 2)))
        .order_by(times.desc(), links.c.key)
        .limit(MAX_KEYS)
    )
    return frozenset(connection.scalars(query))


def drop_links(connection: Connection, blog: str, keys: Collection[str]) -> None:
    """Take the links `keys` from all posts of `blog`, in the transaction of `connection`.

    Their downloads that still wait leave the queue, but for those that a post of another blog links as well.
    A row that stayed would keep out a post that has the link later on, and rightly.
    """
    blog_id = connection.scalar(select(blogs.c.id).where(blogs.c.url == blog))
    ordered = sorted(keys)
    own = select(posts.c.id).where(posts.c.blog_id == blog_id)
    connection.execute(delete(links).where(links.c.post_id.in_(own), links.c.key.in_(ordered)))
    elsewhere = set(connection.scalars(select(links.c.key).where(links.c.key.in_(ordered)).distinct()))
    unwanted = [key for key in ordered if key not in elsewhere]
    connection.execute(
        delete(downloads).where(downloads.c.key.in_(unwanted), in_state(DownloadState.WAITING))
    )
