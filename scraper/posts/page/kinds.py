"""What an element of a page is by its marks: all kinds told at one look, for every element is asked."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Final

from scraper.posts.page.marks import rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from lxml.html import HtmlElement

    from scraper.posts.page.marks import Look, Marks

CONTAINER: Final = 1
CONTENT: Final = 2
META: Final = 4
SURROUNDINGS: Final = 8
FURNITURE: Final = 16
UNSEEN: Final = 32
"""For screen readers only."""
VEILED: Final = 64
"""With an attribute that may hide it."""
LOOKED_INTO: Final = 128
"""What its content tells of: scripts and forms may be the post's or not."""
HEADING: Final = 256
"""Of any rank."""
FILING: Final = 512
"""With a class that may file the post under a category or tag."""
STATING: Final = 1024
"""With the item property of a genre."""
TOLD: Final = HEADING | FILING | STATING
"""What is looked for in a post only if it is there."""
SUSPECT: Final = FURNITURE | UNSEEN | VEILED | LOOKED_INTO
"""What may have to go; what is nothing of this is neither furniture nor hidden."""

_LOOKED_INTO = ("script", "noscript", "form")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_MAX_KEPT = 4096  # pages repeat few values, and the pages of a blog the same ones
_MAX_LENGTH = 300


def kinds_of(element: HtmlElement) -> int:
    """Return all that `element` itself is by its tag and its attributes: the flags of this module, added."""
    if not _BY_TAG:
        _learn()
    kinds = _BY_TAG.get(element.tag, 0)
    for attribute, value in element.items():
        if attribute in _BY_ATTRIBUTE:
            kinds |= _BY_ATTRIBUTE[attribute][value]
    return kinds


def all_of_kinds(elements: Iterable[HtmlElement], wanted: int) -> list[tuple[HtmlElement, int]]:
    """Return those of `elements` that are something `wanted`, each with all that it is, in a fast loop."""
    if not _BY_TAG:
        _learn()
    by_tag, by_attribute = _BY_TAG, _BY_ATTRIBUTE
    found = []
    for element in elements:
        kinds = by_tag.get(element.tag, 0)
        for attribute, value in element.items():
            if attribute in by_attribute:
                kinds |= by_attribute[attribute][value]
        if kinds & wanted:
            found.append((element, kinds))
    return found


def kinds_of_class(value: str) -> int:
    """Return all that an element is by this value of its class attribute."""
    if not _BY_TAG:
        _learn()
    return _BY_ATTRIBUTE["class"][value]


class _Values(dict[str, int]):
    """The kinds that each value of an attribute makes; looked at once, and forgotten when there are many."""

    def __init__(self, told: Callable[[str], int]) -> None:
        super().__init__()
        self._told = told

    def __missing__(self, value: str) -> int:
        kinds = self._told(value)
        if len(value) <= _MAX_LENGTH:
            if len(self) >= _MAX_KEPT:
                self.clear()
            self[value] = kinds
        return kinds


# Filled when an element is looked at for the first time.
_BY_TAG: dict[str, int] = {}
_BY_ATTRIBUTE: dict[str, _Values] = {}


def _learn() -> None:
    """Fill the kinds by tag, and by attribute and value, with what the rules of furniture.toml say."""
    known = rules()
    marks: dict[int, Marks] = {
        CONTAINER: known.container,
        CONTENT: known.content,
        META: known.meta,
        SURROUNDINGS: known.surroundings,
        FURNITURE: known.furniture,
    }
    by_tag = dict.fromkeys(_LOOKED_INTO, LOOKED_INTO) | dict.fromkeys(_HEADINGS, HEADING)
    by_token = dict.fromkeys(known.unseen, UNSEEN)
    looks: dict[str, list[tuple[int, Look]]] = {
        "hidden": [(VEILED, lambda _: "hidden")],
        "style": [(VEILED, known.veiled)],
        "itemprop": [(STATING, lambda value: value if value == "genre" else None)],
    }
    for kind, mark in marks.items():
        for named, names in ((by_tag, mark.tags), (by_token, mark.classes)):
            named.update({name: named.get(name, 0) | kind for name in names})
        for attribute, look in mark.looks.items():
            if attribute != "class":
                looks.setdefault(attribute, []).append((kind, look))
    _BY_ATTRIBUTE["class"] = _Values(_by_tokens(by_token, known.filing))
    _BY_ATTRIBUTE.update((attribute, _Values(_by_looks(each))) for attribute, each in looks.items())
    _BY_TAG.update(by_tag)  # last, for other threads see by it that all is known


def _by_tokens(kinds: Mapping[str, int], filing: Sequence[str]) -> Callable[[str], int]:
    def told(value: str) -> int:
        # All kinds in one pass, for the class attributes of a hostile page are long.
        known = (kinds[token] for token in value.lower().split() if token in kinds)
        return reduce(or_, known, FILING if any(part in value for part in filing) else 0)

    return told


def _by_looks(looks: Sequence[tuple[int, Look]]) -> Callable[[str], int]:
    return lambda value: sum(kind for kind, look in looks if look(value) is not None)
