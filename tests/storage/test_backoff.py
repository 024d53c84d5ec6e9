from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.backoff import LONGEST_DELAY, LONGEST_RETRY_AFTER, MAX_ATTEMPTS, Again, GiveUp, decide
from storage.reasons import Reason, explain

TRANSIENT = [reason for reason in Reason if explain(reason).transient and reason is not Reason.HTML_INSTEAD]
FINAL = [reason for reason in Reason if not explain(reason).transient]


class Highest(random.Random):
    """Draws the greatest delay that is possible."""

    def uniform(self, a: float, b: float) -> float:
        del a
        return b


class Lowest(random.Random):
    """Draws the smallest delay that is possible."""

    def uniform(self, a: float, b: float) -> float:
        del b
        return a


@pytest.mark.parametrize("reason", FINAL)
def test_what_no_later_try_can_help_is_given_up_at_once(reason: Reason) -> None:
    assert decide(reason, 1, retry_after=None, rng=Highest()) == GiveUp()


def test_a_page_for_people_in_place_of_the_file_is_left_for_hours() -> None:  # 21
    delays = [
        [decide(Reason.HTML_INSTEAD, attempt, retry_after=None, rng=rng) for attempt in range(1, 6)]
        for rng in (Lowest(), Highest())
    ]
    hours = [[delay.delay / 3600 for delay in some if isinstance(delay, Again)] for some in delays]
    assert hours == [[6, 12, 12, 12], [12, 24, 24, 24]]


@pytest.mark.parametrize("reason", TRANSIENT)
def test_what_may_pass_is_tried_five_times_in_all(reason: Reason) -> None:
    verdicts = [decide(reason, attempt, retry_after=None, rng=Highest()) for attempt in range(1, 7)]
    assert verdicts == [Again(30.0), Again(60.0), Again(120.0), Again(240.0), GiveUp(), GiveUp()]


@pytest.mark.parametrize(
    ("retry_after", "delay"),
    [
        pytest.param(4.0, 4.0, id="25 seconds"),
        pytest.param(99_999_999.0, LONGEST_RETRY_AFTER, id="25 capped"),
        pytest.param(-1.0, 0.0, id="25 negative is ignored"),
        pytest.param(None, 0.0, id="25 absent"),
    ],
)
def test_retry_after_is_a_minimum(retry_after: float | None, delay: float) -> None:
    assert decide(Reason.RATE_LIMITED, 1, retry_after=retry_after, rng=Lowest()) == Again(delay)


def test_retry_after_does_not_shorten_the_delay() -> None:
    assert decide(Reason.RATE_LIMITED, 3, retry_after=4.0, rng=Highest()) == Again(120.0)


@settings(deadline=None)
@given(
    reason=st.sampled_from(Reason),
    attempts=st.integers(0, 10_000),
    retry_after=st.none() | st.floats(allow_nan=True),
    seed=st.integers(),
)
def test_a_delay_is_never_negative_nor_without_end(
    reason: Reason, attempts: int, retry_after: float | None, seed: int
) -> None:
    match decide(reason, attempts, retry_after=retry_after, rng=random.Random(seed)):
        case Again(delay=delay):
            assert 0.0 <= delay <= max(LONGEST_DELAY, LONGEST_RETRY_AFTER)
            assert attempts < MAX_ATTEMPTS
        case GiveUp():
            assert attempts >= MAX_ATTEMPTS or not explain(reason).transient
