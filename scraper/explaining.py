"""One post read as a run would read it, together with what a run would do with it, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scraper.blogs.listed import ListedPost
from scraper.furniture_memory import FurnitureMemory
from scraper.http.addresses.identity import origin, post_key
from scraper.own_players import with_players
from scraper.post_answers import require_post
from scraper.posts.context import Context
from scraper.posts.understand import understand
from scraper.posts.understood import Ignored

if TYPE_CHECKING:
    from filters.graph import GenreGraph
    from scraper.http.client import Client
    from scraper.posts.understood import Understood
    from scraper.posts.worker.aside import Aside
    from storage.blogs import Blogs
    from storage.posts import Posts
    from storage.records import MatchedPost


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadNow:
    """A post as its page shows it now: `size` in bytes, `address` where the page answered."""

    understood: Understood
    address: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPost:
    """What is known of a post before it is read: its blog's address, and what is `stored` of it."""

    url: str
    key: str
    blog: str
    stored: MatchedPost | None = None
    furniture: FurnitureMemory | None = None


async def known_post(url: str, *, posts: Posts, blogs: Blogs) -> KnownPost:
    """Return what storage knows of the post at `url`, and of its blog."""
    key = post_key(url)
    stored = await posts.find(key)
    if stored is not None:
        blog = stored.post.blog
    else:
        above = [each.url for each in await blogs.all() if _is_above(each.url, key)]
        blog = max(above, key=len, default=_home(url))
    furniture = FurnitureMemory(blog, blogs, anew=False)
    await furniture.load()
    return KnownPost(url=url, key=key, blog=blog, stored=stored, furniture=furniture)


def unknown_post(url: str) -> KnownPost:
    """Return what is known of the post at `url` without a database."""
    return KnownPost(url=url, key=post_key(url), blog=_home(url))


async def read_now(
    known: KnownPost, *, client: Client, graph: GenreGraph, now: float, aside: Aside
) -> ReadNow:
    """Return the post as its page shows it now. `now` is POSIX seconds UTC; heavy pages are read `aside`.

    Raises `FetchError`, `UnreadablePageError`, and `LockedPostError` where the page asks for a password.
    """
    listed = ListedPost(url=known.url, key=known.key)
    context = Context(
        blog=known.blog,
        graph=graph,
        now=now,
        furniture=known.furniture.prints if known.furniture is not None else frozenset(),
        explaining=True,
    )
    page = await client.get(known.url)
    try:
        require_post(page, listed, listing=known.blog)
        understood = await with_players(client, await understand(page, listed, context, aside), aside)
        return ReadNow(
            understood=_without_boilerplate(understood, known.furniture),
            address=page.url,
            size=len(page.body),
        )
    finally:
        page.free()


def _without_boilerplate(understood: Understood, furniture: FurnitureMemory | None) -> Understood:
    if furniture is None:
        return understood
    post = furniture.without_boilerplate(understood.post)
    kept = {link.key for link in post.links}
    dropped = [
        Ignored(what=link.url, why="it stands on most posts of the blog")
        for link in understood.post.links
        if link.key not in kept
    ]
    return replace(understood, post=post, ignored_links=(*understood.ignored_links, *dropped))


def _is_above(blog: str, key: str) -> bool:
    return key.startswith(post_key(blog).rstrip("/") + "/")


def _home(url: str) -> str:
    return f"{origin(url)}/"
