"""What of a post's node is no part of the post, because it stands on other posts of the blog as well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scraper.posts.page.weights import HEADINGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement

    from scraper.posts.page.weights import Weight, Weights

_BOX: Final = 3
"""Repeated pieces that make a part with something new in it, such as recent posts, a box of the blog."""
_PREPONDERANCE: Final = 2.0
_MAX_TABLE: Final = 8
"""Pieces of a table of facts about the release; what is longer is a list of the blog."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    element: HtmlElement
    weight: Weight


def is_repeated_box(element: HtmlElement, weight: Weight, spine: frozenset[HtmlElement]) -> bool:
    """Whether `element`, which holds `weight`, is a box of the blog in which hardly anything is new.

    Elements of the `spine` hold the title or the text and are none; neither are facts behind labels.
    """
    return (
        element not in spine
        and weight.repeated_pieces >= _BOX
        and weight.repeated >= _PREPONDERANCE * weight.own
        and weight.labelled * 2 <= weight.repeated_pieces
    )


def repeated_parts(
    node: HtmlElement, weights: Weights, spine: frozenset[HtmlElement]
) -> frozenset[HtmlElement]:
    """Return the parts of `node` that go: boxes of repeated pieces, and what stands around the post. Pure.

    A repeated line between parts of the post stays. So does a small table of facts there, and what labels a
    value or files the post right behind it or before it.
    """
    parts = [*_parts(node, weights, spine)]
    gone = [part for part in parts if part.weight.own]
    repeated = [part for part in parts if not part.weight.own]
    inside = weights.of(node)
    taken = {number for part in gone for number in range(part.weight.first, part.weight.last + 1)}
    own = [
        number
        for number in range(inside.first, inside.last + 1)
        if weights.is_own[number] and number not in taken
    ]
    if not own:
        return frozenset()
    kept = [part for part in repeated if own[0] < part.weight.first < own[-1] and _may_stay(part, weights)]
    kept += _adjoining(repeated, after=own[-1])
    kept += [part for part in repeated if part.weight.last == own[0] - 1 and _is_kicker(part.weight)]
    staying = {part.element for part in kept}
    return frozenset(part.element for part in parts if part.element not in staying)


def _parts(node: HtmlElement, weights: Weights, spine: frozenset[HtmlElement]) -> Iterator[_Part]:
    """Yield the largest parts of `node` that are repeated or boxes of the blog, in order."""
    for element, weight in weights.parts(node):
        if not weight.own or is_repeated_box(element, weight, spine):
            yield _Part(element=element, weight=weight)
        else:
            yield from _parts(element, weights, spine)


def _may_stay(part: _Part, weights: Weights) -> bool:
    if part.weight.pieces == 1 or are_labels(part.weight):
        return True
    if part.weight.pieces > _MAX_TABLE or part.weight.labelled < part.weight.pieces - 1:
        return False
    # "Info", and below it the facts; a lone fact under a heading is more likely to be a widget.
    return weights.pieces[part.weight.first].block.tag in HEADINGS and part.weight.labelled > 1


def are_labels(weight: Weight) -> bool:
    """Whether a part is nothing but lines that label a value or file the post, and not many of them."""
    return 0 < weight.labelled == weight.pieces <= _MAX_TABLE


def _is_kicker(weight: Weight) -> bool:
    """Whether a part is the one line that some themes have above the title: its category."""
    return weight.pieces == 1 == weight.labelled


def _adjoining(repeated: Sequence[_Part], *, after: int) -> list[_Part]:
    found: list[_Part] = []
    for part in repeated:
        if part.weight.first == after + 1 and are_labels(part.weight):
            found.append(part)
            after = part.weight.last
    return found
