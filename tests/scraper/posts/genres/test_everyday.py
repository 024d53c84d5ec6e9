"""Words that are another thing first: a tag "House" on a post about a building is no genre."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.posts.understood import Understood

STORY = "What happened in the village"
POSTING = '<script type="application/ld+json">{"@type": "NewsArticle", "articleSection": "%s"}</script>'


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param({"head": POSTING % "World"}, id="section"),
        pytest.param({"head": '<meta property="article:section" content="World">'}, id="meta section"),
        pytest.param({"head": '<meta property="article:tag" content="Pop">'}, id="meta tag"),
        pytest.param({"classes": "category-house"}, id="class"),
        pytest.param({"meta": '<a rel="tag" href="/tag/terror/">Terror</a>'}, id="tag link"),
        pytest.param({"inner": "<p>Tags: Elektro, Rock</p>"}, id="tags"),
        pytest.param({"categories": ("House", "Country")}, id="categories"),
        pytest.param({"inner": "<p>#house #pop</p>"}, id="hashtags"),
        pytest.param({"inner": "<p>Pop</p>"}, id="line"),
        pytest.param({"url": "https://blog.example/house/what-happened/"}, id="address"),
        pytest.param(
            {
                "classes": "category-house",
                "inner": '<iframe src="https://www.youtube.com/embed/e84t0ppefj9"></iframe>',
            },
            id="beside a video",
        ),
        pytest.param({"classes": "category-house", "inner": "<p>Name: Haus am See</p>"}, id="beside a name"),
    ],
)
def test_an_everyday_word_on_a_post_without_music_is_no_genre(
    read_post: Callable[..., Understood], parts: dict[str, str]
) -> None:
    assert read_post(title=STORY, **parts).post.genres == ()


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param({"title": "Kora – Lines"}, {"house"}, id="title"),
        pytest.param({"inner": '<p><a href="/kora.mp3">Download</a></p>'}, {"house"}, id="file"),
        pytest.param(
            {
                "inner": '<iframe src="https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/1">'
            },
            {"house"},
            id="player",
        ),
        pytest.param(
            {"inner": "<p>#psytrance</p>"}, {"house", "psytrance"}, id="a genre that is nothing else"
        ),
        pytest.param({"inner": "<p>Artist: Kora<br>Label: Nine</p>"}, {"house"}, id="labels of a release"),
        pytest.param({"inner": "<p>Genre: World</p>"}, {"house", "world"}, id="a label"),
    ],
)
def test_an_everyday_word_beside_another_sign_of_music_is_one(
    read_post: Callable[..., Understood], parts: dict[str, str], expected: set[str]
) -> None:
    post = read_post(**{"title": STORY, "classes": "category-house", **parts}).post
    assert set(post.genres) == expected


@pytest.mark.parametrize("name", ["World", "Pop", "House", "Minimal", "Terror"])
def test_an_explicit_label_counts_whatever_the_post_is_about(
    read_post: Callable[..., Understood], name: str
) -> None:
    assert read_post(f"<p>Genre: {name}</p>", title=STORY).post.genres != ()
