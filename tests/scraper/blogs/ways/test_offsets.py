from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.blogs.ways.offsets import MAX_START, Slice, entries_in, number_in
from scraper.blogs.ways.way import UnusableAnswerError

WHERE = "https://b.example/feed?start-index=1"
NUMBERS = st.none() | st.integers(0, 2**53)


@pytest.mark.parametrize(
    ("asked", "said", "received", "total", "following"),
    [
        (1, 1, 100, 240, 101),
        (101, 101, 100, 240, 201),
        (201, 201, 40, 240, None),
        (1, 1, 240, 240, None),
        (241, 241, 0, 240, None),
        (None, 101, 100, 240, 201),
        (None, None, 100, 240, 101),
        (101, None, 100, None, 201),
        (1, 1, 100, 7, 101),
    ],
)
def test_p12_the_next_answer_begins_behind_what_came(
    asked: int | None, said: int | None, received: int, total: int | None, following: int | None
) -> None:
    part = Slice(first=1, asked=asked, said=said, received=received, total=total)
    assert part.following(WHERE) == following


@pytest.mark.parametrize(
    ("asked", "said", "received"),
    [(151, 1, 150), (1, 151, 150), (1, 1, 0), (None, None, 0), (MAX_START, None, 1)],
)
def test_an_answer_that_leads_nowhere_is_of_no_use(
    asked: int | None, said: int | None, received: int
) -> None:
    part = Slice(first=1, asked=asked, said=said, received=received, total=240)
    with pytest.raises(UnusableAnswerError, match=r"b\.example"):
        part.following(WHERE)


@settings(deadline=None)
@given(st.sampled_from([0, 1]), NUMBERS, NUMBERS, st.integers(0, 5000), NUMBERS)
def test_the_next_number_is_always_a_later_one(
    first: int, asked: int | None, said: int | None, received: int, total: int | None
) -> None:
    part = Slice(first=first, asked=asked, said=said, received=received, total=total)
    try:
        following = part.following(WHERE)
    except UnusableAnswerError:
        return
    assert following is None or (asked or 0) < following <= MAX_START


@pytest.mark.parametrize(
    ("url", "number"),
    [
        ("https://b.example/?start=50&num=50", 50),
        ("https://b.example/?start=1&start=2", 2),
        ("https://b.example/?start=-1", None),
        ("https://b.example/?start=", None),
        ("https://b.example/?start=99999999999999999999", None),
        ("https://b.example/?" + "a=1&" * 100 + "start=1", None),
        ("https://[b.example/?start=1", None),
        ("https://b.example/", None),
    ],
)
def test_the_number_asked_for_is_read_from_the_address(url: str, number: int | None) -> None:
    assert number_in(url, "start") == number


def test_entries_are_a_list_or_one_alone_and_bounded() -> None:
    assert entries_in(None) == []
    assert entries_in({"id": 1}) == [{"id": 1}]
    assert entries_in([1, "2"]) == [1, "2"]
    assert len(entries_in([0] * 10_000)) == 5000
