"""Which links of a listing page lead to the next, older page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.blogs.listing_words import ListingWords, listing_words
from scraper.http.addresses.identity import fetch_url, link_key, post_key, same_site

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from lxml.html import HtmlElement

MAX_OLDER = 4
"""Addresses that are returned at most."""

# Where platforms put the number of a listing page: /page/2/, /page2, /page-2, index2.html, ?paged=2, ?page=2.
_NUMBERED = re.compile(
    r"(?P<before>/page[-/:]?|/index[-_]?|[?&](?:paged|page)=)(?P<number>\d{1,6})(?=/|\.html?$|&|$)"
)
_ENDING = re.compile(r"(?P<before>/[^?]{0,500}?)(?P<number>\d{0,6})\.html?")
_NUMBER_ALONE = re.compile(r"(?:\D{0,12} )?(\d{1,6})")
_SIGNS = re.compile(r"^[\W_]+|[\W_]+$")  # arrows, dashes, brackets around the words
_MAX_TEXT = 200


def older_pages(
    links: Sequence[HtmlElement], *, base: str, url: str, posts: Collection[str] = ()
) -> tuple[str, ...]:
    """Return the absolute addresses that may be the page after, older than, the listing page at `url`.

    `links` are its `a` and `link` elements and `posts` the keys of the posts that it lists. Signals from
    the strongest to the weakest: rel=next, classes of known platforms, words in many languages, and the
    same address with the next number. A lower number than that of the page itself is never older.
    """
    words = listing_words()
    here, number = link_key(url), page_number(url)
    found: dict[str, str] = {}
    for signal in (_by_rel, _by_class, _by_word, _by_number):
        for element in signal(links, words, url):
            target = _page(element.get("href") or "", base, url)
            if target is None or link_key(target) == here or post_key(target) in posts:
                continue
            if _goes_back(target, number) or (signal is _by_number and not _follows(target, url)):
                continue
            found.setdefault(link_key(target), target)
            if len(found) >= MAX_OLDER:
                return tuple(found.values())
    return tuple(found.values())


def page_number(url: str) -> int | None:
    """Return which listing page `url` is by its address; None where it carries no number."""
    match = _NUMBERED.search(_path_and_query(url))
    return int(match["number"]) if match else None


def _goes_back(target: str, number: int | None) -> bool:
    there = page_number(target)
    if number is None:
        # /page/1/ is where this page stands already; ?page=1 follows it where counting starts at 0 (Drupal).
        return there == 1 and "page=" not in target
    return there is not None and there <= number


def _follows(target: str, url: str) -> bool:
    if _follows_by_ending(target, url):
        return True
    is_next = page_number(target) == (page_number(url) or 1) + 1
    return is_next and _before_number(target) == _before_number(url)


def _follows_by_ending(target: str, url: str) -> bool:
    """Return whether `target` is Pelican's page after `url`: /tag/house.html, /tag/house2.html."""
    here, there = _ENDING.fullmatch(_path_and_query(url)), _ENDING.fullmatch(_path_and_query(target))
    if here is None or there is None or here["before"] != there["before"] or not there["number"]:
        return False
    return int(there["number"]) == int(here["number"] or 1) + 1


def _before_number(url: str) -> str:
    whole = _path_and_query(url)
    match = _NUMBERED.search(whole)
    before = whole[: match.start()] if match else urlsplit(url).path
    return before.removesuffix("index.html").rstrip("/")


def _by_rel(links: Iterable[HtmlElement], words: ListingWords, url: str) -> Iterator[HtmlElement]:
    del url
    return (link for link in links if not words.older_rels.isdisjoint(_tokens(link, "rel")))


def _by_class(links: Iterable[HtmlElement], words: ListingWords, url: str) -> Iterator[HtmlElement]:
    del url
    for link in _anchors(links):
        parent = link.getparent()
        if (
            not words.older_classes.isdisjoint(_tokens(link, "class"))
            or (link.get("id") or "").lower() in words.older_ids
            or (parent is not None and not words.older_parents.isdisjoint(_tokens(parent, "class")))
        ):
            yield link


def _by_word(links: Sequence[HtmlElement], words: ListingWords, url: str) -> Iterator[HtmlElement]:
    del url
    for text_of in (_visible, _label):
        for link in _anchors(links):
            if text_of(link) in words.older_words:
                yield link


def _by_number(links: Iterable[HtmlElement], words: ListingWords, url: str) -> Iterator[HtmlElement]:
    del words
    wanted = (page_number(url) or 1) + 1
    return (link for link in _anchors(links) if _number_in(link) in {wanted, None})


def _number_in(link: HtmlElement) -> int | None:
    text = _visible(link)
    match = _NUMBER_ALONE.fullmatch(text)
    if match:
        return int(match[1])
    return None if not text else -1


def _page(href: str, base: str, url: str) -> str | None:
    if not href or href.startswith("#"):
        return None
    target = fetch_url(href, base)
    return target if target is not None and same_site(target, url) else None


def _anchors(links: Iterable[HtmlElement]) -> Iterator[HtmlElement]:
    return (link for link in links if link.tag == "a")


def _visible(link: HtmlElement) -> str:
    parts: list[str] = []
    size = 0
    for text in link.itertext():
        parts.append(text)
        size += len(text)
        if size > _MAX_TEXT:
            break
    return _plain("".join(parts)[:_MAX_TEXT])


def _label(link: HtmlElement) -> str:
    return _plain((link.get("aria-label") or link.get("title") or "")[:_MAX_TEXT])


def _plain(text: str) -> str:
    return " ".join(_SIGNS.sub("", text.lower()).split())


def _tokens(element: HtmlElement, attribute: str) -> set[str]:
    return set((element.get(attribute) or "").lower().split())


def _path_and_query(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
