from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters.keys import matching_key, normalise


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("  Deep   House ", "deep house"),
        ("deep-house", "deep house"),
        ("deep_house", "deep house"),
        ("Hip‐Hop", "hip hop"),
        ("Hip–Hop", "hip hop"),
        ("R&B", "r and b"),
        ("R ＆ B", "r and b"),
        ("Rock'n'Roll", "rock and roll"),
        ("Drum n Bass", "drum and bass"),
        ("Drum n' Bass", "drum and bass"),
        ("Drum.n.Bass", "drum and bass"),
        ("Drum´n´Bass", "drum and bass"),
        ("Drum`n`Bass", "drum and bass"),
        ("Trap + Bass", "trap and bass"),
        ("K-Pop", "k pop"),
        ("P-Funk", "p funk"),
        ("4x4", "4x4"),
        ("4/4 garage", "4 4 garage"),
        ("2-step", "2 step"),
        ("8-bit", "8 bit"),
        ("n", "n"),
        ("N-Type", "n type"),
        ("Lover's Rock", "lovers rock"),
        ("Jackin’ House", "jackin house"),
        ("Musique Concrète", "musique concrete"),
        ("ＴＥＣＨＮＯ", "techno"),
        ("UK\u00a0Garage", "uk garage"),
        ("STRASSE straße", "strasse strasse"),
        ("Χάους", "χαουσ"),
        ("ガバ", "ガバ"),
        ("ディープ・ハウス", "ディープ ハウス"),
        ("–", ""),
        ("", ""),
    ],
)
def test_spellings_of_one_name_have_one_key(text: str, key: str) -> None:
    assert matching_key(text) == key


@pytest.mark.parametrize(
    "text",
    ["Drum'n'Bass", "Drum’n’Bass", "drum and bass", "Drum & Bass", "DRUM+BASS", "drum-n-bass"],
    ids=["G7 typewriter", "G13 curly", "G7 word", "G6", "plus", "slug"],
)
def test_drum_and_bass_is_one_key(text: str) -> None:
    assert matching_key(text) == "drum and bass"


@pytest.mark.parametrize(
    "mark", ["\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u202e", "\ufe0f"]
)
def test_invisible_characters_do_not_part_a_word_g42(mark: str) -> None:
    assert matching_key(f"te{mark}ch{mark}no") == "techno"


def test_voicing_marks_of_kana_are_part_of_the_letter() -> None:
    assert matching_key("ガ") != matching_key("カ")


def test_normalise_keeps_case_and_accents() -> None:
    assert normalise("Zoé – ‘N’") == "Zoé - 'N'"


@given(st.text())
@settings(deadline=None)
def test_the_key_of_a_key_is_itself(text: str) -> None:
    key = matching_key(text)
    assert matching_key(key) == key


@given(st.text(alphabet="nN '’&+-_/.,·\u0301\u0345\u00ad\u200dİßſDb"))
@settings(deadline=None)
def test_the_key_of_a_key_is_itself_where_rules_meet(text: str) -> None:
    key = matching_key(text)
    assert matching_key(key) == key
    assert key == " ".join(key.split())
