from __future__ import annotations

from pathlib import Path  # noqa: TC003

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters.graph import GenreGraph, default_graph
from filters.tags import is_everyday, read_hashtag, read_tag, why_no_genre

GRAPH = default_graph()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("house", ["house"], id="G34 genre"),
        pytest.param("chicago", [], id="G34 place"),
        pytest.param("odesza", [], id="G34 artist"),
        pytest.param("female vocalist", [], id="G34 trait"),
        pytest.param("remixes", [], id="G34 kind"),
        pytest.param("deep-house-internet", [], id="G35 tag"),
        pytest.param("housemarque", [], id="G35 slug"),
        pytest.param("techno-logic", [], id="G35 pun"),
        pytest.param("Deep House Records", [], id="G33"),
        pytest.param("deep-house", ["deep house"], id="G18"),
        pytest.param("free-download", [], id="G18 kind"),
        pytest.param("Nu Disco", ["nu disco"], id="G19"),
        pytest.param("deep_house", ["deep house"], id="G20"),
        pytest.param("type_audio", [], id="G20 class"),
        pytest.param("music", [], id="G20 music"),
        pytest.param("tech-house", ["tech house"], id="G21"),
        pytest.param("Minimal / Deep Tech", ["deep tech"], id="label"),
        pytest.param("minimal-deep-tech", ["deep tech"], id="slug of a label"),
        pytest.param("techno-peak-time-driving", ["peak time techno"], id="slug of brackets"),
        pytest.param("House &amp; Techno", ["house", "techno"], id="two names"),
        pytest.param("Ambient – Dub", ["ambient", "dub"], id="two names, dash"),
        pytest.param("ambient-dub", ["ambient dub"], id="one name"),
        pytest.param("House & Friends", [], id="one name and a word"),
        pytest.param("House / Chicago", [], id="one name and a place"),
        pytest.param("Deep House 2024", [], id="no remarks in tags"),
        pytest.param("minimal", ["minimal house", "minimal techno"], id="ambiguous is filed"),
        pytest.param("x" * 5000, [], id="too long"),
    ],
)
def test_a_tag_counts_only_as_a_whole(text: str, names: list[str]) -> None:
    assert read_tag(text, GRAPH) == tuple(names)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("#techhouse", ["tech house"], id="G24 first"),
        pytest.param("#DeepHouse", ["deep house"], id="G24 second"),
        pytest.param("#newmusic", [], id="G24 third"),
        pytest.param("drumandbass", ["drum and bass"], id="without sign"),
        pytest.param("dnb", ["drum and bass"], id="short"),
        pytest.param("#deephousemusic", ["deep house"], id="with music"),
        pytest.param("#melodichouseandtechno", ["melodic house", "melodic techno"], id="label"),
        pytest.param("＃テクノ", ["techno"], id="wide sign"),
        pytest.param("#minimal", [], id="ambiguous"),
        pytest.param("#dancemusic", [], id="ambiguous with music"),
        pytest.param("#housemusiclovers", [], id="more than a name"),
        pytest.param("#", [], id="empty"),
        pytest.param("#music", [], id="only music"),
    ],
)
def test_a_hashtag_means(text: str, names: list[str]) -> None:
    assert read_hashtag(text, GRAPH) == tuple(names)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "World",
            "house",
            "Pop",
            "ROCK",
            "Terror",
            "Elektro",
            "minimal",
            "Trap",
            "electro",
            "Score",
            "speech",
        ),
        *("Pop / Rock", "House & Soul", "рок", "ハウス", "하우스", "流行", "cold-wave", "Minimal, Remixes"),
    ],
)
def test_a_tag_of_everyday_words_is_one(text: str) -> None:
    assert read_tag(text, GRAPH)
    assert is_everyday(text, GRAPH)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Techno",
            "deep house",
            "Drum & Bass",
            "Psytrance",
            "House & Techno",
            "Pop / Dubstep",
            "World Music",
        ),
        *("house music", "jazz", "chicago", "", "remixes", "house of pain", "house" * 100),
    ],
)
def test_a_tag_with_a_word_that_is_only_a_genre_or_none_is_not_everyday(text: str) -> None:
    assert not is_everyday(text, GRAPH)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Berlin", "no genre is called so"),
        ("House / Chicago", "no genre is called so"),
        ("x" * 5000, "no genre is called so"),
        ("minimal", "ambiguous alone"),
        ("Remixes", "what a release is, not how it sounds"),
        ("N/A", "says nothing of the music"),
    ],
)
def test_why_a_text_is_no_genre_is_told(text: str, why: str) -> None:
    assert why_no_genre(text, GRAPH) == why


def test_graphs_do_not_see_each_others_tags(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('[genres.mine]\n"wobblecore" = { parents = ["dubstep"] }', "utf-8")
    mine = GenreGraph.load(path)
    assert (read_tag("Wobblecore", GRAPH), read_tag("Wobblecore", mine)) == ((), ("wobblecore",))
    assert read_tag("Wobblecore", GRAPH) == ()


@pytest.mark.parametrize("name", GRAPH.names)
def test_the_tag_of_a_canonical_name_is_that_name(name: str) -> None:
    assert read_tag(name, GRAPH) == (name,)
    assert read_tag(name.replace(" ", "-"), GRAPH) == (name,)
    assert read_tag(name.upper(), GRAPH) == (name,)


WRITTEN = sorted({word.written for _, word in GRAPH.words if word.names})


@given(st.sampled_from(WRITTEN))
@settings(deadline=None, max_examples=200)
def test_the_tag_of_any_written_name_means_what_it_means(written: str) -> None:
    assert set(read_tag(written, GRAPH)) == set(GRAPH.most_specific(GRAPH.resolve(written)))


@given(
    st.text() | st.lists(st.sampled_from([*WRITTEN, "&", "/", ",", "x", "Remix"]), max_size=4).map(" ".join)
)
@settings(deadline=None)
def test_any_tag_gives_most_specific_names_or_none(text: str) -> None:
    names = read_tag(text, GRAPH)
    assert names == GRAPH.most_specific(names)
    assert set(names) | set(read_hashtag(text, GRAPH)) <= set(GRAPH.names)
    assert bool(names) or not is_everyday(text, GRAPH)
