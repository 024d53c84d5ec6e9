"""What the brackets of a title say: guests, versions, labels, catalogue numbers, genres, noise."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from scraper.posts.titles.text import DASHES, SQUARE, bracket_groups
from scraper.posts.titles.words import title_words

if TYPE_CHECKING:
    from collections.abc import Callable

_MAX_WORDS = 12
_MAX_KEPT = 512  # titles of a blog repeat what they say about the post
_MAX_GUESTS = 20
_MAX_NESTED = 4
_MAX_BRACKET = 80
MAX_RUN = 20
"""Brackets at the end of a title that are looked at; a space parts those that stay."""
_EDGE = " .,:;!?*~\"'“”’" + DASHES

_YEAR = re.compile(r"(?:19|20)\d\d")
_COUNT = re.compile(
    r"\d{1,4}\s?(?:tracks?|songs?|trax|tunes|titres|temas|canciones|faixas|brani|lieder|utworów|треков|трека|песен|曲|首)"
)
_MEDIA = re.compile(r"\d{1,2}\s?x?\s?(?:cds?|lps?|eps?|dvds?|tapes?|cassettes?|vinyls?|\d{1,2}[\"”″]{1,2})")
_NUMBER = re.compile(r"\s*(?:#|№|nº|no\.?)?\s*\d{1,4}$")
_QUALITY = re.compile(r"\d{2,4}(?:k|kb|kbps|kbit|bit|-bit|khz)|\d{2}[./]\d{1,3}|\d{1,3}\.\d(?:khz)?")
_CATALOGUE = re.compile(
    r"(?!(?:PART|PT|VOL|CD|DISC|DISK|EP|LP|NO|MIX|SIDE|TOP|BPM)\b)(?!.* (?:19|20)\d\d$)"
    r"[A-Z][A-Z0-9&]{1,11}[-_. ]?\d{2,6}[A-Z]{0,3}"
)
_LABEL_AND_NUMBER = re.compile(
    r"(?P<label>\S.*\S)(?:\s*[,|/:]\s*|\s+)[(]?(?P<number>[A-Z][A-Z0-9&]+[-_.]?\d{2,6})[)]?"
)
_NUMBER_AND_LABEL = re.compile(
    rf"(?P<number>[A-Z][A-Z0-9&]+[-_.]?\d{{2,6}})\s*[{DASHES},|/:]\s*(?P<label>\S.*)"
)
# An id of YouTube: https://developers.google.com/youtube/v3/docs/videos#id
_VIDEO_ID = re.compile(r"(?=[\w-]{11}\Z)(?=.*[0-9_-])(?=.*[a-z].*[A-Z])(?=.*[A-Z].*[a-z])[A-Za-z0-9_-]+")
_GUESTS = re.compile(r"\s*,\s*(?:(?:&|and)\s+(?!the\b))?|\s+(?:&|\+|x|and)\s+(?!the\b)", re.IGNORECASE)
_WORD_GAP = re.compile(r"[\s/&+,_]+")
_FORMAT_GAP = re.compile(r"[\s/&+,_|;:@]+")


def never(_text: str) -> bool:
    """Say that no bracket is a genre."""
    return False


@lru_cache(maxsize=_MAX_KEPT)
def is_noise(text: str) -> bool:
    """Whether `text` is wholly about the post or the file: ``Premiere``, ``320kbps``, ``a.example``."""
    words = title_words()
    folded = text.casefold().replace("’", "'").strip(_EDGE)
    if not folded or len(folded) > _MAX_BRACKET:
        return False
    if folded in words.noise or folded.startswith(words.credits):
        return True
    plain = _NUMBER.sub("", folded).strip(_EDGE) if folded[-1].isdecimal() else folded
    if plain in words.noise or ("." in folded and words.site.fullmatch(folded)):
        return True
    few = plain.count(" ") < 5  # noqa: PLR2004 - a phrase, not a sentence
    return (few and plain.endswith(words.noise_endings)) or _is_format(folded)


def _is_format(folded: str) -> bool:
    words = title_words()
    if _COUNT.fullmatch(folded):
        return True
    some = False
    for part in filter(None, _FORMAT_GAP.split(folded)):
        if part in words.formats or _QUALITY.fullmatch(part) or _MEDIA.fullmatch(part):
            some = True
        elif not (_YEAR.fullmatch(part) or (some and part in words.noise)):
            return False
    return some


def is_version(text: str) -> bool:
    """Whether `text` names a version of a track: ``X Remix``, ``Live at Y``, ``12" Version``."""
    words = title_words()
    folded = text.casefold()
    if len(folded) > _MAX_BRACKET or folded in words.version_named:
        return False
    if folded in words.version_alone or folded.startswith(words.version_first):
        return True
    if folded.endswith((*words.version_endings, *words.version_phrases)):
        return True
    parts = [part.strip(_EDGE) for part in _WORD_GAP.split(folded)]
    while parts and (parts[-1].isdecimal() or parts[-1] in words.version_after or not parts[-1]):
        parts.pop()
    return bool(parts) and (parts[-1] in words.version_last or parts[-1].endswith(words.version_compounds))


def is_catalogue_number(text: str) -> bool:
    """Whether `text` is shaped like a label's catalogue number: ``KNTXT021``, ``CAT 001``."""
    return bool(_CATALOGUE.fullmatch(text))


def guests(names: str) -> tuple[str, ...]:
    """Split the names after ``feat.``; a band "X and the Y" stays whole."""
    parts = (part.strip(" ,:") for part in _GUESTS.split(names, maxsplit=_MAX_GUESTS))
    return tuple(part for part in parts if part)


def release_of(found: re.Match[str]) -> str:
    """Return ``EP`` or ``LP`` for what `title_words().release` found."""
    return found[1].replace(".", "").upper()


def _unwrapped(content: str) -> str:
    # Brackets within brackets and nothing else: ((VIP)), [[Label]].
    for _ in range(_MAX_NESTED):
        groups = bracket_groups(content)
        if not groups or groups[0] != (0, len(content)):
            break
        content = groups[0].inside(content)
    return content


@dataclass(slots=True, kw_only=True)
class Finds:
    """What has been found in the brackets of one title, in reading order."""

    is_genre: Callable[[str], bool]
    featuring: list[str] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    catalogues: list[str] = field(default_factory=list)
    brackets: list[str] = field(default_factory=list)
    year: str | None = None
    release: str | None = None

    def peel(self, text: str) -> str:
        """Take what the brackets at the end of `text` say and return the rest; unknown round ones stay."""
        groups = bracket_groups(text)
        if not groups:
            return text.strip()
        if is_noise(text[groups[-1].end :]):
            text = text[: groups[-1].end]
        run = []
        end = len(text)
        for group in reversed(groups[-MAX_RUN:]):
            head = text[: group.start].rstrip()
            if text[group.end : end].strip() or not head or head[-1] in DASHES + ":：|/":
                break
            run.append(group)
            end = group.start
        kept = [
            text[group.start : group.end]
            for group in reversed(run)
            if not self.take(group.inside(text), square=text[group.start] in SQUARE)
        ]
        return " ".join([text[:end].strip(), *kept])

    def take(self, content: str, *, square: bool) -> bool:
        """Keep what `content` says; False if it is in round brackets and belongs to the title."""
        content = _unwrapped(content)
        if not content:
            return True
        if _YEAR.fullmatch(content):
            self.year = self.year or content
        elif self.take_guests(content):
            pass
        elif square and self.is_genre(content):
            self.brackets.append(content)
        elif is_noise(content) or (square and _VIDEO_ID.fullmatch(content)):
            self.year = self.year or next(iter(_YEAR.findall(content)), None)
        elif not self._take_release(content):
            if square:
                self._take_label(content)
            return square
        return True

    def take_guests(self, content: str) -> bool:
        """Keep the guests of ``feat. X``, ``with X`` or ``Y Remix feat. X``; False if there are none."""
        words = title_words()
        if sure := words.feat_bracket.match(content):
            self.featuring.extend(guests(content[sure.end() :]))
            return True
        if unsure := words.with_bracket.match(content):
            names = content[unsure.end() :]
            first = names.split()[0].casefold().strip(_EDGE)
            if names[0].islower() or first in words.feat_not_names or is_version(content):
                return False
            self.featuring.extend(guests(names))
            return True
        inner = words.feat_anywhere.search(content)
        if inner and is_version(content[: inner.start()]):
            self.versions.append(content[: inner.start()])
            self.featuring.extend(guests(content[inner.end() :]))
            return True
        return False

    def take_inner_guests(self, text: str) -> str:
        """Take ``(feat. X)`` out of the middle of `text`, and ``feat. X`` without brackets from its end."""
        for group in reversed(bracket_groups(text)):
            if group.start and title_words().feat_bracket.match(group.inside(text)):
                self.take_guests(group.inside(text))
                text = " ".join((text[: group.start] + " " + text[group.end :]).split())
        found = title_words().feat_anywhere.search(text)
        # A number alone before it is a measure: 6 Ft. Under.
        if found and not text[: found.start()].isdecimal():
            self.featuring.extend(guests(text[found.end() :]))
            text = text[: found.start()]
        return text

    def _take_release(self, content: str) -> bool:
        words = title_words()
        if found := words.release.search(f"x {content}"):
            self.release = self.release or release_of(found)
        elif lead := words.label_lead.match(content):
            self.labels.append(content[lead.end() :])
        elif is_version(content):
            self.versions.append(content)
        elif is_catalogue_number(content):
            self.catalogues.append(content)
        else:
            return False
        return True

    def _take_label(self, content: str) -> None:
        if len(content) <= _MAX_BRACKET:
            both = _LABEL_AND_NUMBER.fullmatch(content) or _NUMBER_AND_LABEL.fullmatch(content)
            if both:
                self.labels.append(both["label"].strip(_EDGE + "/|"))
                self.catalogues.append(both["number"])
                return
        self.labels.append(content)
