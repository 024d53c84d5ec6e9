"""What the words on and around a link say: that it downloads, that it names a track, or nothing."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Final

from scraper.posts.links.hosts import formats

MAX_TEXT_LENGTH: Final = 300
"""Longer texts of links are cut, in characters."""

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SPACED_DASH = re.compile(r"\S\s[-–—−]\s\S")
_QUOTED = re.compile(r"[“\"„«][^”\"“»]{2,80}[”\"“»]")
_NUMBERING = re.compile(r"^\s*(?:\d{1,3}\s*[.):]|[•·▶►♫♪*»-])\s*")
_TRACK_LENGTH = 150
_CLEAR_LENGTH = 80
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+$", re.IGNORECASE)


def clean_text(text: str) -> str:
    """Return `text` without invisible characters and with single spaces, at most `MAX_TEXT_LENGTH` long."""
    return " ".join(_INVISIBLE.sub("", text[: 4 * MAX_TEXT_LENGTH]).split())[:MAX_TEXT_LENGTH]


def says_download(text: str) -> bool:
    """Whether a link's text clearly offers a download, in any of the languages of link_words.toml.

    >>> says_download("Free Download (mp3)"), says_download("Скачать"), says_download("Downtown Loading")
    (True, True, False)
    """
    if not text or len(text) > _CLEAR_LENGTH:
        return False
    folded = _folded(text)
    if any(word in folded for word in _words("download_anywhere")):
        return True
    words = _WORD.findall(folded)
    single, phrases = _download_words()
    return not single.isdisjoint(words) or any(f" {phrase} " in f" {' '.join(words)} " for phrase in phrases)


def names_format(text: str) -> bool:
    """Whether a text names a format of music as a word: ``MP3``, ``.zip``."""
    return not formats().music.isdisjoint(_WORD.findall(_folded(text[:MAX_TEXT_LENGTH])))


def is_generic(text: str) -> bool:
    """Whether a text names no track: empty, an address, or only words such as "Download", "here", "MP3 320".

    >>> is_generic("⬇ Download MP3 (320 kbps)"), is_generic("Hollow Letters")
    (True, False)
    """
    if _ADDRESS.match(text):
        return True
    words = _WORD.findall(_folded(text))
    return says_download(text) or all(word.isdecimal() or word in _generic_words() for word in words)


def track_name(text: str) -> str | None:
    """Return the name of a track that a heading, list item or line gives, without its number; else None.

    A name has a dash between spaces or words in quotes, and no more than 150 characters.

    >>> track_name("1. Artist – Song:"), track_name("Tracklist")
    ('Artist – Song', None)
    """
    name = _NUMBERING.sub("", clean_text(text)).rstrip(" :–—-|([→»")
    if not 0 < len(name) <= _TRACK_LENGTH or is_generic(name):
        return None
    return name if _SPACED_DASH.search(name) or _QUOTED.search(name) else None


def is_delivery_word(segment: str) -> bool:
    """Whether a segment of a path, without its extension, belongs to an address that serves files."""
    return segment.lower() in _words("delivery", "segments")


def is_delivery_parameter(name: str) -> bool:
    """Whether a parameter belongs to an address that serves files."""
    return name.lower() in _words("delivery", "parameters")


def is_download_class(name: str) -> bool:
    """Whether a class of an element marks it as a button."""
    return name.lower() in _words("classes")


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


@cache
def _raw() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files("scraper.posts.links").joinpath("link_words.toml").read_text("utf-8"))


@cache
def _words(group: str, name: str = "words") -> frozenset[str]:
    return frozenset(_folded(word) for word in _raw()[group][name])


@cache
def _download_words() -> tuple[frozenset[str], frozenset[str]]:
    every = frozenset(
        " ".join(_WORD.findall(_folded(word))) for words in _raw()["download"].values() for word in words
    )
    phrases = frozenset(word for word in every if " " in word)
    return every - phrases, phrases


@cache
def _generic_words() -> frozenset[str]:
    return _words("generic") | _words("generic", "hosts") | formats().music
