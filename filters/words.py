"""The vocabulary: every text that means genres, or nothing, found by its matching key."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from filters.document import bad_entry
from filters.keys import matching_key
from filters.openers import Openers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from filters.document import Document


class Word(NamedTuple):
    """What a text means: canonical names, none for a kind of release or a text that says nothing."""

    written: str
    names: tuple[str, ...]
    filed_only: bool = False
    """Ambiguous alone: it counts only where a post labels or files itself by it."""
    is_alias: bool = False
    everyday: bool = False
    """Another thing first, as "house" is: a tag of such words counts only beside another sign of music."""
    empty: bool = False
    """Stands where a genre should and says nothing: "Various"."""


class Words:
    """The texts of one or more data files, later ones over earlier ones. Immutable.

    `openers` tells of most texts that they hold none of these, before a key is made.
    """

    __slots__ = ("_by_key", "_compact", "_remarks", "_slashed", "openers")

    def __init__(self, documents: Sequence[Document]) -> None:
        self._by_key: dict[str, Word] = {}
        canonical: dict[str, str] = {}
        for document in documents:
            for key, word in _claims(document, canonical).items():
                self._lay(key, word)
            self._narrow(document)
        self._slashed = {
            _slashed_key(word.written.split("/")): word
            for word in self._by_key.values()
            if "/" in word.written
        }
        self._add_slugs()
        self._compact = {key.replace(" ", ""): word for key, word in self._by_key.items() if " " in key}
        self.openers = Openers(key for key, word in self._by_key.items() if word.names)
        self._remarks = frozenset(
            matching_key(text) for document in documents for text in document.words["remarks"]
        )

    def __iter__(self) -> Iterator[tuple[str, Word]]:
        return iter(self._by_key.items())

    def find(self, key: str) -> Word | None:
        """Return what the matching key `key` means as a whole, with its spaces or without."""
        compact = key.replace(" ", "")
        return self._by_key.get(key) or self._by_key.get(compact) or self._compact.get(compact)

    def find_words(self, key: str) -> Word | None:
        """Return what `key` means with its spaces where they are: "tech no longer" holds no techno."""
        return self._by_key.get(key) if " " in key else self.find(key)

    def find_slashed(self, parts: Iterable[str]) -> Word | None:
        """Return what `parts` joined by slashes mean, where such a label is written with those slashes."""
        return self._slashed.get(_slashed_key(parts))

    def is_remark(self, word: str) -> bool:
        """Whether a single word (a matching key) beside a genre's name leaves the genre as it is."""
        return word in self._remarks or word.isdecimal() or not any(map(str.isalnum, word))

    def _lay(self, key: str, word: Word) -> None:
        """Lay a word over an older one; the same meaning stays as narrow as it was."""
        old = self._by_key.get(key)
        same = old if old is not None and old.names == word.names else word
        self._by_key[key] = word._replace(
            filed_only=word.filed_only or same.filed_only, everyday=word.everyday or same.everyday
        )

    def _narrow(self, document: Document) -> None:
        for section in ("context", "everyday"):
            for text in document.words[section]:
                key = matching_key(text)
                word = self._by_key.get(key)
                if word is None or not word.names:
                    step = f"Remove it from {section}, or add the genre"
                    bad_entry(document.source, text, "no genre is called so", step)
                narrow = word.filed_only or section == "context"
                self._by_key[key] = word._replace(filed_only=narrow, everyday=True)

    def _add_slugs(self) -> None:
        """Add what a blog's slug makes of a name: WordPress leaves out ``&`` and brackets."""
        for key, word in list(self._by_key.items()):
            slug = key.replace(" and ", " ").replace("(", "").replace(")", "")
            if slug != key:
                self._by_key.setdefault(slug, word)


def _slashed_key(parts: Iterable[str]) -> str:
    return "/".join(map(matching_key, parts))


def _claims(document: Document, canonical: dict[str, str]) -> dict[str, Word]:
    """Return the words of one file by key, and add its genres to `canonical` (name by key)."""
    claimed: dict[str, Word] = {}
    for word in _written(document):
        key = matching_key(word.written)
        if not key:
            bad_entry(document.source, word.written, "the name has no letters", "Remove it")
        rival, owner = claimed.get(key), canonical.get(key)
        if rival and not word.filed_only and (word.is_alias or rival.names != word.names):
            bad_entry(
                document.source, word.written, f"{rival.written!r} is the same name", "Keep one of the two"
            )
        if owner and not word.filed_only and word.names != (owner,):
            bad_entry(
                document.source, word.written, f"{owner!r} is a genre of its own", "Choose another name"
            )
        claimed[key] = word
        if word.names == (word.written,):
            canonical[key] = word.written
    return claimed


def _written(document: Document) -> Iterator[Word]:
    """Yield the words of one file: first its genres, last what is ambiguous."""
    for name in document.genres:
        yield Word(name, (name,))
    for name, entry in document.genres.items():
        yield from (Word(alias, (name,), is_alias=True) for alias in entry.aliases)
    for name, alias in document.aliases:
        yield Word(alias, (name,), is_alias=True)
    for label, names in document.labels.items():
        yield Word(label, names)
    for section in ("kinds", "unknown"):
        yield from (Word(text, (), empty=section == "unknown") for text in document.words[section])
    for text, names in document.ambiguous.items():
        yield Word(text, names, filed_only=True, everyday=True)
