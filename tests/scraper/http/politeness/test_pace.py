"""What the pace of a host learns from its answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.http.politeness.ladder import MAX_INTERVAL, MIN_INTERVAL, Ladder, Speed
from scraper.http.politeness.latency import LatencyWatch
from scraper.http.politeness.outage import HOLD, MAX_PAUSE, OutageWatch
from scraper.http.politeness.pace import Pace
from storage.reasons import Reason


def _pace(per_host: int = 20) -> Pace:
    return Pace(per_host=per_host, jitter=lambda: 1.0)


def _good(pace: Pace, times: int = 1, *, latency: float | None = 0.1, load: int = 1) -> None:
    for _ in range(times):
        pace.good(window=pace.window, load=load, out=pace.allowed, latency=latency)


def _refuse(pace: Pace, reason: Reason = Reason.SERVER_ERROR, *, gap: float = 0.0) -> float:
    return pace.overloaded(window=pace.window, in_flight=pace.allowed, reason=reason, gap=gap)


@pytest.mark.parametrize(("per_host", "first"), [(1, 1), (2, 2), (5, 2), (20, 2)])
def test_a_host_is_asked_for_little_at_first(per_host: int, first: int) -> None:
    assert (_pace(per_host).allowed, _pace(per_host).interval) == (first, 0.0)


def test_each_good_answer_allows_one_more_up_to_what_was_asked_for() -> None:
    pace = _pace(6)
    seen = []
    for _ in range(6):
        _good(pace)
        seen.append(pace.allowed)
    assert seen == [3, 4, 5, 6, 6, 6]


def test_what_is_not_made_use_of_does_not_grow() -> None:
    pace = _pace()
    for _ in range(50):
        pace.good(window=0, load=1, out=1, latency=0.1)
    assert pace.allowed == 2


def test_a_refusal_halves_once_a_window() -> None:
    pace = _pace()
    _good(pace, 18)
    for in_flight in (20, 19, 18):
        pace.overloaded(window=0, in_flight=in_flight, reason=Reason.RATE_LIMITED)
    assert (pace.allowed, pace.window) == (10, 1)


def test_good_answers_to_what_was_sent_before_a_refusal_do_not_lead_up() -> None:
    pace = _pace()
    _good(pace, 8)
    _refuse(pace)
    for _ in range(50):
        pace.good(window=0, load=5, out=10, latency=0.1)
    assert pace.allowed == 5


def test_growth_is_slow_after_trouble_and_stops_below_what_failed() -> None:
    pace = _pace()
    _good(pace, 4)  # 6 at once
    _refuse(pace)
    assert pace.allowed == 3
    _good(pace, 9)
    assert pace.allowed == 3
    _good(pace, 1)
    assert pace.allowed == 4
    _good(pace, 10 + 79)
    assert pace.allowed == 5


def test_what_was_refused_together_counts_against_the_ceiling() -> None:
    pace = _pace()
    _good(pace, 4)  # 6 at once
    for in_flight in (6, 5, 4):
        pace.overloaded(window=0, in_flight=in_flight, reason=Reason.SERVER_ERROR)
    _good(pace, 99)
    assert pace.allowed == 3, "of six, three were answered"


def test_each_failed_try_above_the_ceiling_doubles_the_good_answers_before_the_next() -> None:
    pace = _pace()
    _good(pace)  # 3 at once: one too many
    answers = []
    for _ in range(4):
        _refuse(pace)
        number = 0
        while pace.allowed < 3:
            _good(pace)
            number += 1
        answers.append(number)
    assert answers == [100, 200, 400, 800]


def test_a_ceiling_that_was_passed_for_long_is_forgotten() -> None:
    pace = _pace(6)
    _good(pace)
    _refuse(pace)
    _good(pace, 250)
    assert pace.allowed == 6


def test_a_rare_refusal_is_no_ceiling() -> None:
    pace = _pace(6)
    _good(pace, 200)
    _refuse(pace)
    assert pace.allowed == 3
    _good(pace, 30)
    assert pace.allowed == 6


def test_below_one_at_a_time_there_are_intervals_that_double_and_shrink_slowly() -> None:
    pace = _pace(1)
    seen = []
    for _ in range(4):
        _good(pace)
        _refuse(pace, gap=max(0.2, pace.interval))
        seen.append(pace.interval)
    assert seen == pytest.approx([0.4, 0.8, 1.6, 3.2], rel=0.02)
    _good(pace, 400)
    assert pace.interval == 0.0


def test_an_interval_is_never_shorter_than_a_tenth_of_a_second() -> None:
    pace = _pace(1)
    _good(pace)
    _refuse(pace, gap=0.001)
    assert pace.interval == MIN_INTERVAL


def test_windows_without_a_good_answer_pause_and_then_hold() -> None:
    pace = _pace()
    pauses = [_refuse(pace, Reason.UNREACHABLE) for _ in range(11)]
    assert pauses == [0.5, 1, 2, 4, 8, 16, MAX_PAUSE, MAX_PAUSE, MAX_PAUSE, HOLD, HOLD]
    _good(pace)
    assert _refuse(pace) == 0.0, "something good came in this window"
    assert _refuse(pace) == 0.5, "and the series was over"


def test_an_outage_says_nothing_of_how_much_a_host_takes() -> None:
    pace = _pace(5)
    for _ in range(8):
        _refuse(pace, Reason.UNREACHABLE)
    assert (pace.allowed, pace.interval) == (1, 0.0)
    _good(pace, 45)
    assert pace.allowed == 5


@pytest.mark.parametrize("reason", [Reason.TIMEOUT, Reason.TOO_SLOW])
def test_answers_that_were_lost_halve_without_a_pause_and_never_below_two(reason: Reason) -> None:
    pace = _pace(8)
    _good(pace, 6)
    allowed = []
    for _ in range(9):
        assert _refuse(pace, reason) == 0.0
        allowed.append(pace.allowed)
    assert allowed == [4, *[2] * 8]
    assert pace.interval == 0.0


@pytest.mark.parametrize(
    ("reason", "allowed"),
    [
        (Reason.SHORT_BODY, [4, 2, 1, 1]),
        (Reason.TOO_SLOW, [4, 2, 2, 2]),
        (Reason.TIMEOUT, [4, 2, 2, 2]),
        (Reason.TOO_LARGE, [8, 8, 8, 8]),
        (Reason.PROTOCOL_ERROR, [8, 8, 8, 8]),
    ],
)
def test_a_body_that_was_lost_halves_what_is_asked(reason: Reason, allowed: list[int]) -> None:
    pace = _pace(8)
    _good(pace, 6)
    seen = []
    for _ in range(4):
        pace.lost(window=pace.window, reason=reason)
        seen.append(pace.allowed)
    assert seen == allowed
    assert pace.interval == 0.0


def test_bodies_lost_together_halve_once() -> None:
    pace = _pace(8)
    _good(pace, 6)
    window = pace.window
    for _ in range(5):
        pace.lost(window=window, reason=Reason.SHORT_BODY)
    assert pace.allowed == 4


def test_a_host_that_is_silent_again_and_again_is_left_alone_like_one_that_refuses() -> None:
    pace = _pace()
    assert [_refuse(pace, Reason.TIMEOUT) for _ in range(10)] == [*[0.0] * 9, HOLD]


def test_one_good_answer_between_silences_keeps_the_host_in_the_run() -> None:
    pace = _pace()
    for _ in range(5):
        assert [_refuse(pace, Reason.TIMEOUT) for _ in range(9)] == [0.0] * 9
        _good(pace, 1)


def test_the_jitter_takes_up_to_half_of_a_pause() -> None:
    assert OutageWatch(jitter=lambda: 0.0).pause_after(Reason.RATE_LIMITED) == 0.25


def test_answers_that_come_much_later_halve_and_never_below_two() -> None:
    pace = _pace(8)
    _good(pace, 6)
    seen = []
    for _ in range(3):
        _good(pace, 8, latency=2.0, load=8)
        seen.append(pace.allowed)
    assert seen == [4, 2, 2]


def test_nothing_grows_while_answers_come_late() -> None:
    pace = _pace()
    _good(pace, 2)
    _good(pace, 4, latency=5.0, load=4)
    assert pace.allowed == 4


@pytest.mark.parametrize(
    ("usual", "now", "slow"),
    [
        pytest.param(0.02, 0.2, False, id="ten times slower, and still quick"),
        pytest.param(0.1, 0.3, False, id="three times slower, and still quick"),
        pytest.param(0.1, 0.6, True, id="six times slower"),
        pytest.param(2.0, 3.0, False, id="slow as ever"),
        pytest.param(2.0, 8.0, True, id="four times slower"),
    ],
)
def test_slow_is_what_is_much_slower_than_usual_and_noticeable(usual: float, now: float, slow: bool) -> None:
    watch = LatencyWatch()
    for _ in range(20):
        watch.add(usual, quiet=True)
    for _ in range(10):
        watch.add(now, quiet=False)
    assert watch.climbed is slow


def test_one_late_answer_is_no_slow_host() -> None:
    watch = LatencyWatch()
    for latency in [0.1] * 10 + [1.2] + [0.1] * 10:
        watch.add(latency, quiet=False)
        assert not watch.climbed


def test_a_host_that_stays_slow_is_taken_as_it_is() -> None:
    watch = LatencyWatch()
    watch.add(0.1, quiet=True)
    for _ in range(300):
        watch.add(2.0, quiet=False)
    assert not watch.slow_answers


@pytest.mark.parametrize("per_host", [1, 2, 3])
def test_a_host_that_was_away_is_never_asked_for_more_than_the_limit(per_host: int) -> None:
    pace = _pace(per_host)
    for _ in range(3):
        pace.overloaded(window=pace.window, in_flight=1, reason=Reason.RATE_LIMITED)
        for _ in range(60):
            pace.good(window=pace.window, load=1, out=pace.allowed, latency=0.01)
            assert pace.allowed <= per_host


@given(
    st.integers(1, 40),
    st.lists(
        st.tuples(
            st.sampled_from(["good", "stale", "idle", "refused", "refused before", "time-out"]),
            st.integers(1, 60),
            st.floats(0, 200),
        ),
        max_size=80,
    ),
)
def test_the_pace_stays_within_its_bounds_whatever_comes(
    per_host: int, events: list[tuple[str, int, float]]
) -> None:
    pace = _pace(per_host)
    for kind, number, seconds in events:
        for _ in range(number):
            before = pace.window
            if kind in {"good", "stale", "idle"}:
                window = pace.window - (kind == "stale")
                pace.good(
                    window=window, load=number, out=0 if kind == "idle" else pace.allowed, latency=seconds
                )
                pause = 0.0
            else:
                window = pace.window - (kind == "refused before")
                reason = Reason.TIMEOUT if kind == "time-out" else Reason.RATE_LIMITED
                pause = pace.overloaded(window=window, in_flight=number, reason=reason, gap=seconds)
            assert 1 <= pace.allowed <= per_host
            assert pace.interval == 0.0 or (
                MIN_INTERVAL <= pace.interval <= MAX_INTERVAL and pace.allowed == 1
            )
            assert 0.0 <= pause <= MAX_PAUSE or pause == HOLD
            assert pace.window - before in {0, 1}


@given(st.integers(1, 30), st.lists(st.booleans(), max_size=300))
def test_a_refusal_never_leads_up_and_a_good_answer_never_down(top: int, answers: list[bool]) -> None:
    ladder = Ladder(top=top)
    for good in answers:
        before: Speed = ladder.speed
        if good:
            ladder.good()
            assert ladder.speed.rank >= before.rank
        else:
            ladder.refused(in_flight=ladder.speed.at_once, gap=0.0)
            assert ladder.speed.rank <= before.rank
            assert ladder.speed.rank < before.rank or ladder.speed.interval == MAX_INTERVAL
