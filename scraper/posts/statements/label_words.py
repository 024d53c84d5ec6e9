"""The words of label_words.toml: what a label announces, and whether a text may begin with one."""

from __future__ import annotations

import re
import tomllib
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from unicodedata import combining, normalize

MAX_WORD = 40
"""No label is longer, in characters."""

_WHERE = "where"

_COMBINED = re.compile(r"\s*[/&+,]\s*")
_FIRST_WORD = re.compile(r"[\W_]*([^\W_]+)")


class LabelKind(StrEnum):
    """What a label announces."""

    GENRE = "genre"
    FILED = "filed"
    ARTIST = "artist"
    TITLE = "title"
    ALBUM = "album"
    LABEL = "label"
    DATE = "date"
    SOUND = "sound"
    OTHER = "other"


@cache
def _raw() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(Path(__file__).with_name("label_words.toml").read_text(encoding="utf-8"))


@cache
def _words() -> dict[str, LabelKind]:
    kinds = {kind: _raw()[kind] for kind in _raw() if kind != _WHERE}
    return {
        _folded(word): LabelKind(kind)
        for kind, languages in reversed(kinds.items())  # where kinds share a word, the first table wins
        for words in languages.values()
        for word in words
    }


@cache
def _where() -> re.Pattern[str]:
    """Return what matches a place behind a label: "in this episode"."""
    table = {
        group: "|".join(re.escape(_folded(word)) for word in words) for group, words in _raw()[_WHERE].items()
    }
    return re.compile(rf" (?:{table['leads']}) (?:{table['things']})$")


@cache
def _openers() -> frozenset[str]:
    """Return the first words of all labels, folded."""
    return frozenset(first[1] for word in _words() if (first := _FIRST_WORD.match(word)))


def opens_label(text: str) -> bool:
    """Whether the first word of `text` may begin a label."""
    first = _FIRST_WORD.match(text)
    return first is not None and len(first[1]) <= MAX_WORD and _is_opener(first[1])


@lru_cache(maxsize=4096)
def _is_opener(word: str) -> bool:
    return _folded(word) in _openers()


def _folded(word: str) -> str:
    if not word.isascii():
        word = "".join(char for char in normalize("NFKD", word) if not combining(char)).replace("ı", "i")
        word = word.replace("’", "'")
    return " ".join(word.casefold().split())


def kind_of(word: str) -> LabelKind | None:
    """Return what a label announces; ``Genre / Style`` is a label when each half is one."""
    return _kind_of_short(word) if len(word) <= MAX_WORD else None


@lru_cache(maxsize=4096)
def _kind_of_short(word: str) -> LabelKind | None:
    key = _folded(word)
    kind = _words().get(key)
    if kind is None and (where := _where().search(key)):
        # Of a mix or an episode it is said of what; its artists and titles are many.
        kind = LabelKind.GENRE if _words().get(key[: where.start()]) is LabelKind.GENRE else None
    elif kind is None and _COMBINED.search(key):
        kinds = {_words().get(half) for half in _COMBINED.split(key)}
        if None not in kinds:
            kind = kinds.pop() if len(kinds) == 1 else LabelKind.OTHER
    return kind
