"""Where on a page dates stand, and which of these places are the post's own."""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from scraper.posts.page.furniture import stands_in_furniture
from scraper.posts.page.marks import class_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from scraper.posts.page.scope import Scope

_MAX_TEXT = 100
_MAX_ELEMENTS = 5000
_MAX_CLASS = 300
# Classes of a post's own date: hAtom, microformats2, WordPress themes, Blogger, Pelican, hand-made themes.
_DATE_CLASSES = frozenset(
    {
        "published",
        "dt-published",
        "entry-date",
        "post-date",
        "date-header",
        "posted-on",
        "date",
        "post-meta-date",
        "wp-block-post-date",
    }
)
_CHANGED_CLASSES = frozenset({"updated", "dt-updated", "modified"})
_PROPERTY = "datePublished"  # https://schema.org/datePublished
# RDFa of Drupal 7 and 8: https://www.drupal.org/docs/7/core/modules/rdf
_RDFA = frozenset({"dc:date", "dc:created", "schema:datecreated", "schema:datepublished"})


class Standing(IntEnum):
    """What a place says of itself; smaller is better."""

    MARKED = 0
    """Marked as the date of publication."""
    PLAIN = 1
    CHANGED = 2
    """Marked as the date of the last change."""


class Stamp(NamedTuple):
    """A date for machines, as written, and where it stood."""

    text: str
    source: str
    standing: Standing


class Seen(NamedTuple):
    """The text of an element that a reader of the page takes for a date."""

    text: str
    own: bool
    """Whether it stands in the post and not elsewhere on the page."""


def stamps_of(scope: Scope) -> list[Stamp]:
    """Return the dates for machines in the post: marked ones first, then those of its meta lines."""
    found = [
        stamp
        for part in (*scope.meta, scope.body)
        for element in part.iter("time", "abbr", "meta", "span")
        if (stamp := _stamp(element))
    ]
    return sorted(found, key=lambda stamp: stamp.standing)


def stamps_around(tree: HtmlElement) -> Iterator[Stamp]:
    """Yield the dates of the time elements on the page that no furniture holds, but for those of change."""
    seen: dict[HtmlElement, bool] = {}
    for element in tree.iter("time"):
        stamp = _stamp(element)
        if stamp and stamp.standing is not Standing.CHANGED and not stands_in_furniture(element, seen):
            yield stamp


def seen_dates(tree: HtmlElement, scope: Scope) -> Iterator[Seen]:
    """Yield what readers see where dates stand, the post first, of 5,000 elements each."""
    for root in (*scope.meta, scope.body, tree):
        seen: dict[HtmlElement, bool] = {}
        for count, element in enumerate(root.iter()):
            if count > _MAX_ELEMENTS:
                break
            if not isinstance(element.tag, str) or (element.tag != "time" and not _is_dated(element)):
                continue
            if root is not tree or not stands_in_furniture(element, seen):
                text = " ".join("".join(element.itertext())[: 4 * _MAX_TEXT].split())[:_MAX_TEXT]
                yield Seen(text=text, own=root is not tree)


def _stamp(element: HtmlElement) -> Stamp | None:
    if element.tag in {"meta", "span"}:
        text = element.get("content")
        if not text or not (element.get("itemprop") == _PROPERTY or _is_rdfa(element)):
            return None
        return Stamp(text, f"microdata {_PROPERTY}", Standing.MARKED)
    stated = element.get("itemprop")
    text = element.get("datetime") or (element.get("title") if element.tag == "abbr" else None)
    if not text or stated == "dateModified":
        return None
    standing = _standing(element)
    if stated == _PROPERTY or element.get("pubdate") is not None:
        standing = Standing.MARKED
    source = f"{element.tag} element"
    return Stamp(text, f"{source} of a change" if standing is Standing.CHANGED else source, standing)


def _is_rdfa(element: HtmlElement) -> bool:
    return not _RDFA.isdisjoint((element.get("property") or "").lower().split())


def _standing(element: HtmlElement) -> Standing:
    tokens = class_tokens(element)
    parent = element.getparent()
    if parent is not None:  # <div class="wp-block-post-date"><time datetime="…">
        tokens += class_tokens(parent)
    if not _CHANGED_CLASSES.isdisjoint(tokens) and "published" not in tokens:
        return Standing.CHANGED
    return Standing.PLAIN if _DATE_CLASSES.isdisjoint(tokens) else Standing.MARKED


def _is_dated(element: HtmlElement) -> bool:
    value = element.get("class")
    if value and _names_date(value[:_MAX_CLASS]):
        return True
    return bool(element.get("itemprop") == _PROPERTY)


@lru_cache(maxsize=4096)
def _names_date(value: str) -> bool:
    # Pages repeat few values of the class attribute.
    tokens = value.lower().split()
    return not _DATE_CLASSES.isdisjoint(tokens) and _CHANGED_CLASSES.isdisjoint(tokens)
