"""The benchmark of understanding at a tiny size: its fields and its pages, never its figures."""

from __future__ import annotations

import json

import pytest

from benchmarks import understanding
from benchmarks.page_samples import ONE, SEVERAL, Sample, extreme_pages, ordinary_pages
from scraper.http.page import MAX_PAGE_BYTES


def test_each_ordinary_page_has_medians_and_ratios_to_what_lxml_takes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    understanding.main(["--rounds", "1", "--no-extremes"])
    assert len(capsys.readouterr().out.splitlines()) == 10
    understanding.main(["--rounds", "1", "--no-extremes", "--json"])
    result = json.loads(capsys.readouterr().out)
    assert (result["size"], result["extreme"]) == (60_000, [])
    for row in result["ordinary"]:
        assert row["bytes"] == 60_000
        assert row["ratio"] == pytest.approx(row["understood_ms"] / row["parsed_ms"])
        assert row["soup_ratio"] == pytest.approx(row["soup_ms"] / row["parsed_ms"])
        assert row["kept"] == (row["ratio"] <= row["target"])


@pytest.mark.parametrize(
    "sample", ordinary_pages(60_000), ids=lambda sample: f"{sample.name}, {sample.tracks}"
)
def test_what_is_measured_is_a_post_that_is_understood(sample: Sample) -> None:
    post = understanding.understand(sample.body).post
    assert (post.artist, post.genres, post.label) == ("Kora", ("deep house", "techno"), "Night Signal")
    assert len(post.links) == {ONE: 1, SEVERAL: SEVERAL + 1}[sample.tracks]  # and a player
    assert not post.partial


def test_an_extreme_page_is_measured_in_a_process_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    understanding.main(["--extreme-page", "1"])
    result = json.loads(capsys.readouterr().out)
    assert (result["page"], result["partial"]) == ("10,000 nested elements", True)
    assert all(len(sample.body) <= MAX_PAGE_BYTES for sample in extreme_pages())
