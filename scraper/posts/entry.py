"""From the text that a listing has of a post to the post, without its page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scraper.posts.composing import compose_post
from scraper.posts.page.document import Head, UnreadablePageError, base_of, read_fragment
from scraper.posts.page.feed_footer import strip_feed_footer
from scraper.posts.page.locks import LockedPostError, is_locked
from scraper.posts.page.scope import whole_scope
from scraper.posts.page.stated import stated_in
from scraper.posts.titles.headline import read_entry_headline
from scraper.posts.titles.text import clean

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from scraper.blogs.listed import ListedPost
    from scraper.posts.context import Context
    from scraper.posts.understood import Understood
    from scraper.posts.worker.aside import Aside

_NO_CHARACTERS = dict.fromkeys((0xFFFE, 0xFFFF))  # lxml refuses them


async def understand_entry(listed: ListedPost, context: Context, aside: Aside) -> Understood:
    """Return the post whose text `listed` has, and how it was understood.

    A heavy text is read `aside`, so that others go on. Raises as `read_entry` does.
    """
    return await aside.read(listed.content or "", read_entry, listed, context)


def read_entry(listed: ListedPost, context: Context) -> Understood:
    """Return the post whose text `listed` has: the same as its page would give. Pure.

    All of the text is the post, without furniture; title, date and cover are the listing's before they
    are the text's. A text that is empty gives a post of what the listing says. Raises
    `UnreadablePageError` where the listing has no text, and `LockedPostError` where the text is but the
    form that asks for a password.
    """
    if listed.content is None:
        raise UnreadablePageError("the listing has no text of this post", where=listed.url)
    document = read_fragment(listed.content)
    body = document.tree
    if is_locked(body, url=listed.url):
        raise LockedPostError(listed.url)
    scope = whole_scope(body)
    strip_feed_footer(scope.body, url=listed.url)
    headline = read_entry_headline(scope, url=listed.url, listed=listed.title)
    if clean(listed.title or ""):  # where pages have it: it names links, and its hashtags count
        scope = replace(scope, meta=(_heading(body, headline.text),))
    return compose_post(
        scope.body,
        scope,
        Head(
            base=base_of(body, listed.url),
            stated=stated_in(scope.body),
            published=listed.published,
            published_by="the listing",
            image=listed.cover,
        ),
        headline=headline,
        url=listed.url,
        listed=listed,
        context=context,
        partial=document.partial,
    )


def _heading(body: HtmlElement, title: str) -> HtmlElement:
    heading: HtmlElement = body.makeelement("h1")
    heading.text = title.translate(_NO_CHARACTERS)
    return heading
