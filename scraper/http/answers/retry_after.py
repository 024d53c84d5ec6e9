"""When a server wants to be asked again: Retry-After (RFC 9110, section 10.2.3)."""

from __future__ import annotations

import time
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from scraper.http.answers.statuses import reason_of_status
from storage.backoff import LONGEST_RETRY_AFTER
from storage.reasons import Reason

if TYPE_CHECKING:
    import aiohttp


def retry_after_of(response: aiohttp.ClientResponse) -> float | None:
    """Return the seconds that an answer asks to wait (RFC 9110, section 10.2.3), None if it does not."""
    if reason_of_status(response.status) not in {Reason.RATE_LIMITED, Reason.SERVER_ERROR}:
        return None
    return parse_retry_after(response.headers.get("Retry-After"))


def parse_retry_after(value: str | None, *, now: float | None = None) -> float | None:
    """Return the seconds that a Retry-After header asks to wait (RFC 9110, section 10.2.3).

    They are at most `LONGEST_RETRY_AFTER`. `now` is POSIX seconds UTC.
    What is negative, past or neither a number nor a date gives None.
    """
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), LONGEST_RETRY_AFTER)
    try:
        until = parsedate_to_datetime(text)
        # "-0000" gives a date without a zone; RFC 9110, section 5.6.7: all dates are UTC.
        instant = until.replace(tzinfo=until.tzinfo or UTC).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None
    seconds = instant - (time.time() if now is None else now)
    return min(seconds, LONGEST_RETRY_AFTER) if seconds > 0 else None
