"""Listing pages of platforms, themes and hands: which posts they list."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.blogs.pages import ListingPage, read_listing
from scraper.posts.page.document import UnreadablePageError, parse_document

if TYPE_CHECKING:
    from collections.abc import Callable

CLASSIC = """
<main><article id="post-1" class="post-1 post type-post status-publish hentry category-house">
<header class="entry-header"><h2 class="entry-title"><a href="/a/" rel="bookmark">A</a></h2>
<div class="entry-meta"><a href="/a/" rel="bookmark"><time class="entry-date"
datetime="2024-05-01T10:00:00Z">May</time>
</a> by <a href="/author/ann/" rel="author">Ann</a></div></header>
<div class="entry-content"><p>Like <a href="/old-1/">this</a> and <a href="/old-2/">that</a>.</p>
<a class="more-link" href="/a/#more-1">More</a></div>
<footer class="entry-footer"><a href="/category/house/" rel="category tag">House</a>
<a href="/a/#comments">3 comments</a></footer></article>
<article class="post hentry"><h2><a href="/category/mix/">Mix</a>: <a href="/b/">B</a></h2></article></main>
<aside class="widget-area"><article><h2><a href="/popular/">Popular</a></h2></article></aside>
<section class="related"><article><h3><a href="/related/">Related</a></h3></article></section>
<footer><h4><a href="/imprint-of-us/">Imprint</a></h4></footer>
"""
BLOCKS = """
<div class="wp-site-blocks"><ul class="wp-block-post-template">
<li class="wp-block-post post-1 post type-post"><h2 class="wp-block-post-title"><a href="/a/">A</a></h2>
<div class="wp-block-post-date"><time datetime="2024-05-01T10:00:00+00:00"><a href="/a/">May
1</a></time></div></li>
<li class="wp-block-post post-2 post type-post"><figure class="wp-block-post-featured-image"><a href="/b/">
<img src="b.jpg"></a></figure><h2 class="wp-block-post-title"><a href="/b/">B</a></h2></li></ul></div>
<ul class="wp-block-latest-posts"><li><a href="/c/">C</a></li></ul>
"""
BLOGGER = """
<div class="main section" id="main"><div class="widget Blog" data-version="1" id="Blog1"><div
class="blog-posts hfeed">
<div class="date-outer"><div class="post-outer"><div class="post hentry"
itemtype="http://schema.org/BlogPosting">
<h3 class="post-title entry-title"><a href="/2024/05/a.html">A</a></h3><div class="post-body">text</div>
<div class="post-footer"><a class="timestamp-link" rel="bookmark"
href="/2024/05/a.html">10:00</a></div></div></div></div>
<div class="post-outer"><div class="post hentry"><h3 class="post-title"><a
href="/2024/05/b.html">B</a></h3></div></div>
</div></div></div>
<div class="sidebar section"><div class="widget PopularPosts"><h3><a
href="/2020/01/old.html">Old</a></h3></div></div>
"""
PELICAN = """
<aside id="featured" class="body"><article><h1 class="entry-title"><a
href="/a.html">A</a></h1></article></aside>
<section id="content" class="body"><ol id="posts-list" class="hfeed"><li><article class="hentry">
<header><h1><a href="/b.html" rel="bookmark"
title="Permalink">B</a></h1></header></article></li></ol></section>
"""
HUGO = """
<main><div class="post-list"><article class="post-entry"><header><h2>A</h2></header>
<a class="entry-link" aria-label="post link to A" href="/posts/a/"></a></article>
<article class="post-entry"><header><h2>B</h2></header><a class="entry-link"
href="/posts/b/"></a></article></div></main>
"""
TUMBLR = """
<section><article class="post type_audio music"><div class="post-content"><figure></figure></div>
<footer><a class="post-notes" href="/post/1/a#notes">7 notes</a><a class="post-date" href="/post/1/a">May
1st</a>
<a href="/tagged/music">#music</a></footer></article>
<article class="post type_text"><h2><a href="/post/2/b">B</a></h2></article></section>
"""
GHOST = """
<div class="post-feed"><article class="post-card post tag-house"><a class="post-card-image-link"
href="/a/"><img></a>
<div class="post-card-content"><a class="post-card-content-link" href="/a/"><header><h2
class="post-card-title">A</h2>
</header></a></div></article><article class="gh-card post"><a class="gh-card-link"
href="/b/"><h3>B</h3></a></article></div>
"""
SQUARESPACE = """
<div class="blog-basic-grid"><article class="hentry blog-basic-grid--container entry blog-item"><div>
<a href="/a" class="image-wrapper"><img></a></div><div class="blog-basic-grid--text"><h1 class="blog-title">
<a href="/a">A</a></h1><a class="blog-more-link" href="/a">Read More</a><a
href="/?category=House">House</a></div></article>
<article class="blog-item"><h1 class="blog-title"><a href="/b">B</a></h1></article></div>
"""
JEKYLL = """
<ul class="post-list"><li><span class="post-meta">May 1</span><h3><a class="post-link"
href="/2024/05/01/a.html">A</a></h3>
</li><li><h3><a class="post-link" href="/2024/05/02/b.html">B</a></h3></li></ul>
<nav><h4><a href="/menu-entry/">Menu</a></h4></nav>
"""
HAND_MADE = """
<table><tr><td><a href="2024/05/01/night-bus.html">night bus</a> <a href="2024/05/02/day-bus.html">day
bus</a>
<a href="2024/05/">May</a> <a
href="https://other.example/2024/05/03/foreign.html">elsewhere</a></td></tr></table>
"""
CARDS = """
<div class="grid"><a class="post-card" href="/a/"><img><h2>A</h2></a><a class="post-card"
href="/b/"><h2>B</h2></a></div>
"""
LINKED_HEADINGS = '<div><a href="/a/"><h2>A</h2></a><p>text</p><a href="/b/"><h2>B</h2></a></div>'
ONE_ARTICLE = (
    '<article><h1>All</h1><h2><a href="/a/">A</a></h2><p>x</p><h2><a href="/b/">B</a></h2></article>'
)
NESTED = """
<div class="blog-post"><div class="post"><h2><a href="/a/">A</a></h2><div class="entry"><h3><a
href="/a/#b">part</a></h3>
text</div></div><div class="post"><h2><a href="/b/">B</a></h2><div class="entry"><a href="/b/">more</a>
</div></div></div>
"""
CARDS_IN_TEXT = """
<article class="post"><h2><a href="/a/">A</a></h2><div class="entry"><a class="more"
href="/b-page/">b</a></div></article>
<article class="post"><h2><a href="/b/">B</a></h2></article>
"""
FORM = f"<form id='aspnetForm'>{LINKED_HEADINGS}</form>"
MICRODATA = """
<div itemscope itemtype="https://schema.org/BlogPosting"><b><a class="title" href="/a/">A</a></b></div>
<div itemscope itemtype="https://schema.org/BlogPosting"><span class="title"><a
href="/b/">B</a></span></div>
"""


@pytest.mark.parametrize(
    ("text", "posts"),
    [
        pytest.param(CLASSIC, ["/a/", "/b/"], id="P6 P7 WordPress classic"),
        pytest.param(BLOCKS, ["/a/", "/b/"], id="WordPress blocks"),
        pytest.param(BLOGGER, ["/2024/05/a.html", "/2024/05/b.html"], id="Blogger"),
        pytest.param(PELICAN, ["/a.html", "/b.html"], id="Pelican"),
        pytest.param(HUGO, ["/posts/a/", "/posts/b/"], id="Hugo PaperMod"),
        pytest.param(TUMBLR, ["/post/1/a", "/post/2/b"], id="Tumblr"),
        pytest.param(GHOST, ["/a/", "/b/"], id="Ghost"),
        pytest.param(SQUARESPACE, ["/a", "/b"], id="Squarespace"),
        pytest.param(JEKYLL, ["/2024/05/01/a.html", "/2024/05/02/b.html"], id="Jekyll"),
        pytest.param(
            HAND_MADE, ["/2024/05/01/night-bus.html", "/2024/05/02/day-bus.html"], id="P9 hand-made"
        ),
        pytest.param(CARDS, ["/a/", "/b/"], id="cards that are links"),
        pytest.param(LINKED_HEADINGS, ["/a/", "/b/"], id="headings inside links"),
        pytest.param(ONE_ARTICLE, ["/a/", "/b/"], id="one article around all"),
        pytest.param(NESTED, ["/a/", "/b/"], id="entries in entries"),
        pytest.param(CARDS_IN_TEXT, ["/a/", "/b/"], id="links in the text of a post"),
        pytest.param(FORM, ["/a/", "/b/"], id="a form around the whole page"),
        pytest.param(MICRODATA, ["/a/", "/b/"], id="microdata"),
        pytest.param("<p>Hello</p>", [], id="none"),
    ],
)
def test_the_posts_of_a_listing_are_its_entries_in_page_order(
    listing: Callable[..., ListingPage], text: str, posts: list[str]
) -> None:
    page = listing(f"<html><body>{text}</body></html>")
    assert [post.url for post in page.posts] == [f"https://b.example{path}" for path in posts]


def test_an_entry_has_the_date_that_its_listing_states(listing: Callable[..., ListingPage]) -> None:
    assert [post.published for post in listing(CLASSIC).posts] == ["2024-05-01T10:00:00Z", None]


def test_posts_behind_a_password_are_named_apart(listing: Callable[..., ListingPage]) -> None:
    page = listing(
        '<article class="post post-password-required"><h2><a href="/secret/">Protected</a></h2></article>'
        '<article class="post"><h2><a href="/a/">A</a></h2></article>'
    )
    assert [post.key for post in page.posts] == ["https://b.example/a"]
    assert page.locked == {"https://b.example/secret"}


def test_addresses_start_from_the_base_of_the_page(listing: Callable[..., ListingPage]) -> None:
    page = listing(
        '<head><base href="/blog/"></head><article><h2><a href="a">A</a></h2></article>'
        '<article><h2><a href="b">B</a></h2></article><a rel="next" href="page/2/">Next</a>'
    )
    assert [post.url for post in page.posts] == ["https://b.example/blog/a", "https://b.example/blog/b"]
    assert page.older == ("https://b.example/blog/page/2/",)


def test_the_feeds_of_a_page_are_those_of_its_posts(listing: Callable[..., ListingPage]) -> None:
    page = listing(
        '<link rel="alternate" type="application/rss+xml" href="/comments/feed/">'
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">'
        '<link rel="alternate" hreflang="de" href="/de/">'
        '<link rel="Alternate" type="application/rss+xml; charset=utf-8" href="/feed/">'
        '<link rel="alternate" type="application/atom+xml" href="https://feeds.example/b">'
    )
    assert page.feeds == ("https://b.example/feed/", "https://feeds.example/b")


def test_a_page_of_many_posts_lists_them_all(listing: Callable[..., ListingPage]) -> None:
    page = listing("".join(f'<li class="post"><a href="/{n}-x/">{n}</a></li>' for n in range(3000)))
    assert len(page.posts) == 3000


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('<div class="entry">' * 250 + '<a href="/a">x</a>' * 40_000, id="deep entries"),
        pytest.param('<div class="entry"><a class="more" href="/a/">' * 20_000, id="open entries"),
        pytest.param("<nav>" * 250 + '<a class="next">x</a>' * 100_000, id="many links in furniture"),
        pytest.param(f"<a>{'<b>x' * 100_000}", id="a link that never ends"),
        pytest.param(f"<a class='next'>{'«' * 2_000_000}</a>", id="a text that never ends"),
    ],
)
def test_hostile_pages_are_read_in_bounded_time(listing: Callable[..., ListingPage], text: str) -> None:
    started = time.thread_time()
    listing(text)
    assert time.thread_time() - started < 30


_TAGS = st.sampled_from(
    [
        *(
            "<article>",
            "</article>",
            '<a href="/a/">',
            '<a href="/b" rel="next bookmark">',
            "</a>",
            "<h2>",
            "</h2>",
        ),
        *("<aside>", "</aside>", "<time datetime='x'>", '<div class="post entry">', "</div>", "text"),
        *('<a href="//other.example/c">', '<a href="http://[">', "<base href='http://['>", "<li class=next>"),
    ]
)


@given(st.lists(_TAGS, max_size=40))
def test_any_page_gives_posts_of_its_site_each_once(parts: list[str]) -> None:
    try:
        tree = parse_document("".join(parts).encode(), charset="utf-8")
    except UnreadablePageError:
        return
    page = read_listing(tree, "https://b.example/")
    keys = [post.key for post in page.posts]
    assert len(keys) == len(set(keys))
    assert all(post.url.startswith("https://b.example/") for post in page.posts)
    assert all(url.startswith("https://b.example/") for url in page.older)
