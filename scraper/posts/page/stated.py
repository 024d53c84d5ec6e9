"""What a page says to machines: found in one look, for several readers ask for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement

_STATING = ("meta", "script", "title", "base")


class Stated(NamedTuple):
    """What was found, each kind in the order of the page, wherever on it that stands."""

    metas: Sequence[HtmlElement] = ()
    json_ld: Sequence[str] = ()
    """The texts of the scripts that are JSON-LD."""
    titles: Sequence[HtmlElement] = ()
    bases: Sequence[HtmlElement] = ()


def stated_in(tree: HtmlElement) -> Stated:
    """Return what `tree` says to machines. Pure."""
    found: dict[str, list[HtmlElement]] = {name: [] for name in _STATING}
    for element in tree.iter(*_STATING):
        found[element.tag].append(element)
    data = [script.text or "" for script in found["script"] if "ld+json" in (script.get("type") or "")]
    return Stated(metas=found["meta"], json_ld=data, titles=found["title"], bases=found["base"])
