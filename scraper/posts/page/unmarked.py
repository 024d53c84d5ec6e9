"""The post on a page without any mark of one: by what differs from other posts, or by the most text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from scraper.posts.page.descent import descent
from scraper.posts.page.differing import place_by_difference
from scraper.posts.page.offering import offers_music, states_genre
from scraper.posts.page.place import Place
from scraper.posts.page.weights import Weights

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from lxml.html import HtmlElement

    from scraper.posts.page.prints import PagePieces

_LENGTH: Any = etree.XPath("string-length(normalize-space(.))")
_LEVELS: Final = 3
"""Levels above the text that are looked at: its title and its downloads often stand just outside."""
_HARDLY: Final = 1.05
_HEADING: Final = 50.0
"""What is heavier than the text by no more than this, and that factor, has a title besides."""
_MUCH: Final = 1.5
_LITTLE: Final = 200.0
"""What is heavier by more than this, and that factor, is another part of the page."""


def place_without_marks(
    tree: HtmlElement,
    pieces: PagePieces,
    is_out: Callable[[HtmlElement], bool],
    *,
    url: str,
    furniture: Collection[int],
) -> Place | None:
    """Return where the post seems to be on a page of which no mark tells; None for a page without text.

    `is_out` tells what is furniture by its marks, `furniture` are the prints of what repeats on the posts of
    the blog, as far as that is known.
    """
    place = _by_size(tree, pieces, is_out, url)
    if place is None or not furniture:
        return place
    return place_by_difference(tree, pieces, furniture, url=url) or place


def _by_size(
    tree: HtmlElement, pieces: PagePieces, is_out: Callable[[HtmlElement], bool], url: str
) -> Place | None:
    mains = [el for el in tree.iter("main", "div") if el.tag == "main" or el.get("role") == "main"]
    if len(mains) == 1 and not is_out(mains[0]) and _LENGTH(mains[0]):
        return Place(post=mains[0], how="main element", unsure=True)
    return largest_block(tree, pieces, is_out, url=url)


def largest_block(
    tree: HtmlElement, pieces: PagePieces, is_out: Callable[[HtmlElement], bool], *, url: str
) -> Place | None:
    """Return the block that holds most of the text of a page, with title and downloads near it."""
    weights = Weights(pieces(), ())
    if not weights.pieces:
        return None
    block = descent(tree, weights)[-1]
    if is_out(block):
        return None
    for up in [*block.iterancestors()][:_LEVELS]:
        inner, outer = weights.of(block), weights.of(up)
        if up.tag in {"body", "html"} or outer.own > _MUCH * inner.own + _LITTLE:
            break
        beside = [
            *weights.pieces[outer.first : inner.first],
            *weights.pieces[inner.last + 1 : outer.last + 1],
        ]
        is_title = outer.own <= _HARDLY * inner.own + _HEADING
        if is_title or offers_music(beside, url) or states_genre(beside):
            block = up
    how = "whole page" if block.tag == "body" else "largest block of text"
    return Place(post=block, how=how, unsure=True)
