"""From the page of a post to the post."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scraper.http.addresses.identity import same_site
from scraper.posts.composing import compose_post
from scraper.posts.page.document import read_document, read_head
from scraper.posts.page.locks import LockedPostError, is_locked
from scraper.posts.page.scope import find_scope
from scraper.posts.titles.headline import read_headline

if TYPE_CHECKING:
    from scraper.blogs.listed import ListedPost
    from scraper.http.client import Page
    from scraper.posts.context import Context
    from scraper.posts.understood import Understood
    from scraper.posts.worker.aside import Aside


async def understand(page: Page, listed: ListedPost, context: Context, aside: Aside) -> Understood:
    """Return the post that `page` shows, and how it was understood.

    A heavy page is read `aside`, so that others go on. Raises `UnreadablePageError`, and
    `LockedPostError` where the page asks for a password.
    """
    return await aside.read(
        page.body, read_page, page.body, page.charset, page.url, listed=listed, context=context
    )


def read_page(
    body: bytes, charset: str | None, url: str, *, listed: ListedPost, context: Context
) -> Understood:
    """Return the post that the page `body`, which answered at `url`, shows. Pure.

    `charset` is what the Content-Type header names; what the listing knows (`listed`) completes the post.
    Raises as `understand` does.
    """
    document = read_document(body, charset=charset)
    tree = document.tree
    url = url if url == listed.url or same_site(url, listed.url) else listed.url
    if is_locked(tree, url=url):
        raise LockedPostError(url)
    head = read_head(tree, url)
    scope = find_scope(tree, url=url, furniture=context.furniture)
    headline = read_headline(tree, scope, head, url=url, listed=listed.title, blog=context.blog)
    understood = compose_post(
        tree,
        scope,
        head,
        headline=headline,
        url=url,
        listed=listed,
        context=context,
        partial=document.partial,
    )
    return understood if scope.prints is None else replace(understood, prints=scope.prints)
