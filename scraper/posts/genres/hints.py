"""Hints of a post's genre: hashtags, lines of nothing but genres, folders of the address."""

from __future__ import annotations

import re
from itertools import chain, pairwise
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from filters.tags import is_clear_genre, is_everyday, read_hashtag, read_tag, why_no_genre
from scraper.posts.genres.filing import slug_text
from storage.records import Trust

if TYPE_CHECKING:
    from collections.abc import Sequence

    from filters.graph import GenreGraph
    from scraper.posts.genres.findings import Findings
    from scraper.posts.page.lines import TextLine

_MAX_HASHTAGS = 100
_MAX_IN_HEADING = 2
"""A title that is stuffed with more hashtags says nothing by them."""
_MAX_BARE_LINE = 60
_MAX_SEGMENTS = 8

_HASHTAG = re.compile(r"(?<![\w&/#])#(\w{2,50})")
_FIELD = re.compile(r"\s*[|·•]\s*")
# What parts the words of a lyric: "techno, techno, techno", "House! House!".
_STOP = re.compile(r"\s*[,;.!?…/|·•&+]\s*|\s+[-–—]\s+")
_GAP = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"^\d+$")
# What stands beside the genre in a release line: tempo, key, catalogue number, year.
_FACT = re.compile(
    r"""\d{2,3}(?:[.,]\d+)?\s?bpm | bpm:?\s?\d{2,3}
        | \d{1,2}[ab] | [a-g][#b♯♭]?\s?(?:min|maj|m|minor|major)?
        | [a-z]{2,12}[\s-]?\d{1,5}[a-z]? | (?:19|20)\d\d""",
    re.IGNORECASE | re.VERBOSE,
)
# Quality, media, length and size may stand together: "FLAC + MP3", "2CD", "VBR V0", "340 MB + 130 MB".
_SOUND = re.compile(
    r"""\d{2,4}\s?k(?:bps|bit/?s?|b/s)? | flac | wav | mp3 | aiff? | alac | m4a | ogg | web | digital
        | v[02] | vbr | cbr | 320 | lossless | \d{2}[\s-]?bits? | \d{2,3}(?:[.,]\d)?\s?khz
        | (?:\d{1,2}\s?x?\s?)?(?:cd|lp|ep|vinyl|tape|cassette|cdr)s?
        | \d{1,2}:\d\d(?::\d\d)? | \d{1,5}(?:[.,]\d{1,2})?\s?[mg]i?b""",
    re.IGNORECASE | re.VERBOSE,
)
_TOGETHER = re.compile(r"\s*[+,/&]\s*|(?<=[a-z])\s+(?=[v\d])", re.IGNORECASE)
_PLAIN_BLOCKS = frozenset({"p", "div", "body", "section", "article", "main", "blockquote", "pre", "center"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def add_hints(lines: Sequence[TextLine], findings: Findings) -> None:
    """Add hashtags, and where nothing is labelled, lines that hold genres and facts of a release only."""
    bare = not findings.has(Trust.LABEL)
    left = _MAX_HASHTAGS
    for line in lines:
        if "#" in line.text and left > 0:
            tags = _HASHTAG.findall(line.text)[:left]
            left -= len(tags)
            stuffed = line.block in _HEADINGS and len(tags) > _MAX_IN_HEADING
            for tag in tags:
                if stuffed:
                    findings.ignore(f"#{tag}", "one of many hashtags in a title")
                else:
                    _add_hashtag(tag, findings)
        if bare and len(line.text) <= _MAX_BARE_LINE and line.block in _PLAIN_BLOCKS and not line.links:
            _add_bare(line.text, findings)


def _add_hashtag(tag: str, findings: Findings) -> None:
    names = read_hashtag(tag, findings.graph)
    findings.add(names, Trust.HINT, "hashtag", f"#{tag}", everyday=is_everyday(tag, findings.graph))
    if not names and findings.explaining:
        findings.ignore(f"#{tag}", why_no_genre(tag, findings.graph))


def _add_bare(text: str, findings: Findings) -> None:
    graph = findings.graph
    if not graph.words.openers.may_hold(text):
        return
    if _is_repetition(text, graph):
        findings.ignore(text, "one word again and again")
        return
    names: list[str] = []
    clear = False
    everyday = True
    for part in _FIELD.split(text):
        found = read_tag(part, graph)
        if not found and not _is_fact(part):
            return
        names.extend(found)
        clear = clear or is_clear_genre(part, graph)
        everyday = everyday and (not found or is_everyday(part, graph))
    if clear:
        specific = graph.most_specific(names)
        findings.add(specific, Trust.HINT, "line of its own", text, everyday=everyday)
    elif names:
        findings.ignore(text, "ambiguous alone")


def _is_repetition(text: str, graph: GenreGraph) -> bool:
    """Whether a line says one thing twice or more, as a lyric does, and is no name itself: "go-go"."""
    for gap in (_STOP, _GAP):
        pieces = [piece for piece in gap.split(text.casefold()) if piece]
        if len(pieces) > 1 and len(set(pieces)) == 1:
            return not graph.resolve(text)
    return False


def _is_fact(text: str) -> bool:
    return bool(_FACT.fullmatch(text) or all(map(_SOUND.fullmatch, _TOGETHER.split(text))))


def add_address(url: str, findings: Findings) -> None:
    """Add what the folders of `url` name, where nothing else was found: ``/house/deep/`` is deep house."""
    if findings and not findings.explaining:
        return
    graph = findings.graph
    folders = _folders(url)
    pairs = [(f"{inner} {outer}", f"{outer} {inner}") for outer, inner in pairwise(folders)]
    alone = not findings
    for words in chain(*pairs, folders):
        names = graph.resolve(words, filed=False)
        if names and alone:
            findings.add(names, Trust.HINT, "address", words, everyday=is_everyday(words, graph))
        elif names:
            findings.ignore(words, "in the address, which counts only where nothing else does")


def _folders(url: str) -> list[str]:
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        return []
    parts = path.strip("/").split("/")[:-1]
    return [slug_text(part) for part in parts if part and not _DIGITS.match(part)][:_MAX_SEGMENTS]
