"""Dates in figures, as machines and people write them: ISO 8601, RFC 822, ``15.01.2024``."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from scraper.posts.dates.moments import published_at
from scraper.posts.dates.words import date_words, words_of
from storage.records import Precision

if TYPE_CHECKING:
    from storage.records import Published

_ISO = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d|\d{8}(?=T\d))(?:[T ](?P<time>\d\d:?\d\d(?::?\d\d(?:[.,]\d{1,9})?)?)"
    r" ?(?P<zone>Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII | re.IGNORECASE,
)
_ISO_WEEK = re.compile(r"\d{4}-W\d\d", re.ASCII)
_MONTH = re.compile(r"(?P<year>\d{4})[-/](?P<month>\d\d)|(?P<month2>\d\d)/(?P<year2>\d{4})", re.ASCII)
# https://www.rfc-editor.org/rfc/rfc5322#section-3.3, with the named zones and short years of RFC 822
_MAIL = re.compile(
    r"(?:[a-z]{3,9}\.?,? )?\d{1,2} [a-z]{3,9}\.? (?:\d{4}|\d\d) \d{1,2}:\d\d(?::\d\d)?"
    r"(?: (?P<zone>[a-z]{1,5}|[+-]\d{4}))?",
    re.ASCII | re.IGNORECASE,
)
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?(?: ?(?P<half>[ap])\.?m\.?| (?:uhr|ч)\.?)?"
_FIGURES = re.compile(
    rf"(?P<one>\d{{1,2}}|\d{{4}})(?P<mark>[./-])(?P<two>\d{{1,2}})(?P=mark)(?P<three>\d{{1,2}}|\d{{4}})\.?"
    rf"(?:,? (?:[^\W\d_]{{1,4}} |- )?{_CLOCK})?",
    re.IGNORECASE,
)
_EAST_ASIAN = re.compile(
    r"(?P<one>\d{4}) ?[年년] ?(?P<two>\d{1,2}) ?[月월](?: ?(?P<three>\d{1,2}) ?[日일])?"
    rf"(?: ?[(（]?\w{{1,3}}[)）]?)?(?: {_CLOCK})?",
    re.IGNORECASE,
)
_LEAD = re.compile(r"(?:[^\W\d_]{1,20}[.,:]{0,2} ){0,3}(?=\d)")  # Monday, / Posted on / Date:
_MONTHS = 12
_FULL = 4


def read_iso(text: str) -> Published | None:
    """Read ISO 8601 and its near relations: a blank for the T, before the offset or instead of a colon."""
    try:
        if _ISO_WEEK.fullmatch(text):
            return published_at(datetime.fromisoformat(text), Precision.WEEK)
        found = _ISO.fullmatch(text)
        if not found:
            return None
        if not found["time"]:
            return published_at(datetime.fromisoformat(found["day"]), Precision.DAY)
        zone = (found["zone"] or "").upper().replace("UTC", "Z").replace("GMT", "Z")
        moment = datetime.fromisoformat(f"{found['day']}T{found['time']}{zone}")
    except ValueError:
        return None
    return published_at(moment, Precision.TIME)


def read_mail(text: str) -> Published | None:
    """Read the date of RFC 822 and its successors, as feeds give it, named zones included."""
    found = _MAIL.fullmatch(text)
    if not found:
        return None
    zone = date_words().zones.get((found["zone"] or "").upper())
    try:
        moment = parsedate_to_datetime(text[: found.start("zone")] + "-0000" if zone else text)
    except ValueError:
        return None
    return published_at(moment.replace(tzinfo=zone) if zone else moment, Precision.TIME)


def read_numeric(text: str, *, day_first: bool | None) -> Published | None:
    """Read a date in figures with a full year; which of two small numbers is the day must be beyond doubt.

    With dots the day comes first, as in every locale that uses them, unless `day_first` is False.
    """
    if (lead := _LEAD.match(text)) and lead.end():
        words = date_words()
        if any(word not in words.weekdays and word not in words.fillers for word in words_of(lead.group())):
            return None
        text = text[lead.end() :]
    if month := _MONTH.fullmatch(text):
        return _published(month["year"] or month["year2"], month["month"] or month["month2"], None, None)
    if found := _EAST_ASIAN.fullmatch(text):
        return _published(found["one"], found["two"], found["three"], found)
    found = _FIGURES.fullmatch(text)
    return _from_figures(found, day_first=day_first) if found else None


def _from_figures(found: re.Match[str], *, day_first: bool | None) -> Published | None:
    one, two, three = found["one"], found["two"], found["three"]
    if len(one) == _FULL and len(three) < _FULL:
        return _published(one, two, three, found)
    if len(one) == _FULL or len(three) < _FULL:
        return None
    asked = True if day_first is None and found["mark"] == "." else day_first
    first = _day_is_first(int(one), int(two), asked=asked)
    if first is None:
        return None
    return _published(three, two, one, found) if first else _published(three, one, two, found)


def _day_is_first(one: int, two: int, *, asked: bool | None) -> bool | None:
    if one > _MONTHS or one == two:
        return True
    return False if two > _MONTHS else asked


def _published(year: str, month: str, day: str | None, clock: re.Match[str] | None) -> Published | None:
    timed = clock is not None and day is not None and clock["hour"] is not None
    try:
        moment = datetime(int(year), int(month), int(day or 1))  # noqa: DTZ001 - no zone is given
        if timed and clock is not None:
            hour = int(clock["hour"])
            if clock["half"]:
                hour = hour % 12 + (12 if clock["half"] in "pP" else 0)
            moment = moment.replace(hour=hour, minute=int(clock["minute"]), second=int(clock["second"] or 0))
    except ValueError:
        return None
    return published_at(moment, Precision.TIME if timed else Precision.DAY if day else Precision.MONTH)
