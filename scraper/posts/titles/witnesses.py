"""Artist and track of a title without a separator, told apart by what else the post names."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING
from unicodedata import normalize

if TYPE_CHECKING:
    from collections.abc import Iterable

_MAX_WITNESSES = 60
_MAX_WORDS = 12
_PIECE = re.compile(r"[^\s-]+")
_NO_LETTER = re.compile(r"[\W_]+")


def split_by_witnesses(
    title: str, *, artists: Iterable[str] = (), tracks: Iterable[str] = ()
) -> tuple[str, str] | None:
    """Return artist and track of `title` where one of them is named elsewhere in the post, else None.

    A witness must be the beginning (`artists`) or the end (`tracks`) of the title, word for word; case,
    punctuation and hyphens do not matter. Where witnesses disagree, nothing is told. Pure.

    >>> split_by_witnesses("Gritta Concrete Return", tracks=["Concrete Return"])
    ('Gritta', 'Concrete Return')
    """
    pieces = [(piece.start(), piece.end()) for piece in _PIECE.finditer(title)]
    words = [_folded(title[start:end]) for start, end in pieces]
    if not 1 < len(words) <= _MAX_WORDS:
        return None
    places: set[int] = set()
    for witness in islice(artists, _MAX_WITNESSES):
        named = _words(witness)
        if 0 < len(named) < len(words) and words[: len(named)] == named:
            places.add(len(named))
    for witness in islice(tracks, _MAX_WITNESSES):
        named = _words(witness)
        if 0 < len(named) < len(words) and words[-len(named) :] == named:
            places.add(len(words) - len(named))
    if len(places) != 1:
        return None
    (place,) = places
    return title[: pieces[place - 1][1]], title[pieces[place][0] :]


def _words(text: str) -> list[str]:
    if len(text) > _MAX_WORDS * 40:
        return []
    return [_folded(piece) for piece in _PIECE.findall(text)]


def _folded(word: str) -> str:
    return _NO_LETTER.sub("", normalize("NFKC", word).casefold()) or word
