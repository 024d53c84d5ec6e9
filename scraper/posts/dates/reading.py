"""When a post was published, from what its blog says: ISO 8601, RFC 822, words of many languages."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.posts.dates.moments import in_future, published_at
from scraper.posts.dates.numeric import read_iso, read_mail, read_numeric
from scraper.posts.dates.relative import read_relative
from scraper.posts.dates.written import read_in_languages, read_words
from scraper.posts.titles.text import clean
from storage.records import Precision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.records import Published

__all__ = ["date_from_url", "in_future", "read_date"]

_MAX_TEXT = 200
_MAX_RAW = 1000
_MAX_URL = 8192
_MAX_REMARKS = 5
# April 6, 2015 by Ana | Music | 3 comments
_REMARK = re.compile(r"\s+(?:by|von|par|por|door)\s+|\s*[|•·]\s*", re.IGNORECASE)
# /2024/05/title/, /2024/05/17/title, /2024-05-17-title
_PATH_DATE = re.compile(
    r"/(?P<year>(?:19|20)\d\d)"
    r"(?:/(?P<month>\d{1,2})(?:/(?P<day>\d{1,2}))?(?=/|$)|-(?P<month2>\d\d)-(?P<day2>\d\d)(?=[-_./]|$))"
)


def read_date(
    text: str,
    *,
    now: float,
    languages: Sequence[str] = (),
    day_first: bool | None = None,
    year_hint: int | None = None,
) -> Published | None:
    """Return the one date that `text` is, or None where it is none or could be two.

    `now` is POSIX seconds, for ``2 weeks ago``. `languages` are codes such as ``de`` or ``pt-BR``: a date
    that the project's own words do not cover is tried in these. `day_first` decides ``03/04/2024``;
    `year_hint` completes a date without a year. An offset is kept only where the text gives one. Beside the
    date there may be an author, or other remarks between bars. A text of more than 200 characters, or of
    digits alone, is no date.
    """
    said = clean(text) if len(text) <= _MAX_RAW else ""
    if not said or len(said) > _MAX_TEXT:
        return None
    found = None
    parts = _REMARK.split(said, maxsplit=_MAX_REMARKS)
    for part in (said,) if len(parts) == 1 else (said, *parts):
        if part.isdecimal():
            continue
        found = (
            read_iso(part)
            or read_mail(part)
            or read_numeric(part, day_first=day_first)
            or read_relative(part, now=now)
            or read_words(part, year_hint=year_hint)
            or read_in_languages(part, languages, day_first=day_first)
        )
        if found:
            break
    return found


def date_from_url(url: str) -> Published | None:
    """Return the date in the path of a post's address, exact to the day or the month that it names.

    >>> date_from_url("https://blog.example/2024/05/title/").text
    '2024-05'
    """
    try:
        path = urlsplit(url[:_MAX_URL]).path
    except ValueError:
        return None
    found = _PATH_DATE.search(path)
    if not found:
        return None
    year, month, day = found["year"], found["month"] or found["month2"], found["day"] or found["day2"]
    for known, precision in ((day, Precision.DAY), ("1", Precision.MONTH)):
        try:
            moment = datetime(int(year), int(month), int(known or 0))  # noqa: DTZ001 - an address gives no zone
        except ValueError:
            continue
        return published_at(moment, precision)
    return None
