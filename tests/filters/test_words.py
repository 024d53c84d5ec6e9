from __future__ import annotations

from filters.graph import default_graph

WORDS = default_graph().words
EVERY = {key: word for key, word in WORDS}  # noqa: C416 - Words is no mapping


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
