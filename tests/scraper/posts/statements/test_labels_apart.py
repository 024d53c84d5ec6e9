"""Labels without a separator of their own, and labels that say of what."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from scraper.posts.page.lines import read_lines
from scraper.posts.statements.label_words import LabelKind, kind_of
from scraper.posts.statements.labels import labels_of


def _sure(markup: str) -> list[tuple[str, str]]:
    return [
        (str(each.kind), each.value)
        for each in labels_of(read_lines(BeautifulSoup(markup, "lxml")))
        if each.sure
    ]


@pytest.mark.parametrize(
    "markup",
    [
        "<p><strong>Style</strong> Deep House<br><strong>Label</strong> NDATL Muzik</p>",
        "<p><b>Catalog</b> NDATL025<br><b>Label</b> NDATL Muzik</p>",
        "<ul><li><b>Label</b> NDATL Muzik</li><li><b>Released</b> 2021-01-29</li></ul>",
        "<p><b>Released</b> 2021<br><b>Size</b> 90 MB<br><b>Label</b> <a href='/l'>NDATL Muzik</a></p>",
    ],
)
def test_lines_that_begin_with_bold_labels_name_somebody_together(markup: str) -> None:
    assert _sure(markup) == [("label", "NDATL Muzik")]


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("<p><b>Label</b> NDATL Muzik</p>", id="alone"),
        pytest.param("<p><b>Label</b> NDATL Muzik</p><p>Nice.</p><p><b>Size</b> 90 MB</p>", id="apart"),
        pytest.param("<p><b>Label</b> Null<br><b>Label</b> Moth</p>", id="one word twice"),
        pytest.param("<p>Style Deep House<br>Label NDATL Muzik</p>", id="nothing is bold"),
        pytest.param("<p>The <b>Label</b> Null<br>Our <b>Artist</b> Kora</p>", id="not at the beginning"),
        pytest.param(
            "<p><b>Band</b> and friends on stage<br><b>Time</b> flies too fast here</p>", id="prose"
        ),
        pytest.param("<p><a href='/l'>Label</a> Null<br><a href='/a'>Artist</a> Kora</p>", id="links"),
    ],
)
def test_a_bold_word_alone_is_no_sure_label(markup: str) -> None:
    assert _sure(markup) == []


@pytest.mark.parametrize(
    "word",
    [
        "Genres in this episode",
        "Genre of this track",
        "Styles in the mix",
        "Genres in today’s show",
        "Genres featured in this episode",
        "Stil in dieser Sendung",
        "Estilo de este disco",
        "Style de cet épisode",
    ],
)
def test_a_label_of_genres_may_say_of_what(word: str) -> None:
    assert kind_of(word) is LabelKind.GENRE


@pytest.mark.parametrize(
    "word",
    [
        "Artists in this episode",
        "Tracks of the show",
        "Genres in this house",
        "In this episode",
        "Genres in this",
    ],
)
def test_no_other_label_says_of_what(word: str) -> None:
    assert kind_of(word) is None
