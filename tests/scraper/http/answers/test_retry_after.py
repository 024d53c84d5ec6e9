"""Retry-After, in both its forms and as nonsense."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.http.answers.retry_after import parse_retry_after

NOW = 1_700_000_000.0  # Tue, 14 Nov 2023 22:13:20 GMT


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        pytest.param("4", 4.0, id="25-seconds"),
        pytest.param(" 0 ", 0.0, id="zero"),
        pytest.param("Tue, 14 Nov 2023 22:14:20 GMT", 60.0, id="25-date"),
        pytest.param("99999999", 86_400.0, id="25-capped"),
        pytest.param("9" * 400, 86_400.0, id="25-huge"),
        pytest.param("-1", None, id="25-negative"),
        pytest.param("abc", None, id="25-garbage"),
        pytest.param("", None, id="empty"),
        pytest.param("Tue, 14 Nov 2023 22:12:20 GMT", None, id="past"),
        pytest.param("1.5", None, id="a fraction is no Retry-After"),
        pytest.param("４", None, id="digits of other scripts"),
        pytest.param("Tue, 14 Nov 2023 22:14:20 -0000", 60.0, id="a date without a zone"),
        pytest.param(None, None, id="absent"),
    ],
)
def test_retry_after_is_read_in_both_its_forms(value: str | None, seconds: float | None) -> None:
    assert parse_retry_after(value, now=NOW) == seconds


@given(st.text())
def test_any_retry_after_gives_seconds_up_to_a_day_or_nothing(value: str) -> None:
    seconds = parse_retry_after(value, now=NOW)
    assert seconds is None or 0 <= seconds <= 86_400
