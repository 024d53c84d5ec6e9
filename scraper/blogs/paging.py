"""Which link of a listing page leads to the next, older page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.blogs.listing_words import ListingWords, listing_words
from scraper.http.identity import fetch_url, link_key, same_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

# Where platforms put the number of a listing page: /page/2/, /page2, /page-2, index2.html, ?paged=2, ?page=2.
_NUMBERED = re.compile(
    r"(?P<before>/page[-/:]?|/index|[?&](?:paged|page)=)(?P<number>\d{1,6})(?=/|\.html?$|&|$)"
)
_ARROWS = "«»‹›←→<>⟵⟶⇐⇒…. \t\n\r\u00a0"


def older_page(tree: HtmlElement, *, base: str, url: str) -> str | None:
    """Return the absolute address of the page that is older than the listing page at `url`, if it names one.

    Signals from the strongest to the weakest: rel=next, classes of known platforms, words in many
    languages, and the same address with the next number.
    """
    words = listing_words()
    here = link_key(url)
    for signal in (_by_rel, _by_class, _by_word):
        for href in signal(tree, words):
            target = _page(href, base, url)
            if target is not None and link_key(target) != here:
                return target
    return _by_number(tree, base, url)


def page_number(url: str) -> int:
    """Return which listing page `url` is by its address; 1 where it carries no number."""
    match = _NUMBERED.search(_path_and_query(url))
    return int(match["number"]) if match else 1


def _by_rel(tree: HtmlElement, words: ListingWords) -> Iterator[str]:
    for element in tree.iter("link", "a"):
        if words.older_rels & _tokens(element, "rel"):
            yield element.get("href") or ""


def _by_class(tree: HtmlElement, words: ListingWords) -> Iterator[str]:
    for link in tree.iter("a"):
        parent = link.getparent()
        if (
            words.older_classes & _tokens(link, "class")
            or (link.get("id") or "") in words.older_ids
            or (parent is not None and words.older_parents & _tokens(parent, "class"))
        ):
            yield link.get("href") or ""


def _by_word(tree: HtmlElement, words: ListingWords) -> Iterator[str]:
    for text_of in (_visible, _label):
        for link in tree.iter("a"):
            if text_of(link) in words.older_words:
                yield link.get("href") or ""


def _by_number(tree: HtmlElement, base: str, url: str) -> str | None:
    wanted = page_number(url) + 1
    for link in tree.iter("a"):
        target = _page(link.get("href") or "", base, url)
        if target is None:
            continue
        match = _NUMBERED.search(_path_and_query(target))
        if match and int(match["number"]) == wanted and _visible(link).strip("page ") in {str(wanted), ""}:
            return target
    return None


def _page(href: str, base: str, url: str) -> str | None:
    if not href or href.startswith("#"):
        return None
    target = fetch_url(href, base)
    return target if target is not None and same_site(target, url) else None


def _visible(link: HtmlElement) -> str:
    return _plain("".join(link.itertext())[:200])


def _label(link: HtmlElement) -> str:
    return _plain((link.get("aria-label") or link.get("title") or "")[:200])


def _plain(text: str) -> str:
    return " ".join(text.lower().strip(_ARROWS).split())


def _tokens(element: HtmlElement, attribute: str) -> set[str]:
    return set((element.get(attribute) or "").lower().split())


def _path_and_query(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
