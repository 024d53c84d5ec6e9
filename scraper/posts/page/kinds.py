"""What an element of a page is by its marks: all kinds told at one look, for every element is asked."""

from __future__ import annotations

from functools import cache, reduce
from operator import or_
from typing import TYPE_CHECKING, Final

from scraper.posts.page.marks import rules

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

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
SUSPECT: Final = FURNITURE | UNSEEN | VEILED | LOOKED_INTO
"""What may have to go; what is nothing of this is neither furniture nor hidden."""

_LOOKED_INTO = ("script", "noscript", "form")
_MAX_KEPT = 4096  # pages repeat few values, and the pages of a blog the same ones
_MAX_LENGTH = 300


def kinds_of(element: HtmlElement) -> int:
    """Return all that `element` itself is by its tag and its attributes: the flags of this module, added."""
    by_tag, by_attribute = _tables()
    kinds = by_tag.get(element.tag, 0)
    for attribute, value in element.items():
        if attribute in by_attribute:
            kinds |= by_attribute[attribute][value]
    return kinds


def kinds_of_class(value: str) -> int:
    """Return all that an element is by this value of its class attribute."""
    return _tables()[1]["class"][value]


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


@cache
def _tables() -> tuple[Mapping[str, int], Mapping[str, _Values]]:
    """Return the kinds by tag, and by attribute and value, as the rules of furniture.toml have them."""
    known = rules()
    marks: dict[int, Marks] = {
        CONTAINER: known.container,
        CONTENT: known.content,
        META: known.meta,
        SURROUNDINGS: known.surroundings,
        FURNITURE: known.furniture,
    }
    by_tag = dict.fromkeys(_LOOKED_INTO, LOOKED_INTO)
    by_token = dict.fromkeys(known.unseen, UNSEEN)
    looks: dict[str, list[tuple[int, Look]]] = {
        "hidden": [(VEILED, lambda _: "hidden")],
        "style": [(VEILED, known.veiled)],
    }
    for kind, mark in marks.items():
        for named, names in ((by_tag, mark.tags), (by_token, mark.classes)):
            named.update({name: named.get(name, 0) | kind for name in names})
        for attribute, look in mark.looks.items():
            if attribute != "class":
                looks.setdefault(attribute, []).append((kind, look))
    by_attribute = {attribute: _Values(_by_looks(each)) for attribute, each in looks.items()}
    return by_tag, {"class": _Values(_by_tokens(by_token)), **by_attribute}


def _by_tokens(kinds: Mapping[str, int]) -> Callable[[str], int]:
    # All kinds in one pass, for the class attributes of a hostile page are long.
    return lambda value: reduce(or_, (kinds[token] for token in value.lower().split() if token in kinds), 0)


def _by_looks(looks: Sequence[tuple[int, Look]]) -> Callable[[str], int]:
    return lambda value: sum(kind for kind, look in looks if look(value) is not None)
