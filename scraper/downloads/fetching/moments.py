"""Moments that servers tell, as POSIX seconds: RFC 9110, section 5.6.7. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

EARLIEST: Final = datetime(1980, 1, 1, tzinfo=UTC).timestamp()
LATEST: Final = datetime(2101, 1, 1, tzinfo=UTC).timestamp()

_LONGEST = 100


def moment_of(text: str | None) -> float | None:
    """Return the moment that an HTTP date tells in POSIX seconds UTC.

    None for what is no date, and for one outside the years 1980 to 2100: no clock of a server said that.

    >>> moment_of("Sun, 06 Nov 1994 08:49:37 GMT"), moment_of("Mon, 01 Jan 1601 00:00:00 GMT")
    (784111777.0, None)
    """
    if not text or len(text) > _LONGEST:
        return None
    try:
        moment = parsedate_to_datetime(text.strip())
        seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
    return seconds if EARLIEST <= seconds < LATEST else None
