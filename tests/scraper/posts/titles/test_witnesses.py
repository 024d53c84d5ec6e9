"""Titles without a separator, told apart by what else the post names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.graph import default_graph
from scraper.blogs.listed import ListedPost
from scraper.posts.context import Context
from scraper.posts.titles.witnesses import split_by_witnesses
from scraper.posts.understand import read_page

SPLIT = [
    ("Gritta Concrete Return", [], ["Concrete Return"], ("Gritta", "Concrete Return")),
    ("Gritta Concrete Return", ["GRITTA"], [], ("Gritta", "Concrete Return")),
    ("Opal Dufresne Neon Corridor", [], ["neon-corridor"], ("Opal Dufresne", "Neon Corridor")),
    ("A-ha Take On Me", ["A-ha"], [], ("A-ha", "Take On Me")),
    ("Kino Группа крови", [], ["группа крови"], ("Kino", "Группа крови")),
]


@pytest.mark.parametrize(("title", "artists", "tracks", "parts"), SPLIT)
def test_what_the_post_names_elsewhere_tells_artist_and_track_apart(
    title: str, artists: list[str], tracks: list[str], parts: tuple[str, str]
) -> None:
    assert split_by_witnesses(title, artists=artists, tracks=tracks) == parts


def test_witnesses_that_agree_are_as_good_as_one() -> None:
    found = split_by_witnesses(
        "Søren Mørkved Midnight Avenue", artists=["Søren Mørkved"], tracks=["Midnight Avenue"]
    )
    assert found == ("Søren Mørkved", "Midnight Avenue")


@pytest.mark.parametrize(
    ("artists", "tracks"),
    [
        (["Ezra"], ["Lucid Tide"]),  # Ezra / Lindqvist Lucid Tide, or Ezra Lindqvist / Lucid Tide
        ([], ["Tide", "Lucid Tide"]),
        (["Lindqvist"], []),
        ([], ["Lucid"]),
        (["Ezra Lindqvist Lucid Tide"], []),
        (["", " ", "-"], [""]),
        ([], []),
    ],
)
def test_witnesses_that_disagree_or_do_not_fit_tell_nothing(artists: list[str], tracks: list[str]) -> None:
    assert split_by_witnesses("Ezra Lindqvist Lucid Tide", artists=artists, tracks=tracks) is None


def test_a_sentence_is_not_split() -> None:
    sentence = "fifteen free songs that you should have downloaded before the summer of last year ended"
    assert split_by_witnesses(sentence, artists=["fifteen"]) is None


@given(
    st.text(max_size=60),
    st.lists(st.text(max_size=20), max_size=3),
    st.lists(st.text(max_size=20), max_size=3),
)
def test_both_parts_are_words_of_the_title_in_their_order(
    title: str, artists: list[str], tracks: list[str]
) -> None:
    found = split_by_witnesses(title, artists=artists, tracks=tracks)
    if found is not None:
        artist, track = found
        assert title.startswith(artist)
        assert title.endswith(track)
        assert len(artist) + len(track) <= len(title)


@pytest.mark.parametrize(
    "body",
    [
        "<p>Gritta returns with <em>Concrete Return</em>.</p><a href='/a.mp3'>Download</a>",
        "<a href='/a.mp3'>Concrete Return</a>",
        "<a href='/Gritta%20-%20Concrete%20Return.mp3'>Download</a>",
        "<p>Artist: Gritta</p><p>Title: Concrete Return</p>",
        "<p itemscope><span itemprop='name'>Concrete Return</span></p><a href='/a.mp3'>Download</a>",
    ],
)
def test_a_whole_post_is_its_own_witness(body: str) -> None:
    page = f"<article><h1>Gritta Concrete Return</h1>{body}</article>".encode()
    context = Context(blog="https://b.example/", graph=default_graph(), now=1e9)
    listed = ListedPost(url="https://b.example/x/", key="x")
    post = read_page(page, "utf-8", listed.url, listed=listed, context=context).post
    assert (post.artist, post.track) == ("Gritta", "Concrete Return")


def test_news_without_music_has_no_artist_whatever_it_sets_apart() -> None:
    page = b"<article><h1>Festival season and what to pack</h1><em>What to pack</em></article>"
    context = Context(blog="https://b.example/", graph=default_graph(), now=1e9)
    listed = ListedPost(url="https://b.example/x/", key="x")
    post = read_page(page, "utf-8", listed.url, listed=listed, context=context).post
    assert (post.artist, post.track) == (None, None)
