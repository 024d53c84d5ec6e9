"""A moment as a blog gave it: checked, and written no more exactly than it is known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from storage.records import Precision, Published

_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_FUTURE = timedelta(days=2)
_DAY = 86_400.0
_SLACK = 2 * _DAY  # for zones that nobody named, and posts that were written before midnight
_LENGTHS = {Precision.TIME: 0.0, Precision.DAY: _DAY, Precision.WEEK: 7 * _DAY, Precision.MONTH: 31 * _DAY}


def published_at(moment: datetime, precision: Precision) -> Published | None:
    """Return `moment` as a date of publication, or None outside the years 1990 to 2100.

    Of what `precision` does not cover nothing is kept: a week begins on its Monday, as in ISO 8601.
    """
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        return None
    if precision is Precision.TIME:
        moment = moment.replace(microsecond=0)
        text = moment.isoformat()
    else:
        day = datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
        moment, text = _beginning(day, precision)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return Published(text=text, precision=precision, timestamp=aware.timestamp())


def in_future(published: Published, now: float) -> bool:
    """Whether `published` is more than two days after `now` (POSIX seconds): scheduled, or a typing error."""
    return published.timestamp > now + _FUTURE.total_seconds()


def agree(found: Published, other: Published | None) -> bool:
    """Whether `found` and `other` may be one date, each as exact as it is; with nothing, anything agrees."""
    if other is None:
        return True
    end, other_end = (each.timestamp + _LENGTHS[each.precision] for each in (found, other))
    return found.timestamp <= other_end + _SLACK and other.timestamp <= end + _SLACK


def _beginning(day: datetime, precision: Precision) -> tuple[datetime, str]:
    if precision is Precision.WEEK:
        year, week, weekday = day.isocalendar()
        return day - timedelta(days=weekday - 1), f"{year:04}-W{week:02}"
    if precision is Precision.MONTH:
        return day.replace(day=1), f"{day:%Y-%m}"
    return day, f"{day:%Y-%m-%d}"
