"""Feeds that the fast parser refuses: broken ones, and old formats."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, Final

from scraper.blogs.entries.entry import MAX_ENTRIES, FeedDocument, FeedEntry
from scraper.blogs.entries.fields import categories_of, enclosures_of, links_of, older_of, short
from scraper.http.addresses.identity import fetch_url

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_TOLERATED: Final = 500_000
"""Bytes of a broken feed that the tolerant parser is given: it needs up to seven seconds for a megabyte."""

_HEAD = 2000
_ELEMENT = re.compile(rb"<\w")
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})


def read_tolerantly(body: bytes, url: str, *, content: bool) -> FeedDocument | None:
    """Return the feed `body`, UTF-8, that came from `url`; None where even the tolerant parser finds none.

    Entries of a broken feed have no content: some of it may be lost.
    """
    # Its patterns take quadratic time on what stands before the first element, and hold the interpreter.
    if len(body) > MAX_TOLERATED or not _ELEMENT.search(body[:_HEAD]):
        return None
    import feedparser  # noqa: PLC0415 - slow to import, and few feeds need it

    try:
        # As a file, for bytes that happen to be a path would be opened; in the one encoding that was judged.
        slow = feedparser.parse(
            io.BytesIO(body),
            response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception:  # noqa: BLE001 - whatever it raises, this is no feed that can be read
        return None
    if not slow.entries and (slow.bozo or not slow.get("version")):
        return None
    older, current = older_of(slow.feed.get("links") or (), url)
    content = content and not slow.bozo
    return FeedDocument(
        entries=tuple(_entry(entry, url, content=content) for entry in slow.entries[:MAX_ENTRIES]),
        link=short(slow.feed.get("link")),
        generator=short(slow.feed.get("generator")) or "",
        next=older,
        current=current,
    )


def _entry(entry: Mapping[str, Any], url: str, *, content: bool) -> FeedEntry:
    return FeedEntry(
        links=links_of(
            entry, url, first=entry.get("feedburner_origlink"), last=entry.get("link"), guid=entry.get("id")
        ),
        id=short(entry.get("id")),
        title=short(entry.get("title")),
        published=short(entry.get("published")),
        categories=categories_of(entry.get("tags") or ()),
        enclosures=tuple(enclosures_of(entry.get("enclosures") or (), url)),
        content=_content(entry) if content else None,
        base=_base(entry, url) if content else None,
    )


def _content(entry: Mapping[str, Any]) -> str | None:
    for each in entry.get("content") or ():
        if each.get("type") in _HTML_TYPES and each.get("value"):
            return str(each["value"])
    return None


def _base(entry: Mapping[str, Any], url: str) -> str | None:
    for each in entry.get("content") or ():
        base = fetch_url(str(each.get("base") or ""), url)
        return None if base is None or base == fetch_url(url, url) else base
    return None
