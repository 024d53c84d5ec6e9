"""What repeats on the posts of a blog is its furniture; what ceases to is forgotten."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.posts.page.repeats import ENOUGH, MAX_PRINTS, Repeats

SIDEBAR, OLD, NEW = 1, 2, 3


def after(*posts: set[int]) -> Repeats:
    repeats = Repeats()
    for number, prints in enumerate(posts):
        repeats.add(str(number), prints)
    return repeats


@pytest.mark.parametrize(
    ("posts", "furniture"),
    [
        ([], set()),
        ([{1}, {1}], set()),
        ([{1, 10}, {1, 11}, {1, 12}], {1}),
        ([{1}, {1}, {1}, {0}, {0, 5}, {5}], {1}),
        ([{1}, {1}, {1}, {0}, {0}, {0}, {0}], {0}),
        ([{1}, {1}, {1}, {4}, {5}, {6}, {7}], set()),
    ],
)
def test_furniture_stands_on_three_posts_and_on_half_of_them(
    posts: list[set[int]], furniture: set[int]
) -> None:
    repeats = after(*posts)
    assert repeats.furniture() == furniture
    assert repeats.known is (len(posts) >= ENOUGH)


def test_a_post_that_is_read_again_counts_once() -> None:
    repeats = Repeats()
    for _ in range(5):
        repeats.add("the same", {1, 2})
    assert (repeats.posts, repeats.furniture()) == (1, frozenset())


def test_another_theme_counts_after_a_dozen_posts_however_long_the_old_one_did() -> None:
    repeats = after(*({OLD, 100 + number} for number in range(500))).memory()
    for night in range(12):
        repeats.add(f"night {night}", {NEW, 1000 + night})
        repeats = repeats.memory()
    assert repeats.furniture() == {NEW}


def test_a_memory_is_small_and_holds_what_is_furniture() -> None:
    repeats = after(*({SIDEBAR, *range(number * 1000, number * 1000 + 900)} for number in range(1, 7)))
    memory = repeats.memory()
    assert len(memory.times) <= MAX_PRINTS
    assert memory.furniture() == {SIDEBAR}


@given(st.lists(st.sets(st.integers(0, 20), max_size=6), max_size=80))
def test_what_stands_on_every_post_is_furniture_after_any_number_of_them(posts: list[set[int]]) -> None:
    repeats = Repeats()
    for number, prints in enumerate(posts):
        repeats.add(str(number), {*prints, 99})
        if number % 7 == 3:
            repeats = repeats.memory()
        assert all(times <= repeats.posts for times in repeats.times.values())
        assert (99 in repeats.furniture()) is (number + 1 >= ENOUGH)
