"""RSS, Atom and JSON feeds as listed posts."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from html.entities import name2codepoint
from typing import TYPE_CHECKING, Any

from scraper.blogs.addresses import PostAddresses
from scraper.blogs.listed import ListedPost
from scraper.http.addresses.identity import fetch_url, same_site
from scraper.posts.links.reading import Enclosure
from storage.errors import CratedigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

MAX_ENTRIES = 5000
"""Entries of one feed that are read."""

MAX_TOLERATED = 500_000
"""Bytes of a broken feed that the tolerant parser is given: it needs up to seven seconds for a megabyte."""

_MAX_CATEGORIES = 100
_MAX_LINKS = 5
_MAX_TITLE = 1000
_MAX_LENGTH_DIGITS = 15
_HEAD = 2000
_FEED_TYPES = ("rss+xml", "atom+xml", "rdf+xml", "feed+json")
_ROOTS = (b"<rss", b"<feed", b"<rdf:rdf")
_NAMED = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,9});")
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding=[\"']([\w.-]{1,40})")
_ELEMENT = re.compile(rb"<\w")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class UnreadableFeedError(CratedigError):
    """The body is not a feed that can be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed's posts in feed order, and the address of the page that it belongs to."""

    posts: tuple[ListedPost, ...] = ()
    home: str | None = None


def looks_like_feed(body: bytes, content_type: str) -> bool:
    """Return whether an answer is a feed rather than a page."""
    head = body[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"{"):
        return content_type.endswith("feed+json") or b"jsonfeed.org" in head
    if b"<html" in head or ("html" in content_type and not head.startswith(b"<?xml")):
        return False
    return content_type.endswith(_FEED_TYPES) or any(root in head for root in _ROOTS)


def read_feed(body: bytes, url: str, *, listing: str | None = None) -> Feed:
    """Read the feed `body` that was fetched from `url`; raise `UnreadableFeedError` if it is none.

    `listing` is the page that names the feed. Entries that lead to other sites than that page's (without
    one, than the feed's home) are no posts. The fast parser reads first; feedparser, which is far slower,
    only what that one refuses. Neither fetches anything or expands entities of the document.
    """
    entries, about = _parse(_sound(body), url)
    links = [(entry, tuple(_candidates(entry, url))) for entry in entries[:MAX_ENTRIES]]
    home = _home(about.get("link"), url, [target for _, targets in links for target in targets])
    addresses = PostAddresses(listing or home or url)
    posts: dict[str, ListedPost] = {}
    for entry, targets in links:
        for target in targets:
            key = addresses.key_of(target)
            if key is not None:
                posts.setdefault(key, _listed(entry, target, key, url))
                break
    return Feed(posts=tuple(posts.values()), home=home)


def _sound(body: bytes) -> bytes:
    """Mend what XML parsers trip over: names of HTML's characters, and windows-1252 that says it is UTF-8."""
    named = _NAMED.sub(_numbered, body)
    try:
        named.decode("utf-8")
    except UnicodeDecodeError:
        declared = _DECLARED.search(named[:_HEAD])
        if not named.startswith(_UTF16) and (declared is None or declared[1].lower() == b"utf-8"):
            return named.decode("cp1252", "replace").encode()
    return named


def _numbered(match: re.Match[bytes]) -> bytes:
    name = match[1].decode("ascii")
    point = None if name in _XML_NAMES else name2codepoint.get(name)
    return match[0] if point is None else b"&#%d;" % point


def _parse(body: bytes, url: str) -> tuple[Sequence[Mapping[str, Any]], Mapping[str, Any]]:
    import fastfeedparser  # noqa: PLC0415 - both are slow to import and many runs meet no feed

    try:
        fast = fastfeedparser.parse(body, include_content=False, include_media=False)
        entries = [entry for entry in fast.entries if isinstance(entry, dict)]
        if entries:
            return entries, fast.feed
    except Exception:  # noqa: BLE001, S110 - it promises ValueError and raises many: the tolerant parser decides
        pass
    return _parse_tolerantly(body, url)


def _parse_tolerantly(body: bytes, url: str) -> tuple[Sequence[Mapping[str, Any]], Mapping[str, Any]]:
    text = body[: MAX_TOLERATED + 1].decode("utf-8", "replace").encode()
    # Its patterns take quadratic time on what stands before the first element, and hold the interpreter.
    if len(text) > MAX_TOLERATED or not _ELEMENT.search(text[:_HEAD]):
        raise _unreadable(url)
    import feedparser  # noqa: PLC0415

    try:
        # As a file, for bytes that happen to be a path would be opened; in the one encoding that was judged.
        slow = feedparser.parse(
            io.BytesIO(text),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:
        raise _unreadable(url) from error
    if not slow.entries and (slow.bozo or not slow.get("version")):
        raise _unreadable(url)
    return list(slow.entries), slow.feed


def _unreadable(url: str) -> UnreadableFeedError:
    return UnreadableFeedError(
        "this is not a feed that can be read",
        where=url,
        next_step="Give the address of the blog's page instead",
    )


def _home(link: object, url: str, targets: list[str]) -> str | None:
    """Return the page that the feed belongs to: of its own site, or of the site that its entries are of."""
    home = fetch_url(link, url) if isinstance(link, str) else None
    if home is not None and (same_site(home, url) or any(same_site(home, target) for target in targets)):
        return home
    return None


def _candidates(entry: Mapping[str, Any], url: str) -> Iterator[str]:
    """Yield the addresses that may be the entry's, the likeliest first."""
    links = [link.get("href") for link in entry.get("links") or () if link.get("rel") in {None, "alternate"}]
    guid = entry.get("id")
    if not (isinstance(guid, str) and guid.startswith(("http://", "https://"))):
        guid = None
    for link in (*links[:_MAX_LINKS], entry.get("link"), guid):
        target = fetch_url(link, url) if isinstance(link, str) else None
        if target is not None:
            yield target


def _listed(entry: Mapping[str, Any], target: str, key: str, url: str) -> ListedPost:
    return ListedPost(
        url=target,
        key=key,
        title=str(entry.get("title") or "").strip()[:_MAX_TITLE] or None,
        published=str(entry.get("published") or "")[:_MAX_TITLE] or None,
        categories=_categories(entry.get("tags") or ()),
        enclosures=tuple(_enclosures(entry.get("enclosures") or (), url)),
    )


def _categories(tags: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    terms = (str(tag.get("label") or tag.get("term") or "").strip() for tag in tags)
    return tuple(dict.fromkeys(term for term in terms if term))[:_MAX_CATEGORIES]


def _enclosures(found: Iterable[Mapping[str, Any]], url: str) -> Iterator[Enclosure]:
    for enclosure in found:
        target = fetch_url(str(enclosure.get("href") or enclosure.get("url") or ""), url)
        if target is not None:
            kind = str(enclosure.get("type") or "") or None
            yield Enclosure(url=target, type=kind, length=_length(enclosure.get("length")))


def _length(value: object) -> int | None:
    text = str(value or "")
    if not (text.isascii() and text.isdigit() and len(text) <= _MAX_LENGTH_DIGITS):
        return None
    return int(text) or None
