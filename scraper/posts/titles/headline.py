"""Which of a page's many headings and titles is the title of the post."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.posts.titles import strip_site_name, title_from_slug
from scraper.posts.titles.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from scraper.posts.page.document import Head
    from scraper.posts.page.scope import Scope

_LEVELS = ("h1", "h2", "h3")
_MAX_HEADINGS = 200
_MAX_LENGTH = 500
# hAtom, microformats2, WordPress themes, Blogger, Ghost: classes of a post's own headline.
_HEADLINE_CLASSES = frozenset(
    {
        "entry-title",
        "post-title",
        "p-name",
        "wp-block-post-title",
        "article-title",
        "gh-article-title",
        "headline",
    }
)
UNTITLED = "untitled"


def read_headline(tree: HtmlElement, scope: Scope, head: Head, *, url: str, listed: str | None) -> str:
    """Return the title of the post at `url`: clean, without the site's name, never empty.

    In this order: a heading marked as the post's own, one that the page's title repeats, the title of the
    page without the site's name, what the feed says (`listed`), the words of the address.
    """
    titles = [title for title in (head.og_title, head.title) if title]
    in_scope = list(_headings(scope.body))
    for heading in (*_marked(in_scope), *_marked(list(_headings(tree)))):
        return heading
    for text in (text for _, text in (*in_scope, *_headings(tree))):
        if any(_repeats(title, text, head.site_name) for title in titles):
            return text
    first = next((text for element, text in in_scope if element.tag == "h1"), None)
    for title in (first, *(strip_site_name(title, head.site_name) for title in titles), listed):
        if title and (cleaned := clean(title)[:_MAX_LENGTH]):
            return cleaned
    return _of_address(url)


def read_entry_headline(scope: Scope, *, url: str, listed: str | None) -> str:
    """Return the title of a post whose text came with its listing: clean, never empty.

    In this order: what the listing says (`listed`), a heading of the text that is marked as the post's
    own, its first heading of the first rank, the words of the address.
    """
    if listed and (cleaned := clean(listed)[:_MAX_LENGTH]):
        return cleaned
    headings = list(_headings(scope.body))
    first = [text for element, text in headings if element.tag == "h1"]
    return next(iter((*_marked(headings), *first)), None) or _of_address(url)


def _of_address(url: str) -> str:
    slug = urlsplit(url).path.rstrip("/").rsplit("/", 1)[-1]
    return title_from_slug(slug).text or UNTITLED


def _headings(node: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    for count, element in enumerate(node.iter(*_LEVELS)):
        if count >= _MAX_HEADINGS:
            return
        text = clean("".join(element.itertext())[: 2 * _MAX_LENGTH])[:_MAX_LENGTH]
        if text:
            yield element, text


def _marked(headings: list[tuple[HtmlElement, str]]) -> list[str]:
    return [
        text
        for element, text in headings
        if element.get("itemprop") in {"headline", "name"}
        or _HEADLINE_CLASSES & set((element.get("class") or "").lower().split())
    ][:1]


def _repeats(title: str, heading: str, site: str | None) -> bool:
    """Return whether `title` begins with `heading` and goes on, if at all, with the site's name."""
    whole, part = clean(title).casefold(), heading.casefold()
    if site is not None and part == clean(site).casefold():
        return False
    return whole.startswith(part) and len(part) * 4 > len(whole)
