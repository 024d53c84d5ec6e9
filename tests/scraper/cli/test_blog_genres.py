"""What config.toml says about the posts of a blog that say nothing of genre."""

from __future__ import annotations

import pytest

from filters.graph import default_graph
from scraper.cli.blog_genres import default_genres
from scraper.settings import ConfigError

GRAPH = default_graph()


@pytest.mark.parametrize(
    ("address", "blog"),
    [
        ("https://b.example/", "https://b.example/"),
        ("http://www.b.example", "https://b.example"),
        ("b.example", "https://b.example/"),
        ("https://b.example/blog", "https://b.example/blog/"),
    ],
)
def test_a_blog_is_the_same_however_it_is_spelled(address: str, blog: str) -> None:
    defaults = default_genres({address: ["DnB", "melodic house & techno"]}, GRAPH)
    assert defaults.of(blog) == ("drum and bass", "melodic house", "melodic techno")
    assert defaults.of("https://c.example/") == ()


def test_the_most_specific_genre_counts_a1() -> None:
    defaults = default_genres({"b.example": ["house", "deep house"]}, GRAPH)
    assert defaults.of("https://b.example/") == ("deep house",)


def test_the_order_of_the_table_does_not_matter() -> None:
    one = default_genres({"b.example": ["house"], "c.example": ["dub"]}, GRAPH)
    assert one == default_genres({"https://c.example/": ["dub"], "http://b.example": ["house"]}, GRAPH)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (
            {"b.example": ["hause"]},
            ["'hause'", "default_genres of b.example in the conf", "Did you mean house"],
        ),
        ({"b.example": ["any"]}, ["'any'"]),
        ({"nowhere": ["house"]}, ["no address of a blog", "default_genres of nowhere"]),
        ({"ftp://b.example/": ["house"]}, ["only http and https"]),
        ({"b.example": ["house"], "http://www.b.example/": ["dub"]}, ["twice", "Leave one of its spellings"]),
    ],
)
def test_a_mistake_names_the_blog_and_the_remedy(table: dict[str, list[str]], said: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        default_genres(table, GRAPH)
    assert [words for words in said if words not in str(caught.value)] == []
