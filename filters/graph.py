"""The genre graph: what a name means, what it is a kind of, which of several is the most specific."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from filters.document import GenreDataError, bad_entry, did_you_mean, read_document
from filters.keys import matching_key
from filters.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path
    from typing import Self

    from filters.document import Document

_MAX_TEXT = 200
"""No name of a genre is longer; what is, is prose."""

_MAX_GUESS = 60


class GenreGraph:
    """Genres, their parents and their names. Immutable; a name that it does not know has no relatives."""

    __slots__ = ("_ancestors", "_beside", "_bpm", "_children", "_descendants", "_parents", "words")

    def __init__(self, documents: Sequence[Document]) -> None:
        self._parents: dict[str, tuple[str, ...]] = {}
        self._bpm: dict[str, tuple[tuple[int, int], ...]] = {}
        self._beside: dict[str, tuple[str, str]] = {}
        for document in documents:
            self._lay(document)
            self._beside |= document.beside
        self.words = Words(documents)
        _check_references(documents, self._parents)
        children: dict[str, list[str]] = {}
        for name, parents in self._parents.items():
            for parent in parents:
                children.setdefault(parent, []).append(name)
        self._children = {name: tuple(found) for name, found in children.items()}
        self._ancestors: dict[str, frozenset[str]] = {}
        self._descendants: dict[str, frozenset[str]] = {}
        for name in self._parents:
            if name in _reach(name, self._parents):
                bad_entry(
                    documents[-1].source, name, "the genre is its own ancestor", "Remove one of its parents"
                )

    @classmethod
    def load(cls, extra: Path | None = None) -> Self:
        """Return the graph of this package's data file, with the user's file `extra` laid over it.

        In `extra`, `parents` and `bpm` replace, aliases and words are added, and a name, label or
        ambiguous word means what it says there. Errors: GenreDataError naming file, entry and next step.
        """
        data = resources.files("filters").joinpath("genres.toml").read_bytes()
        documents = [read_document(data, "filters/genres.toml")]
        if extra is not None:
            try:
                data = extra.read_bytes()
            except OSError as error:
                raise GenreDataError(
                    f"the genre file cannot be read ({error.strerror})",
                    where=str(extra),
                    next_step="Correct the path in the configuration",
                ) from error
            documents.append(read_document(data, str(extra)))
        return cls(documents)

    @property
    def names(self) -> tuple[str, ...]:
        """All canonical names, in the order of the data files."""
        return tuple(self._parents)

    def __contains__(self, name: object) -> bool:
        return name in self._parents

    def resolve(self, text: str, *, filed: bool = True) -> tuple[str, ...]:
        """Return the canonical names that `text` as a whole means: none, one, or the set of a store's label.

        `filed` says that the text is a label or category; without it, words that are ambiguous alone
        ("minimal", "bass") mean nothing.

        >>> default_graph().resolve("Melodic House & Techno"), default_graph().resolve("deep-house-internet")
        (('melodic house', 'melodic techno'), ())
        """
        if len(text) > _MAX_TEXT:
            return ()
        word = self.words.find(matching_key(text))
        return word.names if word and (filed or not word.filed_only) else ()

    def parents(self, name: str) -> tuple[str, ...]:
        """Return what `name` is directly a kind of."""
        return self._parents.get(name, ())

    def children(self, name: str) -> tuple[str, ...]:
        """Return the genres that are directly a kind of `name`."""
        return self._children.get(name, ())

    def aliases(self, name: str) -> tuple[str, ...]:
        """Return the other names of `name` as they are written in the data files."""
        found = (word.written for _, word in self.words if word.is_alias and word.names == (name,))
        return tuple(dict.fromkeys(found))

    def bpm(self, name: str) -> tuple[tuple[int, int], ...]:
        """Return the usual tempi of `name`: (low, high) in beats a minute, a second for half time."""
        return self._bpm.get(name, ())

    def ancestors(self, name: str) -> frozenset[str]:
        """Return all that `name` is a kind of, without itself."""
        if name not in self._ancestors:
            if name not in self._parents:
                return frozenset()
            self._ancestors[name] = _reach(name, self._parents)
        return self._ancestors[name]

    def descendants(self, name: str) -> frozenset[str]:
        """Return all that is a kind of `name`, without itself."""
        if name not in self._descendants:
            if name not in self._parents:
                return frozenset()
            self._descendants[name] = _reach(name, self._children)
        return self._descendants[name]

    def most_specific(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return `names` once each, in order, without those that another one is a kind of."""
        unique = dict.fromkeys(names)
        implied = frozenset().union(*map(self.ancestors, unique))
        return tuple(name for name in unique if name not in implied)

    def beside(self, name: str, others: Iterable[str]) -> str:
        """Return what the genre `name` means beside `others`: trap beside dubstep is edm trap, else itself.

        Its own relatives among the others keep it as it is.
        """
        if name not in self._beside:
            return name
        kind, meaning = self._beside[name]
        own = {name, *self.ancestors(name)}
        families = [{other, *self.ancestors(other)} for other in others if other not in {name, meaning}]
        related = any(family & own for family in families)
        return meaning if not related and any(kind in family for family in families) else name

    def nearest(self, text: str, *, count: int = 3) -> list[str]:
        """Return up to `count` canonical names that `text` may be a misspelling of, the nearest first."""
        known = {key: word.names for key, word in self.words if word.names}
        near = get_close_matches(matching_key(text[:_MAX_GUESS]), known, n=3 * count)
        return list(dict.fromkeys(name for key in near for name in known[key]))[:count]

    def _lay(self, document: Document) -> None:
        for name, entry in document.genres.items():
            plain = " ".join(name.casefold().split())
            if name != plain:
                bad_entry(document.source, name, "a genre's name is in lower case", f"Write {plain!r}")
            if entry.parents is None and name not in self._parents:
                bad_entry(
                    document.source, name, "a new genre needs parents", "Write parents = [] if it has none"
                )
            if entry.parents is not None:
                self._parents[name] = entry.parents
            if entry.bpm is not None:
                self._bpm[name] = entry.bpm


def _check_references(documents: Sequence[Document], known: dict[str, tuple[str, ...]]) -> None:
    for document in documents:
        references = [
            (name, parent) for name, entry in document.genres.items() for parent in entry.parents or ()
        ]
        references += [(alias, name) for name, alias in document.aliases]
        references += [(name, each) for name, pair in document.beside.items() for each in (name, *pair)]
        for meanings in (document.labels, document.ambiguous):
            references += [(text, name) for text, names in meanings.items() for name in names]
        for entry_name, name in references:
            if name not in known:
                step = did_you_mean(name, known, "Add it as a genre of its own")
                bad_entry(document.source, entry_name, f"{name!r} is not a canonical name of a genre", step)


def _reach(start: str, edges: dict[str, tuple[str, ...]]) -> frozenset[str]:
    found: set[str] = set()
    waiting = list(edges.get(start, ()))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(edges.get(name, ()))
    return frozenset(found)


@cache
def default_graph() -> GenreGraph:
    """Return the graph of this package's data file, loaded once."""
    return GenreGraph.load()
