from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters.graph import default_graph
from filters.keys import matching_key

if TYPE_CHECKING:
    from collections.abc import Callable

WORDS = default_graph().words
WRITTEN = sorted({word.written for _, word in WORDS if word.names})
EVERY = {key: word for key, word in WORDS}  # noqa: C416 - Words is no mapping


@pytest.mark.parametrize(
    "spelling",
    [
        str,
        str.upper,
        lambda name: name.replace(" ", ""),
        lambda name: name.replace(" ", "-"),
        lambda name: f"({name})",
        lambda name: name.replace("&", "&amp;"),
    ],
    ids=["as written", "capitals", "without spaces", "slug", "in brackets", "escaped"],
)
def test_every_known_name_may_be_held(spelling: Callable[[str], str]) -> None:
    assert [name for name in WRITTEN if not WORDS.may_hold(spelling(name))] == []


@given(st.sampled_from(WRITTEN), st.text(alphabet=" abz0-_/.,()", max_size=10))
@settings(deadline=None, max_examples=200)
def test_a_text_around_a_known_one_may_hold_it(written: str, around: str) -> None:
    assert WORDS.may_hold(f"{around} {written} {around}")


@given(st.text(max_size=20))
@settings(deadline=None, max_examples=300)
def test_what_is_found_may_be_held(text: str) -> None:
    found = WORDS.find(matching_key(text))
    assert WORDS.may_hold(text) or not (found and found.names)


@pytest.mark.parametrize("text", ["Radio Kosmos", "", "1994", "320 kbps", "warehouse", "x" * 100_000])
def test_a_text_of_other_words_is_turned_away(text: str) -> None:
    assert not WORDS.may_hold(text)


def test_words_that_a_space_parts_are_found_with_it_only_g31() -> None:
    assert WORDS.find("tech no") == WORDS.find("techno")
    assert WORDS.find_words("tech no") is None
    assert None not in {WORDS.find_words(written) for written in ("deep house", "deephouse", "drumandbass")}


def test_what_is_ambiguous_alone_is_an_everyday_word() -> None:
    assert [word.written for word in EVERY.values() if word.filed_only and not word.everyday] == []


def test_empty_words_and_kinds_name_nothing() -> None:
    empty = [word for word in EVERY.values() if word.empty]
    assert {word.names for word in empty} == {()}
    assert {"N/A", "Various"} <= {word.written for word in empty}
    assert not EVERY["remix"].empty
