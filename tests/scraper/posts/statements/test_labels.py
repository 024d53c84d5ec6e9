"""Values behind labels, in every language and layout."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.posts.page.lines import read_lines
from scraper.posts.statements import label_words
from scraper.posts.statements.labels import MAX_VALUE, LabelKind, labels_of


def labels(markup: str) -> list[tuple[str, str]]:
    return [(label.kind.value, label.value) for label in labels_of(read_lines(BeautifulSoup(markup, "lxml")))]


def genres(markup: str) -> list[str]:
    return [value for kind, value in labels(markup) if kind == LabelKind.GENRE]


@pytest.mark.parametrize(
    ("markup", "value"),
    [
        pytest.param("<p><strong>Genre:</strong> Deep House</p>", "Deep House", id="G1"),
        pytest.param("<p>Genres | Techno · House; Electro</p>", "Techno · House; Electro", id="G3"),
        pytest.param("<p>Style: Melodic House &amp; Techno</p>", "Melodic House & Techno", id="G4"),
        pytest.param("<p>Music Style: AMBIENT – DUB</p>", "AMBIENT – DUB", id="G5"),
        pytest.param("<dl><dt>Genre</dt><dd>Dub</dd></dl>", "Dub", id="G6"),
        pytest.param("<p>Жанр: Deep House, Техно</p>", "Deep House, Техно", id="G10"),
        pytest.param("<p>Genre\u00a0: Techno</p>", "Techno", id="G12"),
        pytest.param("<p>ジャンル：テクノ</p>", "テクノ", id="G14"),
        pytest.param("<p>Genre: te<wbr>ch\u00adn\u200do</p>", "techno", id="G42"),
        pytest.param(
            "<p><b>Genre</b>: <a href='a'>Afro</a> <a href='b'>House</a></p>", "Afro House", id="G44"
        ),
        pytest.param("<p>Style – Trap / Indie Dance</p>", "Trap / Indie Dance", id="dash"),
        pytest.param("<p>Genre - House</p>", "House", id="hyphen with spaces"),
        pytest.param("<p>GENRE:HOUSE</p>", "HOUSE", id="no space"),
        pytest.param("<p>Genre(s): Pop</p>", "Pop", id="plural in brackets"),
        pytest.param("<p>Genre / Style: Pop</p>", "Pop", id="two words of one kind"),
        pytest.param("<p>🎵 • Genre: Pop</p>", "Pop", id="signs in front"),
        pytest.param("<p>[Genre: Pop]</p>", "Pop", id="in brackets"),
        pytest.param("<p>Genre » Pop</p>", "Pop", id="guillemet"),
        pytest.param("<p><span>Genre:</span> <span><a href='x'>Pop</a></span></p>", "Pop", id="spans"),
        pytest.param("<li><span>Genre</span><span>Pop</span></li>", "Pop", id="spans without separator"),
        pytest.param("<div><div>Genre</div><div>Pop</div></div>", "Pop", id="blocks without separator"),
        pytest.param("<p><strong>Genre:</strong><br>Pop</p>", "Pop", id="value in the next line"),
        pytest.param("<h4>Genre:</h4><ul><li>Pop</li><li>Dub</li></ul>", "Pop, Dub", id="list below"),
        pytest.param("<table><tr><th>Genre</th><td>Pop</td></tr></table>", "Pop", id="table row"),
        pytest.param("<table><tr><td>Genre:</td><td>Pop</td></tr></table>", "Pop", id="table row of td"),
        pytest.param(
            "<table><tr><th>Artist</th><th>Genre</th></tr><tr><td>A</td><td>Pop</td></tr></table>",
            "Pop",
            id="table column",
        ),
        pytest.param(
            "<table><tr><td><p>Hello</p><p>Genre: Pop</p></td></tr></table>", "Pop", id="layout table"
        ),
        pytest.param("<pre>Artist: A\nGenre: Pop\nYear: 2024</pre>", "Pop", id="preformatted"),
        pytest.param("<p>Artist: A<br>Genre: Pop<br>Year: 2024</p>", "Pop", id="br"),
        pytest.param("<div>Genre: Pop\n\nIt is a song.</div>", "Pop", id="blank line of the source"),
        pytest.param("<p>1) Kora – Lines Genre: Pop</p>", "Pop", id="G38 numbered track"),
        pytest.param("<p>Kora – Lines | Genre: Pop</p>", "Pop", id="behind a bar"),
    ],
)
def test_a_label_gives_its_value(markup: str, value: str) -> None:
    assert genres(markup) == [value]


@pytest.mark.parametrize(
    "word",
    [
        "Genre", "Genres", "Style", "Subgenre", "Género", "Géneros", "Estilo", "Gênero", "Genere", "Stile",
        "Stil", "Musikrichtung", "Жанр", "Стиль", "Gatunek", "Žánr", "Műfaj", "Tür", "TÜR", "Είδος", "ΕΊΔΟΣ",
        "Genero", "장르", "风格", "曲风", "类型", "ジャンル", "النوع", "gênero",
    ],
)  # fmt: skip
def test_the_word_for_genre_is_known_in_many_languages(word: str) -> None:
    assert genres(f"<p>{word}: X</p>") == ["X"]


def test_g11_a_value_ends_at_the_next_label_of_the_line() -> None:
    assert labels("<p>Género: Deep House Estilo: Techno Año: 2024</p>") == [
        ("genre", "Deep House"),
        ("genre", "Techno"),
        ("date", "2024"),
    ]


def test_labels_of_other_kinds_are_told_apart() -> None:
    lines = ("Artist: Kora", "Title: Lines", "Label: Nine Lives", "Released: 2024", "Labels: Dub", "BPM: 120")
    assert labels(f"<p>{'<br>'.join(lines)}</p>") == [
        ("artist", "Kora"),
        ("title", "Lines"),
        ("label", "Nine Lives"),
        ("date", "2024"),
        ("filed", "Dub"),
        ("other", "120"),
    ]


@pytest.mark.parametrize(
    "markup",
    [
        "<p>We think the genre: is dead</p>",
        "<p>And what of Genre: nothing</p>",
        "<p>Genre is a word</p>",
        "<p>Style-icon of the year</p>",
        "<h3>Genre</h3><p>House</p>",
        "<h3>Genres</h3><ul><li>House</li><li>Trance</li></ul>",
        "<script>var x = 'Genre: House'</script>",
        "<style>Genre: House</style>",
        "<!-- Genre: House --><template><p>Genre: House</p></template>",
        "<p>Genre:</p>",
        "<p>Genre: –</p>",
    ],
)
def test_prose_code_and_empty_labels_give_nothing(markup: str) -> None:
    assert genres(markup) == []


def test_a_definition_list_gives_all_its_values_as_parts() -> None:
    soup = BeautifulSoup("<dl><dt>Genre<dd>Pop<dd>Dub &amp; Soul<dt>Label<dd>X</dl>", "lxml")
    first, second = labels_of(read_lines(soup))
    assert (first.value, first.parts) == ("Pop, Dub & Soul", ("Pop", "Dub & Soul"))
    assert (second.kind, second.value) == (LabelKind.LABEL, "X")


def test_linked_values_are_known_as_parts() -> None:
    (label,) = labels_of(
        read_lines(BeautifulSoup("<p>Genre: <a href=a>Pop</a> <a href=b>Dub</a></p>", "lxml"))
    )
    assert label.parts == ("Pop", "Dub")


def test_a_label_without_separator_is_not_sure() -> None:
    (label,) = labels_of(read_lines(BeautifulSoup("<p><b>Style</b> is everything</p>", "lxml")))
    assert not label.sure


@pytest.mark.parametrize("word", ["<a href='a'>Download</a>", "<b>Tracklist:</b>", "Size"])
def test_what_stands_under_a_word_that_nobody_asks_for_is_no_value_of_it(word: str) -> None:
    markup = f"<p>Genre:<br>Pop</p><p>{word}<br>Kora – Lines</p><p>Genre: Dub</p>"
    assert labels(markup) == [("genre", "Pop"), ("genre", "Dub")]


def test_the_colon_of_a_time_parts_no_label_from_its_value() -> None:
    assert labels("<p>Posted at 13:51 | Genre: Techno</p>") == [("genre", "Techno")]
    kinds = tomllib.loads(Path(label_words.__file__).with_name("label_words.toml").read_text("utf-8"))
    words = [word for languages in kinds.values() for group in languages.values() for word in group]
    assert not [word for word in words if word[-1].isdecimal()]


def test_a_value_has_at_most_two_hundred_characters() -> None:
    (value,) = genres(f"<p>Genre: {'techno ' * 10_000}</p>")
    assert len(value) <= MAX_VALUE


def test_many_colons_and_rows_are_read_in_bounded_time() -> None:
    markup = "<p>" + "Genre: a " * 20_000 + "</p><table>" + "<tr><td>a:<td>b" * 5_000 + "</table>"
    assert len(labels(markup)) < 20_000


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet=st.sampled_from("Genre: |–<>bp/-\n\u00a0：スタイル[]()1.#&;"), max_size=200))
def test_any_text_is_read(text: str) -> None:
    for label in labels_of(read_lines(BeautifulSoup(f"<p>{text}</p>", "lxml"))):
        assert label.value
        assert len(label.value) <= MAX_VALUE
