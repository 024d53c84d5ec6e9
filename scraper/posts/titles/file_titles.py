"""Titles in the names of files and in addresses, where blanks are written as something else."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import unquote

from scraper.posts.titles.brackets import is_catalogue_number, never
from scraper.posts.titles.parts import Confidence, TitleParts
from scraper.posts.titles.reading import read
from scraper.posts.titles.text import DASHES, clean, split_dashes
from scraper.posts.titles.words import title_words

_MAX_NAME = 1000
_FRAGMENT = 3
_ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}")
_DOT_AT_DASH = re.compile(rf"\.(?=[{DASHES}]\.?)|(?<=[{DASHES}])\.")
_TRACK_NUMBER = re.compile(
    rf"(?:\d{{1,3}}(?:-\d{{2}})?|[A-H]\d{{1,2}})(?:[.)]\s*|\s+[{DASHES}]\s+|(?:[{DASHES}]|_(?:[{DASHES}]_)?)(?=\D))|[\[(]\d{{1,3}}[\])]\s*|(?:0\d|\d-\d{{2}})\s+"
)
_SCENE_END = re.compile(r"-(?:19|20)\d\d-\w+$")
_HYPHEN = re.compile("[-‐‑]")
_SLUG_ENDING = re.compile(r"\.(?:html?|php|aspx?)$", re.IGNORECASE)
_SLUG_ID = re.compile(r"\d+_|\d{5,}-")
_SLUG_NUMBER = re.compile(r"[a-z]{3,12}\d{3,5}")


def parse_file_stem(name: str) -> TitleParts:
    """Return the parts of the name of a file, with or without its ending: ``01 - Artist - Title.mp3``.

    Underscores, dots and plus signs stand for blanks where a name has none; names of scene releases and
    slugs are known by their shape. A name without an artist is a track.
    """
    whole = clean(_unescaped(name[:_MAX_NAME]))
    stem = title_words().file_ending.sub("", whole)
    if release := parse_scene_name(stem):
        return release
    number = _TRACK_NUMBER.match(stem)
    if number and number.end() < len(stem):
        stem = stem[number.end() :]
    spaced = clean(_with_blanks(stem))
    if " " not in spaced and len(_HYPHEN.findall(spaced)) > 1:
        parts = title_from_slug(spaced)
    else:
        parts = read(spaced, text=spaced, is_genre=never)
    if parts.track or not parts.text:
        return parts
    return replace(parts, track=parts.text, confidence=Confidence.LOW)


def parse_scene_name(text: str) -> TitleParts | None:
    """Return the parts of ``Artist-Title-(CAT001)-WEB-2024-GRP``, or None if `text` is not so shaped.

    A piece of up to three letters belongs to its neighbour, since names have hyphens: ``A-ha-Take_On_Me``.
    """
    end = _SCENE_END.search(text)
    if not end or " " in text:
        return None
    pieces = _HYPHEN.split(text[: end.start()])
    catalogue = None
    while len(pieces) > 2:  # noqa: PLR2004 - artist and title are left
        last = pieces[-1].strip("()[]_")
        if is_catalogue_number(last):
            catalogue = catalogue or last
        elif last.casefold() not in title_words().sources:
            break
        pieces.pop()
    names = _joined_fragments([piece for piece in pieces if piece.strip("_ ")])
    if len(names) < 2:  # noqa: PLR2004 - artist and title
        return None
    spaced = clean(f"{names[0]} - {'-'.join(names[1:])}".replace("_", " "))
    parts = read(spaced, text=spaced, is_genre=never)
    year = end.group().split("-")[1]
    return replace(parts, catalogue=parts.catalogue or catalogue, year=parts.year or year)


def title_from_slug(slug: str) -> TitleParts:
    """Return the words of the last part of an address, as a title of low confidence.

    An id at the start and a catalogue number at the end are taken off; artist and title cannot be told
    apart, but for ``artist--title`` and ``artist_-_title``.
    """
    stem = _SLUG_ENDING.sub("", clean(_unescaped(slug[:_MAX_NAME]))).strip("/")
    found = _SLUG_ID.match(stem)
    if found and found.end() < len(stem):
        stem = stem[found.end() :]
    halves = [" ".join(re.split(r"[-_+.\s]+", half)).strip() for half in re.split(r"_-_|--", stem)]
    halves = [half for half in halves if half]
    catalogue = None
    words = halves[-1].split() if halves else []
    if len(words) > 2 and _SLUG_NUMBER.fullmatch(words[-1]):  # noqa: PLR2004 - a name and a title are left
        catalogue = words.pop().upper()
        halves[-1] = " ".join(words)
    text = clean(" - ".join(halves))
    parts = read(text, text=text, is_genre=never)
    version = title_words().version_bare.search(text)
    return replace(
        parts,
        version=parts.version or (version[1] if version else None),
        catalogue=parts.catalogue or catalogue,
        confidence=Confidence.LOW if text else Confidence.NONE,
    )


def _unescaped(name: str) -> str:
    if not _ESCAPED.search(name):
        return name
    try:
        return unquote(name, errors="strict")
    except UnicodeDecodeError:
        return name


def _with_blanks(stem: str) -> str:
    stem = _DOT_AT_DASH.sub(" ", stem)
    if " " in stem.strip() and "_" not in stem:
        return stem
    if "_" in stem:
        spaced = stem.replace("_", " ")
        hyphen = _HYPHEN.findall(stem)
        if len(hyphen) == 1 and len(split_dashes(spaced)) == 1:
            spaced = _HYPHEN.sub(" - ", spaced)
        return clean(spaced)
    for sign in "+.":
        if stem.count(sign) > 1:
            return clean(stem.replace(sign, " "))
    return stem


def _joined_fragments(pieces: list[str]) -> list[str]:
    joined: list[str] = []
    for piece in pieces:
        glue = joined and (len(piece) <= _FRAGMENT or len(joined[-1]) <= _FRAGMENT) and len(pieces) > 2  # noqa: PLR2004
        if glue and len(joined) + len(pieces) > 2:  # noqa: PLR2004
            joined[-1] = f"{joined[-1]}-{piece}"
        else:
            joined.append(piece)
    return joined
