from __future__ import annotations

from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from scraper.http.answers.freshness import MAX_FRESH, fresh_for

NOW = 1_795_168_800.0  # 2026-11-20 10:00:00 UTC


def date(offset: float = 0.0) -> str:
    return formatdate(NOW + offset, usegmt=True)


@pytest.mark.parametrize(
    ("control", "seconds"),
    [
        ("max-age=600", 600),
        ("MAX-AGE=600", 600),
        ("public, max-age=600, must-revalidate", 600),
        ('max-age="600"', 600),
        ("max-age = 600", 600),
        ("max-age=600;public", 600),
        ("private,max-age=600,immutable", 600),
        ("max-age=600, max-age=60", 60),
        ("max-age=60, max-age=soon", 0),
        ("s-maxage=600", 0),
        ("max-age=60, s-maxage=600", 60),
        ("max-age=600, s-maxage=0", 600),
        ("no-store, max-age=600", 0),
        ("max-age=600, No-Cache", 0),
        ('max-age=600, no-cache="set-cookie"', 0),
        ('private="x, no-store, max-age=1", max-age=600', 600),
        ('private="x\\", max-age=1", max-age=600', 600),
        ("max-age=600, stale-while-revalidate=86400", 600),
        ("max-age=0", 0),
        ("max-age=-1", 0),
        ("max-age=1.5", 0),
        ("max-age=1e3", 0),
        ("max-age=٦٠", 0),
        ("max-age", 0),
        ("max-age=", 0),
        ('max-age="600', 0),
        ("xmax-age=600", 0),
        ("", 0),
        (",,;=,", 0),
        ("max-age=31536000", MAX_FRESH),
        ("max-age=" + "9" * 3000, MAX_FRESH),
        ("max-age=600," + "x" * 8000, 0),
    ],
)
def test_what_cache_control_says(control: str, seconds: float) -> None:
    assert fresh_for({"Cache-Control": control}, now=NOW) == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        pytest.param({}, 0, id="nothing said"),
        pytest.param({"Last-Modified": date(-9e6)}, 0, id="nothing is guessed"),
        pytest.param({"Cache-Control": "max-age=600", "Age": "60"}, 540, id="age"),
        pytest.param({"Cache-Control": "max-age=600", "Age": "600"}, 0, id="as old as it may be"),
        pytest.param({"Cache-Control": "max-age=600", "Age": "99999"}, 0, id="older"),
        pytest.param({"Cache-Control": "max-age=600", "Age": "9" * 3000}, 0, id="an endless age"),
        pytest.param({"Cache-Control": "max-age=600", "Age": "old"}, 600, id="no age"),
        pytest.param({"Cache-Control": "max-age=600", "Age": "-5"}, 600, id="an age below zero"),
        pytest.param({"Cache-Control": "max-age=600", "Age": "5, 50"}, 550, id="two ages"),
        pytest.param({"Cache-Control": "max-age=600", "Date": date(-60)}, 540, id="sent a minute ago"),
        pytest.param({"Cache-Control": "max-age=600", "Date": date(60)}, 600, id="a clock ahead"),
        pytest.param(
            {"Cache-Control": "max-age=600", "Date": date(-60), "Age": "90"}, 510, id="the larger age"
        ),
        pytest.param({"Cache-Control": "max-age=600", "Date": "today"}, 600, id="no date"),
        pytest.param({"Expires": date(600)}, 600, id="expires"),
        pytest.param({"Expires": date(600), "Date": date()}, 600, id="expires after date"),
        pytest.param({"Expires": date(4200), "Date": date(3600)}, 600, id="both by a clock ahead"),
        pytest.param({"Expires": date(600), "Date": date(), "Age": "60"}, 540, id="expires and age"),
        pytest.param({"Expires": date(-1)}, 0, id="expired"),
        pytest.param({"Expires": "0"}, 0, id="expires 0"),
        pytest.param({"Expires": "-1"}, 0, id="expires -1"),
        pytest.param({"Expires": "Fri, 99 Nov 2026 10:00:00 GMT"}, 0, id="no such day"),
        pytest.param({"Expires": "Fri, 20 Nov 99999999999 10:00:00 GMT"}, 0, id="no such year"),
        pytest.param({"Expires": "Friday, 20-Nov-26 10:10:00 GMT"}, 600, id="RFC 850"),
        pytest.param({"Expires": "Fri Nov 20 10:10:00 2026"}, 600, id="asctime"),
        pytest.param({"Expires": date(600), "Cache-Control": "max-age=60"}, 60, id="max-age first"),
        pytest.param({"Expires": date(600), "Cache-Control": "max-age=x"}, 0, id="a broken max-age first"),
        pytest.param({"Expires": date(600), "Cache-Control": "public"}, 600, id="expires with public"),
        pytest.param({"Expires": date(600), "Cache-Control": "no-cache"}, 0, id="expires with no-cache"),
        pytest.param(
            {"Cache-Control": "max-age=600", "Vary": "Accept-Encoding"}, 600, id="varies as we do not"
        ),
        pytest.param({"Cache-Control": "max-age=600", "Vary": "*"}, 0, id="varies with everything"),
        pytest.param({"cache-control": "max-age=600"}, 600, id="names in lower case"),
    ],
)
def test_what_the_other_headers_say(headers: dict[str, str], seconds: float) -> None:
    assert fresh_for(headers, now=NOW) == seconds


@pytest.mark.parametrize(
    ("lines", "seconds"),
    [
        ([("Cache-Control", "max-age=600"), ("cache-control", "max-age=60")], 60),
        ([("Cache-Control", "max-age=600"), ("Cache-Control", "no-store")], 0),
        ([("Expires", date(600)), ("Expires", date(60))], 60),
        ([("Expires", date(600)), ("Expires", "0")], 0),
    ],
    ids=["max-age", "no-store", "expires", "one expired"],
)
def test_of_several_lines_the_one_that_leaves_the_least_counts(
    lines: list[tuple[str, str]], seconds: float
) -> None:
    assert fresh_for(CIMultiDict(lines), now=NOW) == seconds


NAMES = st.sampled_from(["Cache-Control", "Expires", "Date", "Age", "Vary", "Pragma"])
WORDS = st.text(st.sampled_from('max-age=0189,; "\\\x85é*no-store:GMTFri'), max_size=60)


@given(st.dictionaries(NAMES, WORDS | st.text(max_size=40)), st.floats(0, 4e9))
def test_no_header_raises_or_leaves_the_bounds(headers: dict[str, str], now: float) -> None:
    assert 0 <= fresh_for(headers, now=now) <= MAX_FRESH


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_an_older_answer_is_never_fresh_for_longer(lifetime: int, age: int) -> None:
    headers = {"Cache-Control": f"max-age={lifetime}"}
    assert fresh_for(headers | {"Age": str(age)}, now=NOW) <= fresh_for(headers, now=NOW)
