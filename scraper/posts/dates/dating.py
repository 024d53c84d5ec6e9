"""When a post was published: from the page's data, its feed, its visible date, its address, in this order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.posts.dates.reading import date_from_url, read_date
from scraper.posts.genres.structured import published_in_json_ld
from scraper.posts.page.furniture import class_tokens, stands_in_furniture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from scraper.posts.page.document import Head
    from scraper.posts.page.scope import Scope
    from storage.records import Published

_MAX_TEXT = 100
_MAX_ELEMENTS = 5000
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
    }
)
_CHANGED_CLASSES = frozenset({"updated", "dt-updated", "modified"})


def read_published(
    tree: HtmlElement, scope: Scope, head: Head, *, url: str, listed: str | None, now: float
) -> Published | None:
    """Return when the post at `url` was published, as exactly as the page says and no more.

    `listed` is the date of its feed or listing as written, `now` POSIX seconds UTC. Dates of change, of
    comments, and of archives in the sidebar do not count.
    """
    languages = (head.language.split("-")[0].lower(),) if head.language else ()
    for text in _stated(tree, scope, head, listed):
        published = read_date(text, now=now, languages=languages)
        if published is not None:
            return published
    from_url = date_from_url(url)
    year = int(from_url.text[:4]) if from_url else None
    for text in _visible(tree, scope):
        published = read_date(text, now=now, languages=languages, year_hint=year)
        if published is not None:
            return published
    return from_url


def _stated(tree: HtmlElement, scope: Scope, head: Head, listed: str | None) -> Iterator[str]:
    if head.published:
        yield head.published
    yield from published_in_json_ld(tree)
    times = [element for part in (scope.body, *scope.meta) for element in part.iter("time", "abbr", "meta")]
    for element in sorted(times, key=_is_changed):
        stamp = element.get("datetime") or (element.get("title") if element.tag == "abbr" else None)
        if element.tag == "meta" and element.get("itemprop") == "datePublished":
            stamp = element.get("content")
        if stamp and element.get("itemprop") != "dateModified":
            yield stamp
    if listed:
        yield listed
    seen: dict[HtmlElement, bool] = {}
    for element in tree.iter("time"):
        if element.get("datetime") and not _is_changed(element) and not stands_in_furniture(element, seen):
            yield element.get("datetime") or ""


def _visible(tree: HtmlElement, scope: Scope) -> Iterator[str]:
    for root in (scope.body, *scope.meta, tree):
        seen: dict[HtmlElement, bool] = {}
        for count, element in enumerate(root.iter()):
            if count > _MAX_ELEMENTS:
                break
            if not isinstance(element.tag, str) or (element.tag != "time" and not _is_dated(element)):
                continue
            if root is not tree or not stands_in_furniture(element, seen):
                yield " ".join("".join(element.itertext())[: 4 * _MAX_TEXT].split())[:_MAX_TEXT]


def _is_dated(element: HtmlElement) -> bool:
    classes = set(class_tokens(element))
    return bool(classes & _DATE_CLASSES) and not classes & _CHANGED_CLASSES


def _is_changed(element: HtmlElement) -> bool:
    return bool(set(class_tokens(element)) & _CHANGED_CLASSES) and "published" not in class_tokens(element)
