"""With which words the names of genres begin: most texts hold none of them, and no key need be made."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING
from unicodedata import is_normalized

from filters.keys import matching_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ASCII_WORD = re.compile("[a-z0-9]+")
_WORD = re.compile(r"[^\W_]+")
_JOINED_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_APOSTROPHE = re.compile("['’]")
_SPLITTING = re.compile("[\u00ad\u0300-\u036f\u200b-\u200f\u2060-\u206f\ufe00-\ufe0f\ufeff]")
"""What may stand within a word of a text and is not in the key of it: then no word can be told alone."""

_MAX_WORD = 60
_AND = "and"  # what "&", "+" and "n" become in a key


class Openers:
    """The beginnings of names, made from their matching keys. Its answer no is certain. Immutable."""

    __slots__ = ("_any", "_pairs", "_whole")

    def __init__(self, keys: Iterable[str]) -> None:
        every = list(keys)
        self._any = frozenset(start for key in every for start in _starts(key))
        self._whole = frozenset(start for key in every for start in _whole(key))
        pairs: defaultdict[str, set[str]] = defaultdict(set)
        for key in every:
            for first, second in [*pairwise(_WORD.findall(key))][:1]:
                pairs[first].add(second)
        self._pairs = {first: frozenset(seconds) for first, seconds in pairs.items()}

    def may_hold(self, text: str) -> bool:
        """Whether `text` may hold a name of a genre, with its spaces or without.

        A text with a character reference, with accents apart or letters that nobody sees, may.
        """
        if "&" in text:
            return True
        if text.isascii():
            return not self._any.isdisjoint(_ASCII_WORD.findall(text.lower()))
        return _is_unclear(text) or any(_opens(word, self._any) for word in _JOINED_WORD.findall(text))

    def may_tell(self, text: str) -> bool:
        """Whether running text may hold a name with its spaces where they are: of two words, both are asked.

        More texts are turned away than by `may_hold`: "new" begins a name, and so does every second sentence.
        """
        if "&" in text:
            return True
        if text.isascii():
            if not self.may_hold(text):
                return False
            words = _WORD.findall(text.lower())
        elif _is_unclear(text):
            return True
        else:
            words = _WORD.findall(_key_of_both(text))
        if not self._whole.isdisjoint(words):
            return True
        return any(
            self._are_together(first, second) for first, second in pairwise(words) if first in self._pairs
        )

    def may_open(self, word: str) -> bool:
        """Whether a name may begin with `word`, which has no space."""
        return _opens(word, self._any)

    def _are_together(self, first: str, second: str) -> bool:
        seconds = self._pairs[first]
        return second in seconds or _AND in seconds


def _starts(key: str) -> Iterator[str]:
    """Yield how a text begins that has this key, however it is written."""
    yield from _ASCII_WORD.findall(key)[:1]
    yield from _WORD.findall(key)[:1]
    yield from key.split(" ", 1)[:1]
    yield key.replace(" ", "")


def _whole(key: str) -> Iterator[str]:
    """Yield how a text begins that has this key in one word."""
    compact = key.replace(" ", "")
    yield from _WORD.findall(compact)[:1]
    yield from _ASCII_WORD.findall(compact)[:1]


def _key_of_both(text: str) -> str:
    """Return the keys of `text` with its apostrophes as spaces, and with them as nothing where it has any."""
    parted = _APOSTROPHE.sub(" ", text)
    return matching_key(parted) if parted == text else f"{matching_key(parted)} . {matching_key(text)}"


def _is_unclear(text: str) -> bool:
    return _SPLITTING.search(text) is not None or not is_normalized("NFC", text)


def _opens(word: str, openers: frozenset[str]) -> bool:
    return len(word) > _MAX_WORD or _opens_short(word, openers)


@lru_cache(maxsize=8192)
def _opens_short(word: str, openers: frozenset[str]) -> bool:
    parts = _parts_of(word)
    return not parts or not openers.isdisjoint(parts)


def _parts_of(word: str) -> tuple[str, ...]:
    """Return the words of the key of `word`, of what is behind each apostrophe, and between them."""
    behind = (word[found.end() :] for found in _APOSTROPHE.finditer(word))
    pieces = (word, *behind, *_APOSTROPHE.split(word))
    return tuple(part for piece in dict.fromkeys(pieces) for part in matching_key(piece).split(" ") if part)
