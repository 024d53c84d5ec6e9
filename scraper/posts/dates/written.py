"""Dates with the name of a month, in many languages: ``15 января 2024 г.``, ``April 6, 2015 - 11:44 am``."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from scraper.posts.dates.moments import published_at
from scraper.posts.dates.orders import mark_of
from scraper.posts.dates.words import date_words, fold
from storage.records import Precision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.records import Published

_MAX_WORDY = 120
_MAX_PHRASE = 60
_MAX_LANGUAGES = 5
_TOKEN = re.compile(r"\d{1,2}:\d\d(?::\d\d)?|\d+|(?<=[\s\d])[+-]\d\d:?\d\d(?!\d)|[^\W\d_]+")
_HOUR_SIGN = re.compile(r"(?<=\d) ?h ?(?=\d\d\b)", re.IGNORECASE)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_ANY_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)", re.ASCII)
_HALF_OF_DAY = re.compile(r"\b([ap])\.? ?m\b\.?", re.IGNORECASE)
_HALVES = frozenset(["am", "pm"])
_WORLD_TIME = frozenset(["UTC", "GMT", "Z"])

# Two moments that differ in all that a text may leave out: what both readings share was said.
_EARLIER = datetime(1904, 1, 1)  # noqa: DTZ001 - filled in only where the text says nothing
_LATER = datetime(1908, 2, 2, 1, 1, 1)  # noqa: DTZ001 - the same


def read_words(text: str, *, year_hint: int | None) -> Published | None:
    """Read a date whose month is named; every word must be known, and a year be given or hinted at."""
    if len(text) > _MAX_WORDY:
        return None
    phrase = _in_english(_TOKEN.findall(fold(_HALF_OF_DAY.sub(r"\1m", _HOUR_SIGN.sub(":", text)))))
    years = [token for token in phrase if _YEAR.fullmatch(token)]
    if not phrase or len(years) > 1 or not (years or year_hint):
        return None
    read = _read_english(" ".join(phrase if years else [*phrase, f"{year_hint:04}"]))
    if read is None:
        return None
    moment, precision = read
    return None if precision is Precision.MONTH and not years else published_at(moment, precision)


def _in_english(tokens: list[str]) -> list[str]:
    # Nothing, if a word is unknown or the month is not clear.
    words = date_words()
    months = [token for token in tokens if token in words.months]
    if len(months) > 1:
        months = [token for token in months if token not in words.weekdays]
    if len(months) != 1:
        return []
    phrase: list[str] = []
    for token in tokens:
        timed = bool(phrase) and (":" in phrase[-1] or phrase[-1] in _HALVES)
        if token == months[0]:
            phrase.append(words.months[token])
        elif token[0].isdigit() or token in _HALVES:
            phrase.append(token)
        elif timed and (token[0] in "+-" or token.upper() in words.zones or token.upper() in _WORLD_TIME):
            phrase.append(token.upper())
        elif token not in words.weekdays and token not in words.fillers:
            return []
    figures = [token for token in phrase if token.isdecimal() and not _YEAR.fullmatch(token)]
    return phrase if len(figures) <= 1 + any(token in _HALVES for token in phrase) else []


def _read_english(phrase: str) -> tuple[datetime, Precision] | None:
    from dateutil import parser  # noqa: PLC0415 - its import takes 50 ms, and most dates do not need it

    try:
        early, late = (parser.parse(phrase, default=default, tzinfos=_zone) for default in (_EARLIER, _LATER))
    except (ValueError, OverflowError):
        return None
    if early.day != late.day:
        return early, Precision.MONTH
    return early, Precision.TIME if early.hour == late.hour else Precision.DAY


def _zone(name: str | None, offset: int | None) -> timezone | None:
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    return date_words().zones.get(name or "")


def read_in_languages(text: str, languages: Sequence[str], *, day_first: bool | None) -> Published | None:
    """Read a date with words and a full year in `languages`, by the tables of dateparser."""
    if not languages or len(text) > _MAX_PHRASE or not _ANY_YEAR.search(text):
        return None
    if not any(letter.isalpha() for letter in text) or (day_first is None and mark_of(text)):
        return None  # dateparser would choose an order for 03/04/2024
    order = {None: {}, True: {"DATE_ORDER": "DMY"}, False: {"DATE_ORDER": "MDY"}}[day_first]
    codes = tuple(dict.fromkeys(fold(code).partition("-")[0].partition("_")[0] for code in languages))
    for parts, precision in ((["day", "month", "year"], Precision.DAY), (["month", "year"], Precision.MONTH)):
        moment = _parse_in(text, codes[:_MAX_LANGUAGES], {"REQUIRE_PARTS": parts, **order})
        if moment is not None:
            timed = precision is Precision.DAY and (moment.hour or moment.minute)
            return published_at(moment, Precision.TIME if timed else precision)
    return None


def _parse_in(text: str, languages: Sequence[str], settings: dict[str, Any]) -> datetime | None:
    import dateparser  # noqa: PLC0415 - its import takes 70 ms and more

    try:
        moment: datetime | None = dateparser.parse(
            text, languages=list(languages), settings={**settings, "PARSERS": ["absolute-time"]}
        )
    except (ValueError, OverflowError):
        # A language that it does not know is an error, too.
        return None
    return moment
