"""What a drain counts, and which failures it keeps by name."""

from __future__ import annotations

from scraper.downloads.draining.counts import MOST_NAMED, DrainCounts
from storage.reasons import Reason
from storage.records import Download, DownloadState, LinkKind


def _download(number: int) -> Download:
    return Download(
        id=number,
        key=f"k{number}",
        url=f"https://files.example/{number}.mp3",
        host="files.example",
        state=DownloadState.RUNNING,
        attempts=1,
        due=0.0,
        created=0.0,
        updated=0.0,
        kind=LinkKind.DIRECT,
        stem=f"Song {number}",
    )


def test_the_first_failures_of_each_reason_are_named_and_all_are_counted() -> None:
    counts = DrainCounts()
    for number in range(1000):
        counts.fail(_download(number), Reason.NOT_FOUND, "status 404")
    counts.fail(_download(1000), Reason.GONE, None)
    assert counts.failed == {Reason.NOT_FOUND: 1000, Reason.GONE: 1}
    assert [failed.id for failed in counts.failures[Reason.NOT_FOUND]] == list(range(MOST_NAMED))
    (gone,) = counts.failures[Reason.GONE]
    assert (gone.name, gone.url, gone.detail) == ("Song 1000", "https://files.example/1000.mp3", None)


def test_of_what_is_tried_later_the_earliest_moment_counts() -> None:
    counts = DrainCounts()
    for due in (300.0, 200.0, 400.0):
        counts.try_later(Reason.TIMEOUT, due=due)
    assert (counts.later, counts.earliest) == ({Reason.TIMEOUT: 3}, {Reason.TIMEOUT: 200.0})


def test_what_was_put_off_untried_is_no_attempt() -> None:
    counts = DrainCounts(done=2)
    counts.fail(_download(1), Reason.GONE, None)
    counts.try_later(Reason.TIMEOUT, due=1.0)
    counts.try_later(Reason.RATE_LIMITED, due=1.0, tried=False)
    assert (counts.tried, counts.put_back) == (4, 2)
