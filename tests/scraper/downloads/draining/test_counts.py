"""What a drain counts, and which failures it keeps by name."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from scraper.downloads.draining.counts import MOST_NAMED, DrainCounts
from storage.reasons import Reason
from tests.scraper.downloads.some_download import some_download


def test_the_first_failures_of_each_reason_are_named_and_all_are_counted() -> None:
    counts = DrainCounts()
    for number in range(1000):
        counts.fail(some_download(number), Reason.NOT_FOUND, "status 404")
    counts.fail(some_download(1000, name="Song 1000"), Reason.GONE, None)
    assert counts.failed == {Reason.NOT_FOUND: 1000, Reason.GONE: 1}
    assert [failed.id for failed in counts.failures[Reason.NOT_FOUND]] == list(range(MOST_NAMED))
    (gone,) = counts.failures[Reason.GONE]
    assert (gone.name, gone.url, gone.detail) == ("Song 1000", "https://files.example/1000.mp3", None)


def test_of_what_is_tried_later_the_earliest_moment_counts() -> None:
    counts = DrainCounts()
    for number, due in enumerate((300.0, 200.0, 400.0)):
        counts.try_later(some_download(number), Reason.TIMEOUT, due=due)
    assert (counts.later, counts.earliest) == ({Reason.TIMEOUT: 3}, {Reason.TIMEOUT: 200.0})


def test_what_was_put_off_untried_is_no_attempt() -> None:
    counts = DrainCounts(done=2)
    counts.fail(some_download(1), Reason.GONE, None)
    counts.try_later(some_download(2), Reason.TIMEOUT, due=1.0)
    counts.try_later(some_download(3), Reason.RATE_LIMITED, due=1.0, tried=False)
    assert (counts.tried, counts.put_back) == (4, 2)


def test_what_is_tried_again_counts_by_its_last_end_only() -> None:
    counts = DrainCounts()
    counts.try_later(some_download(1), Reason.TIMEOUT, due=100.0)
    counts.try_later(some_download(2), Reason.TIMEOUT, due=200.0)
    counts.begin(some_download(1))
    assert (counts.later, counts.earliest) == ({Reason.TIMEOUT: 1}, {Reason.TIMEOUT: 200.0})
    counts.fail(some_download(1), Reason.GONE, None)
    counts.begin(some_download(2))
    counts.done += 1
    assert (counts.later, counts.earliest, counts.failed) == ({}, {}, {Reason.GONE: 1})
    assert (counts.put_back, counts.tried) == (0, 4), "each attempt has come to an end"


def test_what_failed_and_is_tried_again_at_a_persons_wish_is_no_failure_any_more() -> None:
    counts = DrainCounts()
    for number in (1, 2):
        counts.fail(some_download(number), Reason.NOT_FOUND, "status 404")
    counts.begin(some_download(1))
    assert counts.failed == {Reason.NOT_FOUND: 1}
    assert [failed.id for failed in counts.failures[Reason.NOT_FOUND]] == [2]
    assert counts.numbers()["download_failed"] == 1


def test_a_host_is_left_alone_while_something_is_put_off_for_it() -> None:
    counts = DrainCounts()
    for number, until in ((1, 50.0), (2, 90.0)):
        counts.leave_alone(some_download(number), "files.example", until=until, reason=Reason.RATE_LIMITED)
    assert (counts.left_alone["files.example"].downloads, counts.left_alone["files.example"].until) == (2, 90)
    counts.begin(some_download(2))
    assert counts.left_alone["files.example"].downloads == 1
    counts.begin(some_download(1))
    assert counts.left_alone == {}


_ENDS = st.sampled_from(["done", "failed", "later", "untried", "left alone", "lost"])


@given(st.lists(st.tuples(st.integers(0, 3), _ENDS), max_size=30))
def test_the_numbers_are_those_of_the_last_ends(history: list[tuple[int, str]]) -> None:
    counts = DrainCounts()
    last: dict[int, str] = {}
    for number, end in history:
        if last.get(number) == "done":
            continue
        last[number] = end
        download = some_download(number)
        counts.begin(download)
        if end == "done":
            counts.done += 1
        elif end == "failed":
            counts.fail(download, Reason.GONE, None)
        elif end in {"later", "untried"}:
            counts.try_later(download, Reason.TIMEOUT, due=1.0, tried=end == "later")
        elif end == "left alone":
            counts.leave_alone(download, "files.example", until=1.0, reason=Reason.RATE_LIMITED)
            counts.try_later(download, Reason.RATE_LIMITED, due=1.0, tried=False)
        counts.let_go(download)
    ends = Counter(last.values())
    assert (counts.done, counts.failed.total()) == (ends["done"], ends["failed"])
    assert counts.put_back == ends["later"] + ends["untried"] + ends["left alone"]
    assert sum(one.downloads for one in counts.left_alone.values()) == ends["left alone"]
    named = {one.id for failures in counts.failures.values() for one in failures}
    assert named == {number for number, end in last.items() if end == "failed"}
    assert counts.running == {}
