from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters.graph import default_graph
from filters.keys import matching_key

if TYPE_CHECKING:
    from collections.abc import Callable

WORDS = default_graph().words
OPENERS = WORDS.openers
WRITTEN = sorted({word.written for _, word in WORDS if word.names})


@pytest.mark.parametrize(
    "spelling",
    [
        str,
        str.upper,
        lambda name: name.replace(" ", ""),
        lambda name: name.replace(" ", "-"),
        lambda name: f"({name})",
        lambda name: name.replace("&", "&amp;"),
        lambda name: f"l’{name}",
        lambda name: f"Bücher: {name}",
        lambda name: normalize("NFD", name.replace("o", "ö")),
        lambda name: name.translate({code: code + 0xFEE0 for code in range(0x61, 0x7B)}),
        "\u200b".join,
    ],
    ids=[
        "as written",
        "capitals",
        "without spaces",
        "slug",
        "in brackets",
        "escaped",
        "elided",
        "beside accents",
        "with accents apart",
        "full width",
        "with letters that nobody sees",
    ],
)
def test_every_known_name_may_be_held(spelling: Callable[[str], str]) -> None:
    assert [name for name in WRITTEN if not OPENERS.may_hold(spelling(name))] == []


@given(st.sampled_from(WRITTEN), st.text(alphabet=" abz0-_/.,()éñ’'–я音", max_size=10))
@settings(deadline=None, max_examples=200)
def test_a_text_around_a_known_one_may_hold_it(written: str, around: str) -> None:
    assert OPENERS.may_hold(f"{around} {written} {around}")


@given(st.sampled_from(WRITTEN), st.sampled_from([" ", "-", " 'n' ", ". "]), st.text(max_size=8))
@settings(deadline=None, max_examples=300)
def test_running_text_may_tell_what_is_found_in_it(written: str, glue: str, around: str) -> None:
    assert OPENERS.may_tell(f"{around}{glue}{written}{glue}{around}")


@pytest.mark.parametrize(
    "text",
    ["A new song of a big crowd", "Das neue Stück für größere Räume", "Два новых альбома", "Speed and city"],
)
def test_running_text_in_which_names_only_begin_tells_none(text: str) -> None:
    assert not OPENERS.may_tell(text)


@pytest.mark.parametrize(
    "text", ["new wave", "a drum & bass night", "drum’n’bass", "Neue Welle: l’acid house", "техно"]
)
def test_running_text_with_a_name_may_tell_it(text: str) -> None:
    assert OPENERS.may_tell(text)


@given(st.sampled_from(WRITTEN))
@settings(deadline=None, max_examples=200)
def test_a_name_may_begin_with_the_first_word_of_it(written: str) -> None:
    assert OPENERS.may_open(written.split(maxsplit=1)[0])


@pytest.mark.parametrize(("word", "may"), [("Drum", True), ("дип", True), ("Bücher", False), ("音", False)])
def test_most_words_begin_no_name(word: str, may: bool) -> None:
    assert OPENERS.may_open(word) is may


@given(st.text(max_size=20))
@settings(deadline=None, max_examples=300)
def test_what_is_found_may_be_held(text: str) -> None:
    found = WORDS.find(matching_key(text))
    assert OPENERS.may_hold(text) or not (found and found.names)


@pytest.mark.parametrize(
    "text", ["Radio Kosmos", "", "1994", "320 kbps", "warehouse", "Bücher über Köln", "Книги", "x" * 100_000]
)
def test_a_text_of_other_words_is_turned_away(text: str) -> None:
    assert not OPENERS.may_hold(text)
