"""Words and phrases that a post must say, or must not: whole words, whatever their case and accents."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unicodedata import normalize

from filters.keys import normalise
from filters.query import QueryError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from storage.records import Post

# Scripts that put no space between words: Thai to Burmese, Khmer, kana, ideographs. Each character is a word.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
# Letters that Unicode does not take apart into a letter and an accent, but that people type plainly.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
_SPELLED = str.maketrans({"'": None, "&": " and ", "+": " and "})
# Latin, Greek and Cyrillic accents; the voicing marks of kana are letters' parts and stay.
_ACCENTS = re.compile("[\u0300-\u036f]+")
_MAX_TEXT = 2000
_BETWEEN = " | "


def phrases(words: Iterable[str]) -> tuple[str, ...]:
    """Return the phrases of a person's words as `said` compares them, each once.

    Errors: QueryError for one without a letter or digit.
    """
    found: dict[str, None] = {}
    for word in words:
        if not (key := text_key(word)):
            raise QueryError(
                f"no post can be searched for {word[:60]!r}", next_step="Give a word with letters or digits"
            )
        found[key] = None
    return tuple(found)


def said(wanted: Sequence[str], post: Post) -> tuple[str, ...]:
    """Return which of the phrases `wanted` stand in title, artist, track, version, label, guests or links.

    Of links their names and texts are looked through. A phrase is found within one of these only.
    """
    if not wanted:
        return ()
    text = f" {_BETWEEN.join(map(text_key, _texts(post)))} "
    return tuple(phrase for phrase in wanted if f" {phrase} " in text)


def text_key(text: str) -> str:
    """Return `text` as words between single spaces, case-folded, without accents; idempotent.

    >>> text_key("MØ – Lean_On (Café del Mar)"), text_key("Don’t")
    ('mo lean on cafe del mar', 'dont')
    """
    plain = normalise(text[:_MAX_TEXT]).casefold()
    if not plain.isascii():
        plain = _ACCENTS.sub("", normalize("NFKD", plain))
        plain = normalise(normalize("NFKC", plain)).casefold().translate(_PLAIN)
    return " ".join(_WORD.findall(plain.translate(_SPELLED)))


def _texts(post: Post) -> Iterator[str]:
    for text in (post.title, post.artist, post.track, post.version, post.label, *post.featuring):
        if text:
            yield text
    for link in post.links:
        if link.name:
            yield link.name
        if link.text:
            yield link.text
