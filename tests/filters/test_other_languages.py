"""Genres as blogs in other languages and scripts name and part them."""

from __future__ import annotations

import pytest

from filters.graph import default_graph
from filters.split import read_genre_value


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("هاوس، تكنو", {"house", "techno"}),
        ("ترانس؛ أمبينت", {"trance", "ambient"}),
        ("פסייטראנס", {"psytrance"}),
        ("דיפ האוס, טכנו", {"deep house", "techno"}),
        ("Cumbia Digital", {"digital cumbia"}),
        ("Techno Melódico / House Progresivo", {"melodic techno", "progressive house"}),
        ("techno mélodique", {"melodic techno"}),
        ("Dünya Müziği, Elektronik", {"world", "electronic"}),
        ("електроніка, синті-поп", {"synth-pop"}),
    ],
)
def test_a_genre_is_known_in_its_language(value: str, names: set[str]) -> None:
    # G10
    assert set(read_genre_value(value, default_graph()).names) == names
