"""How long and until when, as people type it and as it is told."""

from __future__ import annotations

import time
from argparse import ArgumentTypeError
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.cli.durations import deadline, span, span_text

if TYPE_CHECKING:
    from collections.abc import Iterator

HOUR = 3600.0


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A place whose clocks go back on 25 October 2026 at 03:00 and forward on 29 March at 02:00."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Europe/Berlin")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90m", 5400), ("2h", 7200), ("1h30m", 5400), (" 3 D ", 259_200), ("45s", 45), ("1w", 604_800)],
)
def test_a_span_is_a_number_and_a_unit(text: str, seconds: int) -> None:
    assert span(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "2", "h", "0m", "-2h", "2 hours", "1.5h", "9999999h", "2y", "٣h", "367d"]
)
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="write 90m, 2h or 3d"):
        span(text)


@pytest.mark.usefixtures("berlin")
@pytest.mark.parametrize(
    ("now", "text", "then"),
    [
        ("2026-11-20T22:00:00+01:00", "06:30", "2026-11-21T06:30:00+01:00"),
        ("2026-11-20T05:00:00+01:00", "6:30", "2026-11-20T06:30:00+01:00"),
        ("2026-11-20T06:30:00+01:00", "06:30", "2026-11-21T06:30:00+01:00"),
        ("2026-10-24T22:00:00+02:00", "06:30", "2026-10-25T06:30:00+01:00"),
        ("2026-03-28T22:00:00+01:00", "06:30", "2026-03-29T06:30:00+02:00"),
        ("2026-11-20T22:00:00+01:00", "00:00", "2026-11-21T00:00:00+01:00"),
        ("2026-11-20T22:00:00+01:00", "2h", "2026-11-21T00:00:00+01:00"),
        ("2026-10-24T22:00:00+02:00", "8h", "2026-10-25T05:00:00+01:00"),
    ],
)
def test_a_deadline_is_a_span_or_the_next_such_time_of_the_place(now: str, text: str, then: str) -> None:
    moment = datetime.fromisoformat(now).timestamp()
    assert deadline(text, now=moment) == datetime.fromisoformat(then).timestamp()


@pytest.mark.parametrize(
    "text", ["", "24:00", "12:60", "1230", "12:3", "noon", "2026-11-20", "12:30:00", "0m"]
)
def test_what_is_no_deadline_is_refused(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="a time of day such as 06:30"):
        deadline(text, now=0.0)


@given(st.integers(0, 23), st.integers(0, 59), st.floats(1.0e9, 4.0e9))
def test_the_next_time_of_day_is_within_a_day_and_an_hour(hour: int, minute: int, now: float) -> None:
    then = deadline(f"{hour:02}:{minute:02}", now=now)
    assert 0 < then - now <= 25 * HOUR


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "under a minute"),
        (59.9, "under a minute"),
        (60, "1 min"),
        (61, "2 min"),
        (3599, "1 h"),
        (7200, "2 h"),
        (7260, "2 h 1 min"),
        (86_400, "24 h"),
        (172_800, "2 days"),
        (31_536_000, "365 days"),
    ],
)
def test_a_span_is_told_in_few_words(seconds: float, text: str) -> None:
    assert span_text(seconds) == text
