"""When a blog that could not be read is asked again: a pure decision, made for one run a night."""

from __future__ import annotations

from typing import Final

from storage.reasons import Reason

DAY: Final = 86_400.0
"""Seconds."""

_NIGHTS: Final = (0, 1, 2, 4, 7)
"""Nights from the first, second, … failure to the next time; from the last on it stays a week."""

_SLACK: Final = DAY / 2
"""Seconds by which a blog is due earlier: no night begins or ends at the same minute as the one before."""

LONGEST: Final = _NIGHTS[-1] * DAY
"""Seconds that a blog may be left alone."""

# What says nothing of how a blog fares. Robots: a rule is no failure, and looking it up costs one request.
# Too many requests: the server is well, and for how long it asked us to wait is kept for its host. Addresses
# that are never asked for cost nothing, and are to work once they or an option are right. The rest is ours.
_NOT_THE_BLOG: Final = frozenset(
    {
        Reason.ROBOTS,
        Reason.RATE_LIMITED,
        Reason.UNSUPPORTED_SCHEME,
        Reason.URL_INVALID,
        Reason.URL_TOO_LONG,
        Reason.BLOCKED_ADDRESS,
        Reason.BLOCKED_PORT,
        Reason.DISK_FULL,
        Reason.DISK_ERROR,
        Reason.CRASHED,
        Reason.INTERNAL_ERROR,
        Reason.UNKNOWN_VERSION,
        Reason.CANCELLED,
    }
)


def counts(reason: Reason | None) -> bool:
    """Return whether a blog that was not read to its end for `reason` has failed (None: not known why)."""
    return reason not in _NOT_THE_BLOG


def next_due(failures: int, at: float) -> float:
    """Return when a blog that has failed `failures` times in a row, now at `at`, is to be asked again.

    Moments are POSIX seconds UTC. After the first failure that is at once, for it may have been a restart.
    After that it is the next night, then the second, the fourth and the seventh, counted from `at`.
    """
    if failures <= 1:
        return at
    return at + _NIGHTS[min(failures, len(_NIGHTS)) - 1] * DAY - _SLACK


def is_one_more(failures: int, due: float | None, at: float) -> bool:
    """Return whether a failure at `at` counts, of a blog that had `failures` before and was `due` then.

    What was tried before it was due does not, nor what was tried again on the day of the first failure:
    whoever was offline and tries again and again is not to make the nights wait longer.
    """
    if failures == 1 and due is not None:
        return not due <= at < due + _SLACK
    return is_due(due, at)


def is_due(due: float | None, now: float) -> bool:
    """Return whether a blog may be asked at `now`; a clock that was once wrong makes none wait for ever."""
    return due is None or not now < due <= now + LONGEST
