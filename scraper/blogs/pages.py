"""A listing page as HTML: which posts it lists, which page is older, which feeds it names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.blogs.addresses import PostAddresses
from scraper.blogs.listed import ListedPost
from scraper.blogs.paging import older_pages
from scraper.blogs.scan import scan_page
from scraper.http.addresses.identity import fetch_url

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from scraper.blogs.recognition import Recognised
    from scraper.blogs.scan import PageLink, Scan, Target

_FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/json"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingPage:
    """What one listing page gives, all of it in page order.

    `locked` are the keys of posts behind a password, which are not among `posts`; `older` the addresses
    that may be the next, older page, the likeliest first; `feeds` those of the feeds that it names.
    `recognised` is what it tells of its blog, where that was looked for.
    """

    posts: tuple[ListedPost, ...] = ()
    locked: frozenset[str] = frozenset()
    older: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    recognised: Recognised | None = None


def read_listing(tree: HtmlElement, url: str) -> ListingPage:
    """Read the listing page `tree` that was fetched from `url`; addresses in the result are absolute."""
    base = _base(tree, url)
    scan = scan_page(tree, base=base, addresses=PostAddresses(url))
    locked = frozenset(entry.post.key for entry in scan.entries if entry.locked and entry.post)
    posts: dict[str, ListedPost] = {}
    for post in _posts(scan):
        if post.key not in locked:
            posts.setdefault(post.key, post)
    whole = len(posts) > 1
    links = [link.element for link in scan.links if not (whole and _is_within_entry(link))]
    return ListingPage(
        posts=tuple(posts.values()),
        locked=locked,
        older=older_pages(links, base=base, url=url, posts=posts.keys()),
        feeds=_feeds(tree, base),
    )


def _posts(scan: Scan) -> list[ListedPost]:
    """Return what the surest reading of the page gives: entries, else linked headings, else dated links."""
    entries = [
        ListedPost(url=entry.post.url, key=entry.post.key, published=entry.published)
        for entry in scan.entries
        if entry.post is not None
    ]
    if len({post.key for post in entries}) > 1:
        return entries
    headings = _plain(scan.headings)
    if len({post.key for post in headings}) > len(entries):
        return headings
    return entries or _plain(scan.dated)


def _plain(targets: list[Target]) -> list[ListedPost]:
    return [ListedPost(url=target.url, key=target.key) for target in targets]


def _is_within_entry(link: PageLink) -> bool:
    # The links of one post, its "next album" among them, do not page; those around several posts may.
    return link.entry is not None and not link.entry.inner and link.entry.post is not None


def _feeds(tree: HtmlElement, base: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for link in tree.iter("link"):
        rels = set((link.get("rel") or "").lower().split())
        kind = (link.get("type") or "").split(";")[0].strip().lower()
        target = fetch_url(link.get("href") or "", base)
        if "alternate" in rels and kind in _FEED_TYPES and target and not _is_side_feed(target):
            found.setdefault(target)
    return tuple(found)


def _is_side_feed(url: str) -> bool:
    path = urlsplit(url).path.lower()
    return "/comments/" in path or "/wp-json/" in path or "oembed" in path or path.endswith("/comments")


def _base(tree: HtmlElement, url: str) -> str:
    for element in tree.iter("base"):
        return fetch_url(element.get("href") or "", url) or url
    return url
