"""Cutting the text of a label or tag into the parts that may each be a genre."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from filters.keys import matching_key, normalise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from filters.words import Word, Words

_MAX_RUN = 5
"""Parts in the longest name or label of the data, with some room."""
_PIECE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|(?P<hard> -+ |[,;|·>→›»\\#\n、。،؛▪●★])|(?P<slash>/)")
"""Separators; those inside brackets are skipped with the bracket."""

_QUOTES = str.maketrans(dict.fromkeys('"“”„«»', " "))


def clean(text: str, limit: int) -> str:
    """Return the first `limit` characters, less a word cut in two, entities, quotes and double spaces."""
    cut = text[:limit]
    if len(text) > limit:
        cut = cut.rpartition(" ")[0]
    text = normalise(html.unescape(html.unescape(cut))).translate(_QUOTES)
    if text.startswith(("http://", "https://")):
        text = re.split("[?#]", text, maxsplit=1)[0].rstrip("/").rpartition("/")[2]
    return "\n".join(" ".join(line.split()) for line in text.splitlines())


def groups(text: str) -> Iterator[list[str]]:
    """Yield the parts between hard separators, each as its pieces between slashes."""
    group: list[str] = []
    start = 0
    for separator in _PIECE.finditer(text):
        if separator.lastgroup is None:
            continue
        group.append(text[start : separator.start()])
        start = separator.end()
        if separator.lastgroup == "hard":
            yield group
            group = []
    yield [*group, text[start:]]


def longest_runs(pieces: Sequence[str], find: Callable[[Sequence[str]], Word | None]) -> Iterator[Word | str]:
    """Yield the longest runs of two or more pieces that `find` knows, and the pieces between them."""
    start = 0
    while start < len(pieces):
        for end in range(min(len(pieces), start + _MAX_RUN), start + 1, -1):
            if word := find(pieces[start:end]):
                yield word
                start = end
                break
        else:
            yield pieces[start]
            start += 1


def joined_names(piece: str, words: Words) -> Iterator[Word | str]:
    """Yield the names that `piece` joins with "and", and as text what is none."""
    key = matching_key(piece)
    if not key:
        return
    if word := words.find(key):
        yield word
        return
    for found in longest_runs(key.split(" and "), lambda run: words.find(" and ".join(run))):
        yield (words.find(found) or found) if isinstance(found, str) else found
