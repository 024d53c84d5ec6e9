from __future__ import annotations

from typing import Any

import pytest

from scraper.posts.titles import parse_title
from tests.scraper.posts.titles.bracket_tables import BRACKETS, GUESTS
from tests.scraper.posts.titles.title_tables import is_genre, said


@pytest.mark.parametrize(("text", "expected"), [*BRACKETS, *GUESTS])
def test_brackets_say_what_they_say_and_no_more(text: str, expected: dict[str, Any]) -> None:
    assert said(parse_title(text, is_genre=is_genre)) == expected


@pytest.mark.parametrize(
    "version",
    [
        "Original Mix", "Moth Remix", "Moth Rework", "Radio Edit", "Dub", "Moth's 12\" Dub", "Bootleg",
        "VIP", "VIP Mix", "Instrumental", "Live", "Live at Club Null", "Live 2024 Version",
        "Remastered 2011", "2011 Remaster", "Refix", "Flip", "Reprise", "Extended", "Original",
        "A Cappella", "Moth & Bo Remix", "Remix 2", "Moth Remix Pt. II", "Clubmix",
        "Remezcla de Moth Remezcla", "Versión Acústica", "En Vivo", "Ao Vivo", "Имя ремикс",
        "Moth リミックス", "Remix by Moth",
    ],
)  # fmt: skip
def test_words_of_a_table_make_a_version(version: str) -> None:
    assert parse_title(f"Kora – Lines ({version})").version == version


@pytest.mark.parametrize(
    "words",
    [
        "Part 2",
        "Live Your Life",
        "Remember",
        "Ghost House",
        "Alive",
        "No Credit",
        "Where I Live",
        "Anthem",
        "1999 Blues",
    ],
)
def test_other_words_in_brackets_belong_to_the_title(words: str) -> None:
    parts = parse_title(f"Kora – Lines ({words})")
    assert (parts.track, parts.version) == (f"Lines ({words})", None)


def test_two_versions_are_joined() -> None:
    assert parse_title("Kora – Lines (Moth Remix) (Extended)").version == "Moth Remix, Extended"


def test_without_genres_the_first_square_bracket_is_the_label() -> None:
    parts = parse_title("Kora – Lines [Moth] [Tech House]")
    assert (parts.label, parts.brackets) == ("Moth", ("Tech House",))
