"""The addresses of interfaces that pages of WordPress and Ghost state."""

from __future__ import annotations

import pytest

from scraper.blogs.platforms import Platform
from tests.scraper.blogs.recognised_pages import HOME, KEY, PORTAL, SEARCH, told


@pytest.mark.parametrize(
    ("head", "headers", "api"),
    [
        ('<link rel="https://api.w.org/" href="/wp-json/">', [], "https://b.example/wp-json/"),
        (
            '<link rel="https://api.w.org/" href="https://b.example/index.php?rest_route=/">',
            [],
            "https://b.example/index.php?rest_route=/",
        ),
        ('<link rel="https://api.w.org/" href="?rest_route=/">', [], "https://b.example/?rest_route=/"),
        (
            '<meta name="generator" content="WordPress 6.4">',
            [("Link", '</wp-json/>; rel="https://api.w.org/", <https://b.example/?p=1>; rel=shortlink')],
            "https://b.example/wp-json/",
        ),
        (
            "",
            [
                ("Link", "<https://b.example/wp-json/>; rel=https://api.w.org/"),
                ("link", '<https://b.example/>; rel="shortlink"'),
            ],
            "https://b.example/wp-json/",
        ),
        (
            '<base href="/blog/"><link rel="https://api.w.org/" href="wp-json/">',
            [],
            "https://b.example/blog/wp-json/",
        ),
        ('<meta name="generator" content="WordPress 6.4">', [], None),
        ('<link rel="https://api.w.org/" href="javascript:x=/">', [], None),
    ],
)
def test_the_rest_root_is_what_the_page_or_its_header_states(
    head: str, headers: list[tuple[str, str]], api: str | None
) -> None:
    assert told(head, headers=headers).api == api


@pytest.mark.parametrize(
    ("head", "url", "api", "home"),
    [
        (PORTAL, HOME, f"https://b.ghost.io/ghost/api/content/?key={KEY}", HOME),
        (
            SEARCH,
            "https://b.example/blog/",
            f"https://b.example/blog/ghost/api/content/?key={KEY}",
            "https://b.example/blog/",
        ),
        (
            f"<meta name=generator content='Ghost 4.2'><script>var gh_search_key = '{KEY}';</script>",
            HOME,
            f"https://b.example/ghost/api/content/?key={KEY}",
            HOME,
        ),
        (
            f'<meta name=generator content="Ghost 5.1"><script>x({{"contentApiKey": "{KEY}"}})</script>',
            HOME,
            f"https://b.example/ghost/api/content/?key={KEY}",
            HOME,
        ),
        (PORTAL.replace(KEY, "&amp;limit=all#"), HOME, None, HOME),
        ("<meta name=generator content='Ghost 5.1'>", HOME, None, HOME),
        (
            PORTAL.replace(HOME, "https://other.example/").replace(KEY, "a" * 26)
            + PORTAL
            + "<meta name=generator content='Ghost 5.1'>",
            HOME,
            f"https://b.ghost.io/ghost/api/content/?key={KEY}",
            HOME,
        ),
    ],
)
def test_the_content_api_of_ghost_is_where_its_own_scripts_have_it(
    head: str, url: str, api: str | None, home: str
) -> None:
    found = told(head, url=url)
    assert (found.platform, found.api, found.home) == (Platform.GHOST, api, home)
