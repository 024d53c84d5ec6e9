"""What the words on and around a link say: that it downloads, that it names a track, or nothing."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
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
_KEPT = 512  # one text is asked the same things several times, and the links of a blog say much the same
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Read:
    """A text folded and parted into words once, whatever is asked of it."""

    folded: str
    words: tuple[str, ...]


def clean_text(text: str) -> str:
    """Return `text` without invisible characters and with single spaces, at most `MAX_TEXT_LENGTH` long."""
    text = text[: 4 * MAX_TEXT_LENGTH]
    if not text.isascii():
        text = _INVISIBLE.sub("", text)
    return " ".join(text.split())[:MAX_TEXT_LENGTH]


def fold(text: str) -> str:
    """Return `text` as words are compared: NFKC, without case; the Turkish capital İ is an i."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", text).casefold().replace("i\u0307", "i")


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text, folded (NFKC, lower case), in their order."""
    return _read(text[:MAX_TEXT_LENGTH]).words


def says_download(text: str) -> bool:
    """Whether a link's text clearly offers a download, in any of the languages of link_words.toml.

    >>> says_download("Free Download (mp3)"), says_download("Скачать"), says_download("Downtown Loading")
    (True, True, False)
    """
    return 0 < len(text) <= _CLEAR_LENGTH and _says_download(text)


def names_format(text: str) -> bool:
    """Whether a text names a format of music as a word: ``MP3``, ``.zip``."""
    return not formats().music.isdisjoint(words_of(text))


def names_music(text: str) -> bool:
    """Whether a text has a word of music: a format of sound, ``album``, ``tracks``, ``320kbps``."""
    words = words_of(text)
    return not _words("music").isdisjoint(words) or not formats().audio.isdisjoint(words)


def names_audio(text: str) -> bool:
    """Whether a text names a format of sound as a word: ``MP3``, ``FLAC``."""
    return not formats().audio.isdisjoint(words_of(text))


def names_other(text: str) -> bool:
    """Whether a text names something else than music: ``PDF``, ``PowerPoint``, ``Figure``."""
    words = words_of(text)
    return not _words("other").isdisjoint(words) or names_other_format(text)


def names_other_format(text: str) -> bool:
    """Whether a text names a format or program of something else than music: ``PDF``, ``PowerPoint``."""
    return not _words("other", "formats").isdisjoint(words_of(text))


def is_generic(text: str) -> bool:
    """Whether a text names no track: empty, an address, or only words such as "Download", "here", "MP3 320".

    >>> is_generic("⬇ Download MP3 (320 kbps)"), is_generic("Hollow Letters")
    (True, False)
    """
    if len(text) > _CLEAR_LENGTH:
        return _ADDRESS.match(text) is not None or _is_all_generic(text)
    return _is_short_generic(text)


def is_neutral(text: str) -> bool:
    """Whether a text says nothing about which music it is: hosts, formats, sizes, "Download", "Mirror 2".

    Stricter than `is_generic`: it holds two links together, so every word has to be known.

    >>> is_neutral("MediaFire (FLAC, 320 MB) |"), is_neutral("Track 2"), is_neutral("Foo download")
    (True, False, False)
    """
    return len(text) <= MAX_TEXT_LENGTH and _is_neutral(text)


def tells_apart(text: str) -> bool:
    """Whether a neutral text says which of several ways to one file it is: a host, a format, "Mirror".

    >>> tells_apart("Mega"), tells_apart("FLAC"), tells_apart("Download")
    (True, True, False)
    """
    return not _telling_words().isdisjoint(_read(text).words)


def says_mirror(text: str) -> bool:
    """Whether a text says that it is another way to the same file."""
    return not _words("neutral", "mirrors").isdisjoint(_read(text[:MAX_TEXT_LENGTH]).words)


def has_form_of_track(text: str) -> bool:
    """Whether a text has a dash between spaces or words in quotes, as names of tracks have."""
    return bool(_SPACED_DASH.search(text) or _QUOTED.search(text))


def track_name(text: str) -> str | None:
    """Return the name of a track that a heading, list item or line gives, without its number; else None.

    A name has a dash between spaces or words in quotes, and no more than 150 characters.

    >>> track_name("1. Artist – Song:"), track_name("Tracklist")
    ('Artist – Song', None)
    """
    name = clean_text(text)
    if not name:
        return None
    name = _NUMBERING.sub("", name).rstrip(" :–—-|([→»")
    if not 0 < len(name) <= _TRACK_LENGTH or not has_form_of_track(name):
        return None
    return None if is_generic(name) else name


def is_placeholder(name: str) -> bool:
    """Whether a file is one of the silent ones that players start with, by its name."""
    return name.lower().rpartition(".")[0] in _words("placeholders")


def delivery_words() -> frozenset[str]:
    """Return the segments of paths, without extension and in lower case, of addresses that serve files."""
    return _words("delivery", "segments")


def is_delivery_word(segment: str) -> bool:
    """Whether a segment of a path, without its extension, belongs to an address that serves files."""
    return segment.lower() in delivery_words()


def is_delivery_parameter(name: str) -> bool:
    """Whether a parameter belongs to an address that serves files."""
    return name.lower() in _words("delivery", "parameters")


def is_download_class(name: str) -> bool:
    """Whether a class of an element marks it as a button."""
    return name.lower() in _words("classes")


@lru_cache(maxsize=_KEPT)
def _says_download(text: str) -> bool:
    if _ADDRESS.match(text):
        return False
    read = _read(text)
    if not read.folded.isascii() and any(word in read.folded for word in _words("download_anywhere")):
        return True
    single, phrases = _download_words()
    if not single.isdisjoint(read.words):
        return True
    spaced = f" {' '.join(read.words)} " if len(read.words) > 1 else ""
    return any(phrase in spaced for phrase in phrases)


@lru_cache(maxsize=_KEPT)
def _is_short_generic(text: str) -> bool:
    return _ADDRESS.match(text) is not None or _says_download(text) or _is_all_generic(text)


def _is_all_generic(text: str) -> bool:
    generic = _generic_words()
    return all(word in generic or word.isdecimal() for word in _read(text).words)


@lru_cache(maxsize=_KEPT)
def _is_neutral(text: str) -> bool:
    if _ADDRESS.match(text):
        return True
    neutral, anywhere = _neutral_words(), _words("download_anywhere")
    return all(
        word in neutral or word.isdecimal() or (not word.isascii() and any(each in word for each in anywhere))
        for word in _read(text).words
    )


@lru_cache(maxsize=_KEPT)
def _read(text: str) -> _Read:
    folded = fold(text)
    return _Read(folded=folded, words=tuple(_WORD.findall(folded)))


@cache
def _raw() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files("scraper.posts.links").joinpath("link_words.toml").read_text("utf-8"))


@cache
def _words(group: str, name: str = "words") -> frozenset[str]:
    return frozenset(fold(word) for word in _raw()[group][name])


@cache
def _download_words() -> tuple[frozenset[str], frozenset[str]]:
    """Return words, and phrases with a space around each."""
    every = frozenset(
        " ".join(_WORD.findall(fold(word))) for words in _raw()["download"].values() for word in words
    )
    phrases = frozenset(word for word in every if " " in word)
    return every - phrases, frozenset(f" {phrase} " for phrase in phrases)


@cache
def _generic_words() -> frozenset[str]:
    return _words("generic") | _words("generic", "hosts") | formats().music


@cache
def _telling_words() -> frozenset[str]:
    return (
        formats().music
        | _words("generic", "hosts")
        | _words("neutral", "telling")
        | _words("neutral", "mirrors")
    )


@cache
def _neutral_words() -> frozenset[str]:
    return _telling_words() | _words("neutral") | _download_words()[0]
