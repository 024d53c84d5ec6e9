"""The words that titles are read by: title_words.toml, made ready for look-ups."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleWords:
    """The tables of title_words.toml: casefolded sets, ready-made endings, and patterns for a few."""

    noise: frozenset[str]
    noise_endings: tuple[str, ...]
    credits: tuple[str, ...]
    formats: frozenset[str]
    file_ending: re.Pattern[str]
    sources: frozenset[str]
    version_last: frozenset[str]
    version_phrases: tuple[str, ...]
    version_named: frozenset[str]
    version_first: tuple[str, ...]
    version_alone: frozenset[str]
    version_after: frozenset[str]
    version_endings: tuple[str, ...]
    version_compounds: tuple[str, ...]
    version_bare: re.Pattern[str]
    feat_anywhere: re.Pattern[str]
    feat_bracket: re.Pattern[str]
    with_bracket: re.Pattern[str]
    feat_not_names: frozenset[str]
    various: frozenset[str]
    by_quoted: re.Pattern[str]
    by_plain: re.Pattern[str]
    by_not_artists: frozenset[str]
    by_not_titles: frozenset[str]
    small_words: frozenset[str]
    joints: frozenset[str]
    headline_verbs: frozenset[str]
    columns: frozenset[str]
    calls: re.Pattern[str]
    possessive_calls: re.Pattern[str]
    label_lead: re.Pattern[str]
    release: re.Pattern[str]
    after_quotes: frozenset[str]
    sections: frozenset[str]
    site: re.Pattern[str]
    archive: re.Pattern[str]
    vague_labels: frozenset[str]
    no_names: frozenset[str]
    decorations: frozenset[str]
    """Every sign that may stand before or after a title, and the blank."""


# The blocks of pictographs: https://www.unicode.org/emoji/charts/emoji-ordering.html
_EMOJI = range(0x1F000, 0x1FB00)
_GAPS = re.compile(r"[\s./・]")


def _any_of(words: list[str]) -> str:
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


def key_of(name: str) -> str:
    """Return `name` casefolded and without blanks, dots and slashes: ``V. A.`` and ``V/A`` are ``va``."""
    return _GAPS.sub("", name.casefold())


def _casefolded(words: list[str]) -> frozenset[str]:
    return frozenset(word.casefold() for word in words)


@cache
def title_words() -> TitleWords:
    """Return the tables, read once."""
    table = tomllib.loads(files("scraper.posts.titles").joinpath("title_words.toml").read_text("utf-8"))
    noise, versions, featuring = table["noise"], table["versions"], table["featuring"]
    formats, by, headlines = table["formats"], table["by"], table["headlines"]
    feat = _any_of(featuring["anywhere"])
    return TitleWords(
        noise=_casefolded(noise["phrases"]),
        noise_endings=tuple(noise["endings"]),
        credits=tuple(noise["credits"]),
        formats=_casefolded(formats["words"]),
        file_ending=re.compile(rf"\.{_any_of(formats['endings'])}$", re.IGNORECASE),
        sources=_casefolded(formats["sources"]),
        version_last=_casefolded([word for word in versions["last"] if " " not in word]),
        version_phrases=tuple(word for word in versions["last"] if " " in word),
        version_named=_casefolded(versions["named"]),
        version_first=tuple(f"{phrase} " for phrase in versions["first"]),
        version_alone=_casefolded(versions["alone"]),
        version_after=_casefolded(versions["after"]),
        version_endings=tuple(versions["endings"]),
        version_compounds=tuple(versions["compounds"]),
        version_bare=re.compile(rf"(?<=\S) ({_any_of(versions['bare'])})$", re.IGNORECASE),
        feat_anywhere=re.compile(rf"\s{feat}(?:(?<=[./])|\s)\s*(?=\S)", re.IGNORECASE),
        feat_bracket=re.compile(rf"{feat}(?:(?<=[./])|[\s:])[\s:]*(?=\S)", re.IGNORECASE),
        with_bracket=re.compile(rf"{_any_of(featuring['bracket'])}\s+(?=\S)"),
        feat_not_names=_casefolded(featuring["not_names"]),
        various=frozenset(map(key_of, table["artists"]["various"])),
        by_quoted=re.compile(rf"{_any_of(by['quoted'])}\s+(?=\S)", re.IGNORECASE),
        by_plain=re.compile(rf"\s{_any_of(by['plain'])}\s"),
        by_not_artists=_casefolded(by["not_artists"]),
        by_not_titles=_casefolded(by["not_titles"]),
        small_words=frozenset(by["small_words"]),
        joints=frozenset(["", *table["releases"]["joints"]]),
        headline_verbs=_casefolded(headlines["verbs"]),
        columns=_casefolded(headlines["columns"]),
        calls=re.compile(rf"{_any_of(headlines['calls'])}\s+", re.IGNORECASE),
        possessive_calls=re.compile(rf"{_any_of(headlines['possessive_calls'])}\s+", re.IGNORECASE),
        label_lead=re.compile(rf"{_any_of(headlines['label_leads'])}:?\s+(?=\S)", re.IGNORECASE),
        release=re.compile(rf"(?<=\S)\s({_any_of(table['releases']['words'])})$"),
        after_quotes=_casefolded(table["releases"]["after_quotes"]),
        sections=_casefolded(table["releases"]["sections"]),
        site=re.compile(
            rf"(?:https?://)?(?:www\.\S+|[\w-]+(?:\.[\w-]+)*\.{_any_of(table['sites']['endings'])}(?:/\S*)?)",
            re.IGNORECASE,
        ),
        archive=re.compile(rf"{_any_of(table['sites']['archives'])}\s*[»:|-]\s*(?=\S)", re.IGNORECASE),
        vague_labels=_casefolded(table["labels"]["vague"]),
        no_names=_casefolded(table["labels"]["no_names"]),
        decorations=frozenset([*map(chr, _EMOJI), *table["decorations"]["signs"], " "]),
    )
