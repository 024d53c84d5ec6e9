"""Moments that servers tell. Numbers are those of the list of hostile inputs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.downloads.fetching.moments import EARLIEST, LATEST, moment_of


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        pytest.param("Sun, 06 Nov 1994 08:49:37 GMT", 784111777, id="44 as it should be"),
        pytest.param("Sunday, 06-Nov-94 08:49:37 GMT", 784111777, id="44 RFC 850"),
        pytest.param("Sun Nov  6 08:49:37 1994", 784111777, id="44 asctime"),
        pytest.param("Sun, 06 Nov 1994 08:49:37 -0000", 784111777, id="44 without a zone"),
        pytest.param("Mon, 01 Jan 1601 00:00:00 GMT", None, id="44 year 1601"),
        pytest.param("Mon, 31 Dec 1979 23:59:59 GMT", None, id="44 before there were clocks"),
        pytest.param("Tue, 01 Jan 1980 00:00:00 GMT", EARLIEST, id="44 the first moment"),
        pytest.param("Fri, 31 Dec 2100 23:59:59 GMT", LATEST - 1, id="44 the last moment"),
        pytest.param("Fri, 31 Dec 9999 23:59:59 GMT", None, id="44 year 9999"),
        pytest.param("Thu, 01 Jan 99999 00:00:00 GMT", None, id="44 year 99999"),
        pytest.param("Thu, 01 Jan 1970 00:00:00 GMT", None, id="44 the epoch"),
        pytest.param("0", None, id="44 a number"),
        pytest.param("", None, id="44 nothing"),
        pytest.param(None, None, id="44 no header"),
        pytest.param("Sun, 06 Nov 1994 08:49:37 GMT" + " " * 1000, None, id="44 too long"),
        pytest.param("Sun, 06 Nov 1994 08:49:37 +9999999999", None, id="44 a zone of its own"),
        pytest.param("\x00\x1b[31m", None, id="44 control characters"),
    ],
)
def test_a_date_is_read_or_not(text: str | None, moment: float | None) -> None:
    assert moment_of(text) == moment


@given(st.text(max_size=60) | st.from_regex(r"\A\w{3}, \d+ \w{3} \d+ \d+:\d+:\d+ [\w+-]+\Z"))
def test_any_text_is_a_moment_of_our_time_or_none(text: str) -> None:
    moment = moment_of(text)
    assert moment is None or EARLIEST <= moment < LATEST
