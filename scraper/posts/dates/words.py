"""The words of visible dates: date_words.toml, folded for look-ups."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timezone
from functools import cache
from importlib.resources import files

_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class DateWords:
    """The tables of date_words.toml. `months` gives the English name, `units` day, week or month."""

    months: dict[str, str]
    weekdays: frozenset[str]
    fillers: frozenset[str]
    zones: dict[str, timezone]
    today: frozenset[str]
    yesterday: frozenset[str]
    markers: frozenset[str]
    connectives: frozenset[str]
    one: frozenset[str]
    units: dict[str, str]


def fold(text: str) -> str:
    """Return `text` casefolded and without accents."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in split if not unicodedata.combining(letter))


def words_of(text: str) -> list[str]:
    """Return the words of `text`, folded; digits and signs are none."""
    return _WORD.findall(fold(text))


@cache
def date_words() -> DateWords:
    """Return the tables, read once."""
    table = tomllib.loads(files("scraper.posts.dates").joinpath("date_words.toml").read_text("utf-8"))
    dropped, relative = table["dropped"], table["relative"]
    return DateWords(
        months={fold(word): month for month, words in table["months"].items() for word in words.split()},
        weekdays=frozenset(words_of(dropped["weekdays"])),
        fillers=frozenset(words_of(dropped["fillers"])),
        zones={name: _zone(offset) for name, offset in table["zones"].items()},
        today=frozenset(relative["today"]),
        yesterday=frozenset(relative["yesterday"]),
        markers=frozenset(words_of(relative["markers"])),
        connectives=frozenset(words_of(relative["connectives"])),
        one=frozenset(words_of(relative["one"])),
        units={word: unit for unit, words in relative["units"].items() for word in words_of(words)},
    )


def _zone(offset: str) -> timezone:
    return timezone(datetime.strptime(offset, "%z").utcoffset() or UTC.utcoffset(None))
