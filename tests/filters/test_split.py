from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters.graph import default_graph
from filters.split import GenreState, read_genre_value

GRAPH = default_graph()


@pytest.mark.parametrize(
    ("value", "names"),
    [
        pytest.param("Deep House", ["deep house"], id="G1"),
        pytest.param("Tech House, Minimal / Deep Tech, Afro House", ["deep tech", "afro house"], id="G2"),
        pytest.param("Techno · House; Electro", ["techno", "house", "electro"], id="G3"),
        pytest.param("Melodic House & Techno", ["melodic house", "melodic techno"], id="G4"),
        pytest.param("AMBIENT – DUB", ["ambient", "dub"], id="G5"),
        pytest.param("Drum &amp; Bass", ["drum and bass"], id="G6"),
        pytest.param("Drum &amp;amp; Bass", ["drum and bass"], id="G6 twice"),
        pytest.param("DnB", ["drum and bass"], id="G7 short"),
        pytest.param("D&amp;B", ["drum and bass"], id="G7 entity"),
        pytest.param("Drum'n'Bass", ["drum and bass"], id="G7 apostrophes"),
        pytest.param("drum and bass", ["drum and bass"], id="G7 words"),
        pytest.param("Bass", ["bass music"], id="G8 bare"),
        pytest.param("Bass House", ["bass house"], id="G8 name"),
        pytest.param("UKG", ["uk garage"], id="G9"),
        pytest.param("Deep House, Техно", ["deep house", "techno"], id="G10"),
        pytest.param("\u00a0Techno", ["techno"], id="G12"),
        pytest.param("Drum’n’Bass", ["drum and bass"], id="G13"),
        pytest.param("テクノ", ["techno"], id="G14"),
        pytest.param("https://blog.example/genre/techno/?page=2", ["techno"], id="G15"),
        pytest.param("tech&shy;no", ["techno"], id="G42 entity"),
        pytest.param("te\u200bch\u200dno", ["techno"], id="G42 zero width"),
        pytest.param("progressive", ["progressive house"], id="G43"),
        pytest.param("Afro House", ["afro house"], id="G44"),
        pytest.param("House, Deep House", ["deep house"], id="G45"),
        pytest.param("Electronic", ["electronic"], id="G46"),
        pytest.param("Drum & Bass / Jungle", ["jungle"], id="slash beside sign"),
        pytest.param(
            "Melodic House & Techno, Afro House", ["melodic house", "melodic techno", "afro house"], id="list"
        ),
        pytest.param("Funk / Soul / Disco", ["funk", "soul", "disco"], id="label in list"),
        pytest.param("Electronic > Techno", ["techno"], id="path"),
        pytest.param("Electronic → Techno", ["techno"], id="arrow"),
        pytest.param("R&B", ["r&b"], id="name with sign"),
        pytest.param("House & Techno", ["house", "techno"], id="two names with sign"),
        pytest.param("House &amp; Minimal", ["minimal techno", "minimal house"], id="sign, ambiguous"),
        pytest.param("Hip-Hop/Rap", ["hip hop"], id="alias with slash"),
        pytest.param("Ambient/Dub", ["ambient", "dub"], id="slash parts what a space joins"),
        pytest.param("D&B", ["drum and bass"], id="alias with sign"),
        pytest.param("Trap / Future Bass", ["edm trap", "future bass"], id="label"),
        pytest.param("Trap", ["trap"], id="bare trap"),
        pytest.param(
            "Techno (Raw / Deep / Hypnotic)", ["raw techno", "deep techno"], id="label with brackets"
        ),
        pytest.param(
            "Techno (Peak Time / Driving), House", ["peak time techno", "house"], id="brackets in list"
        ),
        pytest.param("Funky / Groove / Jackin' House", ["funky house", "jackin house"], id="label of three"),
        pytest.param("Deep House (Vocal)", ["deep house"], id="remark in brackets"),
        pytest.param("House (Deep)", ["deep house"], id="name around brackets"),
        pytest.param("Electronic [House, Techno]", ["house", "techno"], id="list in brackets"),
        pytest.param("(Deep House)", ["deep house"], id="all in brackets"),
        pytest.param("Techno 2024", ["techno"], id="year"),
        pytest.param("Minimal 2024", ["minimal house", "minimal techno"], id="ambiguous and year"),
        pytest.param("Deep House vocal", ["deep house"], id="remark"),
        pytest.param("Melodic Deep House", ["deep house"], id="ambiguous beside a name"),
        pytest.param("New Wave Music", ["new wave"], id="longest name first"),
        pytest.param("#techhouse #DeepHouse", ["tech house", "deep house"], id="hashtags in a label"),
        pytest.param("House\nTechno", ["house", "techno"], id="lines"),
        pytest.param("House y Techno", ["house", "techno"], id="and in Spanish"),
        pytest.param("テクノ・ハウス", ["techno", "house"], id="Japanese dot parts"),
        pytest.param("ディープ・ハウス", ["deep house"], id="Japanese dot joins"),
        pytest.param("딥하우스, 테크노", ["deep house", "techno"], id="Korean"),
        pytest.param("🎧 “Deep House”. 🎧", ["deep house"], id="decoration"),
        pytest.param("House, DJ Tools", ["house"], id="kind beside genre"),
    ],
)
def test_a_label_says(value: str, names: list[str]) -> None:
    read = read_genre_value(value, GRAPH)
    assert sorted(read.names) == sorted(names)
    assert read.state is GenreState.KNOWN
    assert read.unknown == ()


def test_genres_stand_in_the_order_of_the_label() -> None:
    assert read_genre_value("Techno, House, Ambient", GRAPH).names == ("techno", "house", "ambient")


@pytest.mark.parametrize(
    "value",
    ["N/A", "n/a", "Various", "–", "", " \n ", "?", "DJ Mix", "Dub Mix", "Mashup, Mixtape", "2024", "不明"],
)
def test_a_label_that_says_nothing_is_unknown_g36(value: str) -> None:
    read = read_genre_value(value, GRAPH)
    assert (read.names, read.unknown, read.state) == ((), (), GenreState.UNKNOWN)


@pytest.mark.parametrize(
    "value",
    [
        *("Deep House Records", "Swedish House Mafia", "House of Pain", "Ambient Jazz Ensemble", "warehouse"),
        *("deep-house-internet", "housemarque", "techno-logic", "Foo (House)", "Deep Dub", "technology"),
    ],
)
def test_a_word_that_is_no_genre_makes_its_part_unrecognised_g31_to_g35(value: str) -> None:
    read = read_genre_value(value, GRAPH)
    assert (read.names, read.unknown, read.state) == ((), (value,), GenreState.UNRECOGNISED)


def test_words_beside_known_genres_are_reported() -> None:
    read = read_genre_value("Techno, Slow Burner, Drum & Bass & Sunshine", GRAPH)
    assert read.names == ("techno", "drum and bass")
    assert read.unknown == ("Slow Burner", "Drum & Bass & Sunshine")


def test_a_long_label_is_read_in_part_and_no_word_is_cut() -> None:
    read = read_genre_value("techno, " * 124 + "x, warehouses and houseboats", GRAPH)
    assert read.names == ("techno",)
    assert "house" not in read_genre_value("x" * 994 + " housework", GRAPH).names


@pytest.mark.parametrize(
    "value",
    [
        "(" * 10**6,
        "a " * 10**6,
        "house & " * 10**5,
        "house/" * 10**6,
        "- " * 10**6,
        "&amp;" * 10**6,
        "ﷺ" * 10**6,
    ],
    ids=["brackets", "words", "signs", "slashes", "dashes", "entities", "expansion"],
)
def test_what_is_read_of_a_hostile_value_is_bounded(value: str) -> None:
    read = read_genre_value(value, GRAPH)
    assert set(read.names) <= {"house"}
    assert len(read.unknown) <= 20
    assert all(len(text) <= 100 for text in read.unknown)


PIECES = st.sampled_from(
    [*GRAPH.names[:60], "N/A", "vocal", "xyz", "minimal", "&", "/", " - ", ", ", "(", ")", "#", "n"]
)


@given(st.lists(PIECES, max_size=12).map("".join) | st.text())
@settings(deadline=None)
def test_any_value_gives_most_specific_names_and_a_state(value: str) -> None:
    read = read_genre_value(value, GRAPH)
    assert read.names == GRAPH.most_specific(read.names)
    assert set(read.names) <= set(GRAPH.names)
    assert (read.state is GenreState.KNOWN) == bool(read.names)
    assert (read.state is GenreState.UNKNOWN) == (not read.names and not read.unknown)


@given(st.lists(st.sampled_from(GRAPH.names), min_size=1, max_size=6))
@settings(deadline=None)
def test_a_list_of_names_is_read_back(names: list[str]) -> None:
    assert read_genre_value(", ".join(names), GRAPH).names == GRAPH.most_specific(names)
