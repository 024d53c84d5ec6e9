"""A listing page as HTML: which posts it lists, which page is older, which feeds it names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from scraper.blogs.listed import ListedPost
from scraper.blogs.listing_words import ListingWords, listing_words
from scraper.blogs.paging import older_page
from scraper.http.identity import fetch_url, post_key, same_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

_HEADINGS = ("h1", "h2", "h3", "h4")
_FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/json"}
)
_DATED_PATH = re.compile(r"^/(?:[^/]+/)?(?:19|20)\d\d/\d\d/(?:\d\d/)?[^/]{4,}")
_DATE_ARCHIVE = re.compile(r"^(?:/\d{1,4})+/?$")
_MAX_ENTRIES = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingPage:
    """What one listing page gives: its posts in page order, the older page, and the feeds it links to."""

    posts: tuple[ListedPost, ...]
    older: str | None
    feeds: tuple[str, ...]


def read_listing(tree: HtmlElement, url: str) -> ListingPage:
    """Read the listing page `tree` that was fetched from `url`; addresses in the result are absolute."""
    words = listing_words()
    base = _base(tree, url)
    posts: dict[str, ListedPost] = {}
    for read in (_entries, _headings, _dated_links):
        for post in read(tree, base, url, words):
            posts.setdefault(post.key, post)
            if len(posts) >= _MAX_ENTRIES:
                break
        if posts:
            break
    return ListingPage(
        posts=tuple(posts.values()), older=older_page(tree, base=base, url=url), feeds=_feeds(tree, base)
    )


def may_be_post(url: str, listing: str) -> bool:
    """Return whether `url` can be a post of the blog that `listing` belongs to, judged by its address."""
    words = listing_words()
    if not same_site(url, listing) or post_key(url) == post_key(listing):
        return False
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.lower().split("/") if segment]
    names = {name.lower() for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    if not segments:
        return "p" in names
    if parts.path.lower().endswith(words.not_post_endings) or _DATE_ARCHIVE.match(parts.path):
        return False
    if segments[0] in words.not_post_first or segments[-1] in words.not_post_last:
        return False
    return not names & words.not_post_queries


def in_furniture(node: HtmlElement, words: ListingWords) -> bool:
    """Return whether `node` stands in a sidebar, menu, footer, comment or the like."""
    current: HtmlElement | None = node
    while current is not None:
        tag = current.tag
        if isinstance(tag, str) and (
            (tag in words.furniture_elements and not _is_featured(current))
            or current.get("role", "") in words.furniture_roles
            or current.get("id", "").lower() in words.furniture_ids
            or (tag not in {"body", "html"} and not words.furniture_classes.isdisjoint(_classes(current)))
        ):
            return True
        current = current.getparent()
    return False


def _is_featured(node: HtmlElement) -> bool:
    # Themes put the newest post in an aside of its own above the others (Pelican's notmyidea).
    return node.tag == "aside" and "featured" in (node.get("id") or "", *_classes(node))


def _entries(tree: HtmlElement, base: str, url: str, words: ListingWords) -> Iterator[ListedPost]:
    for node in _entry_nodes(tree, words):
        link = _permalink(node, base, url, words)
        if link is not None:
            time = next(node.iter("time"), None)
            published = time.get("datetime") if time is not None else None
            yield ListedPost(url=link, key=post_key(link), published=published)


def _entry_nodes(tree: HtmlElement, words: ListingWords) -> Iterator[HtmlElement]:
    nodes = [node for node in tree.iter() if _is_entry(node, words) and not in_furniture(node, words)]
    inner = set(nodes)
    wrappers = {parent for node in nodes for parent in node.iterancestors() if parent in inner}
    for node in nodes:
        if node not in wrappers or sum(child in inner for child in node.iterdescendants()) == 1:
            yield node


def _is_entry(node: HtmlElement, words: ListingWords) -> bool:
    tag = node.tag
    if not isinstance(tag, str) or tag in {"body", "html", "main", "a"}:
        return False
    return tag in words.entry_elements or not words.entry_classes.isdisjoint(_classes(node))


def _permalink(node: HtmlElement, base: str, url: str, words: ListingWords) -> str | None:
    links = [link for link in node.iter("a") if link.get("href")]
    ranked = (
        [link for link in links if words.permalink_rels & set((link.get("rel") or "").lower().split())],
        [link for link in links if _in_heading(link, node) or any(True for _ in link.iter(*_HEADINGS))],
        [link for link in links if words.permalink_classes & set(_classes(link))],
        [link for link in links if any(True for _ in link.iter("time")) or _in_time(link)],
    )
    for group in ranked:
        for link in group:
            target = fetch_url(link.get("href") or "", base)
            if target is not None and may_be_post(target, url):
                return target
    return None


def _headings(tree: HtmlElement, base: str, url: str, words: ListingWords) -> Iterator[ListedPost]:
    for heading in tree.iter(*_HEADINGS):
        for link in heading.iter("a"):
            target = fetch_url(link.get("href") or "", base)
            if target is not None and may_be_post(target, url) and not in_furniture(heading, words):
                yield ListedPost(url=target, key=post_key(target))
                break


def _dated_links(tree: HtmlElement, base: str, url: str, words: ListingWords) -> Iterator[ListedPost]:
    for link in tree.iter("a"):
        target = fetch_url(link.get("href") or "", base)
        if target is None or not _DATED_PATH.match(urlsplit(target).path):
            continue
        if may_be_post(target, url) and not in_furniture(link, words):
            yield ListedPost(url=target, key=post_key(target))


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


def _classes(node: HtmlElement) -> list[str]:
    return (node.get("class") or "").lower().split()


def _in_heading(link: HtmlElement, entry: HtmlElement) -> bool:
    for parent in link.iterancestors():
        if parent is entry:
            return False
        if parent.tag in _HEADINGS:
            return True
    return False


def _in_time(link: HtmlElement) -> bool:
    parent = link.getparent()
    return parent is not None and parent.tag == "time"
