from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.blog_backoff import DAY, LONGEST, counts, is_due, is_one_more, next_due
from storage.reasons import Reason

AT = 1_000_000.0


@pytest.mark.parametrize(
    ("failures", "days"),
    [
        pytest.param(0, 0, id="none"),
        pytest.param(1, 0, id="the next occasion"),
        pytest.param(2, 0.5, id="the next night"),
        pytest.param(3, 1.5, id="the second night"),
        pytest.param(4, 3.5, id="the fourth night"),
        pytest.param(5, 6.5, id="a week"),
        pytest.param(6, 6.5, id="a week again"),
        pytest.param(10**9, 6.5, id="a week for ever"),
    ],
)
def test_each_failure_puts_off_for_longer_up_to_a_week(failures: int, days: float) -> None:
    assert next_due(failures, AT) == AT + days * DAY


@pytest.mark.parametrize(
    ("failures", "due", "expected"),
    [
        pytest.param(0, None, True, id="the first"),
        pytest.param(1, AT - DAY, True, id="the second, the night after"),
        pytest.param(1, AT - DAY / 2, True, id="the second, half a day after"),
        pytest.param(1, AT - DAY / 2 + 1, False, id="again on the same day"),
        pytest.param(1, AT, False, id="again in the same second"),
        pytest.param(1, AT + 60, True, id="the clock was set back"),
        pytest.param(1, None, True, id="the second, counted by an older cratedig"),
        pytest.param(2, AT + 1, False, id="before it was due"),
        pytest.param(2, AT, True, id="when it was due"),
        pytest.param(2, AT - DAY / 2, True, id="the third, the night after"),
    ],
)
def test_a_failure_counts_once_a_day_and_not_before_the_blog_is_due(
    failures: int, due: float | None, *, expected: bool
) -> None:
    assert is_one_more(failures, due, AT) is expected


def test_a_blog_that_is_away_is_asked_eight_times_in_a_month_of_nights() -> None:
    asked, failures, due = [], 0, None
    for night in range(30):
        minutes = 7 * 60.0 * (night % 3)  # runs of different length
        if is_due(due, night * DAY + minutes):
            failures += 1
            due = next_due(failures, night * DAY + minutes)
            asked.append(night)
    assert asked == [0, 1, 2, 4, 8, 15, 22, 29]


@given(failures=st.integers(), at=st.floats(min_value=0, max_value=1e11))
def test_nothing_is_put_off_for_more_than_a_week(failures: int, at: float) -> None:
    due = next_due(failures, at)
    assert at <= due <= at + LONGEST


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        pytest.param(None, True, id="never put off"),
        pytest.param(AT - 1, True, id="past"),
        pytest.param(AT, True, id="now"),
        pytest.param(AT + 1, False, id="in a second"),
        pytest.param(AT + LONGEST, False, id="in a week"),
        pytest.param(AT + LONGEST + 1, True, id="noted by a clock that was ahead"),
    ],
)
def test_a_blog_is_due_once_its_moment_has_come(due: float | None, expected: bool) -> None:
    assert is_due(due, AT) is expected


OF_THE_BLOG = {
    None,
    Reason.UNREACHABLE,
    Reason.TIMEOUT,
    Reason.TOO_SLOW,
    Reason.TLS,
    Reason.PROTOCOL_ERROR,
    Reason.HEADER_TOO_LARGE,
    Reason.ROBOTS_UNREACHABLE,
    Reason.BLOCKED,
    Reason.NOT_FOUND,
    Reason.GONE,
    Reason.FORBIDDEN,
    Reason.HTTP_ERROR,
    Reason.SERVER_ERROR,
    Reason.REDIRECT_LOOP,
    Reason.BAD_REDIRECT,
    Reason.TOO_LARGE,
    Reason.NO_POSTS,
    Reason.NOT_HTML,
    Reason.EMPTY_BODY,
    Reason.SHORT_BODY,
    Reason.UNREADABLE_POST,
}
OF_A_FILE = {
    Reason.NOT_AUDIO,
    Reason.PROBE_FAILED,
    Reason.HTML_INSTEAD,
    Reason.CHECKSUM,
    Reason.NO_RESOLVER,
}


@pytest.mark.parametrize("reason", [None, *sorted(set(Reason) - OF_A_FILE)])
def test_only_what_the_blog_itself_fails_at_counts(reason: Reason | None) -> None:
    assert counts(reason) is (reason in OF_THE_BLOG)
