from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.downloads.naming.tidy import Words, filled


def _pieces(text: str) -> list[Words | str | None]:
    """``<A>`` is a value, ``<>`` a missing one, the rest stands in the template."""
    pieces: list[Words | str | None] = []
    for part in text.split("<"):
        value, closed, words = part.rpartition(">")
        if closed:
            pieces.append(value or None)
        if words:
            pieces.append(Words(words))
    return pieces


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("<A> - <B>", "A - B"),
        ("<> - <B>", "B"),
        ("<A> - <>", "A"),
        ("<> - <>", ""),
        ("<A> - <> - <C>", "A - C"),
        ("<A> - <B> (<>)", "A - B"),
        ("<A> - <B> (<>) [<D>]", "A - B [D]"),
        ("<A> - <> (<C>)", "A (C)"),
        ("<A> - (<>) - <C>", "A - C"),
        ("[<>] <B>", "B"),
        ("(<>, <B>)", "(B)"),
        ("(<A>, <>)", "(A)"),
        ("<A> (<>, <>)", "A"),
        ("<A> ([<>])", "A"),
        ("<A>_<>_<C>", "A_C"),
        ("<A>, <>", "A"),
        ("<><B>", "B"),
        ("<A> - <><C>", "A - C"),
        ("free <> download", "free download"),
        ("from <>", "from"),
        ("<A> - <>x<C>", "A - xC"),
        ("<A - > - <>", "A - "),
        ("<()> - <>", "()"),
        ("<A> ()", "A ()"),
    ],
)
def test_what_has_no_value_leaves_nothing_behind(template: str, text: str) -> None:
    assert filled(_pieces(template)) == text


@given(
    st.lists(st.one_of(st.none(), st.text(" -()[]xy", min_size=1, max_size=4), st.builds(Words, st.text(" -()[]{}xy", max_size=5))), max_size=12)
)  # fmt: skip
def test_values_stay_whole_and_in_their_order(pieces: list[Words | str | None]) -> None:
    text = filled(pieces)
    at = 0
    for piece in pieces:
        if isinstance(piece, str):
            at = text.index(piece, at) + len(piece)
    if None not in pieces:
        assert text == "".join(piece.text if isinstance(piece, Words) else piece or "" for piece in pieces)
