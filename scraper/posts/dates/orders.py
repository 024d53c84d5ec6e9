"""Whether the day or the month comes first in ``03/04/2024``, by other dates of the page or its language."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import TYPE_CHECKING

from scraper.posts.titles.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

_MAX_CHARACTERS = 500_000
_MAX_PIECE = 2_000
_MAX_PIECES = 20_000
_MONTHS = 12
_FIGURES = re.compile(r"(?<![\d/.-])(\d{1,2})([/-])(\d{1,2})\2\d{4}(?![\d/-])", re.ASCII)
_SUBTAG = re.compile("[-_]")
_REGION = re.compile("[a-z]{2}")
_UNSEEN = frozenset({"script", "style", "template", "noscript"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DateOrders:
    """The tables of date_orders.toml: languages such as ``de`` and locales such as ``en-gb``."""

    day_first: frozenset[str]
    month_first: frozenset[str]
    unclear: frozenset[str]


@cache
def date_orders() -> DateOrders:
    """Return the tables, read once."""
    table = tomllib.loads(files("scraper.posts.dates").joinpath("date_orders.toml").read_text("utf-8"))
    return DateOrders(
        **{name: frozenset((*kind.get("languages", ()), *kind["locales"])) for name, kind in table.items()}
    )


def mark_of(text: str) -> str | None:
    """Return ``/`` or ``-`` where `text` holds a date whose day and month look alike, else None."""
    found = _FIGURES.search(clean(text[:_MAX_PIECE]))
    if not found or found[1] == found[3] or max(int(found[1]), int(found[3])) > _MONTHS:
        return None
    return found[2]


def day_is_first(tree: HtmlElement, mark: str, *, language: str | None) -> bool | None:
    """Return whether dates written with `mark` have the day first; None if nothing tells.

    Other dates on the page in the same notation tell it if they can be read in one way only, and if they
    agree; else its `language`, a tag as in the lang attribute (RFC 5646) or ``og:locale``.
    """
    proven = set(islice(_proofs(tree, mark), 100))
    return proven.pop() if len(proven) == 1 else day_first_in(language)


def day_first_in(language: str | None) -> bool | None:
    """Return whether `language` writes the day first; None where it has no order, or several.

    >>> [day_first_in(tag) for tag in ("en-GB", "en_US", "en", "de-AT")]
    [True, False, None, True]
    """
    orders = date_orders()
    code, *rest = _SUBTAG.split((language or "").strip().lower()[:_MAX_PIECE])
    region = next((part for part in rest if _REGION.fullmatch(part)), None)
    for name in (f"{code}-{region}", code):
        if name in orders.unclear:
            return None
        if name in orders.day_first or name in orders.month_first:
            return name in orders.day_first
    return None


def _proofs(tree: HtmlElement, mark: str) -> Iterator[bool]:
    left = _MAX_CHARACTERS
    for text in islice(_texts(tree), _MAX_PIECES):
        left -= len(text)
        if left < 0:
            return
        if mark not in text:
            continue
        for one, used, two in _FIGURES.findall(text[:_MAX_PIECE]):
            if used == mark and (int(one) > _MONTHS) != (int(two) > _MONTHS):
                yield int(one) > _MONTHS


def _texts(tree: HtmlElement) -> Iterator[str]:
    for element in tree.iter():
        if isinstance(element.tag, str) and element.tag not in _UNSEEN and element.text:
            yield element.text
        if element.tail:
            yield element.tail
