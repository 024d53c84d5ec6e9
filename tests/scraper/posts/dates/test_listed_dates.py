"""What listings of all kinds give as the date of a post is the instant of its publication."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from filters.graph import default_graph
from scraper.blogs.feeds import read_feed
from scraper.blogs.ways import blogger_entry, wordpress_post
from scraper.posts.context import Context
from scraper.posts.entry import read_entry
from storage.records import Precision

if TYPE_CHECKING:
    from scraper.blogs.listed import ListedPost

BLOG = "https://b.example/"
URL = f"{BLOG}kora-lines/"
CONTEXT = Context(blog=BLOG, graph=default_graph(), now=datetime(2024, 6, 1, tzinfo=UTC).timestamp())
CONTENT = "xmlns:content='http://purl.org/rss/1.0/modules/content/'"


def _rss(date: str) -> ListedPost:
    item = f"<item><title>x</title><link>{URL}</link><pubDate>{date}</pubDate><content:encoded>y</content:encoded></item>"
    feed = f"<rss version='2.0' {CONTENT}><channel><title>b</title><link>{BLOG}</link>{item}</channel></rss>"
    return read_feed(feed.encode(), f"{BLOG}feed/", content=True).posts[0]


def _atom(published: str) -> ListedPost:
    entry = (
        f"<entry><id>{URL}</id><title>x</title><link href='{URL}'/><published>{published}</published>"
        "<updated>2024-05-01T00:00:00Z</updated><content type='html'>y</content></entry>"
    )
    feed = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>b</title><link href='{BLOG}'/>{entry}</feed>"
    return read_feed(feed.encode(), f"{BLOG}feed/", content=True).posts[0]


def _blogger(published: str) -> ListedPost:
    entry = {
        "id": {"$t": "tag:blogger.com,1999:blog-1.post-2"},
        "title": {"type": "text", "$t": "x"},
        "published": {"$t": published},
        "updated": {"$t": "2024-05-01T00:00:00Z"},
        "link": [{"rel": "alternate", "type": "text/html", "href": URL}],
        "content": {"type": "html", "$t": "y"},
    }
    post = blogger_entry.listed_post(entry, base=BLOG, sites=[BLOG], whole=True)
    assert post is not None
    return post


def _wordpress(date_gmt: str) -> ListedPost:
    item = {
        "id": 1,
        "link": URL,
        "title": {"rendered": "x"},
        "date": "2024-03-04T12:34:00",
        "date_gmt": date_gmt,
        "modified_gmt": "2024-05-01T00:00:00",
        "content": {"rendered": "y", "protected": False},
        "categories": [],
        "tags": [],
    }
    return wordpress_post.listed_post(item, URL)


@pytest.mark.parametrize(
    "listed",
    [
        pytest.param(_rss("Mon, 04 Mar 2024 10:00:00 +0100"), id="D9-rss"),
        pytest.param(_rss("Mon, 04 Mar 2024 10:00:00 CET"), id="D9-rss-named-zone"),
        pytest.param(_rss("Mon, 04 Mar 2024 04:00:00 EST"), id="D9-rss-american-zone"),
        pytest.param(_rss("4 Mar 24 09:00 GMT"), id="D9-rss-short-year"),
        pytest.param(_atom("2024-03-04T10:00:00+01:00"), id="D9-atom"),
        pytest.param(_blogger("2024-03-04T01:00:00.000-08:00"), id="D9-blogger"),
        pytest.param(_wordpress("2024-03-04T09:00:00"), id="D9-wordpress-gmt"),
    ],
)
def test_a_listing_dates_its_posts(listed: ListedPost) -> None:
    understood = read_entry(replace(listed, content=listed.content or ""), CONTEXT)
    published = understood.post.published
    assert published is not None
    assert published.timestamp == datetime(2024, 3, 4, 9, tzinfo=UTC).timestamp()
    assert (published.precision, understood.date_source) == (Precision.TIME, "the listing")
