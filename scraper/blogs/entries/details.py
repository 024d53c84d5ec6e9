"""What the fast parser does not show of an entry: content, base, cover, the address behind FeedBurner's.

Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TYPE_CHECKING

from lxml import etree

from scraper.blogs.entries.entry import MAX_ENTRIES
from scraper.blogs.entries.markup import content_html, element_html

if TYPE_CHECKING:
    from lxml.etree import _Element

_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_THUMBNAIL = "{http://search.yahoo.com/mrss/}thumbnail"
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_ORIGINAL = "origlink"
# Declared as the specifications say, with https, or not at all.
_ATOM = ("http://www.w3.org/2005/Atom", "https://www.w3.org/2005/Atom", "http://purl.org/atom/ns#", "")
_RSS = ("", "http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/")
_MAX_CHILDREN = 1000
_MAX_THUMBNAILS = 10
_LEAST_COVER = 100  # pixels; Blogger's thumbnails have 72
_MAX_DIGITS = 6


@dataclass(slots=True, kw_only=True)
class Details:
    """What an entry says, as written; without reading it, as much as any entry may say.

    `original` is the address that FeedBurner replaced, `link` one that stands where no
    specification has it: as the text of an Atom link, in an attribute of one without a namespace.
    `content` and `description` are HTML.
    """

    is_atom: bool = False
    has_id: bool = True
    original: str | None = None
    link: str | None = None
    thumbnail: str | None = None
    base: str | None = None
    content: str | None = None
    content_base: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDetails:
    """The details of a feed's entries in document order, and its own base address."""

    entries: list[Details] = field(default_factory=list)
    base: str | None = None


def read_details(body: bytes, *, content: bool) -> DocumentDetails:
    """Return the details of the XML feed `body`, UTF-8; without entries where it is none.

    Entries have neither content nor description without `content`, nor where the document is not
    well-formed: a parser that goes on behind a fault may have lost some of them.
    """
    parser = etree.XMLParser(
        recover=True,
        resolve_entities=False,
        no_network=True,
        huge_tree=True,
        collect_ids=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return DocumentDetails()
    if root is None:
        return DocumentDetails()
    is_sound = not any(error.level == etree.ErrorLevels.FATAL for error in parser.error_log)
    # Only at the places where the formats have them: entries within entries are a fault or an attack.
    parents = chain((root,), root.iterchildren("{*}channel"))
    items = chain.from_iterable(parent.iterchildren("{*}item", "{*}entry") for parent in parents)
    return DocumentDetails(
        entries=[_details(item, content=content and is_sound) for item in islice(items, MAX_ENTRIES)],
        base=root.base,
    )


def _details(item: _Element, *, content: bool) -> Details:
    is_atom = etree.QName(item).localname == "entry"
    details = Details(
        is_atom=is_atom,
        has_id=item.get(_ABOUT) is not None,
        base=item.base,
        thumbnail=_thumbnail(item),
    )
    encoded = False
    for child in islice(item.iterchildren(etree.Element), _MAX_CHILDREN):
        tag = str(child.tag)
        space, _, local = tag.removeprefix("{").rpartition("}")
        if local.lower() == _ORIGINAL or local.lower().endswith(f":{_ORIGINAL}"):
            details.original = details.original or (child.text or "").strip() or None
        elif local in {"id", "guid"}:
            details.has_id = True
        elif local == "link" and space in _ATOM:
            details.link = details.link or _odd_link(child, space)
        elif not content:
            continue
        elif tag in {_CONTENT, "content:encoded"} and not encoded:
            encoded = True
            details.content, details.content_base = element_html(child), child.base
        elif local == "content" and space in _ATOM and details.content is None:
            details.content, details.content_base = content_html(child), child.base
        elif local == "description" and space in _RSS and details.description is None:
            details.description = element_html(child)
    return details


def _odd_link(link: _Element, space: str) -> str | None:
    """Return the address of a link in a form that no specification has."""
    if (link.get("rel") or "alternate") != "alternate":
        return None
    href = link.get("href")
    return (link.text or "").strip() or None if href is None else (None if space else href)


def _thumbnail(item: _Element) -> str | None:
    """Return the first picture that is not known to be too small for a cover."""
    for thumbnail in islice(item.iter(_THUMBNAIL), _MAX_THUMBNAILS):
        sides = (thumbnail.get("width") or "", thumbnail.get("height") or "")
        if not any(_is_count(side) and int(side) < _LEAST_COVER for side in sides):
            return thumbnail.get("url")
    return None


def _is_count(side: str) -> bool:
    return side.isascii() and side.isdigit() and len(side) <= _MAX_DIGITS
