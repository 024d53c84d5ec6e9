from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

import pytest

from filters.graph import default_graph
from filters.keys import matching_key

GRAPH = default_graph()
DATA: dict[str, Any] = tomllib.loads(resources.files("filters").joinpath("genres.toml").read_text("utf-8"))
ENTRIES: dict[str, dict[str, Any]] = {
    name: entry for family in DATA["genres"].values() for name, entry in family.items()
}
ROOTS = {
    *(
        "electronic",
        "lo-fi",
        "disco",
        "hip hop",
        "r&b",
        "reggae",
        "african",
        "latin",
        "asian",
        "world",
        "rock",
        "pop",
    ),
    *("jazz", "blues", "country", "folk", "classical", "soundtrack", "experimental", "spoken word"),
}


def test_every_genre_of_the_survey_is_there() -> None:
    assert len(GRAPH.names) == len(ENTRIES) == 396
    assert len(DATA["genres"]) == 15


def test_every_parent_is_a_genre() -> None:
    assert {parent for entry in ENTRIES.values() for parent in entry["parents"]} <= set(ENTRIES)


def test_only_the_roots_have_no_parent() -> None:
    assert {name for name in GRAPH.names if not GRAPH.parents(name)} == ROOTS


def test_no_genre_descends_from_itself() -> None:
    assert [name for name in GRAPH.names if name in GRAPH.ancestors(name)] == []


def test_every_set_names_genres() -> None:
    named = [
        name for section in ("labels", "ambiguous") for names in DATA[section].values() for name in names
    ]
    named += [name for language in DATA["localised"].values() for name in language]
    assert set(named) <= set(ENTRIES)


@pytest.mark.parametrize("name", GRAPH.names)
def test_a_canonical_name_has_canonical_form(name: str) -> None:
    assert name == " ".join(name.casefold().split())
    if name.rpartition(" ")[2] != "r&b":
        assert all(char.isalnum() or char in " -" for char in name)


def test_no_name_or_alias_stands_twice() -> None:
    written = [text for name, entry in ENTRIES.items() for text in (name, *entry.get("aliases", ()))]
    written += [
        alias for names in DATA["localised"].values() for aliases in names.values() for alias in aliases
    ]
    keys = [matching_key(text) for text in written]
    assert {key for key in keys if keys.count(key) > 1} == set()


def test_no_two_names_differ_only_in_spaces_but_mean_different_genres() -> None:
    meanings: dict[str, set[tuple[str, ...]]] = {}
    for key, word in GRAPH.words:
        meanings.setdefault(key.replace(" ", ""), set()).add(word.names)
    assert {key: found for key, found in meanings.items() if len(found) > 1} == {}


@pytest.mark.parametrize("name", GRAPH.names)
def test_tempi_are_plausible(name: str) -> None:
    assert all(50 < low <= high <= 400 for low, high in GRAPH.bpm(name))


@pytest.mark.parametrize("text", [*DATA["words"]["kinds"], *DATA["words"]["unknown"]])
def test_kinds_and_empty_words_are_no_genre(text: str) -> None:
    assert GRAPH.resolve(text) == ()


@pytest.mark.parametrize(
    ("name", "parents", "alias", "bpm"),
    [
        ("tech house", ("house", "techno"), "techhouse", ((122, 130),)),
        ("deep tech", ("tech house", "minimal house"), "deep tech house", ((122, 128),)),
        ("halftime", ("drum and bass",), "half time", ((80, 88), (160, 176))),
        ("electronic", (), "electronic music", ()),
        ("musique concrète", ("electroacoustic",), None, ()),
        ("edm trap", ("bass music", "trap"), "trap (edm)", ((135, 160),)),
        ("spoken word", (), "speech", ()),
    ],
)
def test_rows_are_kept_whole(
    name: str, parents: tuple[str, ...], alias: str | None, bpm: tuple[tuple[int, int], ...]
) -> None:
    assert GRAPH.parents(name) == parents
    assert alias is None or alias in GRAPH.aliases(name)
    assert GRAPH.bpm(name) == bpm
