"""Names of genres in a sentence, and whether the words around them speak of the music that is presented."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from filters.keys import matching_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from filters.graph import GenreGraph
    from filters.words import Word
    from scraper.posts.genres.sentences import Token

_MAX_NAME = 5
"""Words in the longest name."""
_MAX_LENGTH = 60
_MAX_BETWEEN = 3
"""Words between "a slice of" and the name."""
_MAX_DENIAL = 7
"""Words between a denial and the name."""
_SOFT = frozenset(",/")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProseRules:
    """The groups of prose_words.toml, all languages together."""

    measures: frozenset[str]
    of: frozenset[str]
    pieces: frozenset[str]
    carriers: frozenset[str]
    manners: frozenset[str]
    others: frozenset[str]
    denials: frozenset[str]
    double_denials: frozenset[str]
    only: frozenset[str]
    turns: frozenset[str]
    joints: frozenset[str]
    ends: frozenset[str]
    articles: frozenset[str]
    starters: frozenset[str]


class Phrase(NamedTuple):
    """Genres that a sentence names together: where its words begin and end, the names, and their nature.

    `everyday` says that each of them is another thing first.
    """

    start: int
    end: int
    names: tuple[str, ...]
    everyday: bool


class _Name(NamedTuple):
    start: int
    end: int
    word: Word


@cache
def prose_rules() -> ProseRules:
    """Return the rules of prose_words.toml, read once."""
    data = tomllib.loads(Path(__file__).with_name("prose_words.toml").read_text(encoding="utf-8"))
    return ProseRules(
        **{
            group: frozenset(word.casefold() for words in languages.values() for word in words)
            for group, languages in data.items()
        }
    )


def phrases(tokens: Sequence[Token], graph: GenreGraph) -> Iterator[Phrase]:
    """Yield what the words of a sentence say of the music: names with a sign that they are meant as genres.

    That is "a slice of X", "an X banger", "un morceau X", "pure X", or a name of several words where the
    phrase ends. Names of people, labels and venues, and what is denied, give nothing. Words that are
    ambiguous alone count only beside one that is not: "hardstyle and breaks".
    """
    rules = prose_rules()
    denied = -2  # where the last denied phrase ended: "no techno tracks, house cuts or trance"
    for chain in _chains(_names(tokens, graph), tokens, rules):
        start, end = chain[0].start, chain[-1].end
        clear = [name.word for name in chain if not name.word.filed_only]
        if _goes_on(tokens, denied, start) or _is_denied(tokens, start, rules):
            denied = end + int(end < len(tokens) and tokens[end].key in rules.pieces)
            continue
        if not clear or _is_proper(tokens, start, end, rules):
            continue
        everyday = all(word.everyday for word in clear)
        if _has_cue(tokens, start, end, rules) or (not everyday and _has_manner(tokens, start, rules)):
            words = [name.word for name in chain if not name.word.filed_only or len(name.word.names) == 1]
        elif not everyday and _stands_alone(tokens, chain[-1], rules):
            words = clear
        else:
            continue
        names = tuple(dict.fromkeys(name for word in words for name in word.names))
        yield Phrase(start, end, names, everyday)


def _names(tokens: Sequence[Token], graph: GenreGraph) -> Iterator[_Name]:
    """Yield the longest names of genres, by whole words."""
    start = 0
    while start < len(tokens):
        found = _name_at(tokens, start, graph) if graph.words.openers.may_open(tokens[start].text) else None
        if found and found.word.names:
            yield found
        start = found.end if found else start + 1


def _name_at(tokens: Sequence[Token], start: int, graph: GenreGraph) -> _Name | None:
    last = start + 1
    while last < min(len(tokens), start + _MAX_NAME) and not tokens[last].parted:
        last += 1
    for end in range(last, start, -1):
        text = " ".join(token.text for token in tokens[start:end])
        if len(text) <= _MAX_LENGTH and (word := _meaning(text, graph)):
            return _Name(start, end, word)
    return None


@lru_cache(maxsize=4096)
def _meaning(text: str, graph: GenreGraph) -> Word | None:
    return graph.words.find_words(matching_key(text))


def _chains(found: Iterator[_Name], tokens: Sequence[Token], rules: ProseRules) -> Iterator[list[_Name]]:
    """Yield names that commas, slashes or words like "and" join, together."""
    chain: list[_Name] = []
    for name in found:
        if chain and not _is_joined(tokens[chain[-1].end : name.start + 1], rules):
            yield chain
            chain = []
        chain.append(name)
    if chain:
        yield chain


def _is_joined(between: Sequence[Token], rules: ProseRules) -> bool:
    """Whether the words behind one name, with the first of the next, join the two."""
    soft = all(set(token.parted) <= _SOFT for token in between)
    if len(between) == 1:
        return soft and bool(between[0].parted)
    return soft and len(between) == len(("and", "name")) and between[0].key in rules.joints


def _is_proper(tokens: Sequence[Token], start: int, end: int, rules: ProseRules) -> bool:
    """Whether the words are part of a longer name or a compound: "White House", "in-house", "house party"."""
    first, last = tokens[start], tokens[end - 1]
    before = tokens[start - 1] if start and not first.parted else None
    behind = tokens[end] if end < len(tokens) and not tokens[end].parted else None
    if first.glued or (before and before.capital and first.capital and before.key not in rules.starters):
        return True
    if behind is None:
        return False
    if behind.key in rules.others or (behind.glued and behind.key not in rules.pieces):
        return True
    if not last.capital:
        return False
    if behind.key in rules.of:
        return end + 1 < len(tokens) and tokens[end + 1].capital
    return behind.capital and behind.key not in rules.pieces


def _goes_on(tokens: Sequence[Token], end: int, start: int) -> bool:
    """Whether at most one word and no stop stand between a phrase that ended and the next."""
    return (
        end >= 0 and start - end <= 1 and all(set(token.parted) <= _SOFT for token in tokens[end : start + 1])
    )


def _is_denied(tokens: Sequence[Token], start: int, rules: ProseRules) -> bool:
    """Whether the clause in front of the name says that the music is something else."""
    for place in range(start - 1, max(-1, start - 1 - _MAX_DENIAL), -1):
        if tokens[place + 1].parted:
            return False
        key = tokens[place].key
        if place and f"{tokens[place - 1].key} {key}" in rules.double_denials:
            return True
        if key in rules.turns:
            return False
        if key in rules.denials or key.endswith("n't"):
            return tokens[place + 1].key not in rules.only
    return False


def _has_cue(tokens: Sequence[Token], start: int, end: int, rules: ProseRules) -> bool:
    if end < len(tokens) and not tokens[end].parted and tokens[end].key in rules.pieces:
        return True
    if not start:
        return False
    if tokens[start - 1].key in rules.carriers and not tokens[start].parted:
        return True
    for place in range(start - 1, max(0, start - 2 - _MAX_BETWEEN), -1):
        token = tokens[place]
        if not set(tokens[place + 1].parted) <= _SOFT or token.key in rules.articles:
            return False
        if token.key in rules.of:
            measure = tokens[place - 1].key
            known = measure in rules.measures or measure in rules.pieces or measure in rules.carriers
            return known and not token.parted
    return False


def _has_manner(tokens: Sequence[Token], start: int, rules: ProseRules) -> bool:
    return bool(start) and not tokens[start].parted and tokens[start - 1].key in rules.manners


def _stands_alone(tokens: Sequence[Token], name: _Name, rules: ProseRules) -> bool:
    """Whether a name of several words, not written as a title, ends a phrase: "… deep house with strings"."""
    if name.end - name.start == 1 or name.word.filed_only or tokens[name.end - 1].capital:
        return False
    if name.end == len(tokens) or tokens[name.end].parted:
        return True
    return tokens[name.end].key in rules.ends
