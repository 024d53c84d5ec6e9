"""What a tag, a category, a slug or a hashtag says: which genres, and why none."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from filters.keys import matching_key, normalise
from filters.parts import clean, groups, joined_names, longest_runs

if TYPE_CHECKING:
    from filters.graph import GenreGraph

_MAX_TAG = 200
_CACHED = 4096
"""A blog repeats its tags; so many are kept, of all graphs together."""


class _Tag(NamedTuple):
    names: tuple[str, ...]
    everyday: bool


_NOTHING = _Tag((), everyday=False)


def read_tag(text: str, graph: GenreGraph) -> tuple[str, ...]:
    """Return the genres of a category, tag or slug, which must be genres as a whole.

    "House & Techno" and "Drum & Bass / Jungle" count, since each part is a genre; "deep-house-internet"
    and "Deep House Records" give nothing.
    """
    return _tag(text, graph).names if len(text) <= _MAX_TAG else ()


def is_clear_genre(text: str, graph: GenreGraph) -> bool:
    """Whether a text without a label is wholly genres: "Tech House", "Afro House / Jazz", but not "Dub"."""
    if graph.resolve(text, filed=False):
        return True
    return not graph.resolve(text) and bool(read_tag(text, graph))


def is_everyday(text: str, graph: GenreGraph) -> bool:
    """Whether a tag that means genres is made of everyday words only: "House", "World", "Pop / Rock"."""
    return len(text) <= _MAX_TAG and _tag(text, graph).everyday


def read_hashtag(text: str, graph: GenreGraph) -> tuple[str, ...]:
    """Return the genres of a hashtag, with or without its sign: ``#DeepHouse``, ``#technomusic``.

    It is no filing: words that are ambiguous alone give nothing.
    """
    word = normalise(text[:_MAX_TAG]).strip().removeprefix("#").casefold()
    names = graph.resolve(word, filed=False) or graph.resolve(word.removesuffix("music"), filed=False)
    return graph.most_specific(names)


def why_no_genre(text: str, graph: GenreGraph) -> str:
    """Return in a few words why a text that gave no genre is none."""
    word = graph.words.find(matching_key(text)) if len(text) <= _MAX_TAG else None
    if word is None:
        return "no genre is called so"
    if word.names:
        return "ambiguous alone"
    return "says nothing of the music" if word.empty else "what a release is, not how it sounds"


@lru_cache(maxsize=_CACHED)
def _tag(text: str, graph: GenreGraph) -> _Tag:
    if not graph.words.openers.may_hold(text):
        return _NOTHING
    names: list[str] = []
    everyday = True
    for group in groups(clean(text, _MAX_TAG)):
        for found in longest_runs(group, graph.words.find_slashed):
            for word in joined_names(found, graph.words) if isinstance(found, str) else (found,):
                if isinstance(word, str):
                    return _NOTHING
                names += word.names
                everyday = everyday and (word.everyday or not word.names)
    return _Tag(graph.most_specific(names), everyday=everyday and bool(names))
