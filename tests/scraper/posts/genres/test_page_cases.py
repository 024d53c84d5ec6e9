"""The genre cases of data for machines, titles and addresses, read by the whole reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storage.records import Trust

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.posts.understood import Understood

RECORDING = '{"@type": "MusicRecording", "genre": ["House", "https://x.example/techno"]}'
TRAIL = '{"@type": "BreadcrumbList", "itemListElement": [{"name": "Trance"}]}'


def ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        pytest.param(ld(RECORDING), {"house", "techno"}, id="G15"),
        pytest.param(ld(f'{{"@graph": [{RECORDING}, {TRAIL}]}}'), {"house", "techno"}, id="G16"),
        pytest.param(ld(TRAIL), set(), id="G16 trail alone"),
        pytest.param(
            ld('{"genre": "Trance",') + '<meta itemprop="genre" content="Dubstep">', {"dubstep"}, id="G17"
        ),
        pytest.param(
            ld('{"@type": "MusicAlbum", "genre": "Trance",}'), {"trance"}, id="G17 trailing comma only"
        ),
    ],
)
def test_data_for_machines_counts_as_a_label(
    read_post: Callable[..., Understood], head: str, expected: set[str]
) -> None:
    post = read_post(head=head).post
    assert set(post.genres) == expected
    assert {found.trust for found in post.evidence} <= {Trust.LABEL}


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        pytest.param("Kora – Lines (Original Mix) [Tech House]", {"tech house"}, id="G22"),
        pytest.param("Kora – Lines [Afro House / Jazz]", {"afro house", "jazz"}, id="G22 two"),
        pytest.param("Kora – Lines [Techno Records]", set(), id="G23 label"),
        pytest.param("Kora – Lines [HOUSE001]", set(), id="G23 number"),
        pytest.param("Kora – Lines (Dub)", set(), id="G23 version word"),
        pytest.param("Kora – Lines [Dub]", set(), id="G23 ambiguous"),
        pytest.param("Swedish House Mafia – Greyhound", set(), id="G33 house"),
        pytest.param("House of Pain – Jump Around", set(), id="G33 of"),
        pytest.param("Dance Gavin Dance – Lost", set(), id="G33 dance"),
        pytest.param("Trance Wax – Rivers", set(), id="G33 trance"),
        pytest.param("Ambient Jazz Ensemble – Suite Shop", set(), id="G33 ambient"),
        pytest.param("Kora – Lines [Deep House Records]", set(), id="G33 label"),
        pytest.param("Not your usual Tech House: Kora", set(), id="G41"),
        pytest.param("Not your usual Tech House: a story", set(), id="G41 story"),
        pytest.param("Kora – Lines #techno #house #dnb", set(), id="hashtags stuffed in the title"),
    ],
)
def test_a_title_gives_only_a_bracket_that_is_wholly_a_genre(
    read_post: Callable[..., Understood], title: str, expected: set[str]
) -> None:
    assert set(read_post(title=title).post.genres) == expected


@pytest.mark.parametrize(
    ("url", "inner", "expected"),
    [
        pytest.param("https://blog.example/house/deep/567143_x/", "", {"deep house"}, id="G39"),
        pytest.param("https://blog.example/melodic-techno/x/", "", {"melodic techno"}, id="G39 slug"),
        pytest.param(
            "https://blog.example/house/deep/567143_x/", "<p>Genre: Dub</p>", {"dub"}, id="G39 alone"
        ),
        pytest.param("https://blog.example/2024/05/techno/", "", set(), id="slug of the post"),
        pytest.param("https://blog.example/white-house/x/", "", set(), id="whole folders"),
    ],
)
def test_words_of_the_address_count_only_where_nothing_else_does(
    read_post: Callable[..., Understood], url: str, inner: str, expected: set[str]
) -> None:
    post = read_post(inner, url=url).post
    assert set(post.genres) == expected
    if not inner:
        assert {found.trust for found in post.evidence} <= {Trust.HINT}


def test_a_post_that_says_nothing_has_no_genre_whatever_stands_around_it(
    read_post: Callable[..., Understood],
) -> None:
    post = read_post().post
    assert (post.genres, post.evidence) == ((), ())
