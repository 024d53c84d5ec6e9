"""The REST API of a WordPress blog on its own host."""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote, urlsplit

from scraper.blogs.ways.way import WayName
from scraper.blogs.ways.wordpress_route import PostsRoute

_POSTS: Final = "/wp/v2/posts"
_ROUTE: Final = "rest_route"


class WordPressWay(PostsRoute):
    """Lists a blog by its own REST API.

    `root` is the absolute address that the blog's pages give as ``link[rel="https://api.w.org/"]``, also
    where permalinks are plain (``/?rest_route=/``); `home` is the blog's address after redirects.
    """

    def __init__(self, root: str, home: str) -> None:
        super().__init__(posts_route(root), home)

    @property
    def name(self) -> WayName:
        """Which way it is."""
        return WayName.WORDPRESS


def posts_route(root: str) -> str:
    """Return the address of the posts below the REST root at `root`.

    >>> posts_route("https://b.example/wp-json/"), posts_route("https://b.example/index.php?rest_route=%2F")
    ('https://b.example/wp-json/wp/v2/posts', 'https://b.example/index.php?rest_route=/wp/v2/posts')
    """
    parts = urlsplit(root)
    query = [part.partition("=") for part in parts.query.split("&") if part]
    routed = [
        f"{name}={unquote(value).rstrip('/')}{_POSTS}" if name == _ROUTE else f"{name}{sign}{value}"
        for name, sign, value in query
    ]
    in_query = any(name == _ROUTE for name, _, _ in query)
    path = parts.path if in_query else parts.path.rstrip("/") + _POSTS
    return parts._replace(path=path, query="&".join(routed), fragment="").geturl()
