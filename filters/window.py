"""When a post must have been published to be wanted."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from storage.records import Precision

if TYPE_CHECKING:
    from storage.records import Published

_DAY = 86_400.0
_MISTYPED_AFTER = 2 * _DAY
"""A date further in the future is a plan or a slip and no reason to drop a post."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The time from `since` up to, but without, `until`: POSIX seconds; None is no bound."""

    since: float | None = None
    until: float | None = None

    @property
    def empty(self) -> bool:
        """Whether no moment is in it."""
        return self.since is not None and self.until is not None and self.since >= self.until

    def excludes(self, published: Published | None, *, now: float) -> str | None:
        """Return why a post of this date is not wanted, None where it is. `now` is POSIX seconds.

        An unknown date is no reason to drop a post, nor is one too far in the future to be true; a date
        known to the day, week or month counts if any moment of it is in the window.
        """
        if published is None:
            return None
        earliest, span = published.timestamp, _span(published)
        if self.since is not None and (earliest + span <= self.since if span else earliest < self.since):
            return f"published {_shown(published, self.since)}, before {moment_text(self.since)}"
        if self.until is not None and self.until <= earliest <= now + _MISTYPED_AFTER:
            return f"published {_shown(published, self.until)}, not before {moment_text(self.until)}"
        return None

    def describe(self) -> list[str]:
        """Return the bounds as parts of a line for messages."""
        bounds = (("since", self.since), ("until", self.until))
        return [f"{name} {moment_text(bound)}" for name, bound in bounds if bound is not None]


def moment_text(seconds: float) -> str:
    """Return POSIX seconds as a date, with the time only where it is not midnight UTC."""
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return f"{seconds:g} s"
    return moment.strftime("%Y-%m-%d" if seconds % _DAY == 0 else "%Y-%m-%dT%H:%MZ")


def _span(published: Published) -> float:
    """Return how long after its earliest instant a post may have been published, in seconds."""
    match published.precision:
        case Precision.TIME:
            return 0.0
        case Precision.DAY:
            return _DAY
        case Precision.WEEK:
            return 7 * _DAY
        case Precision.MONTH:
            first = datetime.fromtimestamp(published.timestamp, UTC)
            return monthrange(first.year, first.month)[1] * _DAY


def _shown(published: Published, limit: float) -> str:
    day = published.text[:10]
    return published.text if moment_text(limit).startswith(day) else day
