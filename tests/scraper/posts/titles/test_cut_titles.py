"""Titles that lost their end on the way into a feed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.blogs.feeds import read_feed
from scraper.posts.titles.cut_titles import ends_before_heart


@pytest.mark.parametrize(
    ("title", "slug", "cut"),
    [
        ("A.M.", "a-m-3-gentle-lanterns", True),
        ("47. A.M. ", "47-a-m-3-velvet-return", True),
        ("🔥 A.M.", "a-m-3-midnight-mosaic.html", True),
        ("A.M. <3 – Gentle Lanterns", "a-m-3-gentle-lanterns", False),
        ("Lines", "lines-3", False),
        ("Lines", "lines-2-remixes", False),
        ("Lines", "kora-lines-3-remixes", False),
        ("Lines 3", "lines-3-remixes", False),
        ("", "3-lines", False),
        ("Lines", "", False),
    ],
)
def test_a_title_is_cut_where_the_address_goes_on_with_a_heart(title: str, slug: str, cut: bool) -> None:
    assert ends_before_heart(title, f"https://b.example/2024/05/{slug}/") is cut


@given(st.text(max_size=40), st.text(max_size=60))
def test_any_title_and_address_are_held_against_each_other(title: str, url: str) -> None:
    assert ends_before_heart(title, url) in {True, False}


def test_a_post_whose_title_the_feed_cut_is_read_from_its_page() -> None:
    item = (
        "<item><title>{0}</title><link>https://b.example/{1}/</link>"
        "<content:encoded><![CDATA[<p>{0}</p>]]></content:encoded></item>"
    )
    items = item.format("Kora – Lines", "kora-lines") + item.format("A.M.", "a-m-3-gentle-lanterns")
    feed = (
        "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel>"
        f"<title>b</title><link>https://b.example/</link>{items}</channel></rss>"
    )
    posts = read_feed(feed.encode(), "https://b.example/feed/", content=True).posts
    assert [post.content is None for post in posts] == [False, True]
