"""From the page of a post to the post."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.http.addresses.identity import same_site
from scraper.posts.composing import compose_post
from scraper.posts.page.document import parse_document, read_head
from scraper.posts.page.large import read_aside
from scraper.posts.page.locks import LockedPostError, is_locked
from scraper.posts.page.scope import find_scope
from scraper.posts.titles.headline import read_headline

if TYPE_CHECKING:
    from filters.graph import GenreGraph
    from scraper.blogs.listed import ListedPost
    from scraper.http.client import Page
    from storage.records import Post


async def understand(page: Page, *, listed: ListedPost, blog: str, graph: GenreGraph, now: float) -> Post:
    """Return the post that `page` shows. `now` is POSIX seconds UTC, for dates such as "2 weeks ago".

    A large page is read in a thread, so that others go on. Raises `UnreadablePageError`, and
    `LockedPostError` where the page asks for a password.
    """
    return await read_aside(len(page.body), read_post, page, listed=listed, blog=blog, graph=graph, now=now)


def read_post(page: Page, *, listed: ListedPost, blog: str, graph: GenreGraph, now: float) -> Post:
    """Return the post that `page` shows; what its listing knows (`listed`) completes it. Pure.

    Raises as `understand` does.
    """
    tree = parse_document(page.body, charset=page.charset)
    url = page.url if same_site(page.url, listed.url) else listed.url
    if is_locked(tree, url=url):
        raise LockedPostError(url)
    head = read_head(tree, url)
    scope = find_scope(tree, url=url)
    return compose_post(
        tree,
        scope,
        head,
        headline=read_headline(tree, scope, head, url=url, listed=listed.title),
        url=url,
        listed=listed,
        blog=blog,
        graph=graph,
        now=now,
    )
