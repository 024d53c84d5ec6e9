"""RSS, Atom and JSON feeds as listed posts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper.blogs.listed import ListedPost
from scraper.http.identity import fetch_url, post_key
from scraper.posts.links import Enclosure
from storage.errors import CratedigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_MAX_ENTRIES = 5000
_MAX_CATEGORIES = 100


class UnreadableFeedError(CratedigError):
    """The body is not a feed that can be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed's posts in feed order, and the address of the page that it belongs to."""

    posts: tuple[ListedPost, ...]
    home: str | None


def looks_like_feed(body: bytes, content_type: str) -> bool:
    """Return whether an answer is a feed rather than a page."""
    head = body[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"{"):
        return b"jsonfeed.org" in head
    if "html" in content_type and not head.startswith(b"<?xml"):
        return False
    return any(root in head for root in (b"<rss", b"<feed", b"<rdf:rdf"))


def read_feed(body: bytes, url: str) -> Feed:
    """Read the feed `body` that was fetched from `url`; raise `UnreadableFeedError` if it is none.

    The fast parser reads it first; feedparser, which is far slower, only what that one refuses.
    """
    entries, feed = _parse(body, url)
    posts: dict[str, ListedPost] = {}
    for entry in entries[:_MAX_ENTRIES]:
        post = _listed(entry, url)
        if post is not None:
            posts.setdefault(post.key, post)
    return Feed(posts=tuple(posts.values()), home=fetch_url(str(feed.get("link") or ""), url))


def _parse(body: bytes, url: str) -> tuple[list[Mapping[str, Any]], Mapping[str, Any]]:
    import fastfeedparser  # noqa: PLC0415 - both are slow to import and many runs meet no feed

    try:
        fast = fastfeedparser.parse(body)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        pass  # refused: the tolerant parser decides
    else:
        return list(fast.entries), fast.feed
    import feedparser  # noqa: PLC0415

    slow = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)
    if not slow.entries and (slow.bozo or not slow.get("version")):
        raise UnreadableFeedError(
            "this is not a feed that can be read",
            where=url,
            next_step="Give the address of the blog's page instead",
        )
    return list(slow.entries), slow.feed


def _listed(entry: Mapping[str, Any], url: str) -> ListedPost | None:
    link = entry.get("feedburner_origlink") or entry.get("link") or _permalink_guid(entry)
    target = fetch_url(str(link or ""), url)
    if target is None:
        return None
    return ListedPost(
        url=target,
        key=post_key(target),
        title=str(entry.get("title") or "").strip() or None,
        published=entry.get("published") or None,
        categories=_categories(entry.get("tags") or ()),
        enclosures=tuple(_enclosures(entry.get("enclosures") or (), url)),
    )


def _permalink_guid(entry: Mapping[str, Any]) -> str | None:
    guid = str(entry.get("id") or "")
    return guid if guid.startswith(("http://", "https://")) else None


def _categories(tags: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    terms = (str(tag.get("label") or tag.get("term") or "").strip() for tag in tags)
    return tuple(dict.fromkeys(term for term in terms if term))[:_MAX_CATEGORIES]


def _enclosures(found: Iterable[Mapping[str, Any]], url: str) -> Iterable[Enclosure]:
    for enclosure in found:
        target = fetch_url(str(enclosure.get("href") or enclosure.get("url") or ""), url)
        length = str(enclosure.get("length") or "")
        if target is not None:
            yield Enclosure(
                url=target,
                type=str(enclosure.get("type") or "") or None,
                length=int(length[:15])
                if length.isascii() and length.isdigit() and int(length[:15])
                else None,
            )
