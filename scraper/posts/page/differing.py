"""The post on a page without marks, by what differs: what stands on other posts of the blog is furniture."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Final

from scraper.posts.page.descent import common, descent, title_piece
from scraper.posts.page.offering import offers_music
from scraper.posts.page.place import Place
from scraper.posts.page.repeated_parts import are_labels, is_repeated_box, repeated_parts
from scraper.posts.page.weights import Weights, is_labelled

if TYPE_CHECKING:
    from collections.abc import Collection

    from lxml.html import HtmlElement

    from scraper.posts.page.prints import PagePieces


_NEAR: Final = 4
"""Levels above the text in which more of the post is looked for."""
_WORTH: Final = 0.05
"""A part beside the text that weighs this much of it belongs to the post."""


def place_by_difference(
    tree: HtmlElement, pieces: PagePieces, furniture: Collection[int], *, url: str
) -> Place | None:
    """Return the smallest node that holds what differs from other posts, with the title; None for nothing.

    `furniture` are the prints of the blog's repeated pieces. Whole boxes of them within the node are left
    out; lines that label a value or file the post stay, though hundreds of posts may have the same. Pure.
    """
    weights = Weights(pieces(), furniture)
    if True not in weights.is_own:
        return None
    spine = descent(tree, weights)
    title = title_piece(tree, weights, near=spine[-1])
    node = spine[-1]
    if title is not None:
        spine += [title.block, *title.block.iterancestors()]
        node = common(node, title.block)
    keeping = frozenset(spine)
    node = _with_more(node, weights, keeping, url)
    without = repeated_parts(node, weights, keeping)
    return Place(post=node, how="block that differs from other posts", without=without, unsure=True)


def _with_more(node: HtmlElement, weights: Weights, spine: frozenset[HtmlElement], url: str) -> HtmlElement:
    """Return `node`, or what is around it where parts of the post stand beside it."""
    probe = node
    for up in [*takewhile(lambda up: up.tag != "html", node.iterancestors())][:_NEAR]:
        worth = _WORTH * weights.of(node).own
        last = weights.of(probe).last
        for part, weight in weights.parts(up):
            if part is probe or is_repeated_box(part, weight, spine):
                continue
            own = weights.own_within(weight)
            # Links alone lead to other posts, however many there are, and words beside all else to the blog.
            said = sum(piece.size for piece in own) if up.tag != "body" else 0
            files = any(map(is_labelled, own)) or are_labels(weight)
            adjoins = weight.first == last + 1 and (said or files)
            if adjoins or said > worth or offers_music(own, url):
                node = up
                break
        probe = up
    return node
