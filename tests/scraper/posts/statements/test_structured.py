"""JSON-LD, microdata and meta elements: what a page states for machines."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.posts.page.document import parse_document
from scraper.posts.page.scope import find_scope
from scraper.posts.page.stated import stated_in
from scraper.posts.statements.structured import read_structured
from storage.records import Trust

URL = "https://blog.example/2024/05/a-post/"
POST = "<article><h1>Kora – Lines</h1><p>Text of the post</p>{inner}</article><aside>{aside}</aside>"


def stated(head: str = "", inner: str = "", aside: str = "") -> list[tuple[str, Trust]]:
    page = f"<html><head>{head}</head><body>{POST.format(inner=inner, aside=aside)}</body></html>"
    tree = parse_document(page.encode(), charset="utf-8")
    return [
        (found.value, found.trust) for found in read_structured(stated_in(tree), find_scope(tree, url=URL))
    ]


def ld(data: Any) -> str:
    text = data if isinstance(data, str) else json.dumps(data)
    return f'<script type="application/ld+json">{text}</script>'


RECORDING = {"@type": "MusicRecording", "genre": "House"}


@pytest.mark.parametrize(
    ("data", "values"),
    [
        pytest.param(
            {"@type": "MusicRecording", "genre": ["House", "https://music.example/genre/deep-techno/"]},
            ["House", "deep techno"],
            id="G15",
        ),
        pytest.param(
            {"@graph": [RECORDING, {"@type": "BreadcrumbList", "itemListElement": [{"name": "Trance"}]}]},
            ["House"],
            id="G16",
        ),
        pytest.param([RECORDING], ["House"], id="array"),
        pytest.param({"@type": "WebPage", "mainEntity": RECORDING}, ["House"], id="main entity"),
        pytest.param({"@type": ["MusicAlbum", "Product"], "genre": "Dub"}, ["Dub"], id="several types"),
        pytest.param(
            {"@type": "http://schema.org/MusicAlbum", "genre": "Dub"}, ["Dub"], id="type as address"
        ),
        pytest.param({"@type": "MusicAlbum", "genre": {"name": "Dub"}}, ["Dub"], id="genre as a term"),
        pytest.param(
            {"@type": "MusicAlbum", "track": {"@type": "ItemList", "itemListElement": [{"item": RECORDING}]}},
            ["House"],
            id="tracks of an album",
        ),
        pytest.param({"@type": "BlogPosting", "genre": "Dub"}, ["Dub"], id="the posting's own"),
        pytest.param('{"@type": "MusicAlbum", "genre": ["Dub",],}', ["Dub"], id="G17 trailing commas"),
        pytest.param('{"@type": "MusicAlbum", "genre": ', [], id="G17 broken"),
        pytest.param("[" * 100_000, [], id="nested without end"),
        pytest.param({"@type": "Person", "genre": "Dub"}, [], id="a person"),
        pytest.param({"@type": "MusicGroup", "genre": "Dub"}, [], id="a band"),
        pytest.param({"@type": "ItemList", "itemListElement": [RECORDING]}, [], id="a list of other posts"),
        pytest.param(
            {"@type": "Blog", "blogPost": [{"@type": "BlogPosting", "genre": "x"}]}, [], id="other posts"
        ),
        pytest.param({"@type": "MusicAlbum", "genre": 7}, [], id="a number"),
        pytest.param("null", [], id="null"),
    ],
)
def test_json_ld_states_the_genre_of_the_music_and_of_the_posting(data: Any, values: list[str]) -> None:
    assert stated(ld(data)) == [(value, Trust.LABEL) for value in values]


def test_keywords_and_sections_of_the_posting_are_its_filing() -> None:
    posting = {"@type": "BlogPosting", "keywords": "Dub, free", "articleSection": ["Reviews"]}
    assert stated(ld(posting)) == [("Dub", Trust.FILED), ("free", Trust.FILED), ("Reviews", Trust.FILED)]


@pytest.mark.parametrize(
    ("head", "inner", "values"),
    [
        pytest.param(
            '<meta itemprop="genre" content="Dubstep">', "", [("Dubstep", Trust.LABEL)], id="G17 meta"
        ),
        pytest.param(
            "", '<meta itemprop="genre" content="Dub">', [("Dub", Trust.LABEL)], id="meta in the post"
        ),
        pytest.param(
            "", '<b itemprop="genre"> Acid  <i>House</i></b>', [("Acid House", Trust.LABEL)], id="microdata"
        ),
        pytest.param(
            '<meta property="article:tag" content="Dub">', "", [("Dub", Trust.FILED)], id="article:tag"
        ),
        pytest.param('<meta name="keywords" content="Dub,House">', "", [], id="keywords of the site"),
        pytest.param('<meta itemprop="genre" content=" ">', '<b itemprop="genre"></b>', [], id="empty"),
    ],
)
def test_microdata_and_meta_elements(head: str, inner: str, values: list[tuple[str, Trust]]) -> None:
    assert stated(head, inner) == values


def test_microdata_beside_the_post_is_not_its_own() -> None:
    assert stated(aside='<b itemprop="genre">Trance</b><meta itemprop="genre" content="Trance">') == []


def test_thousands_of_values_are_cut_off() -> None:
    data = [{"@type": "MusicRecording", "genre": ["House"] * 20}] * 1000
    assert len(stated(ld(data))) == 50


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["@type", "@graph", "genre", "track", "about", "name"]), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@settings(deadline=None, max_examples=60)
@given(_JSON)
def test_any_json_is_read(data: Any) -> None:
    text = json.dumps(data).replace("<", "\\u003c")
    assert all(trust is Trust.LABEL for _, trust in stated(ld(text)))
