"""The passwords of archives that a post tells: "Password: foo57". Pure."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MAX_PASSWORDS: Final = 10
"""A post keeps so many passwords."""
MAX_LENGTH: Final = 100
"""Longer values are no passwords, in characters."""

_MAX_STATEMENTS = 100
_BEFORE = 40
# A colon stands alone; a hyphen or an arrow has spaces around it, or it is part of a word.
_SPACES = r"[ \t\xa0]"
_PARTED = (
    rf"{_SPACES}{{0,9}}(?:[:：=]{_SPACES}{{0,9}}\n{{0,2}}|{_SPACES}[-–—>»→]{_SPACES}{{1,9}}"
    rf"|\n(?=\S{{2,100}}(?:\n|$))){_SPACES}{{0,9}}"
)
_VALUE = r"(?:[\"“„«‘'](?P<quoted>[^\"”“»’'\n]{1,100})[\"”“»’']|(?P<bare>\S{1,300}))"
_SAID = rf"{_SPACES}{{1,9}}(?:is|ist|est|es|é){_SPACES}{{1,9}}"
_TRAILING = ".,;!?…)]}*"
_PIECE_ENDS = "|/•·,;([{–—-\n:*"
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    hints: Mapping[str, Sequence[str]]
    """Words of which a text has one where it has a label, by their rarest letter."""
    ascii_hints: Mapping[str, Sequence[str]]
    statement: re.Pattern[str]
    short: frozenset[str]
    archives: frozenset[str]
    others: frozenset[str]
    none: frozenset[str]


def read_passwords(text: str) -> tuple[str, ...]:
    """Return the passwords that the visible `text` of a post tells, each once, at most `MAX_PASSWORDS`.

    Lines of `text` are blocks. A password follows a label in one of many languages (passwords.toml) and a
    colon, a dash or, alone, a line break; behind "is" it has quotes, a digit or a dot.

    >>> read_passwords("RAR pw - x1 / Mot de passe : « foo bar ». Forgot password? Password protected.")
    ('x1', 'foo bar')
    """
    table = _table()
    folded = text.lower()
    if not _has_hint(folded, table.ascii_hints if folded.isascii() else table.hints):
        return ()
    return tuple(dict.fromkeys(_passwords(text, table)))[:MAX_PASSWORDS]


def _has_hint(folded: str, hints: Mapping[str, Sequence[str]]) -> bool:
    for rare, words in hints.items():
        if rare in folded:  # one letter is found sooner than a word, and most texts do not have it
            for word in words:
                if word in folded:
                    return True
    return False


def _passwords(text: str, table: _Table) -> Iterator[str]:
    at = 0
    for _ in range(_MAX_STATEMENTS):
        found = table.statement.search(text, at)
        if found is None:
            return
        at = found.end("label")
        if not _is_label(text[max(0, found.start() - _BEFORE) : found.start()], found["label"], table):
            continue
        quoted, value = found["quoted"], found["bare"]
        value = quoted.strip() if quoted is not None else _bare(value)
        is_certain = found["said"] is None and found["parted"].strip(" \t\xa0") != "\n"
        if not _is_password(value, table, is_certain=is_certain or quoted is not None):
            continue
        at = found.end()
        yield value


def _is_label(before: str, label: str, table: _Table) -> bool:
    line = before.rpartition("\n")[2].casefold()
    words = _WORD.findall(line)
    if words and words[-1] in table.others:
        return False
    if label.casefold() not in table.short or not line.strip():
        return True
    return line.rstrip()[-1] in _PIECE_ENDS or (bool(words) and words[-1] in table.archives)


def _bare(value: str) -> str:
    end = len(value)
    while end and value[end - 1] in _TRAILING and not _closes(value[:end]):
        end -= 1
    return value[:end].lstrip("*")


def _closes(value: str) -> bool:
    return any(value.endswith(closing) and opening in value for opening, closing in ("()", "[]", "{}"))


def _is_password(value: str, table: _Table, *, is_certain: bool) -> bool:
    if len(value) > MAX_LENGTH or value.casefold().strip(".,") in table.none:
        return False
    if not any(character.isalnum() for character in value):
        return False
    return is_certain or any(character.isdigit() or character == "." for character in value[:-1])


@cache
def _table() -> _Table:
    raw = tomllib.loads(files("scraper.posts.links").joinpath("passwords.toml").read_text("utf-8"))
    labels = raw["labels"]
    every = sorted({*labels["sure"], *labels["short"]}, key=lambda label: (-len(label), label))
    alternatives = "|".join(re.escape(label).replace("\\ ", r"[ \xa0]{1,3}") for label in every)
    behind = "|".join(map(re.escape, sorted(labels["behind"], key=len, reverse=True)))
    statement = re.compile(
        rf"(?<!\w)(?P<label>{alternatives})(?!\w)"
        rf"(?:(?P<said>{_SAID})|(?P<behind>(?:{_SPACES}{{1,3}}(?:{behind})(?!\w)){{1,5}})?(?P<parted>{_PARTED})){_VALUE}",
        re.IGNORECASE,
    )
    words = {label.rpartition(" ")[2].lower() for label in every}
    shortest = sorted(word for word in words if not any(other in word for other in words - {word}))
    hints: dict[str, list[str]] = {}
    for word in shortest:
        hints.setdefault(max(word), []).append(word)
    short = frozenset(label.casefold() for label in labels["short"])
    return _Table(
        hints=hints,
        ascii_hints={rare: words for rare, words in hints.items() if rare.isascii()},
        statement=statement,
        short=short,
        archives=frozenset(labels["archives"]),
        others=frozenset(labels["others"]),
        none=frozenset(raw["values"]["none"]),
    )
