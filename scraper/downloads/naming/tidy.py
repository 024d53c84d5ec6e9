"""Filling in a template so that what has no value leaves no brackets and separators behind. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_SEPARATORS: Final = " \t-–—_,;:·•|+&."
_BRACKETS: Final = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class Words:
    """Text that stands in the template itself."""

    text: str


def filled(pieces: Iterable[Words | str | None]) -> str:
    """Return `pieces` joined: `Words` of the template, values, and None for a value that there is not.

    Around a missing value brackets are dropped, and of two separators one. Values stay as they are.

    >>> filled(["Kora", Words(" - "), None, Words(" ("), "Dub", Words(")")])
    'Kora (Dub)'
    """
    done, words, missing = "", "", False
    for piece in pieces:
        if piece is None:
            missing = True
        elif isinstance(piece, Words):
            words = _across(words, piece.text, first=not done) if missing else words + piece.text
            missing = False
        else:
            # A value that follows at once takes the place of the missing one.
            done, words, missing = done + words + piece, "", False
    return done + (_across(words, "", first=not done) if missing else words)


def _across(left: str, right: str, *, first: bool) -> str:
    """Return the words on both sides of a missing value; `first` when no value stands before them."""
    opened = left.rstrip()[-1:]
    if opened in _BRACKETS and right.lstrip().startswith(_BRACKETS[opened]):
        return _across(left.rstrip()[:-1], right.lstrip()[1:], first=first)
    before, after = left.rstrip(_SEPARATORS), right.lstrip(_SEPARATORS)
    if opened in _BRACKETS or (first and not before):
        return left.rstrip() + after
    if right and after == right and not _closes(right):
        return left + right
    return before + right


def _closes(words: str) -> bool:
    return words[:1] in _BRACKETS.values()
