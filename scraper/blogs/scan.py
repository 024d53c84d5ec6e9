"""One pass over a listing page: its entries with their permalinks, its headings, its other links."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from lxml import etree

from scraper.blogs.listing_words import ListingWords, listing_words
from scraper.http.addresses.identity import fetch_url

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from scraper.blogs.addresses import PostAddresses

MAX_LINKS = 50_000
"""Links of one page that are looked at."""

_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_WHOLE_PAGE = frozenset({"html", "body", "main"})
_DATED_PATH = re.compile(r"/(?:[^/]+/)?(?:19|20)\d\d/\d\d/(?:\d\d/)?[^/]{4,}")


class Target(NamedTuple):
    """The address of what may be a post, and its key."""

    url: str
    key: str


class _Rank(IntEnum):
    """What says that a link is the permalink of its entry, strongest first."""

    BOOKMARK = 0
    HEADING = 1
    CLASS = 2
    TIME = 3
    NONE = 4


@dataclass(slots=True, eq=False)
class Entry:
    """One entry of a listing.

    `parent` is the entry around it, `inner` says that it has entries inside, `locked` that its post is
    behind a password.
    """

    parent: Entry | None
    locked: bool = False
    inner: bool = False
    headings: int = 0
    published: str | None = None
    ranked: dict[_Rank, Target] = field(default_factory=dict)
    several: bool = False
    """Whether its links of no rank lead to more than one post."""
    post: Target | None = None
    """The post that the entry stands for, known once the page is read."""

    def settle(self) -> None:
        """Decide `post`; that of the entry around it is decided before."""
        best = min(self.ranked, default=None)
        if best is None or (best is _Rank.NONE and self.several):
            return
        is_part = best > _Rank.HEADING and self.parent is not None and self.parent.post is not None
        self.post = None if is_part else self.ranked[best]

    def add(self, target: Target, rank: _Rank) -> None:
        """Take a link of the entry; of each rank the first counts."""
        first = self.ranked.setdefault(rank, target)
        self.several = self.several or (rank is _Rank.NONE and first.key != target.key)


class PageLink(NamedTuple):
    """A link element as it stands, and the entry that it stands in."""

    element: HtmlElement
    entry: Entry | None


@dataclass(slots=True)
class Scan:
    """What one pass found, everything in page order."""

    entries: list[Entry] = field(default_factory=list)
    headings: list[Target] = field(default_factory=list)
    dated: list[Target] = field(default_factory=list)
    links: list[PageLink] = field(default_factory=list)


def scan_page(tree: HtmlElement, *, base: str, addresses: PostAddresses) -> Scan:
    """Go through `tree` once; `base` is what its links are relative to. Time is linear in its size."""
    scanner = _Scanner(base, addresses)
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if event == "start":
            scanner.start(element)
        else:
            scanner.end(element)
    for entry in scanner.scan.entries:
        entry.settle()
    return scanner.scan


@dataclass(slots=True)
class _OpenLink:
    element: HtmlElement
    target: Target
    rank: _Rank


class _Scanner:
    def __init__(self, base: str, addresses: PostAddresses) -> None:
        self.scan = Scan()
        self._base = base
        self._addresses = addresses
        self._words: ListingWords = listing_words()
        self._furniture: HtmlElement | None = None
        self._entry: Entry | None = None
        self._entry_elements: list[HtmlElement] = []
        self._headings = 0
        self._link: _OpenLink | None = None
        self._targets: dict[str, Target | None] = {}

    def start(self, element: HtmlElement) -> None:
        tag = element.tag
        classes = _tokens(element, "class")
        if self._furniture is None and self._is_furniture(element, tag, classes):
            self._furniture = element
        if self._furniture is None:
            if self._is_entry(element, tag, classes):
                self._open_entry(element, classes)
            if tag in _HEADINGS:
                self._open_heading()
            elif tag == "time":
                self._open_time(element)
        if tag == "a" and element.get("href"):
            self._open_link(element, classes)
        elif tag == "link":
            self.scan.links.append(PageLink(element, None))

    def end(self, element: HtmlElement) -> None:
        if self._link is not None and self._link.element is element:
            self._close_link(self._link)
        if self._furniture is element:
            self._furniture = None
        elif self._furniture is None:
            if element.tag in _HEADINGS:
                self._close_heading()
            if self._entry_elements and self._entry_elements[-1] is element:
                self._entry_elements.pop()
                self._entry = self._entry.parent if self._entry else None

    def _is_furniture(self, element: HtmlElement, tag: str, classes: set[str]) -> bool:
        words = self._words
        if tag in _WHOLE_PAGE:
            return False
        ids = _tokens(element, "id")
        if not words.furniture_unless.isdisjoint(ids | classes):
            return False
        if tag in words.furniture_elements:
            return self._entry is None or tag not in words.furniture_outside_entries
        return (
            not words.furniture_classes.isdisjoint(classes)
            or not words.furniture_ids.isdisjoint(ids)
            or element.get("role", "") in words.furniture_roles
        )

    def _is_entry(self, element: HtmlElement, tag: str, classes: set[str]) -> bool:
        words = self._words
        if tag in _WHOLE_PAGE:
            return False
        if tag in words.entry_elements or not words.entry_classes.isdisjoint(classes):
            return True
        kind = element.get("itemtype")
        return kind is not None and kind.rsplit("/", 1)[-1].lower() in words.entry_types

    def _open_entry(self, element: HtmlElement, classes: set[str]) -> None:
        parent = self._entry
        if parent is not None:
            parent.inner = True
        self._entry = Entry(parent, locked=not self._words.locked_classes.isdisjoint(classes))
        self._entry_elements.append(element)
        self.scan.entries.append(self._entry)

    def _open_heading(self) -> None:
        self._headings += 1
        if self._entry is not None:
            self._entry.headings += 1
        if self._link is not None:
            self._link.rank = min(self._link.rank, _Rank.HEADING)

    def _close_heading(self) -> None:
        self._headings -= 1
        if self._entry is not None:
            self._entry.headings -= 1

    def _open_time(self, element: HtmlElement) -> None:
        if self._entry is not None and self._entry.published is None:
            self._entry.published = element.get("datetime") or None
        if self._link is not None:
            self._link.rank = min(self._link.rank, _Rank.TIME)

    def _open_link(self, element: HtmlElement, classes: set[str]) -> None:
        if len(self.scan.links) >= MAX_LINKS:
            return
        self.scan.links.append(PageLink(element, self._entry))
        if self._furniture is not None:
            return
        target = self._target(element.get("href") or "")
        if target is not None:
            self._link = _OpenLink(element, target, self._rank(element, classes))

    def _rank(self, element: HtmlElement, classes: set[str]) -> _Rank:
        words = self._words
        if not words.permalink_rels.isdisjoint(_tokens(element, "rel")):
            return _Rank.BOOKMARK
        # In an entry only its own headings count, not one that the whole entry stands in.
        if self._entry.headings if self._entry is not None else self._headings:
            return _Rank.HEADING
        parent = element.getparent()
        around = set() if parent is None else _tokens(parent, "class")
        if not words.permalink_classes.isdisjoint(classes | around):
            return _Rank.CLASS
        return _Rank.TIME if parent is not None and parent.tag == "time" else _Rank.NONE

    def _close_link(self, link: _OpenLink) -> None:
        self._link = None
        if self._entry is not None:
            self._entry.add(link.target, link.rank)
        if link.rank is _Rank.HEADING or self._headings:
            self.scan.headings.append(link.target)
        if _DATED_PATH.match(urlsplit(link.target.url).path):
            self.scan.dated.append(link.target)

    def _target(self, href: str) -> Target | None:
        if href not in self._targets:
            url = fetch_url(href, self._base)
            key = None if url is None else self._addresses.key_of(url)
            self._targets[href] = None if url is None or key is None else Target(url, key)
        return self._targets[href]


def _tokens(element: HtmlElement, attribute: str) -> set[str]:
    value = element.get(attribute)
    return set(value.lower().split()) if value else set()
