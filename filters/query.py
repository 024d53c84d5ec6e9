"""The genres that the words of a person mean, and the errors of a query that cannot be meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filters.tags import read_tag
from storage.errors import CratedigError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from filters.graph import GenreGraph


class QueryError(CratedigError):
    """A query that cannot be meant."""


class UnknownGenreError(QueryError):
    """A word of the query is no genre of the graph."""


def canonical_genres(words: Iterable[str], graph: GenreGraph, *, otherwise: str) -> tuple[str, ...]:
    """Return the canonical genres of a person's words, each once: aliases, store labels and sets count.

    Errors: UnknownGenreError naming the word and the nearest genres; `otherwise` ends its next step.
    """
    names: dict[str, None] = {}
    for word in words:
        # A set such as "dance" is asked for as a whole: what is most specific is no question here.
        found = graph.resolve(word) or read_tag(word, graph)
        if not found:
            near = graph.nearest(word)
            step = f"Did you mean {' or '.join(near)}? {otherwise}" if near else otherwise
            raise UnknownGenreError(f"no genre is called {word[:60]!r}", next_step=step)
        names.update(dict.fromkeys(found))
    return tuple(names)
