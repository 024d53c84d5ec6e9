"""The public API of WordPress.com.

Of its two, the one that has the shape of WordPress' own is asked: the other (rest/v1.1) is older and would
need a reader of its own.
Source: https://developer.wordpress.com/docs/api/ ("this API is also enabled on WordPress.com")
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from scraper.blogs.ways.way import WayName
from scraper.blogs.ways.wordpress_route import PostsRoute

_SITES: Final = "https://public-api.wordpress.com/wp/v2/sites"


class WordPressComWay(PostsRoute):
    """Lists a blog that WordPress.com hosts, under its own domain too.

    `home` is the blog's address after redirects.
    """

    def __init__(self, home: str) -> None:
        super().__init__(f"{_SITES}/{urlsplit(home).hostname or ''}/posts", home)

    @property
    def name(self) -> WayName:
        """Which way it is."""
        return WayName.WORDPRESS_COM
