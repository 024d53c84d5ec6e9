"""What each status means, as one table."""

from __future__ import annotations

import pytest

from scraper.http.answers.statuses import reason_of_status, verdict_of_failure, verdict_of_status
from scraper.http.errors import FetchError
from scraper.http.politeness.verdict import Verdict
from scraper.http.retry import worth_retrying
from storage.reasons import Reason

GOOD, OVERLOADED, NEUTRAL = Verdict.GOOD, Verdict.OVERLOADED, Verdict.NEUTRAL


@pytest.mark.parametrize(
    ("status", "reason", "again", "verdict"),
    [
        (400, Reason.HTTP_ERROR, False, GOOD),
        (401, Reason.FORBIDDEN, False, GOOD),
        (403, Reason.FORBIDDEN, False, GOOD),
        (404, Reason.NOT_FOUND, False, GOOD),
        (408, Reason.TIMEOUT, True, OVERLOADED),
        (410, Reason.GONE, False, GOOD),
        (418, Reason.HTTP_ERROR, False, GOOD),
        (429, Reason.RATE_LIMITED, True, OVERLOADED),
        (451, Reason.FORBIDDEN, False, GOOD),
        (500, Reason.SERVER_ERROR, True, NEUTRAL),
        (501, Reason.HTTP_ERROR, False, NEUTRAL),
        (502, Reason.SERVER_ERROR, True, OVERLOADED),
        (503, Reason.SERVER_ERROR, True, OVERLOADED),
        (504, Reason.SERVER_ERROR, True, OVERLOADED),
        (505, Reason.HTTP_ERROR, False, NEUTRAL),
        (507, Reason.HTTP_ERROR, False, NEUTRAL),
        (509, Reason.RATE_LIMITED, True, OVERLOADED),
        (520, Reason.SERVER_ERROR, True, OVERLOADED),
        (526, Reason.SERVER_ERROR, True, OVERLOADED),
        (999, Reason.HTTP_ERROR, False, NEUTRAL),
    ],
)
def test_each_status_has_a_reason_that_decides_about_another_try_and_says_how_the_server_is(
    status: int, reason: Reason, again: bool, verdict: Verdict
) -> None:
    assert reason_of_status(status) is reason
    assert worth_retrying(FetchError(reason, "http://b.example/", status=status)) is again
    assert verdict_of_status(status) is verdict


@pytest.mark.parametrize("status", [200, 204, 206, 301, 304])
def test_a_server_that_answers_is_well(status: int) -> None:
    assert verdict_of_status(status) is GOOD


@pytest.mark.parametrize(
    ("reason", "verdict"),
    [
        (Reason.UNREACHABLE, OVERLOADED),
        (Reason.TIMEOUT, OVERLOADED),
        (Reason.SHORT_BODY, OVERLOADED),
        (Reason.TLS, NEUTRAL),
        (Reason.BLOCKED_ADDRESS, NEUTRAL),
        (Reason.PROTOCOL_ERROR, NEUTRAL),
    ],
)
def test_a_lost_connection_speaks_of_load_and_a_refused_one_does_not(
    reason: Reason, verdict: Verdict
) -> None:
    assert verdict_of_failure(FetchError(reason, "http://b.example/")) is verdict
