from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.free_text import phrases, said, text_key
from filters.query import QueryError
from storage.records import Link, LinkKind, Post


def post(**parts: object) -> Post:
    given_parts = {"title": "Nina Kraviz – Ghetto (Café Remix)", **parts}
    return Post(url="u", key="k", blog="b", **given_parts)  # type: ignore[arg-type]


def link(**parts: str) -> Link:
    return Link(url="u", key="u", kind=LinkKind.DIRECT, host="h", **parts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("word", "given_post", "found"),
    [
        pytest.param("nina kraviz", post(), True, id="a phrase"),
        pytest.param("NINA", post(), True, id="case"),
        pytest.param("cafe", post(), True, id="accents of the post"),
        pytest.param("ghétto", post(), True, id="accents of the word"),
        pytest.param("kravi", post(), False, id="whole words only"),
        pytest.param("kraviz nina", post(), False, id="in order"),
        pytest.param("kraviz ghetto", post(), True, id="across punctuation"),
        pytest.param("café-remix", post(), True, id="punctuation of the word"),
        pytest.param("mo", post(title="MØ – Lean On"), True, id="a letter of its own"),
        pytest.param("dont", post(title="Don’t Mind Me"), True, id="an apostrophe"),
        pytest.param("drum & bass", post(title="Best of Drum and Bass"), True, id="spellings of and"),
        pytest.param("n", post(title="Sugar N Spice"), True, id="a letter alone"),
        pytest.param("strasse", post(title="Straße"), True, id="sharp s"),
        pytest.param("テクノ", post(title="東京テクノ夜"), True, id="no spaces between words"),
        pytest.param("технo", post(title="Техно"), False, id="letters of two scripts"),
        pytest.param("техно", post(title="ТЕХНО 2024"), True, id="Cyrillic"),
        pytest.param("ivo", post(artist="Ivo Tarn"), True, id="artist"),
        pytest.param("kettle", post(track="Copper Kettle"), True, id="track"),
        pytest.param("vip", post(version="VIP"), True, id="version"),
        pytest.param("trip", post(label="Trip Recordings"), True, id="label"),
        pytest.param("ana", post(featuring=("Ana",)), True, id="guest"),
        pytest.param(
            "copper kettle", post(links=(link(name="ivo_tarn-copper_kettle.mp3"),)), True, id="file"
        ),
        pytest.param("side b", post(links=(link(text="Side B"),)), True, id="text of a link"),
        pytest.param(
            "ana side", post(featuring=("Ana",), links=(link(text="Side B"),)), False, id="two fields"
        ),
        pytest.param("house", post(genres=("house",)), False, id="genres are asked for by --genres"),
    ],
)
def test_a_phrase_is_found_as_whole_words(word: str, given_post: Post, found: bool) -> None:
    assert bool(said(phrases([word]), given_post)) is found


def test_phrases_are_told_apart_by_their_words_alone() -> None:
    assert phrases(["Nina-Kraviz", "nina  kraviz", "Ivo"]) == ("nina kraviz", "ivo")
    assert said(phrases(["ivo", "nina"]), post()) == ("nina",)


@pytest.mark.parametrize("word", ["", " ", "!!!", "–", "'"])
def test_a_word_without_a_letter_cannot_be_searched_for(word: str) -> None:
    with pytest.raises(QueryError, match="Give a word with letters or digits"):
        phrases(["house", word])


@given(st.text(max_size=60))
def test_the_key_of_a_text_is_its_own_key(text: str) -> None:
    assert text_key(text_key(text)) == text_key(text)


@given(st.text(min_size=1, max_size=60), st.text(max_size=20), st.text(max_size=20))
def test_a_text_says_itself_whatever_stands_around_it(text: str, before: str, after: str) -> None:
    key = text_key(text)
    if key:
        assert said((key,), post(title=f"{before} | {text} | {after}")) == (key,)
