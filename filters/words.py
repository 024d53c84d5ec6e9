"""The vocabulary: every text that means genres, or nothing, found by its matching key."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from filters.document import bad_entry
from filters.keys import matching_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from filters.document import Document


class Word(NamedTuple):
    """What a text means: canonical names, none for a kind of release or a text that says nothing."""

    written: str
    names: tuple[str, ...]
    filed_only: bool
    """Ambiguous alone: it counts only where a post labels or files itself by it."""
    is_alias: bool


class Words:
    """The texts of one or more data files, later ones over earlier ones. Immutable."""

    __slots__ = ("_by_key", "_compact", "_remarks", "_slashed")

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
        self._remarks = frozenset(
            matching_key(text) for document in documents for text in document.words["remarks"]
        )

    def __iter__(self) -> Iterator[tuple[str, Word]]:
        return iter(self._by_key.items())

    def find(self, key: str) -> Word | None:
        """Return what the matching key `key` means as a whole, with its spaces or without."""
        compact = key.replace(" ", "")
        return self._by_key.get(key) or self._by_key.get(compact) or self._compact.get(compact)

    def find_slashed(self, parts: Iterable[str]) -> Word | None:
        """Return what `parts` joined by slashes mean, where such a label is written with those slashes."""
        return self._slashed.get(_slashed_key(parts))

    def is_remark(self, word: str) -> bool:
        """Whether a single word (a matching key) beside a genre's name leaves the genre as it is."""
        return word in self._remarks or word.isdecimal() or not any(map(str.isalnum, word))

    def _lay(self, key: str, word: Word) -> None:
        """Lay a word over an older one; the same meaning stays as narrow as it was."""
        old = self._by_key.get(key)
        narrow = word.filed_only or (old is not None and old.filed_only and old.names == word.names)
        self._by_key[key] = word._replace(filed_only=narrow)

    def _narrow(self, document: Document) -> None:
        for text in document.words["context"]:
            word = self._by_key.get(matching_key(text))
            if word is None:
                bad_entry(
                    document.source, text, "no genre is called so", "Remove it from context, or add the genre"
                )
            self._by_key[matching_key(text)] = word._replace(filed_only=True)

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

    def claim(
        written: str, names: tuple[str, ...], *, filed_only: bool = False, is_alias: bool = False
    ) -> None:
        key = matching_key(written)
        if not key:
            bad_entry(document.source, written, "the name has no letters", "Remove it")
        rival, owner = claimed.get(key), canonical.get(key)
        if rival and not filed_only and (is_alias or rival.names != names):
            bad_entry(document.source, written, f"{rival.written!r} is the same name", "Keep one of the two")
        if owner and not filed_only and names != (owner,):
            bad_entry(document.source, written, f"{owner!r} is a genre of its own", "Choose another name")
        claimed[key] = Word(written, names, filed_only, is_alias)

    for name in document.genres:
        claim(name, (name,))
        canonical[matching_key(name)] = name
    for name, alias in _aliases(document):
        claim(alias, (name,), is_alias=True)
    for label, names in document.labels.items():
        claim(label, names)
    for text in (*document.words["kinds"], *document.words["unknown"]):
        claim(text, ())
    for text, names in document.ambiguous.items():
        claim(text, names, filed_only=True)
    return claimed


def _aliases(document: Document) -> Iterator[tuple[str, str]]:
    for name, entry in document.genres.items():
        yield from ((name, alias) for alias in entry.aliases)
    yield from document.aliases
