"""The line under a post of a feed goes, and nothing that only looks like it."""

from __future__ import annotations

import pytest

from scraper.posts.page.document import parse_fragment
from scraper.posts.page.feed_footer import strip_feed_footer

URL = "https://blog.example/2024/05/a-post/"
FOOTER = '<p>The post <a href="{url}">POST</a> appeared first on <a href="{blog}">BLOG</a>.</p>'


def _left(content: str, *, url: str = URL) -> str:
    body = parse_fragment(content)
    strip_feed_footer(body, url=url)
    return " ".join("".join(body.itertext()).split())


@pytest.mark.parametrize(
    ("url", "link", "blog"),
    [
        (URL, URL, "https://blog.example"),
        (URL, "/2024/05/a-post/", "/"),
        (URL, f"{URL}?utm_source=rss&utm_medium=rss", "http://www.blog.example/"),
        ("https://x.example/blog/a-post", "https://x.example/blog/a-post", "https://x.example/blog/"),
        ("https://blog.example/?p=9", "https://blog.example/?p=9", "https://blog.example/"),
        ("https://b.example/%d8%a7/", "https://b.example/%d8%a7/", "https://b.example"),
    ],
)
def test_the_line_goes_wherever_its_links_are_written_from(url: str, link: str, blog: str) -> None:
    assert _left(f"<p>words</p>{FOOTER.format(url=link, blog=blog)} behind", url=url) == "words behind"


@pytest.mark.parametrize(
    "line",
    [
        FOOTER.format(url="https://blog.example/another/", blog="https://blog.example"),
        FOOTER.format(url=URL, blog="https://elsewhere.example/"),
        FOOTER.format(url=URL, blog=f"{URL}a.mp3"),
        FOOTER.format(url=URL, blog="http://[/"),
        f'<p><a href="{URL}">POST</a> alone</p>',
        f'<p>{"many words " * 10}<a href="{URL}">POST</a> <a href="https://blog.example">BLOG</a></p>',
        f'<p><a href="{URL}">POST</a> <a href="/">BLOG</a> <a href="/a.mp3">FILE</a></p>',
        f'<a href="{URL}">POST</a> <a href="/">BLOG</a>',
        "<p><a>POST</a> <a href=''>BLOG</a></p>",
    ],
)
def test_other_lines_stay(line: str) -> None:
    assert "POST" in _left(f"<p>words</p>{line}")
