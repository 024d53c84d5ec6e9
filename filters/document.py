"""A data file of genres as typed values: what stands in it, checked, but not yet laid over another."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Never

from storage.errors import CratedigError

if TYPE_CHECKING:
    from collections.abc import Iterable

_SECTIONS = ("genres", "labels", "ambiguous", "beside", "localised", "words")
_FIELDS = ("parents", "aliases", "bpm")
_WORDS = ("kinds", "unknown", "remarks", "context", "everyday")
_MAX_NAME = 100


class GenreDataError(CratedigError):
    """A data file of genres cannot be used as it is: which file, which entry, and what to write instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a data file says about one genre; None is what it does not say."""

    parents: tuple[str, ...] | None
    aliases: tuple[str, ...]
    bpm: tuple[tuple[int, int], ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One data file. `source` names it in messages; texts stand as they are written."""

    source: str
    genres: dict[str, Entry]
    aliases: tuple[tuple[str, str], ...]
    """Localised aliases: (canonical name, alias)."""
    labels: dict[str, tuple[str, ...]]
    ambiguous: dict[str, tuple[str, ...]]
    beside: dict[str, tuple[str, str]]
    """What a genre's name means beside genres of a kind: (the kind, the meaning)."""
    words: dict[str, tuple[str, ...]]
    """``kinds``, ``unknown``, ``remarks``, ``context`` and ``everyday``, each present."""


def read_document(data: bytes, source: str) -> Document:
    """Return the genres of a TOML file, checked for shape but not for what its names refer to.

    Errors: GenreDataError naming `source`, the entry and the next step.
    """
    root = _parse(data, source)
    check = _Checker(source)
    check.keys(root, _SECTIONS, "the top of the file")
    localised = check.table(root, "localised")
    words = check.table(root, "words")
    check.keys(words, _WORDS, "words")
    return Document(
        source=source,
        genres=check.genres(check.table(root, "genres")),
        aliases=tuple(
            (name, alias)
            for language in localised
            for name, aliases in check.table(localised, language).items()
            for alias in check.strings(aliases, name)
        ),
        labels={label: check.strings(names, label) for label, names in check.table(root, "labels").items()},
        ambiguous={
            word: check.strings(names, word) for word, names in check.table(root, "ambiguous").items()
        },
        beside={name: check.pair(value, name) for name, value in check.table(root, "beside").items()},
        words={field: check.strings(words.get(field, []), field) for field in _WORDS},
    )


def _parse(data: bytes, source: str) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise GenreDataError(
            f"the genre file is not TOML ({error})", where=source, next_step="Correct it there"
        ) from error


@dataclass(frozen=True, slots=True)
class _Checker:
    source: str

    def keys(self, table: dict[str, Any], known: tuple[str, ...], entry: str) -> None:
        for key in table:
            if key not in known:
                bad_entry(
                    self.source,
                    entry,
                    f"the key {key!r} is not known",
                    did_you_mean(key, known, f"Use {', '.join(known)}"),
                )

    def table(self, parent: dict[str, Any], key: str) -> dict[str, Any]:
        value = parent.get(key, {})
        if not isinstance(value, dict):
            bad_entry(self.source, key, "this must be a table", f"Write [{key}] and its entries below")
        return value

    def strings(self, value: Any, entry: str) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
            bad_entry(self.source, entry, "this must be a list of texts", 'Write ["one", "two"]')
        for text in value:
            if not text.strip() or len(text) > _MAX_NAME:
                bad_entry(
                    self.source, entry, f"a name has 1 to {_MAX_NAME} characters", "Shorten or remove it"
                )
        return tuple(value)

    def pair(self, value: Any, entry: str) -> tuple[str, str]:
        texts = self.strings(value, entry)
        if len(texts) != len(("kind", "meaning")):
            bad_entry(self.source, entry, "this must be two names", 'Write ["kind of the others", "meaning"]')
        return texts[0], texts[1]

    def genres(self, families: dict[str, Any]) -> dict[str, Entry]:
        genres: dict[str, Entry] = {}
        for family in families:
            for name, value in self.table(families, family).items():
                if name in genres:
                    bad_entry(self.source, name, "the genre stands in two families", "Keep one of the two")
                genres[name] = self.entry(name, value)
        return genres

    def entry(self, name: str, value: Any) -> Entry:
        if not isinstance(value, dict):
            bad_entry(
                self.source, name, "a genre must be a table", 'Write { parents = ["…"], aliases = ["…"] }'
            )
        self.keys(value, _FIELDS, name)
        return Entry(
            parents=self.strings(value["parents"], name) if "parents" in value else None,
            aliases=self.strings(value.get("aliases", []), name),
            bpm=self.bpm(value["bpm"], name) if "bpm" in value else None,
        )

    def bpm(self, value: Any, name: str) -> tuple[tuple[int, int], ...]:
        numbers = value if isinstance(value, list) and all(type(number) is int for number in value) else [0]
        ranges = tuple(zip(numbers[::2], numbers[1::2], strict=False))
        if len(numbers) % 2 or not all(0 < low <= high for low, high in ranges):
            bad_entry(self.source, name, "bpm must be pairs, low before high", "Write bpm = [118, 130]")
        return ranges


def bad_entry(source: str, entry: str, what: str, next_step: str) -> Never:
    """Raise GenreDataError about `entry` of the file `source`."""
    raise GenreDataError(what, where=f"{source}, entry {entry!r}", next_step=next_step)


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """Return the next step for a `word` that is not among `known`; `otherwise` where none is near."""
    near = get_close_matches(word, list(known), n=3)
    return f"Did you mean {' or '.join(repr(text) for text in near)}" if near else otherwise
