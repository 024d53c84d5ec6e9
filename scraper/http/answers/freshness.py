"""For how long an answer need not be asked for again, by what its server says: RFC 9111, section 4.2."""

from __future__ import annotations

import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MAX_FRESH: Final = 6 * 3600.0
"""Seconds that an answer is called fresh at most, whatever its server says.

Runs are a night apart: this lets each of them ask every blog, at least for a 304. Listings are often served
with the lifetime of the pictures beside them, a year; obeyed to the letter, that would hide a year's posts.
"""

_HUGE = 2**31  # seconds: what a larger number means (RFC 9111, section 1.2.2)
_HUGE_DIGITS = 10
_MAX_TEXT = 4000
_OPT_OUTS = frozenset({"no-store", "no-cache"})
# A directive with its argument, a token or a quoted string: RFC 9111, section 5.2. Servers write ";" as well.
_DIRECTIVE = re.compile(r'([^\s,;="]+)(?:\s*=\s*("(?:[^"\\]|\\.)*"|[^\s,;"]*))?')
_AGE = re.compile(r"\d+(?:\s*,\s*\d+)*", re.ASCII)


def fresh_for(headers: Mapping[str, str], *, now: float) -> float:
    """Return the seconds from `now` in which the answer with these `headers` need not be asked for again.

    `now` is POSIX seconds UTC. What cannot be read counts as stale, and of several statements the one that
    leaves the least counts. s-maxage is for shared caches, which this is none of; nothing is guessed from
    Last-Modified. At most `MAX_FRESH`. Where `headers` holds a name several times, `items()` gives each.

    >>> fresh_for({"Cache-Control": "max-age=600, public", "Age": "60"}, now=0.0)
    540.0
    """
    said: dict[str, list[str]] = {}
    for name, value in headers.items():
        said.setdefault(name.lower(), []).append(value)
    if not said.keys() & {"cache-control", "expires"}:
        return 0.0
    if any("*" in value for value in said.get("vary", ())):
        return 0.0  # section 4.1: such an answer stands for no later request
    dates = [_date(value) for value in said.get("date", ())]
    sent = min((date for date in dates if date is not None), default=now)
    lifetime = _lifetime(said, sent=sent)
    age = max(now - sent, _age(said.get("age", ())), 0.0)
    return max(0.0, min(lifetime - age, MAX_FRESH))


def _lifetime(said: Mapping[str, list[str]], *, sent: float) -> float:
    """Return the seconds that the answer is fresh from its making on: RFC 9111, section 4.2.1."""
    controls = said.get("cache-control", [])
    if any(len(text) > _MAX_TEXT for text in controls):
        return 0.0
    directives = [directive for text in controls for directive in _directives(text)]
    if any(name in _OPT_OUTS for name, _ in directives):
        return 0.0
    ages = [_seconds(value) for name, value in directives if name == "max-age"]
    if ages:
        return min(ages)
    # An Expires that is no date, such as the common "0", is in the past: section 5.3.
    ends = [_date(value) for value in said.get("expires", ())]
    return min((0.0 if end is None else end - sent for end in ends), default=0.0)


def _directives(text: str) -> Iterator[tuple[str, str]]:
    for match in _DIRECTIVE.finditer(text):
        yield match[1].lower(), match[2] or ""


def _seconds(value: str) -> float:
    digits = value.strip('"')
    if not (digits.isascii() and digits.isdigit()):
        return 0.0
    return float(_HUGE) if len(digits) > _HUGE_DIGITS else float(digits)


def _age(values: Iterable[str]) -> float:
    # What is no number of seconds is ignored: section 5.1.
    stated = [value.strip() for value in values if len(value) <= _MAX_TEXT]
    numbers = [number for value in stated if _AGE.fullmatch(value) for number in value.split(",")]
    return max((_seconds(number.strip()) for number in numbers), default=0.0)


def _date(value: str) -> float | None:
    try:
        moment = parsedate_to_datetime(value.strip())
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
    # HTTP's dates are of Greenwich, also those in the old format that does not say so (RFC 9110, 5.6.7).
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    try:
        return moment.timestamp()
    except (ValueError, OverflowError):
        return None
