"""Where a post stands on its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the post stands on its page: its node, the meta lines beside it, and what found them.

    `without` are elements in the node that are not the post. `unsure` says that no mark of the page found it.
    """

    post: HtmlElement
    beside: tuple[HtmlElement, ...] = ()
    how: str
    without: frozenset[HtmlElement] = frozenset()
    unsure: bool = False
