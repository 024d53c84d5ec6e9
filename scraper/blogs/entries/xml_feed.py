"""RSS, RDF and Atom that a parser of XML can read. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scraper.blogs.entries.details import Details, read_details
from scraper.blogs.entries.entry import MAX_ENTRIES, FeedDocument, FeedEntry
from scraper.blogs.entries.fields import categories_of, enclosures_of, links_of, moment, older_of, short
from scraper.http.addresses.identity import fetch_url

if TYPE_CHECKING:
    from collections.abc import Mapping


def read_xml_feed(body: bytes, url: str, *, content: bool) -> FeedDocument | None:
    """Return the feed `body`, UTF-8, that came from `url`; None where the fast parser finds no entries.

    Nothing is fetched and no entity of the document is expanded.
    """
    import fastfeedparser  # noqa: PLC0415 - slow to import, and many runs meet no feed

    try:
        fast = fastfeedparser.parse(body, include_content=False, include_media=False)
    except Exception:  # noqa: BLE001 - it promises ValueError and raises many: the tolerant parser decides
        return None
    found = [entry for entry in fast.entries if isinstance(entry, dict)][:MAX_ENTRIES]
    if not found:
        return None
    more = read_details(body, content=content)
    # Where the two do not see the same entries, what is certain of one is not certain of the other.
    details = more.entries if len(more.entries) == len(found) else [Details() for _ in found]
    base = _absolute(more.base, url) or url
    older, current = older_of(fast.feed.get("links") or (), base)
    return FeedDocument(
        entries=tuple(_entry(entry, detail, url) for entry, detail in zip(found, details, strict=True)),
        link=_absolute(fast.feed.get("link"), base),
        generator=short(fast.feed.get("generator")) or "",
        next=older,
        current=current,
    )


def _entry(entry: Mapping[str, Any], details: Details, url: str) -> FeedEntry:
    base = _absolute(details.base, url) or url
    # Of an Atom entry it may be any of its links: an enclosure, or what it writes about.
    last = details.link if details.is_atom else entry.get("link") or details.link
    # Without one the fast parser takes the link.
    identity = entry.get("id") if details.has_id else None
    return FeedEntry(
        links=links_of(entry, base, first=details.original, last=last, guid=identity),
        id=short(identity),
        title=short(entry.get("title")),
        published=short(entry.get("published")),
        modified=moment(entry.get("updated")),
        categories=categories_of(entry.get("tags") or ()),
        enclosures=tuple(enclosures_of(entry.get("enclosures") or (), base)),
        content=details.content,
        description=details.description,
        base=_absolute(details.content_base, url),
        cover=_absolute(details.thumbnail, base),
    )


def _absolute(address: object, base: str) -> str | None:
    return fetch_url(address, base) if isinstance(address, str) and address else None
