"""What the parsers of feeds call links, categories and enclosures, as ours. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from scraper.blogs.entries.entry import MAX_TEXT
from scraper.http.addresses.identity import fetch_url
from scraper.posts.links.reading import Enclosure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MAX_CATEGORIES: Final = 100
_MAX_LINKS = 5
_MAX_LENGTH_DIGITS = 15
_RELATION = "http://www.iana.org/assignments/relation/"
_OLDER = ("next", "prev-archive")
_NEWEST = "current"


def links_of(
    entry: Mapping[str, Any], base: str, *, first: object, last: object, guid: object
) -> tuple[str, ...]:
    """Return the addresses that may be the entry's, absolute by `base`.

    `first` comes before those in its list of links, `last` behind them, and `guid` at the end, if
    it is an absolute address.
    """
    links = [link.get("href") for link in entry.get("links") or () if _rel(link) in {"", "alternate"}]
    if not (isinstance(guid, str) and guid[:8].lower().startswith(("http://", "https://"))):
        guid = None
    found = (first, *links[:_MAX_LINKS], last, guid)
    targets = (fetch_url(link, base) for link in found if isinstance(link, str))
    return tuple(dict.fromkeys(target for target in targets if target is not None))


def older_of(links: Iterable[Mapping[str, Any]], base: str) -> tuple[str | None, str | None]:
    """Return the feeds of older and of the newest entries that a feed's `links` name (RFC 5005), absolute."""
    named: dict[str, str] = {}
    for link in links:
        target = fetch_url(str(link.get("href") or ""), base)
        if target is not None:
            named.setdefault(_rel(link), target)
    return next((named[rel] for rel in _OLDER if rel in named), None), named.get(_NEWEST)


def categories_of(tags: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the different names of categories, their labels before their terms."""
    terms = (str(tag.get("label") or tag.get("term") or "").strip() for tag in tags)
    return tuple(dict.fromkeys(term for term in terms if term))[:MAX_CATEGORIES]


def enclosures_of(found: Iterable[Mapping[str, Any]], base: str) -> Iterator[Enclosure]:
    """Yield the attached files that have an address; a length that is no count of bytes is None."""
    for enclosure in found:
        target = fetch_url(str(enclosure.get("href") or enclosure.get("url") or ""), base)
        if target is not None:
            kind = str(enclosure.get("type") or "") or None
            yield Enclosure(url=target, type=kind, length=_length(enclosure.get("length")))


def short(value: object) -> str | None:
    """Return the text `value` without blanks around it, cut at `MAX_TEXT`; None where nothing is left."""
    return str(value or "").strip()[:MAX_TEXT] or None


def moment(value: object) -> float | None:
    """Return POSIX seconds of the ISO 8601 date `value` with its zone."""
    try:
        date = datetime.fromisoformat(str(value or ""))
        return date.timestamp() if date.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _rel(link: Mapping[str, Any]) -> str:
    return str(link.get("rel") or "").strip().lower().removeprefix(_RELATION)


def _length(value: object) -> int | None:
    text = str(value or "")
    if not (text.isascii() and text.isdigit() and len(text) <= _MAX_LENGTH_DIGITS):
        return None
    return int(text) or None
