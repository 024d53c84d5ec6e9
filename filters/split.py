"""What the text of a genre label says: which genres, and which words are none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from filters.keys import matching_key
from filters.parts import clean, groups, joined_names, longest_runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filters.graph import GenreGraph
    from filters.words import Word, Words

_MAX_VALUE = 1000
_MAX_WORDS = 12
"""A longer part of a label is prose."""
_MAX_UNKNOWN = 20
_MAX_UNKNOWN_LENGTH = 100

_BRACKET = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_EDGES = " -_=~*.:!<"


class GenreState(StrEnum):
    """What became of a genre label."""

    KNOWN = "known"
    """It names at least one genre."""
    UNRECOGNISED = "unrecognised"
    """It has words, none of them a genre of the graph."""
    UNKNOWN = "unknown"
    """It says nothing: empty, ``N/A``, ``Various``, or only a kind of release."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GenreValue:
    """What a genre label says: the most specific canonical `names`, and its other words as written."""

    names: tuple[str, ...]
    unknown: tuple[str, ...]
    state: GenreState


def read_genre_value(value: str, graph: GenreGraph) -> GenreValue:
    """Return what the value of a genre label says.

    Names are parted by ``, ; | · > / & +``, spaced dashes, signs and line ends, unless the whole is a
    known name or a store's label: the longest known first. Words that do not change a genre are passed
    over ("Deep House (Vocal)", "Techno 2024"); any other word makes its part unrecognised. An address,
    as JSON-LD has it, counts by its last segment. At most 1,000 characters are read.
    """
    names: list[str] = []
    unknown: list[str] = []
    for group in groups(clean(value, _MAX_VALUE)):
        for found in longest_runs(group, graph.words.find_slashed):
            if isinstance(found, str):
                _read_part(found, graph.words, names, unknown)
            else:
                names += found.names
    specific = graph.most_specific(names)
    state = GenreState.KNOWN if specific else GenreState.UNRECOGNISED if unknown else GenreState.UNKNOWN
    others = dict.fromkeys(text[:_MAX_UNKNOWN_LENGTH] for text in unknown)
    return GenreValue(names=specific, unknown=tuple(others)[:_MAX_UNKNOWN], state=state)


def _read_part(piece: str, words: Words, names: list[str], unknown: list[str]) -> None:
    """Add what one piece of a label says to `names`, or the piece to `unknown`."""
    written = piece.strip(_EDGES)
    word = words.find(matching_key(written)) or _bracketed(written, words)
    if word:
        names += word.names
        return
    plain = _BRACKET.sub(" ", written).strip(_EDGES) or written
    outside: list[str] = []
    for found in joined_names(plain.strip("()[]"), words):
        known = _read_phrase(found, words) if isinstance(found, str) else found.names
        if known is None:
            unknown.append(written)
        else:
            outside += known
    names += outside
    if outside:
        names += _inside(written, words)


def _bracketed(piece: str, words: Words) -> Word | None:
    """Return the name that a piece and its bracket make together: "House (Deep)", "Techno [Minimal]"."""
    outside = matching_key(_BRACKET.sub(" ", piece))
    inside = [matching_key(first or second) for first, second in _BRACKET.findall(piece)]
    if len(inside) != 1 or not outside:
        return None
    return words.find(f"{inside[0]} {outside}") or words.find(f"{outside} {inside[0]}")


def _inside(piece: str, words: Words) -> Iterator[str]:
    """Yield the genres that the brackets of a piece list: "Electronic (House, Techno)"."""
    for first, second in _BRACKET.findall(piece):
        for text in re.split("[,/]", first or second):
            word = words.find(matching_key(text))
            if word and not word.filed_only:
                yield from word.names


def _read_phrase(phrase: str, words: Words) -> tuple[str, ...] | None:
    """Return the genres of words without separators, or None where one word is neither genre nor remark.

    Words that are ambiguous alone count only where nothing else does: "Melodic Deep House" is deep house.
    """
    tokens = phrase.split()
    if len(tokens) > _MAX_WORDS:
        return None
    found: list[Word] = []
    start = 0
    while start < len(tokens):
        for end in range(len(tokens), start, -1):
            if (word := words.find(" ".join(tokens[start:end]))) and word.names:
                found.append(word)
                start = end
                break
        else:
            if not words.is_remark(tokens[start]):
                return None
            start += 1
    clear = [name for word in found if not word.filed_only for name in word.names]
    if clear or not found:
        return tuple(clear)
    return found[0].names if len(found) == 1 else None
