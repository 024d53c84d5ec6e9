"""What words say of the sound that a link offers: its quality and its format. Pure."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from scraper.posts.links.texts import MAX_TEXT_LENGTH, fold, is_neutral

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_HINT = re.compile(
    r"[0-9]|mp3|flac|ai[fc]|wav|alac|m4a|aac|ogg|vorbis|opus|wma|lossless|hi-?res", re.IGNORECASE
)
_QUALITY_HINT = re.compile(r"\d{3}|24|v[02]|lossless|hi-?res|flac|ai[fc]|wav|alac", re.IGNORECASE)
# "24 bit", "hi-res" and "320 kb/s" are one word each here.
_JOINED = re.compile(r"\b(24)[\s-]?(bit)\b|\b(hi)-(res)\b")
_RATE = re.compile(r"\b(\d{3})\s?k(?:bps|bit/s|bit|b/s|b)?\b")
_FREQUENCY = re.compile(r"\b\d{2,3}(?:[.,]\d{1,2})?\s?khz\b")
_WORD = re.compile(r"[^\W_]+")
_BRACKETED = re.compile(r"[(\[{]([^()\[\]{}]{1,60})[)\]}]")


@dataclass(frozen=True, slots=True)
class Sound:
    """What was said: a canonical quality of qualities.toml, and the extension of a format."""

    quality: str | None = None
    format: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    order: Mapping[str, int]
    lossless: frozenset[str]
    formats: Mapping[str, str]
    shy_formats: Mapping[str, str]
    rates: frozenset[str]
    shy: Mapping[str, str]
    beside: frozenset[str]


SILENT: Final = Sound()
"""Nothing was said."""


def quality_rank(quality: str | None, file_format: str | None = None) -> int:
    """Return the place of a quality in the order of preference: 0 is the best, unknown the last.

    Where no quality is named, a format that keeps all of the sound counts as lossless.

    >>> quality_rank("24bit") < quality_rank(None, "flac") < quality_rank("320") < quality_rank(None, "mp3")
    True
    """
    order = _table().order
    return order.get(quality or natural_quality(file_format) or "", len(order))


def quality_names() -> tuple[str, ...]:
    """Return the canonical names of qualities, the best first."""
    return tuple(_table().order)


def natural_quality(file_format: str | None) -> str | None:
    """Return the quality that a format has by itself: "lossless", or None."""
    return "lossless" if file_format in _table().lossless else None


def agrees(quality: str, file_format: str | None) -> bool:
    """Whether a file of a format, an extension, can have a quality: no MP3 is lossless, no FLAC has 320."""
    table = _table()
    if file_format not in table.lossless | set(table.formats.values()) | set(table.shy_formats.values()):
        return True
    return (quality in {"24bit", "lossless"}) == (file_format in table.lossless)


@cache
def sound_words() -> frozenset[str]:
    """Return the words that say how a file sounds, not what it plays: in names of files they are left out."""
    table = _table()
    rates = {*table.rates, *(f"{rate}kbps" for rate in table.rates)}
    return frozenset({*table.formats, *table.shy_formats, *table.shy, *table.beside, *rates})


def may_tell_quality(text: str) -> bool:
    """Whether `text` has anything without which `read_sound` finds no quality: soon told."""
    return _QUALITY_HINT.search(text) is not None


@lru_cache(maxsize=512)
def read_sound(text: str) -> Sound:
    """Return what `text` says of the sound; of several statements the last, which stands nearest to a link.

    Numbers count with a unit, in brackets of their own, beside a format, or where there are no other words;
    so do words that may belong to a title.

    >>> read_sound("MediaFire FLAC"), read_sound("MP3 320")
    (Sound(quality='lossless', format='flac'), Sound(quality='320', format='mp3'))
    >>> read_sound("Room 320") == SILENT
    True
    """
    if not _HINT.search(text):
        return SILENT
    plain = _FREQUENCY.sub("khz", fold(text[:MAX_TEXT_LENGTH]).replace("_", " "))
    plain = _RATE.sub(r"\1kbps", _JOINED.sub(_together, plain))
    alone = is_neutral(plain)
    said = list(_statements(plain, alone=alone))
    quality = next((each.quality for each in reversed(said) if each.quality), None)
    file_format = next((each.format for each in reversed(said) if each.format), None)
    if quality is None:
        quality = natural_quality(file_format)
    elif not agrees(quality, file_format):  # two offers in one text: the last one stands nearest
        last = said[-1]
        return last if last.quality else Sound(natural_quality(last.format), last.format)
    return Sound(quality, file_format)


def _statements(plain: str, *, alone: bool) -> Iterator[Sound]:
    table = _table()
    brackets = [found.span() for found in _BRACKETED.finditer(plain) if is_neutral(found[1])]
    words = list(_WORD.finditer(plain))
    for at, found in enumerate(words):
        word = found[0]
        if word in table.formats:
            yield Sound(format=table.formats[word])
            continue
        if word.endswith("kbps") and word[:3] in table.rates:
            yield Sound(quality=word[:3])
            continue
        if word not in table.rates and word not in table.shy and word not in table.shy_formats:
            continue
        near = {words[other][0] for other in (at - 1, at + 1) if 0 <= other < len(words)}
        certain = alone or not (table.beside | table.formats.keys()).isdisjoint(near)
        if certain or any(start <= found.start() < end for start, end in brackets):
            quality = word if word in table.rates else table.shy.get(word)
            yield Sound(quality, table.shy_formats.get(word))


def _together(found: re.Match[str]) -> str:
    return "".join(part for part in found.groups() if part)


@cache
def _table() -> _Table:
    raw = tomllib.loads(files("scraper.posts.links").joinpath("qualities.toml").read_text("utf-8"))
    file_formats, qualities = raw["formats"], raw["qualities"]
    return _Table(
        order={name: place for place, name in enumerate(raw["order"])},
        lossless=frozenset(file_formats["lossless"]),
        formats=file_formats["words"],
        shy_formats=file_formats["shy"],
        rates=frozenset(qualities["rates"]),
        shy=qualities["shy"],
        beside=frozenset(qualities["beside"]),
    )
