"""How long, and until when: what people type for --deadline and --for, and how a span is told. Pure."""

from __future__ import annotations

import re
import time
from argparse import ArgumentTypeError
from datetime import datetime, timedelta
from typing import Final

_PART = re.compile(r"([0-9]{1,6})([smhdw])")
_SPAN = re.compile(r"(?:[0-9]{1,6}[smhdw]){1,5}")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_LONGEST: Final = 366 * _DAY


def span(text: str) -> float:
    """Return the seconds of ``90m``, ``2h``, ``1h30m``, ``3d``; here ``m`` is minutes.

    Raises `ArgumentTypeError`, also for nothing and for more than a year.
    """
    seconds = _span(text)
    if seconds is None:
        raise ArgumentTypeError(f"{text[:60]!r} is no time span: write 90m, 2h or 3d")
    return seconds


def deadline(text: str, *, now: float | None = None) -> float:
    """Return the moment that ``2h``, ``90m`` or ``06:30`` is, as POSIX seconds UTC.

    A time of day is the next such time here. `now` defaults to the clock. Raises `ArgumentTypeError`.
    """
    moment = time.time() if now is None else now
    seconds = _span(text)
    if seconds is not None:
        return moment + seconds
    clock = _CLOCK.fullmatch(text.strip())
    if clock is None or int(clock[1]) > 23 or int(clock[2]) > 59:  # noqa: PLR2004 - the last of a day
        raise ArgumentTypeError(
            f"{text[:60]!r} is no deadline: write 2h, 90m, or a time of day such as 06:30"
        )
    # Without a zone, so that the offset of that day counts: the clocks may change in between.
    here = datetime.fromtimestamp(moment)  # noqa: DTZ006
    then = here.replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0)
    if then <= here:
        then += timedelta(days=1)
    return then.timestamp()


def span_text(seconds: float) -> str:
    """Return how long it is: ``under a minute``, ``25 min``, ``2 h 5 min``, ``3 days``.

    >>> [span_text(seconds) for seconds in (5, 90, 7500, 200_000)]
    ['under a minute', '2 min', '2 h 5 min', '2 days']
    """
    if seconds < _MINUTE:
        return "under a minute"
    minutes = -int(-seconds // _MINUTE)
    if minutes < _HOUR // _MINUTE:
        return f"{minutes} min"
    if seconds < 2 * _DAY:
        hours, rest = divmod(minutes, 60)
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{int(seconds // _DAY):,} days"


def _span(text: str) -> float | None:
    word = text.strip().lower().replace(" ", "")
    if not _SPAN.fullmatch(word):
        return None
    seconds = sum(int(number) * _SECONDS[unit] for number, unit in _PART.findall(word))
    return float(seconds) if 0 < seconds <= _LONGEST else None
