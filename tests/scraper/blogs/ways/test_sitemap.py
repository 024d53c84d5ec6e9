"""Sitemaps as a way of listing."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.blogs.ways.sitemap import SitemapWay
from scraper.blogs.ways.way import Batch, UnusableAnswerError, WayName
from scraper.http.errors import FetchError
from scraper.http.page import Page
from storage.reasons import Reason

HOME = "https://b.example/"
FIRST = f"{HOME}sitemap.xml"


def answer(body: bytes | str, url: str = FIRST, *, kind: str = "application/xml") -> Page:
    return Page(
        url=url,
        status=200,
        body=body.encode() if isinstance(body, str) else body,
        content_type=kind,
        charset=None,
        etag=None,
        last_modified=None,
    )


def urlset(*paths: str) -> str:
    return "<urlset>" + "".join(f"<url><loc>{HOME}{path}</loc></url>" for path in paths) + "</urlset>"


def index(*urls: str, lastmods: tuple[str, ...] = ()) -> str:
    dates = [f"<lastmod>{lastmod}</lastmod>" for lastmod in lastmods] or [""] * len(urls)
    entries = (
        f"<sitemap><loc>{url.replace('&', '&amp;')}</loc>{date}</sitemap>"
        for url, date in zip(urls, dates, strict=True)
    )
    return f"<sitemapindex>{''.join(entries)}</sitemapindex>"


def named(*paths: str, lastmods: tuple[str, ...] = (), given: tuple[str, ...] = (FIRST,)) -> list[str]:
    """Return what is still to be asked after an index of `paths`."""
    batch = SitemapWay(given, HOME).read(answer(index(*(HOME + path for path in paths), lastmods=lastmods)))
    assert batch.posts == ()
    return [url.removeprefix(HOME) for url in batch.more]


def test_a_sitemap_lists_posts() -> None:
    way = SitemapWay([FIRST], HOME)
    batch = way.read(answer(urlset("", "about/", "2024/05/night-bus/")))
    assert [(post.url, post.key) for post in batch.posts] == [
        (f"{HOME}2024/05/night-bus/", "https://b.example/2024/05/night-bus")
    ]
    assert batch.more == ()
    assert (way.name, way.first(), way.changes(0.0)) == (WayName.SITEMAP, FIRST, None)


def test_of_wordpress_only_the_sitemaps_of_posts_are_asked_the_newest_first() -> None:
    assert named(
        "wp-sitemap-posts-post-1.xml",
        "wp-sitemap-posts-post-2.xml",
        "wp-sitemap-posts-page-1.xml",
        "wp-sitemap-posts-mix-1.xml",
        "wp-sitemap-taxonomies-category-1.xml",
        "wp-sitemap-users-1.xml",
    ) == ["wp-sitemap-posts-post-2.xml", "wp-sitemap-posts-post-1.xml", "wp-sitemap-posts-mix-1.xml"]


def test_of_wordpress_with_plain_permalinks_too() -> None:
    posts = "?sitemap=posts&sitemap-subtype={}&paged=1"
    others = "?sitemap=taxonomies&sitemap-subtype=category&paged=1", "?sitemap=users&paged=1"
    assert named(posts.format("post"), posts.format("page"), *others) == [posts.format("post")]


def test_the_sitemap_changed_last_is_asked_first() -> None:
    paths = ("review-sitemap.xml", "post-sitemap.xml", "post-sitemap2.xml", "page-sitemap.xml")
    lastmods = ("2024-07-01", "2023-01-01", "2024-06-01", "2024-08-01")
    assert named(*paths, lastmods=lastmods) == ["post-sitemap2.xml", "post-sitemap.xml", "review-sitemap.xml"]


def test_of_blogger_all_pages_are_asked_in_order() -> None:
    assert named("sitemap.xml?page=1", "sitemap.xml?page=2") == ["sitemap.xml?page=1", "sitemap.xml?page=2"]


def test_an_index_may_name_indexes() -> None:
    assert named("en/sitemap.xml", "de/sitemap.xml") == ["en/sitemap.xml", "de/sitemap.xml"]


def test_p9_an_index_leads_to_no_other_host() -> None:
    way = SitemapWay(["https://cdn.example/sitemap.xml"], HOME)
    urls = [
        "https://cdn.example/1.xml",
        f"{HOME}2.xml",
        "https://other.example/3.xml",
        "file:///4.xml",
        "5.xml",
    ]
    batch = way.read(answer(index(*urls), "https://cdn.example/sitemap.xml"))
    assert batch.more == (*urls[:2], "https://cdn.example/5.xml")


def test_the_other_sitemaps_given_follow_the_first() -> None:
    given = (
        "page-sitemap.xml",
        "/extra.xml",
        "/post-sitemap.xml",
        "file:///x",
        "https://[",
        "/post-sitemap.xml",
    )
    way = SitemapWay(given, HOME)
    posts, extra = f"{HOME}post-sitemap.xml", f"{HOME}extra.xml"
    assert way.first() == posts
    assert way.read(answer(urlset("a/"), posts)).more == (extra,)
    assert way.read(answer(urlset("a/"), posts.replace("https", "http"))).more == (extra,)
    assert way.read(answer(urlset("a/"), extra)).more == ()


def test_the_other_sitemaps_given_follow_an_index_that_was_redirected_to() -> None:
    way = SitemapWay([FIRST, f"{HOME}extra.xml"], HOME)
    body = index(f"{HOME}post-sitemap.xml")
    assert way.read(answer(body, f"{HOME}sitemap_index.xml")).more == (
        f"{HOME}post-sitemap.xml",
        f"{HOME}extra.xml",
    )


def test_sitemaps_of_other_pages_are_read_where_no_others_are_given() -> None:
    assert SitemapWay([f"{HOME}page-sitemap.xml"], HOME).first() == f"{HOME}page-sitemap.xml"


@pytest.mark.parametrize("given", [[], ["file:///x"], [""]])
def test_a_way_without_a_sitemap_is_none(given: list[str]) -> None:
    with pytest.raises(ValueError, match="a sitemap is needed"):
        SitemapWay([url for url in given if url], HOME)


@pytest.mark.parametrize("kind", ["application/xml", "application/gzip", "text/html"])
def test_a_packed_sitemap_is_known_by_its_first_bytes(kind: str) -> None:
    batch = SitemapWay([FIRST], HOME).read(answer(gzip.compress(urlset("a/").encode()), kind=kind))
    assert [post.url for post in batch.posts] == [f"{HOME}a/"]


def test_a_feed_may_stand_in_place_of_a_sitemap() -> None:
    rss = f"<rss version='2.0'><channel><item><title>A</title><link>{HOME}a/</link></item></channel></rss>"
    (post,) = SitemapWay([FIRST], HOME).read(answer(rss)).posts
    assert (post.url, post.title) == (f"{HOME}a/", "A")
    with pytest.raises(UnusableAnswerError):
        SitemapWay([FIRST], HOME).read(answer("<rss", kind="application/rss+xml"))


def test_a_sitemap_that_says_it_is_a_feed_is_read() -> None:
    (post,) = SitemapWay([FIRST], HOME).read(answer(urlset("a/"), kind="application/rss+xml")).posts
    assert post.url == f"{HOME}a/"


def test_a_page_of_an_error_is_unusable() -> None:
    with pytest.raises(UnusableAnswerError) as caught:
        SitemapWay([FIRST], HOME).read(answer("<!doctype html><html><h1>404</h1></html>", kind="text/html"))
    assert caught.value.where == FIRST


@pytest.mark.parametrize(
    ("reason", "is_end"), [(Reason.NOT_FOUND, True), (Reason.GONE, True), (Reason.TIMEOUT, False)]
)
def test_what_is_not_there_has_no_more(reason: Reason, is_end: bool) -> None:
    assert SitemapWay([FIRST], HOME).is_end(FetchError(reason, FIRST)) is is_end


PIECES = st.sampled_from([
    "<urlset>", "</urlset>", "<sitemapindex>", "<url>", "</url>", "<sitemap>", "</sitemap>", "<loc>", "</loc>", "<lastmod>",
    "</lastmod>", "2024-05-01", "0000", HOME, "2024/05/x/", "a/", "?p=1", "&amp;", "&x;", "<![CDATA[", "]]>", "<!--", "-->",
    "<!DOCTYPE r [", "]>", '<!ENTITY x "y">', "\x00", "\ud800", "<rss>", "<html>", "\n", "https://[", "<?xml version='1.0'?>",
])  # fmt: skip


@given(
    st.one_of(
        st.binary(max_size=200),
        st.lists(PIECES, max_size=25).map(lambda pieces: "".join(pieces).encode("utf-8", "surrogatepass")),
    ),
    st.sampled_from([FIRST, f"{HOME}post-sitemap.xml", f"{HOME}?sitemap=posts&sitemap-subtype=post&paged=1"]),
    st.sampled_from(["text/xml", "application/rss+xml", "text/html"]),
)
def test_whatever_comes_only_the_one_error_comes_out(body: bytes, url: str, kind: str) -> None:
    for written in (body, gzip.compress(body), b"\x1f\x8b\x08" + body):
        try:
            batch = SitemapWay([FIRST, f"{HOME}other.xml"], HOME).read(answer(written, url, kind=kind))
        except UnusableAnswerError:
            continue
        assert isinstance(batch, Batch)
        assert all(more.startswith("http") for more in batch.more)
