"""Feeds as a way of listing: their pages, their end, what is no feed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.blogs.ways.feed import FeedWay, Paging
from scraper.blogs.ways.way import Batch, UnusableAnswerError, Way, WayName
from scraper.http.errors import FetchError
from scraper.http.page import Page
from storage.reasons import Reason

HOME = "https://b.example/"
FEED = "https://b.example/feed/"
ITEM = "<item><title>A</title><link>https://b.example/a</link></item>"
EMPTY = '<rss version="2.0"><channel><title>B</title><link>https://b.example/</link></channel></rss>'
LINKED = '<link xmlns="http://www.w3.org/2005/Atom" rel="next" href="https://b.example/feed/older"/>'


def way(style: Paging, feed: str = FEED) -> FeedWay:
    return FeedWay(feed, HOME, style=style)


def page(items: str, url: str = FEED, *, charset: str | None = None) -> Page:
    text = EMPTY.replace("</channel>", f"{items}</channel>")
    return Page(
        url=url,
        status=200,
        body=text.encode(charset or "utf-8"),
        content_type="application/rss+xml",
        charset=charset,
        etag=None,
        last_modified=None,
    )


def test_a_feed_is_a_way_of_listing() -> None:
    listing: Way = way(Paging.FOLLOW)
    assert (listing.name, listing.first(), listing.changes(0.0)) == (WayName.FEED, FEED, None)


def test_a_page_of_a_feed_gives_its_posts() -> None:
    batch = way(Paging.NONE).read(page(ITEM + "<item><link>https://other.example/x</link></item>"))
    assert [(post.url, post.title, post.content) for post in batch.posts] == [
        ("https://b.example/a", "A", None)
    ]
    assert (batch.more, batch.announced, batch.locked) == ((), None, frozenset())


def test_posts_have_their_content_where_the_feed_is_full_and_locked_ones_are_told() -> None:
    space = 'xmlns:c="http://purl.org/rss/1.0/modules/content/"'
    whole = f"<c:encoded {space}><![CDATA[<p>Whole</p>]]></c:encoded></item>"
    form = f"<c:encoded {space}><![CDATA[<form class='post-password-form'>]]></c:encoded></item>"
    locked = ITEM.replace("/a<", "/b<").replace("</item>", form)
    batch = way(Paging.NONE).read(page(ITEM.replace("</item>", whole) + locked))
    assert [post.content for post in batch.posts] == ["<p>Whole</p>"]
    assert batch.locked == {"https://b.example/b"}


def test_the_content_type_of_the_answer_says_its_encoding() -> None:
    item = ITEM.replace("<title>A", "<title>Новая музыка сегодня")
    (post,) = way(Paging.NONE).read(page(item, charset="windows-1251")).posts
    assert post.title == "Новая музыка сегодня"


@pytest.mark.parametrize(
    ("style", "url", "expected"),
    [
        (Paging.WORDPRESS, FEED, f"{FEED}?paged=2"),
        (Paging.WORDPRESS, f"{FEED}?paged=2", f"{FEED}?paged=3"),
        (Paging.WORDPRESS, f"{FEED}?paged=09&x=%20a", f"{FEED}?x=%20a&paged=10"),
        (Paging.WORDPRESS, f"{FEED}?paged=none", f"{FEED}?paged=2"),
        (Paging.WORDPRESS, f"{FEED}?paged=0#top", f"{FEED}?paged=2"),
        (Paging.WORDPRESS, f"{FEED}?paged={'9' * 5000}", f"{FEED}?paged=2"),
        (Paging.WORDPRESS, f"{HOME}?feed=rss2", f"{HOME}?feed=rss2&paged=2"),
        (Paging.WORDPRESS, f"{HOME}?feed=rss2&paged=24", f"{HOME}?feed=rss2&paged=25"),
        (Paging.GHOST, f"{HOME}rss/", f"{HOME}rss/2/"),
        (Paging.GHOST, f"{HOME}rss", f"{HOME}rss/2/"),
        (Paging.GHOST, f"{HOME}rss/9/", f"{HOME}rss/10/"),
        (Paging.FOLLOW, FEED, "https://b.example/feed/older"),
    ],
)
def test_the_next_page_is_asked_for_while_there_are_entries(style: Paging, url: str, expected: str) -> None:
    assert way(style).read(page(LINKED + ITEM, url)).more == (expected,)
    assert way(style).read(page(LINKED, url)).more == ()


def test_entries_that_are_no_posts_do_not_end_the_feed() -> None:
    batch = way(Paging.WORDPRESS).read(page("<item><link>https://other.example/x</link></item>"))
    assert (batch.posts, batch.more) == ((), (f"{FEED}?paged=2",))


def test_a_feed_that_links_no_older_one_is_all() -> None:
    assert way(Paging.FOLLOW).read(page(ITEM)).more == ()
    assert way(Paging.NONE).read(page(LINKED + ITEM)).more == ()


@pytest.mark.parametrize(
    ("style", "reason", "is_end"),
    [
        (Paging.WORDPRESS, Reason.NOT_FOUND, True),
        (Paging.GHOST, Reason.NOT_FOUND, True),
        (Paging.WORDPRESS, Reason.GONE, True),
        (Paging.WORDPRESS, Reason.SERVER_ERROR, False),
        (Paging.FOLLOW, Reason.NOT_FOUND, False),
        (Paging.NONE, Reason.NOT_FOUND, False),
    ],
)
def test_p10_only_a_page_by_number_that_is_not_there_is_the_end(
    style: Paging, reason: Reason, *, is_end: bool
) -> None:
    assert way(style).is_end(FetchError(reason, FEED)) is is_end


def test_a_page_instead_of_a_feed_is_unusable() -> None:
    answer = Page(
        url=FEED,
        status=200,
        body=b"<!doctype html><html><body>x</body></html>",
        content_type="text/html",
        charset=None,
        etag=None,
        last_modified=None,
    )
    with pytest.raises(UnusableAnswerError) as caught:
        way(Paging.WORDPRESS).read(answer)
    assert caught.value.where == FEED


@given(st.binary(max_size=300), st.sampled_from(Paging))
def test_whatever_the_bytes_only_the_documented_error_comes_out(body: bytes, style: Paging) -> None:
    answer = Page(
        url=FEED,
        status=200,
        body=b"<rss><channel>" + body,
        content_type="text/xml",
        charset=None,
        etag=None,
        last_modified=None,
    )
    try:
        batch = way(style).read(answer)
    except UnusableAnswerError:
        return
    assert isinstance(batch, Batch)
