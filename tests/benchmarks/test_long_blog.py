from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from benchmarks import long_blog
from benchmarks.long_blog_faces import Face
from benchmarks.long_blog_judge import Figures, SizeReport

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.skipif(not hasattr(os, "wait4"), reason="the system tells no peak of one process")


@pytest.mark.parametrize(
    ("face", "kinds"),
    [
        (Face.REST, {"robots.txt": 1, "list": 1, "rest": 1}),
        (Face.FEED, {"robots.txt": 1, "list": 1, "rest": 1, "feed": 4}),
        (Face.PAGES, {"robots.txt": 1, "list": 3, "post": 12}),
    ],
)
def test_a_tiny_blog_is_read_whole_and_then_hardly_asked_again(face: Face, kinds: dict[str, int]) -> None:
    report = long_blog.measure(face, posts=12, per_page=5)
    assert (report.stored, report.different, report.queued) == (12, 12, 12)
    assert report.first.requests == kinds
    assert 1 <= sum(report.second.requests.values()) <= 2
    for run in (report.first, report.second):
        assert run.exit_code == 0
        assert run.peak_mb > 10
        assert run.seconds > 0
        assert run.processor > 0


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], list[tuple[Face, int, int]]]:
    """Have nothing run but told that it took so much memory; return what was asked for."""
    asked: list[tuple[Face, int, int]] = []

    def taking(peak_mb: float) -> list[tuple[Face, int, int]]:
        def measure(face: Face, *, posts: int, per_page: int) -> SizeReport:
            asked.append((face, posts, per_page))
            seconds = posts / 100
            run = Figures(
                seconds=seconds, processor=seconds, peak_mb=peak_mb, requests={"list": 1}, exit_code=0
            )
            return SizeReport(posts=posts, first=run, second=run, stored=posts, different=posts, queued=posts)

        monkeypatch.setattr(long_blog, "measure", measure)
        return asked

    return taking


def test_each_way_is_measured_at_a_quarter_a_half_and_all_of_the_posts(
    measured: Callable[[float], list[tuple[Face, int, int]]], capsys: pytest.CaptureFixture[str]
) -> None:
    asked = measured(100)
    assert long_blog.main(["--posts", "400", "--ways", "rest", "pages", "--per-page", "20", "--json"]) == 0
    assert asked == [(face, posts, 20) for face in (Face.REST, Face.PAGES) for posts in (100, 200, 400)]
    result = json.loads(capsys.readouterr().out)
    assert result.keys() == {"posts", "per_page", "ways"}
    assert result["ways"].keys() == {"rest", "pages"}
    assert result["ways"]["rest"].keys() == {"sizes", "growth", "processor_growth", "broken"}
    assert [size["posts_per_second"] for size in result["ways"]["rest"]["sizes"]] == [100, 100, 100]


def test_a_broken_promise_is_told_and_ends_with_exit_code_1(
    measured: Callable[[float], list[tuple[Face, int, int]]], capsys: pytest.CaptureFixture[str]
) -> None:
    measured(180)
    assert long_blog.main(["--posts", "400", "--ways", "feed"]) == 1
    assert "BROKEN  feed: 400 posts: the first run took 180 MB" in capsys.readouterr().out


def test_a_table_says_that_every_promise_was_kept(
    measured: Callable[[float], list[tuple[Face, int, int]]], capsys: pytest.CaptureFixture[str]
) -> None:
    measured(100)
    assert long_blog.main(["--posts", "400"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + 9 + 3 + 1
    assert lines[-1] == "every promise kept"
