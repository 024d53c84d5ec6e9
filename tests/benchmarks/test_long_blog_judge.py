from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.long_blog_judge import Figures, SizeReport, broken_promises, growth, processor_growth

_FIRST = Figures(
    seconds=10, processor=8, peak_mb=100, requests={"robots.txt": 1, "list": 1, "rest": 10}, exit_code=0
)
_SECOND = Figures(seconds=1, processor=1, peak_mb=90, requests={"rest": 2}, exit_code=0)
_GOOD = SizeReport(posts=1000, first=_FIRST, second=_SECOND, stored=1000, different=1000, queued=1000)


def _after(**second: object) -> SizeReport:
    return replace(_GOOD, second=replace(_SECOND, **second))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "kept",
    [
        pytest.param(_GOOD, id="two requests"),
        pytest.param(_after(requests={"robots.txt": 1, "list": 1, "feed": 1}), id="two and robots.txt"),
        pytest.param(_after(requests={}), id="none"),
        pytest.param(_after(peak_mb=150.0), id="just within memory"),
    ],
)
def test_promises_that_were_kept(kept: SizeReport) -> None:
    assert broken_promises([kept, kept]) == []


@pytest.mark.parametrize(
    ("report", "sentence"),
    [
        pytest.param(replace(_GOOD, stored=999, different=999), "1 posts are missing", id="missing"),
        pytest.param(replace(_GOOD, stored=1001), "1 posts are stored twice", id="twice"),
        pytest.param(replace(_GOOD, queued=900), "900 downloads are queued", id="links"),
        pytest.param(
            replace(_GOOD, first=replace(_FIRST, peak_mb=151)), "the first run took 151 MB", id="memory"
        ),
        pytest.param(_after(peak_mb=200), "the second run took 200 MB", id="memory of the second run"),
        pytest.param(_after(requests={"rest": 3}), "the second run asked 3 times", id="requests"),
        pytest.param(
            _after(requests={"robots.txt": 2, "rest": 1}), "the second run asked 3 times", id="robots.txt"
        ),
        pytest.param(
            replace(_GOOD, first=replace(_FIRST, exit_code=1)),
            "the first run ended with exit code 1",
            id="failed",
        ),
    ],
)
def test_a_broken_promise_is_told_with_the_size_at_which_it_broke(report: SizeReport, sentence: str) -> None:
    assert broken_promises([report]) == [f"1,000 posts: {sentence}"]


def test_one_missing_and_another_stored_twice_do_not_make_up_for_each_other() -> None:
    assert broken_promises([replace(_GOOD, different=999)]) == [
        "1,000 posts: 1 posts are missing",
        "1,000 posts: 1 posts are stored twice",
    ]


@pytest.mark.parametrize(("seconds", "times"), [(20, 0.5), (40, 1.0), (60, 1.5)])
def test_growth_is_the_time_of_a_post_in_the_last_blog_against_the_first(
    seconds: float, times: float
) -> None:
    last = replace(
        _GOOD, posts=4000, first=replace(_FIRST, seconds=seconds), stored=4000, different=4000, queued=4000
    )
    assert growth([_GOOD, last]) == pytest.approx(times)
    assert broken_promises([_GOOD, last]) == []


def test_growth_of_the_processors_time_leaves_out_what_the_run_waited_for() -> None:
    first = replace(_FIRST, seconds=90, processor=16)
    last = replace(_GOOD, posts=2000, first=first)
    assert processor_growth([_GOOD, last]) == pytest.approx(1.0)


def test_time_that_grows_faster_than_the_blog_breaks_the_promise() -> None:
    last = replace(
        _GOOD, posts=4000, first=replace(_FIRST, seconds=64), stored=4000, different=4000, queued=4000
    )
    assert broken_promises([_GOOD, last]) == ["a post takes 1.60 times as long at 4,000 as at 1,000"]
