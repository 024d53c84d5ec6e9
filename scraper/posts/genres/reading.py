"""Which genres a post states, and the evidence for each."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from filters.split import read_genre_value, read_hashtag, read_tag
from scraper.posts.genres.filing import address_names, class_names, tag_links
from scraper.posts.genres.labels import LabelKind, LabelValue, labels_of
from scraper.posts.genres.structured import read_structured
from scraper.posts.page.lines import read_lines
from storage.records import Evidence, Trust

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bs4 import BeautifulSoup
    from lxml.html import HtmlElement

    from filters.graph import GenreGraph
    from scraper.posts.page.lines import TextLine
    from scraper.posts.page.scope import Scope

_MAX_EVIDENCE = 50
_MAX_TEXT = 200
_MAX_HASHTAGS = 100
_MAX_BARE_LINE = 60

_SENTENCE_END = re.compile(r"[.!?]\s")
_LIST_SEPARATOR = re.compile(r"[,;|·•]|\s/\s")
_HASHTAG = re.compile(r"(?<![\w&/#])#(\w{2,50})")
_FIELD = re.compile(r"\s*[|·•]\s*")
# What stands beside the genre in a release line: tempo, key, catalogue number, year, quality, length.
_FACT = re.compile(
    r"""\d{2,3}(?:[.,]\d+)?\s?bpm | bpm:?\s?\d{2,3}
        | \d{1,2}[ab] | [a-g][#b♯♭]?\s?(?:min|maj|m|minor|major)?
        | [a-z]{2,12}[\s-]?\d{1,5}[a-z]? | (?:19|20)\d\d
        | \d{2,4}\s?kbps | flac | wav | mp3 | aiff | web | \d{1,2}:\d\d(?::\d\d)?""",
    re.IGNORECASE | re.VERBOSE,
)
_PLAIN_BLOCKS = frozenset({"p", "div", "body", "section", "article", "main", "blockquote", "pre", "center"})


@dataclass(frozen=True, slots=True, kw_only=True)
class GenreReading:
    """What a post says of its genre: the most specific names, why, and the words of labels that are none.

    `labels` are all labelled values that were read on the way, of other kinds too.
    """

    genres: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    unknown: tuple[str, ...]
    labels: tuple[LabelValue, ...]


@dataclass(slots=True, kw_only=True)
class _Findings:
    graph: GenreGraph
    evidence: dict[tuple[str, str], Evidence] = field(default_factory=dict)
    unknown: dict[str, None] = field(default_factory=dict)

    def add(self, names: Iterable[str], trust: Trust, source: str, text: str) -> None:
        for name in names:
            if len(self.evidence) < _MAX_EVIDENCE:
                found = Evidence(genre=name, trust=trust, source=source, text=text[:_MAX_TEXT])
                self.evidence.setdefault((name, source), found)

    def has(self, trust: Trust) -> bool:
        return any(evidence.trust == trust for evidence in self.evidence.values())


def read_genres(
    tree: HtmlElement,
    scope: Scope,
    soup: BeautifulSoup,
    *,
    url: str,
    title_brackets: Sequence[str],
    categories: Sequence[str] = (),
    graph: GenreGraph,
) -> GenreReading:
    """Return the genres of a post with their evidence.

    `tree` is the page (for JSON-LD and meta elements), `scope` and `soup` the post cut out of it,
    `categories` what a feed or an API files it under. All that is labelled, filed or hinted at counts;
    the address only where nothing else does, and prose never.
    """
    findings = _Findings(graph=graph)
    lines = read_lines(soup)
    labels = labels_of(lines)
    for label in labels:
        if label.kind is LabelKind.GENRE:
            _add_label(label, findings)
    for statement in read_structured(tree, scope):
        if statement.trust is Trust.LABEL:
            value = read_genre_value(statement.value, graph)
            findings.add(value.names, Trust.LABEL, statement.source, statement.value)
        else:
            findings.add(read_tag(statement.value, graph), Trust.FILED, statement.source, statement.value)
    _add_filing(scope, lines, labels, categories, findings)
    for bracket in title_brackets:
        if graph.resolve(bracket, filed=False) or not graph.resolve(bracket):
            findings.add(read_tag(bracket, graph), Trust.FILED, "title bracket", bracket)
    _add_hints(lines, findings)
    if not findings.evidence:
        for words, names in address_names(url, graph):
            findings.add(names, Trust.HINT, "address", words)
    evidence = tuple(findings.evidence.values())
    return GenreReading(
        genres=graph.most_specific(found.genre for found in evidence),
        evidence=evidence,
        unknown=tuple(findings.unknown),
        labels=tuple(labels),
    )


def _add_label(label: LabelValue, findings: _Findings) -> None:
    graph = findings.graph
    text = _SENTENCE_END.split(label.value, maxsplit=1)[0]
    parts = [read_tag(part, graph) for part in label.parts]
    if parts and all(parts) and not graph.resolve(text):
        findings.add((name for names in parts for name in names), Trust.LABEL, "label", label.text)
        return
    value = read_genre_value(text, graph)
    if label.sure or (value.names and not value.unknown):
        findings.add(value.names, Trust.LABEL, "label", label.text)
        findings.unknown.update(dict.fromkeys(value.unknown))


def _add_filing(
    scope: Scope,
    lines: Sequence[TextLine],
    labels: Sequence[LabelValue],
    categories: Sequence[str],
    findings: _Findings,
) -> None:
    graph = findings.graph
    for label in labels:
        if label.kind is LabelKind.FILED:
            for part in (*_LIST_SEPARATOR.split(label.value), *label.parts):
                if "#" not in part:
                    findings.add(read_tag(part, graph), Trust.FILED, "tags", label.text)
    for text, slug in tag_links(lines):
        findings.add(read_tag(text, graph) or read_tag(slug, graph), Trust.FILED, "tag link", text)
    for name in class_names(scope):
        findings.add(read_tag(name, graph), Trust.FILED, "class of the post", name)
    for category in categories:
        findings.add(read_tag(category, graph), Trust.FILED, "category", category)


def _add_hints(lines: Sequence[TextLine], findings: _Findings) -> None:
    graph = findings.graph
    left = _MAX_HASHTAGS
    for line in lines:
        if "#" in line.text and left > 0:
            for tag in _HASHTAG.findall(line.text)[:left]:
                left -= 1
                findings.add(read_hashtag(tag, graph), Trust.HINT, "hashtag", f"#{tag}")
    if not findings.has(Trust.LABEL):
        for line in lines:
            if line.block in _PLAIN_BLOCKS and not line.links and len(line.text) <= _MAX_BARE_LINE:
                findings.add(_bare_genres(line.text, graph), Trust.HINT, "line of its own", line.text)


def _bare_genres(text: str, graph: GenreGraph) -> tuple[str, ...]:
    """Return the genres of a line that holds nothing else but a release's tempo, number and the like."""
    names: list[str] = []
    clear = False
    for part in _FIELD.split(text):
        found = read_tag(part, graph)
        if not found and not _FACT.fullmatch(part):
            return ()
        names.extend(found)
        clear = clear or bool(found and (graph.resolve(part, filed=False) or not graph.resolve(part)))
    return graph.most_specific(names) if clear else ()
