from __future__ import annotations

from typing import Any

import pytest

from scraper.posts.titles import Confidence, TitleParts, parse_title, print_title
from tests.scraper.posts.titles import shape_tables
from tests.scraper.posts.titles.title_tables import NOISE, QUOTES, SHAPES, THE_CASES, is_genre, said


@pytest.mark.parametrize(("text", "expected"), [*THE_CASES, *QUOTES, *SHAPES, *NOISE])
def test_a_title_says_what_it_says_and_no_more(text: str, expected: dict[str, Any]) -> None:
    assert said(parse_title(text, is_genre=is_genre)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *shape_tables.DASHES,
        *shape_tables.LOOSE_DASHES,
        *shape_tables.QUOTE_PAIRS,
        *shape_tables.QUOTE_SHAPES,
        *shape_tables.SCRIPTS,
        *shape_tables.NAMES,
        *shape_tables.BRACKETS,
        *shape_tables.SIGNS,
    ],
)
def test_the_shapes_of_many_blogs_are_read(text: str, expected: dict[str, Any]) -> None:
    assert said(parse_title(text, is_genre=is_genre)) == expected


@pytest.mark.parametrize("name", [pytest.param(name, id=f"T11-{name}") for name in shape_tables.VARIOUS])
def test_many_artists_have_one_name(name: str) -> None:
    assert parse_title(f"{name} – The Yearbook").artist == "Various Artists"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(" Kora\t–\n Lines ", "Kora – Lines", id="white-space"),
        pytest.param("Kora – te\u00adch\u200bno\ufeff", "Kora – techno", id="G42-unseen"),
        pytest.param("Kora \u202e– seniL\u202c", "Kora – seniL", id="52-bidi"),
        pytest.param("Kora\x1b]0;pwn\x07 – Lines\x9b31m", "Kora]0;pwn – Lines31m", id="53-escapes"),
        pytest.param("Kora – Lines\ud800", "Kora – Lines", id="52-lone-surrogate"),
        pytest.param("Cafe\u0301 – Lines", "Café – Lines", id="51-nfc"),
        pytest.param("Kora – te\u200dchno", "Kora – techno", id="G42-joiner-between-latin-letters"),
        pytest.param("گروه – می\u200cخواهم", "گروه – می\u200cخواهم", id="T13-persian-needs-its-joiner"),
        pytest.param("Kora 👩\u200d🚀", "Kora 👩\u200d🚀", id="emoji-need-theirs"),
    ],
)
def test_the_text_of_a_title_is_clean_and_whole(text: str, expected: str) -> None:
    assert parse_title(text).text == expected


def test_a_clear_shape_gives_more_confidence() -> None:
    order = ["Twenty-One", "Lines by Kora", "Kora – Lines", "Kora – “Lines”"]
    assert [parse_title(text).confidence for text in order] == list(Confidence)


def test_the_canonical_spelling_has_guests_before_the_version() -> None:
    parts = TitleParts(
        text="", artist="Kora", track="Lines", release="EP", featuring=("Ana", "Bo"), version="Moth Remix"
    )
    assert print_title(parts) == "Kora - Lines EP (feat. Ana, Bo) (Moth Remix)"


def test_a_title_without_a_track_is_printed_as_it_was() -> None:
    assert print_title(parse_title("15 Free Songs")) == "15 Free Songs"
