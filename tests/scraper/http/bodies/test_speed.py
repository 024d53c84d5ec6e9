from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

from scraper.http.bodies.speed import LONGEST, MIN_SPEED, WINDOW, MinimumSpeed

Judge: TypeAlias = Callable[[float, int], str | None]


@pytest.fixture
def judge() -> Judge:
    """Judge so many bytes in all at so many seconds since the start."""
    now = 1000.0
    speed = MinimumSpeed(lambda: now)

    def at(seconds: float, size: int) -> str | None:
        nonlocal now
        now = 1000.0 + seconds
        return speed.too_slow(size)

    return at


def test_45_nothing_is_judged_before_half_a_minute_is_over(judge: Judge) -> None:
    assert judge(WINDOW, 1) is None


def test_45_a_byte_a_second_is_too_slow_and_says_so(judge: Judge) -> None:
    assert judge(31, 31) == "31 bytes in 31 s"


@pytest.mark.parametrize(("size", "slow"), [(40 * MIN_SPEED, False), (40 * MIN_SPEED - 1, True)])
def test_45_the_minimum_is_exact(judge: Judge, size: int, slow: bool) -> None:
    assert (judge(40, size) is not None) is slow


def test_45_a_fast_start_excuses_no_trickle(judge: Judge) -> None:
    assert judge(31, 10_000_000) is None
    assert judge(60, 10_000_000) is None
    assert judge(62, 10_000_031) == "31 bytes in 31 s"


def test_45_a_slow_start_is_not_held_against_what_follows_within_the_window(judge: Judge) -> None:
    assert judge(29, 0) is None
    assert judge(31, 1_000_000) is None


def test_45_nothing_lasts_for_ever_however_steady(judge: Judge) -> None:
    size = 0
    for seconds in range(31, int(LONGEST), 31):
        size += 31 * 1_000_000
        assert judge(seconds, size) is None
    assert judge(LONGEST + 1, size + 31 * 1_000_000) == "more than 12 hours"
