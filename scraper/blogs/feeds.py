"""RSS, Atom and JSON feeds as listed posts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scraper.blogs.addresses import PostAddresses
from scraper.blogs.entries.json_feed import read_json_feed
from scraper.blogs.entries.mending import mended, utf8
from scraper.blogs.entries.tolerant import read_tolerantly
from scraper.blogs.entries.whole import descriptions_are_whole, is_locked, may_be_locked, whole_html
from scraper.blogs.entries.xml_feed import read_xml_feed
from scraper.blogs.listed import ListedPost
from scraper.http.addresses.identity import fetch_url, same_site
from scraper.posts.titles.cut_titles import ends_before_heart
from storage.errors import CratedigError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.blogs.entries.entry import FeedDocument, FeedEntry

_HEAD = 2000
_FEED_TYPES = ("rss+xml", "atom+xml", "rdf+xml", "feed+json")
# Ids that several entries have, and those of other kinds, are none: addresses, URNs and tags (RFC 4151) are
# made to last.
_LASTING = ("http://", "https://", "urn:", "tag:")
_ROOTS = (b"<rss", b"<feed", b"<rdf:rdf")


class UnreadableFeedError(CratedigError):
    """The body is not a feed that can be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed's posts in feed order, and what it says of itself.

    `home` is the page that it belongs to, `next` the feed of older entries that it names, `current` the
    feed of the newest where this one is an archive (RFC 5005). `locked` are the keys of posts behind a
    password, which are not among the posts; `entries` says how many entries there are, posts or not.
    """

    posts: tuple[ListedPost, ...] = ()
    home: str | None = None
    next: str | None = None
    current: str | None = None
    locked: frozenset[str] = frozenset()
    entries: int = 0


def looks_like_feed(body: bytes, content_type: str) -> bool:
    """Return whether an answer is a feed rather than a page."""
    head = body[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"{"):
        return content_type.endswith("feed+json") or b"jsonfeed.org" in head
    if b"<html" in head or ("html" in content_type and not head.startswith(b"<?xml")):
        return False
    return content_type.endswith(_FEED_TYPES) or any(root in head for root in _ROOTS)


def read_feed(
    body: bytes, url: str, *, listing: str | None = None, charset: str | None = None, content: bool = False
) -> Feed:
    """Read the feed `body` that was fetched from `url`; raise `UnreadableFeedError` if it is none.

    `listing` is the page that names the feed. Entries that lead to other sites than that page's (without
    one, than the feed's home) are no posts. `charset` is what the Content-Type header names. Posts have
    their `content` only where it is wanted and is surely whole. The fast parser reads first; feedparser,
    which is far slower, only what that one refuses. Neither fetches anything or expands entities of the
    document.
    """
    document = _document(utf8(body, charset), url, content=content)
    home = _home(document, url)
    addresses = PostAddresses(listing or home or url)
    identities = Counter(entry.id for entry in document.entries)
    described = content and descriptions_are_whole(document)
    posts: dict[str, ListedPost] = {}
    locked: set[str] = set()
    for entry in document.entries:
        found = _post_of(entry, addresses)
        if found is None or found[1] in posts:
            continue
        target, key = found
        if is_locked(entry):
            locked.add(key)
            continue
        html = whole_html(entry, target, described=described) if content else None
        if ends_before_heart(entry.title or "", target):  # its page has the whole title
            html = None
        identity = entry.id if identities[entry.id] == 1 and _is_lasting(entry.id) else None
        posts[key] = _listed(entry, target, key, identity=identity, content=html)
    return Feed(
        posts=tuple(posts.values()),
        home=home,
        next=document.next if document.next != url else None,
        current=document.current,
        locked=frozenset(locked - posts.keys()),
        entries=len(document.entries),
    )


def full_text(feed: Feed) -> bool:
    """Return whether most posts of a feed that was read with its content are whole."""
    whole = sum(post.content is not None for post in feed.posts)
    return 2 * whole > len(feed.posts)


def trusted(feed: Feed) -> Feed:
    """Return `feed` without its contents unless most are whole: elsewhere the others may be cut as well."""
    if full_text(feed):
        return feed
    return replace(feed, posts=tuple(replace(post, content=None) for post in feed.posts))


def _is_lasting(identity: str | None) -> bool:
    """Return whether `identity` is of a kind that is given once and for all.

    Some feeds number their entries by place, or call the newest one the same each time.
    """
    return identity is not None and identity.lower().startswith(_LASTING)


def _document(body: bytes, url: str, *, content: bool) -> FeedDocument:
    document = read_json_feed(body, url)
    if document is None:
        content = content or may_be_locked(body)
        xml = mended(body)
        document = read_xml_feed(xml, url, content=content) or read_tolerantly(xml, url, content=content)
    if document is None:
        raise UnreadableFeedError(
            "this is not a feed that can be read",
            where=url,
            next_step="Give the address of the blog's page instead",
        )
    return document


def _home(document: FeedDocument, url: str) -> str | None:
    """Return the page that the feed belongs to: of its own site, or of the site that its entries are of."""
    home = fetch_url(document.link, url) if document.link else None
    if home is None or same_site(home, url) or any(same_site(home, link) for link in _links(document)):
        return home
    return None


def _links(document: FeedDocument) -> Iterable[str]:
    return (link for entry in document.entries for link in entry.links)


def _post_of(entry: FeedEntry, addresses: PostAddresses) -> tuple[str, str] | None:
    """Return the address and key of the entry's post, None where it is none of the blog's."""
    for link in entry.links:
        key = addresses.key_of(link)
        if key is not None:
            return link, key
    return None


def _listed(
    entry: FeedEntry, target: str, key: str, *, identity: str | None, content: str | None
) -> ListedPost:
    return ListedPost(
        url=target,
        key=key,
        title=entry.title,
        published=entry.published,
        categories=entry.categories,
        enclosures=entry.enclosures,
        id=identity,
        modified=entry.modified,
        content=content,
        cover=entry.cover,
    )
