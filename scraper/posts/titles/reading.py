"""From a cleaned title to its parts: noise off, brackets out, artist and track told apart, both tidied."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.posts.titles.brackets import Finds, is_catalogue_number, is_noise, release_of
from scraper.posts.titles.parts import Confidence, TitleParts
from scraper.posts.titles.shapes import Names, find_names
from scraper.posts.titles.text import DASHES, SQUARE, bracket_groups, quoted, split_bars, split_dashes
from scraper.posts.titles.words import key_of, title_words

if TYPE_CHECKING:
    from collections.abc import Callable

_VARIOUS_ARTISTS = "Various Artists"
_MAX_PREFIXES = 4
_MAX_PREFIX = 40
_ROUNDS = 3
_PREFIX = re.compile(rf"\s*[:：]\s*|\s+(?P<dash>[{DASHES}])\s+|\s+(?://|[|»>•·])\s+")
_NUMBER = re.compile(r"(?:#?\d{1,3}[.)]|#\d{1,3}:?)\s+(?=\S)")
# A number of a series that no name of an artist has: "Sublab 014: Kora – Lines", "Mix #7: Kora – Lines".
_SERIES = re.compile(r"[^:：]{1,40}?(?:\s0\d{1,3}|\s?#\s?\d{1,4})\s?[:：]\s+(?=\S)")
_TRACK_NUMBER = re.compile(rf"0\d\s+[{DASHES}]\s+(?=\S)")


def read(whole: str, *, text: str, is_genre: Callable[[str], bool]) -> TitleParts:
    """Return the parts of the cleaned title `text`; `whole` is what the parts give as their text."""
    finds = Finds(is_genre=is_genre)
    rest = finds.peel(_without_prefixes(_undecorated(title_words().file_ending.sub("", text)), finds))
    names = find_names(rest, finds)
    if names is None and finds.versions:
        names = Names(None, rest, Confidence.LOW)
    return _assemble(whole, names, finds)


def read_fields(whole: str, artist: str, track: str, *, is_genre: Callable[[str], bool]) -> TitleParts:
    """Return the parts of an artist and a track that are stated apart, each as a post writes it.

    A track that begins with its artist and a dash is freed of both. `whole` is what the parts give as text.
    """
    finds = Finds(is_genre=is_genre)
    first, *rest = split_dashes(track)
    if rest and first.strip().casefold() == artist.strip().casefold():
        track = " - ".join(piece.strip() for piece in rest)
    return _assemble(whole, Names(artist, track, Confidence.FAIR), finds)


def _undecorated(text: str) -> str:
    signs = title_words().decorations
    if text and text[0] not in signs and text[-1] not in signs:
        return text
    start, end = 0, len(text)
    while start < end and text[start] in signs:
        start += 1
    while end > start and text[end - 1] in signs:
        end -= 1
    # A sign beside a dash is a name: ★ – Title.
    return text if start == end or text[start] in DASHES or text[end - 1] in DASHES else text[start:end]


def _without_prefixes(text: str, finds: Finds) -> str:
    for _ in range(_MAX_PREFIXES):
        rest = _undecorated(_after_prefix(text, finds)).strip()
        if not rest or rest == text:
            break
        text = rest
    number = _NUMBER.match(text)
    if number and (len(split_dashes(text)) > 1 or quoted(text)):
        return text[number.end() :]
    number = _TRACK_NUMBER.match(text)
    if number and len(split_dashes(text)) > 2:  # noqa: PLR2004 - number, artist, title
        return text[number.end() :]
    return text


def _after_prefix(text: str, finds: Finds) -> str:
    groups = bracket_groups(text) if text[:1] in "([{【（［" else ()
    if groups and groups[0].start == 0:
        content, rest = groups[0].inside(text), text[groups[0].end :].lstrip(": |")
        square = text[0] in SQUARE
        is_number = is_catalogue_number(content.upper() if square else content)
        known = is_number or (square and finds.is_genre(content))
        if rest and rest[0] not in DASHES and (known or is_noise(content)):
            finds.take(content.upper() if is_number else content, square=square)
            return rest
        return text
    if (series := _SERIES.match(text)) and len(split_dashes(text[series.end() :])) > 1:
        return text[series.end() :]
    found = _PREFIX.search(text, 0, _MAX_PREFIX)
    if not found or not is_noise(text[: found.start()]):
        return text
    rest = text[found.end() :]
    # A dash alone is what stands between an artist and a title: Video - Title.
    structured = len(split_dashes(rest)) > 1 or len(split_bars(rest)) > 1 or quoted(rest)
    return rest if structured or not found["dash"] else text


def _assemble(whole: str, names: Names | None, finds: Finds) -> TitleParts:
    artist, track, release = None, None, None
    if names:
        artist = _artist(names.artist, finds) if names.artist else None
        track, release = _track(names.track, finds)
        if not track:
            artist = None
    labels, catalogues = list(dict.fromkeys(finds.labels)), list(dict.fromkeys(finds.catalogues))
    known_labels = 1 if track else 0
    return TitleParts(
        text=whole,
        artist=artist,
        track=track,
        version=", ".join(dict.fromkeys(finds.versions)) or None if track else None,
        release=release or (finds.release if track else None),
        label=next(iter(labels[:known_labels]), None),
        catalogue=next(iter(catalogues), None),
        featuring=tuple(dict.fromkeys(finds.featuring)),
        brackets=tuple(dict.fromkeys([*finds.brackets, *labels[known_labels:]])),
        year=finds.year,
        confidence=names.confidence if names and track else Confidence.NONE,
    )


def _artist(text: str, finds: Finds) -> str | None:
    text = _unquoted(finds.take_inner_guests(text.strip())).strip(" ,:")
    return _VARIOUS_ARTISTS if text and key_of(text) in title_words().various else text or None


def _track(text: str, finds: Finds) -> tuple[str | None, str | None]:
    release = None
    text = text.strip()
    for _ in range(_ROUNDS):
        before = text
        text = _unquoted(_undecorated(finds.peel(finds.take_inner_guests(text))).strip())
        if found := title_words().release.search(text):
            release, text = release_of(found), text[: found.start()]
        if found := title_words().version_bare.search(text):
            finds.versions.append(found[1])
            text = text[: found.start()]
        if text == before:
            break
    return text.strip(" ,") or None, release


def _unquoted(text: str) -> str:
    # The whole in quotation marks, or followed by what is no part of the title: “Title” EP, “Title” Video.
    spans = quoted(text)
    if not spans or spans[0].start:
        return text
    after = text[spans[0].end :].strip()
    if not after:
        return spans[0].inside(text)
    if title_words().release.search(f"x {after}"):
        return f"{spans[0].inside(text)} {after}"
    return (
        spans[0].inside(text) if after.casefold() in title_words().after_quotes or is_noise(after) else text
    )
