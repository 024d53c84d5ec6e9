"""Where in its blog a page stands: the blog's home, the whole or a part of it, and which part."""

from __future__ import annotations

import pytest

from scraper.blogs.platforms import Platform
from scraper.blogs.recognition import Recognised
from tests.scraper.blogs.recognised_pages import HOME, PORTAL, WP_HEAD, told


@pytest.mark.parametrize(
    ("head", "url", "home"),
    [
        (WP_HEAD, "https://b.example/category/house/page/2/", HOME),
        (
            WP_HEAD.replace("/wp-json/", "/music/wp-json/"),
            "https://b.example/music/2024/",
            "https://b.example/music/",
        ),
        (WP_HEAD.replace("/wp-json/", "/index.php?rest_route=/"), "https://b.example/?cat=3", HOME),
        # What is stated of another site, or of a folder beside the page, is not its home.
        (WP_HEAD.replace("https://b.example/wp", "https://evil.example/wp"), "https://b.example/a/", HOME),
        (WP_HEAD.replace("/wp-json/", "/shop/wp-json/"), "https://b.example/music/", HOME),
        ("<meta name=generator content=blogger>", "https://b.example/search/label/House", HOME),
        ("", "https://medium.com/@ann/tagged/house", "https://medium.com/@ann"),
        ("", "https://ann.medium.com/a", "https://ann.medium.com/"),
        (
            "<meta name=generator content='Jekyll v4'><link rel=alternate type=application/atom+xml href=/log/feed.xml>",
            "https://b.example/log/page2/",
            "https://b.example/log/",
        ),
        (
            "<meta name=generator content='Hugo 0.1'><link rel=alternate type=application/rss+xml href=/tags/a/index.xml>",
            "https://b.example/tags/a/",
            HOME,
        ),
        ("", "https://b.example/~ann/", "https://b.example/~ann/"),
        ("", "https://b.example/~ann/page/3/?x=1#y", "https://b.example/~ann/"),
        ("", "https://b.example/tags/house/", HOME),
        ("<link rel=home href=/~ann/>", "https://b.example/~ann/2024/", "https://b.example/~ann/"),
    ],
)
def test_the_home_is_what_the_page_tells_else_the_root_or_the_page_itself(
    head: str, url: str, home: str
) -> None:
    assert told(head, url=url).home == home


@pytest.mark.parametrize(
    ("head", "body", "url", "whole"),
    [
        (WP_HEAD, "", HOME, True),
        (WP_HEAD, "", "https://b.example/page/2/", True),
        (WP_HEAD, "", "https://b.example/?paged=2", True),
        (WP_HEAD, "", "https://b.example/blog/", True),
        (WP_HEAD, "", "https://b.example/category/house/", False),
        (WP_HEAD, "", "https://b.example/?cat=3", False),
        (WP_HEAD, "", "https://b.example/?s=house", False),
        (WP_HEAD, "", "https://b.example/author/ann/", False),
        # WordPress knows better than an address with other words than its own.
        (WP_HEAD, '<body class="blog paged">', "https://b.example/nouvelles/", True),
        (WP_HEAD, '<body class="home page page-id-2">', HOME, True),
        (WP_HEAD, '<body class="archive category category-blog">', "https://b.example/blog/", False),
        (
            WP_HEAD + '<link rel=alternate type="application/json" href="/wp-json/wp/v2/pages/7">',
            "",
            "https://b.example/archive/",
            False,
        ),
        (
            "<meta name=generator content=blogger>",
            "",
            "https://b.example/search?updated-max=2024&max-results=7",
            True,
        ),
        ("<meta name=generator content=blogger>", "", "https://b.example/search/label/House", False),
        ("<meta name=generator content=blogger>", "", "https://b.example/search?q=house", False),
        ("<meta name=generator content=blogger>", "", "https://b.example/2024/05/a.html", False),
        ("", "", "https://a.tumblr.com/page/4", True),
        ("", "", "https://a.tumblr.com/tagged/house", False),
        ("", "", "https://a.substack.com/archive", True),
        ("", "", "https://a.substack.com/archive?sort=new", True),
        ("", "", "https://a.substack.com/p/a", False),
        ("", "", "https://medium.com/@ann", True),
        ("", "", "https://medium.com/@ann/latest", True),
        ("", "", "https://medium.com/@ann/a-post-123", False),
        ("<meta name=generator content='Hugo 0.1'>", "", "https://b.example/index.html", True),
        ("<meta name=generator content='Hugo 0.1'>", "", "https://b.example/tags/house/", False),
        ("", "", "https://b.example/tags/house/", False),
        ("", "", "https://b.example/~ann/", True),
    ],
)
def test_home_and_posts_pages_list_the_whole_blog_and_parts_do_not(
    head: str, body: str, url: str, whole: bool
) -> None:
    assert told(head, body, url=url).whole is whole


@pytest.mark.parametrize(
    ("head", "url", "label"),
    [
        ("", "https://a.blogspot.com/search/label/Deep%20House", "Deep House"),
        ("", "https://a.blogspot.com/search/label/Deep+House?updated-max=2024", "Deep House"),
        ("", "https://a.blogspot.com/search?q=house", None),
        ("", "https://a.blogspot.com/", None),
        ("", "https://a.tumblr.com/tagged/deep+house/page/2", "deep house"),
        ("", "https://a.tumblr.com/tagged/%E3%83%86%E3%82%AF%E3%83%8E/chrono", "テクノ"),
        (PORTAL, "https://b.example/tag/deep-house/", "deep-house"),
        (PORTAL, "https://b.example/tag/x,visibility:paid/", None),
        (
            "<meta name=generator content=Squarespace>",
            "https://b.example/blog?category=Deep+House",
            "Deep House",
        ),
        (WP_HEAD, "https://b.example/category/house/", None),
        ("", "https://b.example/tag/house/", None),
        ("", "https://a.blogspot.com/search/label/%00%1b", None),
    ],
)
def test_the_label_of_a_part_that_the_interface_lists_too_is_told(
    head: str, url: str, label: str | None
) -> None:
    assert told(head, url=url).label == label


@pytest.mark.parametrize(
    "url", ["", "x", "http://[", "about:blank", "http://b.example:0/", "https://b.example/%00"]
)
def test_an_address_that_is_none_is_its_own_home(url: str) -> None:
    assert told(url=url) == Recognised(platform=Platform.UNKNOWN, by="", home=url)
