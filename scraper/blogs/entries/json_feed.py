"""JSON Feed: https://www.jsonfeed.org/version/1.1/. Pure."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from scraper.blogs.entries.entry import MAX_ENTRIES, FeedDocument, FeedEntry
from scraper.blogs.entries.fields import MAX_CATEGORIES, enclosures_of, short
from scraper.blogs.ways.fields import html_of, moment_of, object_of, objects_of, read_json, terms_of
from scraper.blogs.ways.way import UnusableAnswerError
from scraper.http.addresses.identity import fetch_url

if TYPE_CHECKING:
    from scraper.blogs.ways.fields import Object

_MAX_ATTACHED = 100


def read_json_feed(body: bytes, url: str) -> FeedDocument | None:
    """Return the JSON feed `body` that came from `url`; None where it is none."""
    if not body.lstrip().startswith(b"{"):
        return None
    try:
        feed = object_of(read_json(body, url))
    except UnusableAnswerError:
        return None
    items = objects_of(feed.get("items"))
    is_feed = "jsonfeed.org" in html_of(feed.get("version")) and isinstance(feed.get("items"), list)
    if not (items or (is_feed and feed.get("items") == [])):
        return None
    return FeedDocument(
        entries=tuple(_entry(item, url) for item in items[:MAX_ENTRIES]),
        link=html_of(feed.get("home_page_url")) or None,
        next=_address(feed.get("next_url"), url),
    )


def _entry(item: Object, url: str) -> FeedEntry:
    # `external_url` is what a link blog writes about, never the post itself.
    links = (_address(item.get("url"), url), _address(_web(item.get("id")), url))
    title, published, tags = item.get("title"), item.get("date_published"), item.get("tags")
    identity = item.get("id")
    return FeedEntry(
        links=tuple(dict.fromkeys(link for link in links if link is not None)),
        id=short(identity) if isinstance(identity, (str, int)) else None,
        title=short(html_of(title)),
        published=short(html_of(published)),
        modified=moment_of(item.get("date_modified")),
        categories=terms_of(tags)[:MAX_CATEGORIES] if isinstance(tags, list) else (),
        enclosures=tuple(enclosures_of(map(_attached, _attachments(item)), url)),
        content=html_of(item.get("content_html")) or None,
        cover=_address(item.get("image"), url) or _address(item.get("banner_image"), url),
    )


def _attachments(item: Object) -> tuple[Object, ...]:
    return tuple(islice(objects_of(item.get("attachments")), _MAX_ATTACHED))


def _attached(attachment: Object) -> Object:
    return {
        "url": html_of(attachment.get("url")),
        "type": html_of(attachment.get("mime_type")),
        "length": attachment.get("size_in_bytes"),
    }


def _web(value: object) -> str | None:
    return value if isinstance(value, str) and value.startswith(("http://", "https://")) else None


def _address(value: object, url: str) -> str | None:
    return fetch_url(value, url) if isinstance(value, str) and value else None
