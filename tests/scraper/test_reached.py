"""How far a walk has come."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from scraper.reached import Reached

if TYPE_CHECKING:
    from collections.abc import Iterable


def begun(keys: Iterable[str]) -> Reached:
    reached = Reached()
    for key in keys:
        reached.begin(key)
    return reached


def test_a_place_counts_once_all_posts_before_it_are_dealt_with() -> None:
    reached = begun("abc")
    reached.place("one")
    assert [reached.done(key) for key in "bac"] == [None, None, "one"]


def test_posts_that_were_begun_before_hold_every_later_place() -> None:
    reached = begun("ab")
    reached.place("one")
    for key in "cd":
        reached.begin(key)
    reached.place("two")
    assert [reached.done(key) for key in "cdba"] == [None, None, None, "two"]


def test_places_without_a_post_to_read_count_with_the_one_before() -> None:
    reached = begun("a")
    reached.place("one")
    reached.place("two")
    reached.begin("b")
    reached.place("three")
    assert reached.done("a") == "two"
    assert reached.done("b") == "three"


def test_posts_that_are_done_before_the_walk_names_the_place_are_done() -> None:
    reached = begun("ab")
    assert reached.done("a") is None
    reached.place("one")
    assert reached.done("b") == "one"


def test_a_place_whose_posts_are_all_done_before_counts_with_the_next() -> None:
    reached = begun("a")
    reached.done("a")
    reached.place("one")
    reached.begin("b")
    assert reached.done("b") == "one"


def test_no_place_counts_after_a_post_that_is_to_be_looked_for_again() -> None:
    reached = begun("a")
    reached.place("one")
    for key in "bc":
        reached.begin(key)
    reached.place("two")
    assert reached.done("a") == "one"
    reached.lose()
    assert (reached.done("b"), reached.done("c")) == (None, None)


@given(
    sizes=st.lists(st.integers(0, 5), max_size=8),
    seed=st.integers(0, 2**32),
)
def test_in_whatever_order_posts_are_done_a_place_never_counts_too_early_and_at_last_does(
    sizes: list[int], seed: int
) -> None:
    reached = Reached()
    before: dict[str, set[str]] = {}
    keys: list[str] = []
    for number, size in enumerate(sizes):
        page = [f"{number}-{index}" for index in range(size)]
        for key in page:
            reached.begin(key)
        keys += page
        reached.place(f"place {number}")
        before[f"place {number}"] = set(keys)
    done: set[str] = set()
    last = None
    order = list(keys)
    random.Random(seed).shuffle(order)
    for key in order:
        done.add(key)
        place = reached.done(key)
        assert place is None or before[place] <= done
        last = place or last
    assert not keys or last == f"place {len(sizes) - 1}"
