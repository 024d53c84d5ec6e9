"""Dates seen from the time of reading: ``2 weeks ago``, ``yesterday``, ``2週間前``."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from scraper.posts.dates.moments import published_at
from scraper.posts.dates.words import date_words, words_of
from storage.records import Precision

if TYPE_CHECKING:
    from storage.records import Published

_NUMBER = re.compile(r"\d+")
_MAX_COUNT = 1000
_DIGITS = 5
_MONTHS = 12
_SPANS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
# The units of Chinese, Japanese and Korean, which are written without blanks: 2週間前, 3天前, 2주 전.
_EAST_ASIAN = re.compile(
    r"(?P<count>\d{1,3})\s*(?:(?P<minute>分|分钟|分鐘|분)|(?P<hour>時間|小时|小時|시간)|(?P<day>日|天|일)"
    r"|(?P<week>週間|周|週|星期|주일?)|(?P<month>[かヶケカ箇个個]月|개월|달))\s*(?:前|전)"
)


def read_relative(text: str, *, now: float) -> Published | None:
    """Return the date that `text` gives from `now` (POSIX seconds), exact to its unit but never to the hour.

    Years are too vague: None.
    """
    counted = _east_asian(text) or _named(text) or _counted(text)
    if not counted:
        return None
    unit, count = counted
    today = datetime.fromtimestamp(now, UTC)
    if unit == "month":
        months = today.year * _MONTHS + today.month - 1 - count
        first = datetime(months // _MONTHS, months % _MONTHS + 1, 1, tzinfo=UTC)
        return published_at(first, Precision.MONTH)
    return published_at(today - _SPANS[unit] * count, Precision.WEEK if unit == "week" else Precision.DAY)


def _east_asian(text: str) -> tuple[str, int] | None:
    found = _EAST_ASIAN.fullmatch(text)
    return (found.lastgroup or "", int(found["count"])) if found else None


def _named(text: str) -> tuple[str, int] | None:
    # What follows is the time of the day: yesterday at 10:30.
    words = date_words()
    said = [word for word in words_of(text) if word not in words.fillers or word == "i"]
    phrase = " ".join(said)
    if phrase in words.today:
        return "day", 0
    return ("day", 1) if phrase in words.yesterday else None


def _counted(text: str) -> tuple[str, int] | None:
    words = date_words()
    said = words_of(text)
    numbers = _NUMBER.findall(text)
    units = [words.units[word] for word in said if word in words.units]
    rest = [word for word in said if word not in words.units]
    known = all(word in words.markers or word in words.connectives or word in words.one for word in rest)
    marked = any(word in words.markers for word in rest)
    if len(units) != 1 or not known or not marked or len(numbers) > 1:
        return None
    count = int(numbers[0][:_DIGITS]) if numbers else 1
    return (units[0], count) if count <= _MAX_COUNT else None
