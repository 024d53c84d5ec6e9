from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters.graph import default_graph

if TYPE_CHECKING:
    from random import Random

GRAPH = default_graph()
NAMES = st.lists(st.sampled_from(GRAPH.names), max_size=8)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("Melodic House & Techno", ["melodic house", "melodic techno"], id="G4"),
        pytest.param("DnB", ["drum and bass"], id="G7 short"),
        pytest.param("D&B", ["drum and bass"], id="G7 sign"),
        pytest.param("Drum'n'Bass", ["drum and bass"], id="G7 apostrophes"),
        pytest.param("drum and bass", ["drum and bass"], id="G7 words"),
        pytest.param("Bass", ["bass music"], id="G8 bare"),
        pytest.param("Bass House", ["bass house"], id="G8 name"),
        pytest.param("UKG", ["uk garage"], id="G9"),
        pytest.param("техно", ["techno"], id="G10"),
        pytest.param("дип хаус", ["deep house"], id="G10 deep"),
        pytest.param("драм-н-бейс", ["drum and bass"], id="ru drum and bass"),
        pytest.param("эмбиент", ["ambient"], id="ru ambient"),
        pytest.param("дабстеп", ["dubstep"], id="ru dubstep"),
        pytest.param("транс", ["trance"], id="ru trance"),
        pytest.param("Drum’n’Bass", ["drum and bass"], id="G13"),
        pytest.param("テクノ", ["techno"], id="G14"),
        pytest.param("ディープハウス", ["deep house"], id="ja deep house"),
        pytest.param("アンビエント", ["ambient"], id="ja ambient"),
        pytest.param("하우스", ["house"], id="ko house"),
        pytest.param("테크노", ["techno"], id="ko techno"),
        pytest.param("딥하우스", ["deep house"], id="ko deep house"),
        pytest.param("电子音乐", ["electronic"], id="zh electronic"),
        pytest.param("τρανς", ["trance"], id="el trance"),
        pytest.param("tech\u00adno", ["techno"], id="G42"),
        pytest.param("progressive", ["progressive house"], id="G43 filed"),
        pytest.param("progressive rock", ["progressive rock"], id="G43 rock"),
        pytest.param("Electronic", ["electronic"], id="G46"),
        pytest.param("Electronica", ["electronica"], id="G46 other"),
        pytest.param("Hip-Hop/Rap", ["hip hop"], id="alias with slash"),
        pytest.param("chip tune", ["chiptune"], id="spaces do not matter"),
        pytest.param("melodic-house-techno", ["melodic house", "melodic techno"], id="slug of a label"),
        pytest.param("drum-bass", ["drum and bass"], id="slug of a name"),
        pytest.param("minimal", ["minimal house", "minimal techno"], id="ambiguous"),
        pytest.param("trap", ["trap"], id="ambiguous canonical"),
        pytest.param("Techno (Raw / Deep / Hypnotic)", ["raw techno", "deep techno"], id="label in brackets"),
        pytest.param("Techno (Peak Time / Driving)", ["peak time techno"], id="alias in brackets"),
        pytest.param("Dance / Pop", ["dance-pop"], id="label that is a name"),
    ],
)
def test_a_filed_text_means(text: str, names: list[str]) -> None:
    assert GRAPH.resolve(text) == tuple(names)


@pytest.mark.parametrize(
    "text",
    [
        *("White House", "housewife", "warehouse", "Housemarque", "lighthouse"),
        *(
            "technology",
            "entrance",
            "trapped",
            "guidance",
            "platinum",
            "relating",
            "minimalist",
            "abundance",
            "chapter",
        ),
        *("Swedish House Mafia", "House of Pain", "Dance Gavin Dance", "Trance Wax", "Ambient Jazz Ensemble"),
        *("Deep House Records", "deep-house-internet", "techno-logic", "Techno Records", "HOUSE001"),
        *(
            "Not your usual Tech House: a story",
            "odesza",
            "chicago",
            "female vocalist",
            "remixes",
            "music",
            "berlin",
        ),
        *("Dub Mix", "Acid Remix", "N/A", "Various", "–", "", "DJ Tools", "x" * 100_000, "\x00", "\ud800"),
    ],
)
@pytest.mark.parametrize("filed", [True, False])
def test_a_text_that_only_contains_a_genre_means_nothing_g31_to_g36_g41(text: str, *, filed: bool) -> None:
    assert GRAPH.resolve(text, filed=filed) == ()


@pytest.mark.parametrize(
    "word",
    [
        *("garage", "hardcore", "minimal", "progressive", "deep", "funky", "acid", "bass", "club", "dance"),
        *(
            "tribal",
            "trap",
            "dub",
            "melodic",
            "electro",
            "breaks",
            "jungle",
            "wave",
            "industrial",
            "даб",
            "world",
        ),
    ],
)
def test_an_ambiguous_word_counts_only_where_filed(word: str) -> None:
    assert GRAPH.resolve(word)
    assert GRAPH.resolve(word.upper(), filed=False) == ()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("Tech House", ["tech house"], id="G22"),
        pytest.param("Techno Records", [], id="G23 label"),
        pytest.param("HOUSE001", [], id="G23 catalogue"),
        pytest.param("DUBSTEP", ["dubstep"], id="bracket"),
        pytest.param("Melodic House & Techno", ["melodic house", "melodic techno"], id="label"),
    ],
)
def test_a_title_bracket_counts_only_as_a_whole(text: str, names: list[str]) -> None:
    assert GRAPH.resolve(text, filed=False) == tuple(names)


@pytest.mark.parametrize("name", GRAPH.names)
def test_a_canonical_name_and_its_aliases_mean_itself(name: str) -> None:
    assert GRAPH.resolve(name) == (name,)
    assert {GRAPH.resolve(alias) for alias in GRAPH.aliases(name)} <= {(name,)}


@pytest.mark.parametrize(
    "child",
    [
        *("deep house", "tech house", "progressive house", "afro house", "bass house", "organic house"),
        *("funky house", "jackin house", "acid house", "deep tech", "microhouse", "hardbag"),
    ],
)
def test_a_kind_of_house_is_below_house_a1(child: str) -> None:
    assert "house" in GRAPH.ancestors(child)
    assert child in GRAPH.descendants("house")


@pytest.mark.parametrize(
    ("child", "stranger"),
    [
        ("uk garage", "house"),
        ("dubstep", "uk garage"),
        ("drum and bass", "breakbeat"),
        ("hardcore techno", "techno"),
        ("trance", "techno"),
        ("house", "house"),
        ("electronica", "idm"),
    ],
)
def test_influence_is_no_parenthood(child: str, stranger: str) -> None:
    assert stranger not in GRAPH.ancestors(child)
    assert child not in GRAPH.descendants(stranger)


def test_parents_and_children_are_the_same_edges() -> None:
    down = {(child, name) for name in GRAPH.names for child in GRAPH.children(name)}
    assert down == {(name, parent) for name in GRAPH.names for parent in GRAPH.parents(name)}
    assert ("tech house", "techno") in down


def test_an_unknown_name_has_no_relatives() -> None:
    assert "polka" not in GRAPH
    assert GRAPH.ancestors("polka") == GRAPH.descendants("polka") == frozenset()
    assert GRAPH.parents("polka") == GRAPH.children("polka") == GRAPH.aliases("polka") == ()
    assert GRAPH.bpm("polka") == ()


@pytest.mark.parametrize(
    ("names", "kept"),
    [
        pytest.param(["house", "deep house"], ["deep house"], id="G45"),
        pytest.param(
            ["tech house", "minimal house", "deep tech", "afro house"], ["deep tech", "afro house"], id="G2"
        ),
        pytest.param(["techno", "house", "techno"], ["techno", "house"], id="order"),
        pytest.param(["electronic", "acid techno"], ["acid techno"], id="grandparent"),
        pytest.param(["uk garage", "house"], ["uk garage", "house"], id="not related"),
        pytest.param(["polka", "house"], ["polka", "house"], id="unknown name"),
        pytest.param([], [], id="none"),
    ],
)
def test_only_the_most_specific_are_kept(names: list[str], kept: list[str]) -> None:
    assert GRAPH.most_specific(names) == tuple(kept)


@given(NAMES)
@settings(deadline=None)
def test_the_most_specific_are_a_stable_subset(names: list[str]) -> None:
    kept = GRAPH.most_specific(names)
    assert GRAPH.most_specific(kept) == kept
    assert set(kept) <= set(names)
    assert all(name in kept or GRAPH.descendants(name) & set(kept) for name in names)


@given(NAMES, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_does_not_matter_to_which_are_kept(names: list[str], random: Random) -> None:
    other = list(names)
    random.shuffle(other)
    assert set(GRAPH.most_specific(other)) == set(GRAPH.most_specific(names))


@pytest.mark.parametrize(
    ("others", "meaning"),
    [
        pytest.param(["dubstep"], "edm trap", id="dance blog"),
        pytest.param(["electronic"], "edm trap", id="electronic"),
        pytest.param(["rock", "techno"], "edm trap", id="mixed"),
        pytest.param(["trap"], "trap", id="itself"),
        pytest.param([], "trap", id="alone"),
        pytest.param(["pop"], "trap", id="pop"),
        pytest.param(["hip hop", "techno"], "trap", id="beside its own family"),
        pytest.param(["drill"], "trap", id="child"),
        pytest.param(["edm trap"], "trap", id="the meaning itself"),
    ],
)
def test_trap_means_what_it_means_among_the_others(others: list[str], meaning: str) -> None:
    assert GRAPH.beside("trap", others) == meaning


@given(st.sampled_from(GRAPH.names), NAMES)
@settings(deadline=None)
def test_other_names_mean_themselves_beside_any(name: str, others: list[str]) -> None:
    assert GRAPH.beside(name, others) == name or name == "trap"


@given(st.text(), st.booleans())
@settings(deadline=None)
def test_any_text_has_a_meaning_or_none(text: str, filed: bool) -> None:
    assert set(GRAPH.resolve(text, filed=filed)) <= set(GRAPH.names)


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("hosue", "house"),
        ("tecno", "techno"),
        ("drum and bas", "drum and bass"),
        ("dpeh house", "deep house"),
    ],
)
def test_a_misspelling_is_near_its_genre(text: str, nearest: str) -> None:
    assert nearest in GRAPH.nearest(text)
    assert GRAPH.nearest(text, count=1) == GRAPH.nearest(text)[:1]


def test_nothing_is_near_a_text_that_is_no_name() -> None:
    assert GRAPH.nearest("xqzw" * 10_000) == []
    assert GRAPH.nearest("") == []
