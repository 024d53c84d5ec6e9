from __future__ import annotations

from typing import Any

import pytest

from scraper.posts.titles import TitleParts, parse_title

GENRES = {"tech house", "techno", "dubstep", "ambient", "dub"}


def _is_genre(text: str) -> bool:
    return text.casefold() in GENRES


def _said(parts: TitleParts) -> dict[str, Any]:
    """All that a title says, without what it does not say."""
    names = (
        "artist", "track", "version", "release", "label", "catalogue", "featuring", "brackets", "year",
    )  # fmt: skip
    return {name: value for name in names if (value := getattr(parts, name))}


def _case(name: str, text: str, artist: str | None, track: str | None, **more: Any) -> Any:
    named = {"artist": artist, "track": track} | more
    return pytest.param(text, {key: value for key, value in named.items() if value}, id=name)


BRACKETS = [
    _case(
        "label-and-genre",
        "Kora – Lines [Hellbent] [DUBSTEP]",
        "Kora",
        "Lines",
        label="Hellbent",
        brackets=("DUBSTEP",),
    ),
    _case("genre-first", "[Techno] Kora – Lines", "Kora", "Lines", brackets=("Techno",)),
    _case("two-unknown", "Kora – Lines [Moth] [Odd]", "Kora", "Lines", label="Moth", brackets=("Odd",)),
    _case("unknown-of-no-track", "A night at the club [Moth]", None, None, brackets=("Moth",)),
    _case(
        "label-and-number", "Kora – Lines [Moth - MTH001]", "Kora", "Lines", label="Moth", catalogue="MTH001"
    ),
    _case(
        "number-and-label", "Kora – Lines [MTH001 / Moth]", "Kora", "Lines", label="Moth", catalogue="MTH001"
    ),
    _case("number-round", "Kora – Lines (CAT001)", "Kora", "Lines", catalogue="CAT001"),
    _case("out-now-on", "Kora – Lines [Out Now on Moth]", "Kora", "Lines", label="Moth"),
    _case("year-and-format", "Kora – Lines (2024) [FLAC]", "Kora", "Lines", year="2024"),
    _case("edit-name", "Kora – Lines [snr2mix]", "Kora", "Lines", version="snr2mix"),
    _case(
        "dub-is-a-genre-in-square",
        "Kora – Lines (VIP) [Dub]",
        "Kora",
        "Lines",
        version="VIP",
        brackets=("Dub",),
    ),
    _case("dub-is-a-version-in-round", "Kora – Lines (Dub)", "Kora", "Lines", version="Dub"),
    _case("brackets-for-a-name", "[brackets] – Lines (VIP)", "[brackets]", "Lines", version="VIP"),
    _case("brackets-for-a-title", "Kora – (Untitled)", "Kora", "(Untitled)"),
    _case("brackets-for-a-title-of-version-words", "Kora – (Live)", "Kora", "(Live)"),
    _case("brackets-in-front", "Kora - (I Can't Get No) Lines", "Kora", "(I Can't Get No) Lines"),
    _case("part", "Kora – Lines (Part 2) [Moth]", "Kora", "Lines (Part 2)", label="Moth"),
    _case(
        "part-after-version",
        "Kora – Lines (Moth Remix) (Part 2)",
        "Kora",
        "Lines (Part 2)",
        version="Moth Remix",
    ),
    _case("unfinished", "Kora – Lines (Moth Remix", "Kora", "Lines (Moth Remix"),
    _case(
        "words-after", "Kora – Lines (VIP) [Moth] FREE DOWNLOAD", "Kora", "Lines", version="VIP", label="Moth"
    ),
    _case(
        "full-width",
        "Kora – Lines（Moth Remix）【Hellbent】",
        "Kora",
        "Lines",
        version="Moth Remix",
        label="Hellbent",
    ),
]

GUESTS = [
    _case("in-artist", "Kora feat. Ana – Lines (VIP)", "Kora", "Lines", featuring=("Ana",), version="VIP"),
    _case("in-artist-ft", "Kora 41 Ft. Ana – Lines", "Kora 41", "Lines", featuring=("Ana",)),
    _case("in-artist-brackets", "Kora (feat. Ana) – Lines", "Kora", "Lines", featuring=("Ana",)),
    _case("bare", "Kora – Lines featuring Ana (VIP)", "Kora", "Lines", featuring=("Ana",), version="VIP"),
    _case("after-quotes", "Kora – “Lines” Feat. Ana", "Kora", "Lines", featuring=("Ana",)),
    _case("several", "Kora – Lines (ft. Ana, Bo & Cy)", "Kora", "Lines", featuring=("Ana", "Bo", "Cy")),
    _case("a-band", "Kora – Lines (feat. Ana & The Tides)", "Kora", "Lines", featuring=("Ana & The Tides",)),
    _case("spanish", "Kora – Lines (con Ana)", "Kora", "Lines", featuring=("Ana",)),
    _case("with", "Kora – Lines (with Ana)", "Kora", "Lines", featuring=("Ana",)),
    _case("with-you-is-a-title", "Kora – Lines (with You)", "Kora", "Lines (with You)"),
    _case(
        "in-a-version",
        "Kora – Lines (Moth Remix feat. Ana)",
        "Kora",
        "Lines",
        version="Moth Remix",
        featuring=("Ana",),
    ),
    _case("daft", "Daft Punk – Aftermath", "Daft Punk", "Aftermath"),
    _case("a-measure", "6 Ft. Under – Lines", "6 Ft. Under", "Lines"),
    _case("nobody-before", "Ft. Lauderdale – Lines", "Ft. Lauderdale", "Lines"),
]


@pytest.mark.parametrize(("text", "expected"), [*BRACKETS, *GUESTS])
def test_brackets_say_what_they_say_and_no_more(text: str, expected: dict[str, Any]) -> None:
    assert _said(parse_title(text, is_genre=_is_genre)) == expected


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
