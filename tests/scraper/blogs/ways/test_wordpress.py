"""The REST API of a blog on its own host."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scraper.blogs.ways.way import WayName
from scraper.blogs.ways.wordpress import WordPressWay, posts_route

if TYPE_CHECKING:
    from scraper.blogs.ways.way import Way


@pytest.mark.parametrize(
    ("root", "route"),
    [
        ("https://b.example/wp-json/", "https://b.example/wp-json/wp/v2/posts"),
        ("https://b.example/wp-json", "https://b.example/wp-json/wp/v2/posts"),
        ("https://b.example/blog/index.php/api/", "https://b.example/blog/index.php/api/wp/v2/posts"),
        ("https://b.example/wp-json/?lang=en#x", "https://b.example/wp-json/wp/v2/posts?lang=en"),
        ("https://b.example/?rest_route=/", "https://b.example/?rest_route=/wp/v2/posts"),
        ("https://b.example/?rest_route=%2F", "https://b.example/?rest_route=/wp/v2/posts"),
        (
            "https://b.example/index.php?lang=en&rest_route=/",
            "https://b.example/index.php?lang=en&rest_route=/wp/v2/posts",
        ),
        ("http://127.0.0.1:8080?rest_route=", "http://127.0.0.1:8080?rest_route=/wp/v2/posts"),
    ],
)
def test_the_route_of_posts_stands_below_the_root(root: str, route: str) -> None:
    assert posts_route(root) == route
    assert WordPressWay(root, "https://b.example/").first().startswith(route)


def test_it_is_a_way() -> None:
    way: Way = WordPressWay("https://b.example/wp-json/", "https://b.example/")
    assert way.name is WayName.WORDPRESS
