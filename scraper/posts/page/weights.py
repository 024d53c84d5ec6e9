"""How much of what stands in each part of a page is this post's alone, and how much stands on others too."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from lxml.html import HtmlElement

    from scraper.posts.page.prints import Piece

HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

_LINKED_PER_CHARACTER: Final = 4
"""Characters in links that weigh as much as one outside: lists of links are long and say little."""
_LEAST: Final = 4.0
"""What a piece weighs at least, such as a player without a word."""
_MAX_LABELLED: Final = 120
_MAX_BESIDE_LINKS: Final = 16
_MAX_FILING: Final = 4
"""Categories and tags that many posts share one and all; more of them are a cloud."""

# "Genre: House", "Пароль : x": a word or three, a colon, a value.
_LABELLED = re.compile(r"[^\W\d_][^:：|.,;!?]{0,38}[:：|]\s?\S")
_FILING = re.compile(r"/(?:categor(?:y|ies)|tags?|genres?|labels?|search/label|tagged|topics?|styles?)/")
_CELLS = frozenset({"td", "th"})
_CELLS_OF_PAIR = 2


@dataclass(slots=True)
class Weight:
    """What an element holds: weight that is the post's alone, and weight that repeats on other posts."""

    own: float = 0.0
    repeated: float = 0.0
    pieces: int = 0
    repeated_pieces: int = 0
    labelled: int = 0
    """How many of the repeated pieces label a value or file the post."""
    first: int = 0
    last: int = -1
    """Where its pieces stand among those of the page."""


_NOTHING = Weight()


class Weights:
    """The weights of all elements of a page; `furniture` are the prints of what stands on other posts too."""

    def __init__(self, pieces: Sequence[Piece], furniture: Collection[int]) -> None:
        self.pieces = pieces
        self.is_own = [piece.print not in furniture for piece in pieces]
        self._of: dict[HtmlElement, Weight] = {}
        for number in range(len(pieces)):
            self._add(number)

    def of(self, element: HtmlElement) -> Weight:
        """Return what `element` holds."""
        return self._of.get(element, _NOTHING)

    def parts(self, element: HtmlElement) -> Iterator[tuple[HtmlElement, Weight]]:
        """Yield the children of `element` that hold anything, in order."""
        for child in element:
            if weight := self._of.get(child):
                yield child, weight

    def own_within(self, weight: Weight) -> list[Piece]:
        """Return the pieces that are the post's alone where `weight` is."""
        numbers = range(weight.first, weight.last + 1)
        return [self.pieces[number] for number in numbers if self.is_own[number]]

    def _add(self, number: int) -> None:
        piece, own = self.pieces[number], self.is_own[number]
        size = max(_LEAST, piece.size + piece.linked / _LINKED_PER_CHARACTER)
        labelled = not own and is_labelled(piece)
        here: HtmlElement | None = piece.block
        while here is not None:
            weight = self._of.get(here)
            if weight is None:
                weight = self._of[here] = Weight(first=number)
            weight.own += size if own else 0.0
            weight.repeated += 0.0 if own else size
            weight.pieces += 1
            weight.repeated_pieces += not own
            weight.labelled += labelled
            weight.last = number
            here = here.getparent()


def is_labelled(piece: Piece) -> bool:
    """Whether a piece may say what the post is: a value behind its label, a cell of a pair, filing links."""
    if not piece.text or len(piece.text) > _MAX_LABELLED or piece.block.tag in HEADINGS:
        return False
    if _LABELLED.match(piece.text) or piece.block.tag in {"dt", "dd"}:
        return True
    if 0 < len(piece.addresses) <= _MAX_FILING and piece.size <= _MAX_BESIDE_LINKS:
        return all(map(_FILING.search, piece.addresses))
    row = piece.block.getparent()
    return piece.block.tag in _CELLS and row is not None and _is_pair(row)


def _is_pair(row: HtmlElement) -> bool:
    cells = [cell for cell in row if cell.tag in _CELLS]
    return len(cells) == _CELLS_OF_PAIR and not any(map(_holds_blocks, cells))


def _holds_blocks(cell: HtmlElement) -> bool:
    return next(cell.iterdescendants("td", "th", "p", "div", "ul", "br"), None) is not None
