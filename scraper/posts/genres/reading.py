"""Which genres a post states, and the evidence for each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from filters.split import read_genre_value
from filters.tags import is_clear_genre, is_everyday, read_tag, why_no_genre
from scraper.posts.genres.filing import class_names, tag_links
from scraper.posts.genres.findings import Findings
from scraper.posts.genres.hints import add_address, add_hints
from scraper.posts.genres.prose import read_prose
from scraper.posts.statements.labels import LabelKind, LabelValue
from scraper.posts.statements.structured import read_structured
from storage.records import Evidence, Trust

if TYPE_CHECKING:
    from collections.abc import Sequence

    from filters.graph import GenreGraph
    from scraper.posts.page.lines import TextLine
    from scraper.posts.page.scope import Scope
    from scraper.posts.page.stated import Stated
    from scraper.posts.understood import Ignored


_SENTENCE_END = re.compile(r"[.!?]\s")
_LIST_SEPARATOR = re.compile(r"[,;|·•]|\s/\s")
_ABOUT_MUSIC = frozenset({LabelKind.ARTIST, LabelKind.TITLE, LabelKind.ALBUM, LabelKind.LABEL})


@dataclass(frozen=True, slots=True, kw_only=True)
class GenreReading:
    """What a post says of its genre: the most specific names, why, and the words of labels that are none.

    Evidence of trust PROSE is told where there is no other, and gives no genre. `ignored` is empty unless it
    was asked for.
    """

    genres: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    unknown: tuple[str, ...]
    ignored: tuple[Ignored, ...] = ()


def read_genres(
    stated: Stated,
    scope: Scope,
    lines: Sequence[TextLine],
    labels: Sequence[LabelValue],
    *,
    url: str,
    title_brackets: Sequence[str],
    categories: Sequence[str] = (),
    graph: GenreGraph,
    musical: bool,
    names: Sequence[str] = (),
    explaining: bool = False,
) -> GenreReading:
    """Return the genres of a post with their evidence.

    `stated` is what the page says to machines, `scope` the post cut out of it, with its `lines` and
    the `labels` in them, `categories` what a feed or an API files it under. All that is labelled, filed or
    hinted at counts; the address only where nothing else does, and prose never. `musical` says that title or
    links show music: without it, everyday words count only beside other evidence. `names` are the post's
    title and artists: prose that repeats them says nothing. `explaining` asks for what was ignored.
    """
    findings = Findings(graph=graph, explaining=explaining)
    for label in labels:
        if label.kind is LabelKind.GENRE:
            _add_label(label, findings)
    _add_structured(stated, scope, findings)
    _add_filing(scope, lines, labels, categories, findings)
    _add_brackets(title_brackets, findings)
    add_hints(lines, findings)
    add_address(url, findings)
    musical = musical or len({label.kind for label in labels if label.sure} & _ABOUT_MUSIC) > 1
    evidence = findings.settle(musical=musical)
    genres = graph.most_specific(found.genre for found in evidence)
    if not evidence:
        evidence = read_prose(lines, graph, names=names, musical=musical)
    return GenreReading(
        genres=genres,
        evidence=evidence,
        unknown=tuple(findings.unknown),
        ignored=findings.ignored(genres, evidence) if explaining else (),
    )


def _add_label(label: LabelValue, findings: Findings) -> None:
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
        for word in value.unknown:
            findings.ignore(word, "no genre is called so")
        if not value.names and not value.unknown:
            findings.ignore(label.text, "says nothing of the music")
    else:
        findings.ignore(label.text, "no label: its word stands within a sentence")


def _add_structured(stated: Stated, scope: Scope, findings: Findings) -> None:
    for statement in read_structured(stated, scope):
        if statement.trust is not Trust.LABEL:
            findings.add_tag(statement.value, statement.trust, statement.source)
            continue
        value = read_genre_value(statement.value, findings.graph)
        findings.add(value.names, Trust.LABEL, statement.source, statement.value)
        for word in value.unknown:
            findings.ignore(word, "no genre is called so")


def _add_brackets(brackets: Sequence[str], findings: Findings) -> None:
    for bracket in brackets:
        if is_clear_genre(bracket, findings.graph):
            findings.add_tag(bracket, Trust.FILED, "title bracket")
        elif findings.explaining:
            findings.ignore(bracket, why_no_genre(bracket, findings.graph))


def _add_filing(
    scope: Scope,
    lines: Sequence[TextLine],
    labels: Sequence[LabelValue],
    categories: Sequence[str],
    findings: Findings,
) -> None:
    graph = findings.graph
    for label in labels:
        if label.kind is LabelKind.FILED:
            for part in dict.fromkeys((*_LIST_SEPARATOR.split(label.value), *label.parts)):
                if "#" not in part and (names := read_tag(part, graph)):
                    findings.add(names, Trust.FILED, "tags", label.text, everyday=is_everyday(part, graph))
    for link in tag_links(lines):
        if link.refused:
            findings.ignore(link.text, link.refused)
        elif not read_tag(link.text, graph) and read_tag(link.slug, graph):
            findings.add_tag(link.slug, Trust.FILED, "tag link")
        else:
            findings.add_tag(link.text, Trust.FILED, "tag link")
    for name in class_names(scope):
        findings.add_tag(name, Trust.FILED, "class of the post")
    for category in categories:
        findings.add_tag(category, Trust.FILED, "category")
