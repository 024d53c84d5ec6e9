"""Genres in running text: the weakest evidence, asked for only where a post says nothing better."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.posts.genres.phrases import phrases
from scraper.posts.genres.sentences import blotted, sentences, words_of
from storage.records import Evidence, Trust

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from filters.graph import GenreGraph
    from scraper.posts.genres.phrases import Phrase
    from scraper.posts.genres.sentences import Token
    from scraper.posts.page.lines import TextLine

_MAX_TEXT = 200
_MAX_CHARACTERS = 30_000
_MAX_EVIDENCE = 20
_MAX_NAMES = 20
_MAX_LINK_WORDS = 4
_MIN_LINE = 12
_MAX_TRACK = 120

# Quotations, headings and items of lists speak of other things: other people's words, other posts, tracks.
_RUNNING = frozenset({"p", "div", "body", "section", "article", "main", "pre", "center", "td", "figcaption"})
_TRACK = re.compile(r"\s[–—-]\s|^\W{0,3}\d{1,3}\s?[.):]")
_ENDED = re.compile(r"[.!?…。][\"”“»)\s]*$")


def read_prose(
    lines: Sequence[TextLine], graph: GenreGraph, *, names: Sequence[str] = (), musical: bool
) -> tuple[Evidence, ...]:
    """Return the genres that running text says the music is, each once, at most 20.

    The text of the evidence is the sentence, or 200 characters of it. `names` are the post's own title and
    artists as they are written, which say nothing. Everyday words ("a rock song") count only where `musical`
    or another name speaks of music. Scripts that leave no spaces between words are not read.
    """
    found: dict[str, tuple[Evidence, bool]] = {}
    for line in _running_text(lines, graph):
        for sentence, phrase in _phrases(line, graph, names[:_MAX_NAMES]):
            for name in phrase.names:
                evidence = Evidence(genre=name, trust=Trust.PROSE, source="text", text=sentence)
                if name not in found or (found[name][1] and not phrase.everyday):
                    found[name] = evidence, phrase.everyday
        if len(found) >= _MAX_EVIDENCE:
            break
    clear = musical or any(not everyday for _, everyday in found.values())
    return tuple(evidence for evidence, _ in found.values())[:_MAX_EVIDENCE] if clear else ()


def _running_text(lines: Sequence[TextLine], graph: GenreGraph) -> Iterator[TextLine]:
    left = _MAX_CHARACTERS
    for line in lines:
        if line.filed or line.block not in _RUNNING or len(line.text) < _MIN_LINE:
            continue
        left -= len(line.text)
        if left < 0:
            return
        track = len(line.text) <= _MAX_TRACK and not _ENDED.search(line.text) and _TRACK.search(line.text)
        if not track and graph.words.openers.may_tell(line.text):
            yield line


def _phrases(line: TextLine, graph: GenreGraph, names: Sequence[str]) -> Iterator[tuple[str, Phrase]]:
    titles = [link.text for link in line.links if link.text.count(" ") >= _MAX_LINK_WORDS]
    text = blotted(line.text, (*titles, *names))
    start = 0
    for sentence in sentences(text):
        end = start + len(sentence)
        if graph.words.openers.may_tell(sentence):
            tokens = words_of(sentence)
            for phrase in phrases(tokens, graph):
                yield _around(line.text[start:end], tokens[phrase.start]), phrase
        start = end


def _around(sentence: str, token: Token) -> str:
    """Return the sentence, or 200 characters of it around a word."""
    sentence = sentence.strip()
    if len(sentence) <= _MAX_TEXT:
        return sentence
    place = max(sentence.find(token.text), 0)
    begin = min(max(place - _MAX_TEXT // 2, 0), len(sentence) - _MAX_TEXT)
    return sentence[begin : begin + _MAX_TEXT].strip()
