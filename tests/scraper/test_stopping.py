from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from scraper.http.errors import FetchError
from scraper.stopping import MAX_REFUSALS, MAX_REFUSALS_AGAIN, Stopping, moment
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOG = "https://b.example/"
NOW = 1_795_168_800.0  # 2026-11-20 10:00:00 UTC


def stopping(*, refused_before: bool = False) -> Stopping:
    return Stopping(BLOG, refused_before=refused_before, now=lambda: NOW)


def failure(
    reason: Reason, *, retry_after: float | None = None, asked: bool = True, status: int | None = None
) -> FetchError:
    return FetchError(reason, f"{BLOG}1", retry_after=retry_after, asked=asked, status=status)


@pytest.fixture(params=["UTC", "Asia/Kathmandu", "America/Los_Angeles"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def test_moments_are_those_of_the_users_clock(zone: str) -> None:
    expected = {"UTC": "10:30", "Asia/Kathmandu": "16:15", "America/Los_Angeles": "02:30"}
    assert moment(NOW + 1800, now=NOW) == expected[zone]
    dated = {
        "UTC": "2026-11-21 01:00",
        "Asia/Kathmandu": "2026-11-21 06:45",
        "America/Los_Angeles": "17:00",
    }
    assert moment(NOW + 15 * 3600, now=NOW) == dated[zone]


@pytest.mark.parametrize("zone", ["UTC"], indirect=True)
@pytest.mark.parametrize(("seconds", "said"), [(0, "10:00"), (1, "10:01"), (59.5, "10:01"), (60, "10:01")])
def test_a_moment_is_never_said_too_early(zone: str, seconds: float, said: str) -> None:
    assert moment(NOW + seconds, now=NOW) == said


@pytest.mark.parametrize("reason", [Reason.FORBIDDEN, Reason.BLOCKED])
def test_refusals_in_a_row_stop(reason: Reason) -> None:
    watch = stopping()
    for _ in range(MAX_REFUSALS - 1):
        assert not watch.failed(failure(reason))
        assert watch.error is None
    assert not watch.failed(failure(reason, status=403))
    assert watch.error is not None
    assert (watch.error.reason, watch.error.url, watch.error.status, watch.until) == (reason, BLOG, 403, None)


@pytest.mark.parametrize("between", ["read", Reason.NOT_FOUND, Reason.TIMEOUT])
def test_any_other_answer_begins_a_new_row(between: Reason | str) -> None:
    watch = stopping()
    for _ in range(20):
        for _ in range(MAX_REFUSALS - 1):
            watch.failed(failure(Reason.FORBIDDEN))
        watch.failed(failure(between)) if isinstance(between, Reason) else watch.read()
    assert watch.error is None


@pytest.mark.parametrize(
    ("reason", "allowed"), [(Reason.FORBIDDEN, MAX_REFUSALS_AGAIN), (Reason.BLOCKED, MAX_REFUSALS)]
)
def test_a_blog_that_refused_before_may_have_a_longer_row_for_members(reason: Reason, allowed: int) -> None:
    watch = stopping(refused_before=True)
    for _ in range(allowed - 1):
        watch.failed(failure(reason))
    assert watch.error is None
    watch.failed(failure(reason))
    assert watch.error is not None


def test_a_post_that_was_refused_to_an_earlier_run_counts_for_nothing() -> None:
    watch = stopping()
    for _ in range(MAX_REFUSALS):
        watch.failed(failure(Reason.FORBIDDEN), expected=True)
    assert watch.error is None


@pytest.mark.parametrize(
    ("wait", "asked", "stops"),
    [(3600, True, True), (3600, False, True), (31, True, True), (30, True, False), (None, True, False)],
    ids=["asked", "not even asked", "longer than a run waits", "waited for already", "no wait"],
)
def test_a_host_to_be_left_alone_stops_at_once(*, wait: float | None, asked: bool, stops: bool) -> None:
    watch = stopping()
    assert watch.failed(failure(Reason.RATE_LIMITED, retry_after=wait, asked=asked)) is stops
    assert (watch.error is not None) is stops
    assert watch.until == (NOW + wait if stops and wait is not None else None)


def test_the_first_reason_stays() -> None:
    watch = stopping()
    watch.failed(failure(Reason.RATE_LIMITED, retry_after=3600))
    watch.failed(failure(Reason.SERVER_ERROR, retry_after=7200))
    assert watch.error is not None
    assert (watch.error.reason, watch.until) == (Reason.RATE_LIMITED, NOW + 3600)
