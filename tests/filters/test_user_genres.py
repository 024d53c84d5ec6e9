from __future__ import annotations

from pathlib import Path  # noqa: TC003

import pytest

from filters.document import GenreDataError
from filters.graph import GenreGraph
from filters.tags import is_everyday


def load(folder: Path, text: str) -> GenreGraph:
    path = folder / "my-genres.toml"
    path.write_text(text, "utf-8")
    return GenreGraph.load(path)


def test_a_new_genre_joins_the_graph(tmp_path: Path) -> None:
    graph = load(
        tmp_path,
        '[genres.mine]\n"romdeep" = { parents = ["microhouse"], aliases = ["rom deep tek"], bpm = [1, 2] }',
    )
    assert graph.resolve("Rom-Deep-Tek") == ("romdeep",)
    assert "house" in graph.ancestors("romdeep")
    assert graph.bpm("romdeep") == ((1, 2),)


def test_parents_replace_and_aliases_are_added(tmp_path: Path) -> None:
    graph = load(tmp_path, '[genres.mine]\n"uk garage" = { parents = ["house"], aliases = ["ukay"] }')
    assert graph.parents("uk garage") == ("house",)
    assert graph.resolve("ukay") == graph.resolve("ukg") == ("uk garage",)
    assert graph.bpm("uk garage") == ((128, 138),)


def test_an_entry_without_parents_keeps_them(tmp_path: Path) -> None:
    graph = load(tmp_path, '[genres.mine]\n"house" = { aliases = ["haus"] }')
    assert graph.parents("house") == ("electronic",)


def test_an_alias_moves_to_the_users_genre(tmp_path: Path) -> None:
    graph = load(tmp_path, '[genres.mine]\n"hypnotic techno" = { parents = ["techno"] }')
    assert graph.resolve("Hypnotic Techno") == ("hypnotic techno",)
    assert graph.aliases("deep techno") == ()


def test_an_ambiguous_word_and_a_label_mean_what_the_user_says(tmp_path: Path) -> None:
    graph = load(
        tmp_path, '[ambiguous]\ntrap = ["edm trap"]\n[labels]\n"Melodic House & Techno" = ["melodic techno"]'
    )
    assert graph.resolve("Trap") == ("edm trap",)
    assert graph.resolve("trap", filed=False) == ()
    assert graph.resolve("melodic house and techno") == ("melodic techno",)


def test_an_ambiguous_word_stays_ambiguous_when_its_genre_is_extended(tmp_path: Path) -> None:
    graph = load(tmp_path, '[genres.mine]\n"jungle" = { aliases = ["junglism"] }')
    assert graph.resolve("jungle", filed=False) == ()


def test_kinds_remarks_and_languages_are_added(tmp_path: Path) -> None:
    graph = load(
        tmp_path, '[words]\nkinds = ["Dubplate"]\nremarks = ["heavy"]\n[localised.fi]\nhouse = ["talo"]'
    )
    assert graph.resolve("dubplate") == ()
    assert graph.words.is_remark("heavy")
    assert graph.words.is_remark("vocal")
    assert graph.resolve("talo") == ("house",)


def test_everyday_words_and_meanings_beside_others_are_added(tmp_path: Path) -> None:
    text = '[words]\neveryday = ["dubstep"]\n[beside]\njungle = ["reggae", "ragga jungle"]'
    graph = load(tmp_path, text)
    assert is_everyday("Dubstep", graph)
    assert is_everyday("House", graph)
    assert graph.resolve("dubstep", filed=False) == ("dubstep",)
    assert graph.beside("jungle", ["reggae"]) == "ragga jungle"
    assert graph.beside("trap", ["techno"]) == "edm trap"


@pytest.mark.parametrize(
    ("text", "entry", "message"),
    [
        ('[genres.x]\n"a" = { parents = ["hous"] }', "a", "'hous' is not a canonical name of a genre"),
        ('[genres.x]\n"a" = { parents = ["hous"] }', "a", "Did you mean 'house'"),
        ('[genres.x]\n"a" = { parents = ["qqqqq"] }', "a", "Add it as a genre of its own"),
        ('[labels]\n"A / B" = ["hous"]', "A / B", "Did you mean 'house'"),
        ('[ambiguous]\nhard = ["hardstyl"]', "hard", "Did you mean 'hardstyle'"),
        ('[localised.fi]\nhous = ["talo"]', "talo", "Did you mean 'house'"),
        ('[genres.x]\n"a" = { parent = ["house"] }', "a", "Did you mean 'parents'"),
        ('[genre.x]\n"a" = { parents = [] }', "the top of the file", "Did you mean 'genres'"),
        ("[words]\nkind = []", "words", "Did you mean 'kinds'"),
        ('[genres.x]\n"a" = {}', "a", "A new genre needs parents"),
        ('[genres.x]\n"house" = { parents = ["deep house"] }', "house", "its own ancestor"),
        ('[genres.x]\n"My House" = { parents = [] }', "My House", "Write 'my house'"),
        ('[genres.x]\n"synth pop" = { parents = [] }', "synth pop", "'synth-pop' is a genre of its own"),
        (
            '[genres.x]\n"a" = { parents = [], aliases = ["Techno"] }',
            "Techno",
            "'techno' is a genre of its own",
        ),
        ('[genres.x]\n"a" = { parents = [], aliases = ["b", "B"] }', "B", "'b' is the same name"),
        ('[genres.x]\n"a" = { parents = [] }\n[genres.y]\n"a" = { parents = [] }', "a", "in two families"),
        ('[genres.x]\n"a" = { parents = [], bpm = [130, 118] }', "a", "Bpm must be pairs"),
        ('[genres.x]\n"a" = { parents = [], bpm = [130] }', "a", "Bpm must be pairs"),
        ('[genres.x]\n"a" = { parents = [], bpm = ["130", 140] }', "a", "Bpm must be pairs"),
        ('[genres.x]\n"a" = { parents = "house" }', "a", "must be a list of texts"),
        ('[genres.x]\n"a" = { parents = [1] }', "a", "must be a list of texts"),
        ('[genres.x]\n"a" = ["house"]', "a", "A genre must be a table"),
        ('[genres]\n"a" = 1', "a", "must be a table"),
        ("genres = 1", "genres", "must be a table"),
        ('[words]\nkinds = [""]', "kinds", "1 to 100 characters"),
        ('[words]\nkinds = ["techno"]', "techno", "'techno' is a genre of its own"),
        ('[words]\nkinds = ["---"]', "---", "no letters"),
        ('[words]\ncontext = ["polka"]', "polka", "No genre is called so"),
        ('[words]\neveryday = ["polka"]', "polka", "No genre is called so"),
        ('[words]\neveryday = ["remix"]', "remix", "No genre is called so"),
        ('[beside]\ntrap = ["techno"]', "trap", "must be two names"),
        ('[beside]\ntrap = ["tekno!", "edm trap"]', "trap", "is not a canonical name"),
    ],
)
def test_bad_data_names_the_file_the_entry_and_the_next_step(
    tmp_path: Path, text: str, entry: str, message: str
) -> None:
    with pytest.raises(GenreDataError) as caught:
        load(tmp_path, text)
    assert message in str(caught.value)
    assert caught.value.where == f"{tmp_path / 'my-genres.toml'}, entry {entry!r}"
    assert caught.value.next_step


@pytest.mark.parametrize(
    "data", [b"= 1", b"\xff\xfe", b"x = " + b"[" * 5000], ids=["syntax", "encoding", "depth"]
)
def test_a_file_that_is_not_toml_is_named(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(data)
    with pytest.raises(GenreDataError, match="not TOML") as caught:
        GenreGraph.load(path)
    assert caught.value.where == str(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(GenreDataError, match=r"cannot be read .*missing\.toml"):
        GenreGraph.load(tmp_path / "missing.toml")
