"""From the whole of a page down to the part that holds most of it, and to the line that is its title."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scraper.posts.page.weights import HEADINGS

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from scraper.posts.page.prints import Piece
    from scraper.posts.page.weights import Weights

_MOST: Final = 0.6
"""A part that holds this much of its surroundings is where the post is.

Measured on a thousand ordinary pages: less loses texts of several blocks, more takes in what is around them.
"""
_SEVERAL: Final = 3
"""Lines that make a block; a single paragraph is none, however long it is."""
_TITLE_SHARE: Final = 4
_MIN_TITLE: Final = 3


def descent(tree: HtmlElement, weights: Weights) -> list[HtmlElement]:
    """Return the elements from the body of `tree` down to the smallest that holds most of the post."""
    body = tree.find("body")
    path = [tree if body is None else body]
    while True:
        here = weights.of(path[-1])
        parts = list(weights.parts(path[-1]))
        if not parts:
            return path
        best, weight = max(parts, key=lambda part: part[1].own)
        is_line = weight.pieces < _SEVERAL and next(weights.parts(best), None) is None
        if is_line or weight.own < _MOST * here.own:
            return path
        path.append(best)


def title_piece(tree: HtmlElement, weights: Weights, *, near: HtmlElement) -> Piece | None:
    """Return the piece that the title of the page repeats: a heading before others, the nearest first."""
    said = [element.text for element in tree.iter("title")][:1]
    said += [meta.get("content") for meta in tree.iter("meta") if meta.get("property") == "og:title"][:1]
    titles = [" ".join(text.split()).casefold() for text in said if text]
    around = {element: depth for depth, element in enumerate((near, *near.iterancestors()))}

    def far(piece: Piece) -> tuple[bool, int]:
        above = next((around[up] for up in (piece.block, *piece.block.iterancestors()) if up in around), 0)
        return piece.block.tag not in HEADINGS, above

    own = weights.own_within(weights.of(tree))
    found = [piece for piece in own if any(_repeats(title, piece.text) for title in titles)]
    return min(found, key=far, default=None)


def common(one: HtmlElement, other: HtmlElement) -> HtmlElement:
    """Return the smallest element that holds both."""
    above = {one, *one.iterancestors()}
    return next(up for up in (other, *other.iterancestors()) if up in above)


def _repeats(title: str, text: str) -> bool:
    folded = text.casefold()
    return len(folded) >= _MIN_TITLE and folded in title and len(folded) * _TITLE_SHARE > len(title)
