"""What was found of a post's genres on the way: the evidence that counts, and what was read for nothing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from filters.keys import matching_key
from filters.tags import is_everyday, read_tag, why_no_genre
from scraper.posts.understood import Ignored
from storage.records import Evidence, Trust

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from filters.graph import GenreGraph

MAX_EVIDENCE = 50
MAX_IGNORED = 100
MAX_TEXT = 200

EVERYDAY = "an everyday word on a post without music"


class _Finding(NamedTuple):
    evidence: Evidence
    everyday: bool
    """Another thing first: it counts only where something else speaks of music."""


@dataclass(slots=True, kw_only=True)
class Findings:
    """Evidence in the order in which it was found, each genre once for each source.

    `explaining` says whether what gives nothing is kept as well.
    """

    graph: GenreGraph
    explaining: bool = False
    unknown: dict[str, None] = field(default_factory=dict)
    """Words of labels that are no genre, as written."""
    _found: dict[tuple[str, str], _Finding] = field(default_factory=dict)
    _ignored: dict[tuple[str, str], None] = field(default_factory=dict)

    def add(
        self, names: Iterable[str], trust: Trust, source: str, text: str, *, everyday: bool = False
    ) -> None:
        """Add evidence for each of `names`."""
        for name in names:
            kept = self._found.get((name, source))
            if kept is None and len(self._found) >= MAX_EVIDENCE:
                return
            if kept is None or (kept.everyday and not everyday):
                found = Evidence(genre=name, trust=trust, source=source, text=text[:MAX_TEXT])
                self._found[name, source] = _Finding(found, everyday)

    def add_tag(self, text: str, trust: Trust, source: str) -> None:
        """Add what a tag, category or title bracket means, or that it means nothing."""
        if names := read_tag(text, self.graph):
            self.add(names, trust, source, text, everyday=is_everyday(text, self.graph))
        elif self.explaining:
            self.ignore(text, why_no_genre(text, self.graph))

    def ignore(self, what: str, why: str) -> None:
        """Keep that `what` gave nothing, if that is asked for."""
        if self.explaining and what.strip() and len(self._ignored) < MAX_IGNORED:
            self._ignored.setdefault((what[:MAX_TEXT], why))

    def has(self, trust: Trust) -> bool:
        """Whether there is evidence of this trust."""
        return any(found.evidence.trust is trust for found in self._found.values())

    def __bool__(self) -> bool:
        return bool(self._found)

    def settle(self, *, musical: bool) -> tuple[Evidence, ...]:
        """Return the evidence that counts: everyday words only where `musical` or other evidence says so."""
        musical = musical or any(not found.everyday for found in self._found.values())
        if not musical:
            for found in self._found.values():
                self.ignore(found.evidence.text, EVERYDAY)
            return ()
        return tuple(_beside((found.evidence for found in self._found.values()), self.graph))

    def ignored(self, genres: tuple[str, ...], evidence: Iterable[Evidence]) -> tuple[Ignored, ...]:
        """Return what was read for nothing; of the `evidence`, what is implied by other `genres` too."""
        for found in evidence:
            narrower = next((name for name in genres if found.genre in self.graph.ancestors(name)), None)
            if narrower and found.trust is not Trust.PROSE:
                self.ignore(found.text, f"already implied by {narrower}")
        return tuple(Ignored(what=what, why=why) for what, why in self._ignored)


def _beside(evidence: Iterable[Evidence], graph: GenreGraph) -> Iterator[Evidence]:
    """Yield `evidence` with the meaning that each bare name has among the others of the post."""
    kept = list(evidence)
    names = {found.genre for found in kept}
    for found in kept:
        meaning = graph.beside(found.genre, names)
        if meaning != found.genre and not _is_alias(found, graph):
            yield replace(found, genre=meaning)
        else:
            yield found


def _is_alias(found: Evidence, graph: GenreGraph) -> bool:
    """Whether the text names the genre by another of its names, which leaves no doubt."""
    text = f" {matching_key(found.text)} "
    return any(f" {matching_key(alias)} " in text for alias in graph.aliases(found.genre))
