"""The labels of all languages, in all layouts, read by the whole reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storage.records import Trust

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.posts.understood import Understood

WORDS = [
    ("en", "Genre"), ("en", "Genres"), ("en", "Genre(s)"), ("en", "Style"), ("en", "Styles / Genre(s)"),
    ("en", "Music Style"), ("en", "Subgenre"), ("en", "Genre / Style"),
    ("es", "Género"), ("es", "Géneros"), ("es", "Género(s)"), ("es", "Estilo"), ("pt", "Gênero"), ("pt", "Estilo"),
    ("it", "Genere"), ("it", "Stile"), ("fr", "Genre\u00a0"), ("fr", "Style musical"), ("de", "Stil"),
    ("de", "Musikrichtung"), ("ru", "Жанр"), ("ru", "Стиль"), ("pl", "Gatunek"), ("cs", "Žánr"), ("hu", "Műfaj"),
    ("tr", "Tür"), ("el", "Είδος"), ("nl", "Genre"), ("nl", "Stijl"), ("sv", "Stil"), ("da", "Genre"),
    ("ja", "ジャンル"), ("ko", "장르"), ("zh", "风格"), ("zh", "曲风"), ("zh", "类型"), ("zh", "風格"), ("ar", "النوع"),
]  # fmt: skip
LAYOUTS = {
    "line": "<p>{word}: {value}</p>",
    "bold": "<p><strong>{word}:</strong> {value}</p>",
    "wide colon": "<p>{word}：{value}</p>",
    "bar": "<p>{word} | {value}</p>",
    "dash": "<p>{word} – {value}</p>",
    "spans": "<p><span>{word}:</span> <span><a href='/x'>{value}</a></span></p>",
    "definition": "<dl><dt>{word}</dt><dd>{value}</dd></dl>",
    "row": "<table><tr><th>Artist</th><td>Kora</td></tr><tr><th>{word}</th><td>{value}</td></tr></table>",
    "item": "<ul><li>Artist: Kora</li><li>{word}: {value}</li></ul>",
    "list below": "<p>{word}:</p><ul><li>{value}</li></ul>",
    "capitals": "<p>{upper}: {value}</p>",
    "block": "<p>Artist: Kora<br>{word}: {value}<br>BPM: 128</p>",
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("language", "word"), WORDS, ids=[f"{code} {word.strip()}" for code, word in WORDS])
def test_a_label_in_any_language_and_layout_is_read(
    read_post: Callable[..., Understood], language: str, word: str, layout: str
) -> None:
    markup = LAYOUTS[layout].format(word=word, upper=word.upper(), value="Deep House, Dub")
    post = read_post(markup).post
    assert set(post.genres) == {"deep house", "dub"}, language
    assert {found.trust for found in post.evidence} == {Trust.LABEL}


def test_the_block_of_a_russian_release_page_is_read(read_post: Callable[..., Understood]) -> None:
    fields = ("Исполнитель: Кора", "Название: Линии", "Жанр: Техно, Драм-н-бейс", "Год выпуска: 2019")
    codec = ("Аудио кодек: MP3", "Битрейт аудио: 320 kbps", "Размер: 120 Mb")
    assert set(read_post(f"<p>{'<br>'.join((*fields, *codec))}</p>").post.genres) == {
        "techno",
        "drum and bass",
    }


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        pytest.param(
            "<p>Genre: <i>Tech</i> <i>House</i></p>", {"tech house"}, id="G44 one name of two elements"
        ),
        pytest.param("<p>Genre: <i>Dub</i><i>Techno</i></p>", {"dub techno"}, id="G44 without a space"),
        pytest.param("<p>Genre: <i>Trance</i><i>Techno</i></p>", {"trance", "techno"}, id="G44 no such name"),
        pytest.param("<dl><dt>Genre<dd>Techno<dd>Dub</dl>", {"techno", "dub"}, id="G6 two definitions"),
        pytest.param(
            "<table><tr><td>Genre</td><td>Techno</td><td>Dub</td></tr></table>", {"techno", "dub"}, id="cells"
        ),
        pytest.param(
            "<table><tr><th>Title</th><th>Genre</th></tr><tr><td>A</td><td>Techno</td></tr>"
            "<tr><td>B</td><td>Trance</td></tr></table>",
            {"techno", "trance"},
            id="G38 column",
        ),
        pytest.param("<p><b>G</b>enre: Techno</p>", {"techno"}, id="a letter in bold"),
        pytest.param("<p>Genre: Trap, Dubstep</p>", {"edm trap", "dubstep"}, id="trap on a dance blog"),
        pytest.param("<p>Genre: Trap, Drill</p>", {"drill"}, id="trap beside its child"),
        pytest.param("<p>Genre: Trap</p>", {"trap"}, id="trap alone"),
        pytest.param("<p>Genre: Trap Music, House</p>", {"trap", "house"}, id="trap by its full name"),
    ],
)
def test_values_in_pieces_are_put_together(
    read_post: Callable[..., Understood], markup: str, expected: set[str]
) -> None:
    assert set(read_post(markup).post.genres) == expected
