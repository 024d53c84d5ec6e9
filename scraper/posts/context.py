"""What the readers of posts are told besides the post itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from filters.graph import GenreGraph


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the posts of a blog are read with.

    `blog` is its address and `now` POSIX seconds UTC, for dates such as "2 weeks ago".
    """

    blog: str
    graph: GenreGraph
    now: float
    furniture: frozenset[int] = frozenset()
    """Prints of the blocks that stand on several posts of the blog: see page/prints.py."""
    explaining: bool = False
    """Whether what was ignored is told as well, with the reason."""
