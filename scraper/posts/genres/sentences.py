"""Running text as sentences of words, with quotations and the post's own names blotted out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BLOT = "\ue001"
"""Stands for a quotation, a name or a link's text, of which nothing is read; a code point for private use."""

_MIN_NAME = 3

_QUOTED = re.compile(
    r"“[^“”]{1,300}[”“]|„[^„“”]{1,300}[“”]|«[^«»]{1,300}»|»[^«»]{1,300}«|\"[^\"]{1,300}\"|‘[^‘’]{1,100}’"
)
_END = re.compile(r"[.!?…。]{1,10}(?=\s|$)")
# An elided article ("d'acid house") is a word of its own; an apostrophe within a word parts nothing.
_WORD = re.compile(rf"{BLOT}|[dDlL]['’](?=\w\w)|\w+(?:['’&+]\w+)*|[&+]|[^\w\s]")
_HYPHENS = frozenset("-‐‑")
_SILENT = frozenset("'’*_~")


class Token(NamedTuple):
    """A word of a sentence.

    `key` is its text case-folded. `parted` holds the punctuation between it and the word before; `glued`
    says that a hyphen joins the two. `capital` is false throughout a sentence that is all capitals.
    """

    text: str
    key: str
    parted: str
    glued: bool
    capital: bool


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a line, the last one ended or not."""
    start = 0
    for end in _END.finditer(text):
        yield text[start : end.end()]
        start = end.end()
    if start < len(text):
        yield text[start:]


def blotted(text: str, names: Sequence[str]) -> str:
    """Return `text`, as long as it was, with quotations and all `names` (as they are written) blotted out."""
    text = _QUOTED.sub(lambda quote: _blot(quote[0]), text)
    for name in names:
        if len(name) >= _MIN_NAME and name in text:
            text = text.replace(name, _blot(name))
    return text


def _blot(text: str) -> str:
    return BLOT + " " * (len(text) - 1)


def words_of(sentence: str) -> list[Token]:
    """Return the words of a sentence; those joined by hyphens each for itself."""
    shouted = sentence.isupper()
    tokens: list[Token] = []
    parted = ""
    glued = False
    end = -1
    for match in _WORD.finditer(sentence):
        text = match[0]
        if text in _HYPHENS:
            glued = match.start() == end
            parted += "" if glued else "-"
        elif not (text[0].isalnum() or text in {BLOT, "&", "+"}):
            parted += "" if text in _SILENT else text
            glued = False
        else:
            glued = glued and match.start() == end
            capital = not shouted and (text[0].isupper() or text == BLOT)
            tokens.append(Token(text, text.casefold().replace("’", "'"), parted, glued, capital))
            parted, glued = "", False
        end = match.end()
    return tokens
