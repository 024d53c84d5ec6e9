"""Dates that nothing marks: within the sentence of a meta line, and on a line of their own at the title."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from scraper.posts.page.furniture import stands_in_furniture
from scraper.posts.page.kinds import META, kinds_of
from scraper.posts.page.marks import class_tokens
from scraper.posts.titles.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from scraper.posts.page.scope import Scope

_MAX_ELEMENTS = 5_000
_MAX_LINES = 30
_MAX_TEXT = 400
_MAX_DATE = 60
_MAX_YEARS = 4
_BEHIND = 3
# Words before the year: "15 de enero de 2024" has four, "Sunday, December 2nd, 2007" three.
_MAX_WORDS = 4
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)", re.ASCII)
_DAY = re.compile(r"(?<!\d)\d{1,2}(?!\d)", re.ASCII)
# Days from … to are those of an event: 9-23 Feb 2017.
_DAYS = re.compile(r"(?<![\d-])\d{1,2}\.?\s?[-–—]\s?\d{1,2}\.?\s+[^\W\d]")
_CHANGED = frozenset({"updated", "dt-updated", "modified"})
_OF_CHANGE = re.compile(
    r"updat|modifi|edited|revis|aktuali|actuali|aggiorn|atualiz|обновл|измен", re.IGNORECASE
)
_WHITE = re.compile(r"\s")


def dates_in_meta(scope: Scope) -> Iterator[str]:
    """Yield what may be a date in the meta lines of the post: ``posted on May 3, 2007 at 10:41 and …``.

    Source of such lines: WordPress's themes Kubrick and Classic, Avada, Drupal's "Submitted by".
    """
    held = (
        element
        for part in (*scope.meta, scope.body)
        for element in islice(part.iter("p", "div", "span", "small", "footer", "li", "ul"), _MAX_ELEMENTS)
        if kinds_of(element) & META
    )
    for element in islice(held, _MAX_LINES):
        yield from dates_within(_text_of(element))


def dates_beside(tree: HtmlElement, title: str) -> Iterator[str]:
    """Yield the short texts with a day and a year that stand right before and behind `title` on the page."""
    wanted = title.casefold()
    before = ""
    left = 0
    seen: dict[HtmlElement, bool] = {}
    for element, text in _texts(tree):
        if stands_in_furniture(element, seen):
            continue
        if text.casefold() == wanted:
            if _may_be_date(before):
                yield before
            left = _BEHIND
        elif left:
            left -= 1
            if _may_be_date(text):
                yield text
        before = text


def dates_within(text: str) -> Iterator[str]:
    """Yield what in a sentence may be a date: each year with up to four words before it, the longest first.

    >>> next(dates_within("It was posted on May 3, 2007 at 10:41 pm"))
    'posted on May 3, 2007'
    """
    words = text[:_MAX_TEXT].split()
    years = [place for place, word in enumerate(words) if _YEAR.search(word)]
    for place in years[:_MAX_YEARS]:
        start = max(0, place - _MAX_WORDS)
        if _OF_CHANGE.search(" ".join(words[start:place])):
            continue
        for first in range(start, place + 1):
            piece = " ".join(words[first : place + 1]).rstrip(",;|·")
            if _may_be_date(piece):
                yield piece


def _may_be_date(text: str) -> bool:
    year = _YEAR.search(text) if len(text) <= _MAX_DATE else None
    return (
        year is not None and not _DAYS.search(text) and _DAY.search(text.replace(year[0], " ", 1)) is not None
    )


def _text_of(element: HtmlElement) -> str:
    pieces = (
        piece
        for each in islice(element.iter(), _MAX_LINES)
        if isinstance(each.tag, str)
        for piece in (None if _is_changed(each) else each.text, each.tail if each is not element else None)
        if piece
    )
    return " ".join(_WHITE.sub(" ", "  ".join(islice(pieces, _MAX_LINES)))[: 2 * _MAX_TEXT].split())


def _is_changed(element: HtmlElement) -> bool:
    tokens = class_tokens(element)
    return not _CHANGED.isdisjoint(tokens) and "published" not in tokens


def _texts(tree: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """Yield the texts of the page's body with the element that each stands in."""
    body = tree.find("body")
    for element in islice((tree if body is None else body).iter(), _MAX_ELEMENTS):
        if not isinstance(element.tag, str) or element.tag in {"script", "style"}:
            continue
        parent = element.getparent()
        for holder, piece in ((element, element.text), (parent, element.tail)):
            if piece and holder is not None and not piece.isspace() and (text := clean(piece)):
                yield holder, text
