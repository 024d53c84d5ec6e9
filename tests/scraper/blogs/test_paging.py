"""Which link leads to the older page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.blogs.pages import ListingPage

POSTS = '<article><h2><a href="/a/">A</a></h2>{}</article><article><h2><a href="/b/">B</a></h2></article>'


@pytest.mark.parametrize(
    ("paging", "older"),
    [
        ('<link rel="next" href="/page/2/">', "/page/2/"),
        ('<a rel="nofollow next" href="/page/2/">x</a>', "/page/2/"),
        ('<a class="next page-numbers" href="/page/2/">Next »</a>', "/page/2/"),
        ('<div class="nav-previous"><a href="/page/2/">Zurückliegendes</a></div>', "/page/2/"),
        ('<a class="wp-block-query-pagination-next" href="/?query-1-page=2">Next</a>', "/?query-1-page=2"),
        ('<a class="blog-pager-older-link" href="/search?updated-max=9">x</a>', "/search?updated-max=9"),
        ('<a id="Blog1_blog-pager-older-link" href="/search?updated-max=9">x</a>', "/search?updated-max=9"),
        ('<li class="next"><a href="/page2/">Older</a></li>', "/page2/"),
        ('<div class="older"><a href="/?offset=1700000000000">x</a></div>', "/?offset=1700000000000"),
        ('<div class="pagination"><a href="/page/2">&rang;</a><a href="/page/9">&Rang;</a></div>', "/page/2"),
        ('<a href="/index2.html">2</a><a href="/index3.html">3</a>', "/index2.html"),
        ('<a href="index2.html">»</a>', "/index2.html"),
        ('<a href="/page/2/">Page 2</a><a href="/page/3/">3</a>', "/page/2/"),
        ('<a href="?paged=2">« Older Entries</a>', "/?paged=2"),
        ('<div class="alignleft"><a href="/page/2/">« Previous Entries</a></div>', "/page/2/"),
        ('<a href="/page/2/" aria-label="Next page"><svg></svg></a>', "/page/2/"),
        ('<a href="/page/2/"><span>Ältere Beiträge</span> →</a>', "/page/2/"),
        ('<a href="/page/2/">Entradas antiguas</a>', "/page/2/"),
        ('<a href="/page/2/">Articles plus anciens »</a>', "/page/2/"),
        ('<a href="/page/2/">Postagens mais antigas</a>', "/page/2/"),
        ('<a href="/page/2/">Post più vecchi</a>', "/page/2/"),
        ('<a href="/page/2/">Ранее</a>', "/page/2/"),
        ('<a href="/page/2/">Oudere berichten</a>', "/page/2/"),
        ('<a href="/page/2/">Starsze posty</a>', "/page/2/"),
        ('<a href="/page/2/">過去の投稿</a>', "/page/2/"),
        ('<a href="/?page=1" rel="next">Go to next page</a>', "/?page=1"),
    ],
    ids=lambda value: value[:60],
)  # fmt: skip
def test_the_first_page_leads_to_the_second(
    listing: Callable[..., ListingPage], paging: str, older: str
) -> None:
    assert listing(POSTS.format("") + paging).older[0] == f"https://b.example{older}"


@pytest.mark.parametrize(
    "paging",
    [
        pytest.param('<a href="/next-album/">Next Album Review</a>', id="P5-words"),
        pytest.param('<a class="next" href="/b/">Next</a>', id="P5-a post of the page"),
        pytest.param('<a class="next" href="#">Next</a>', id="P5-a carousel"),
        pytest.param('<a class="next" href="javascript:void(0)">Next</a>', id="a script"),
        pytest.param('<a rel="next" href="https://other.example/page/2/">Next</a>', id="another site"),
        pytest.param('<a rel="next" href="/">Next</a>', id="the page itself"),
        pytest.param('<a rel="next" href="/page/1/">Next</a>', id="P1"),
        pytest.param('<a href="/category/house/page/2/">2</a>', id="the paging of another list"),
        pytest.param('<a href="/page/3/">3</a>', id="not the next number"),
        pytest.param('<a href="/page/2/">All about page 2 of our zine</a>', id="a number among words"),
        pytest.param('<figure class="alignleft"><a href="/old/"><img></a></figure>', id="an aligned image"),
    ],
)
def test_what_does_not_page_is_not_followed(listing: Callable[..., ListingPage], paging: str) -> None:
    assert listing(POSTS.format("") + paging).older == ()


def test_the_links_of_a_post_do_not_page(listing: Callable[..., ListingPage]) -> None:
    inside = '<a class="next" rel="next" href="/next-album/">Next</a><a href="/page/2/">2</a>'
    assert listing(POSTS.format(inside)).older == ()


def test_paging_inside_the_element_around_all_entries_counts(listing: Callable[..., ListingPage]) -> None:
    text = f'<article class="page">{POSTS.format("")}<a href="/page/2/">Older posts</a></article>'
    assert listing(text).older == ("https://b.example/page/2/",)


@pytest.mark.parametrize(
    ("url", "paging", "older"),
    [
        ("/page/2/", '<a class="prev" href="/">« Previous</a><a href="/page/3/">3</a>', ["/page/3/"]),
        ("/page/2/", '<a href="/">Previous posts</a><a href="/page/3/">Next</a>', ["/", "/page/3/"]),
        ("/page/2/", '<div class="nav-previous"><a href="/page/1/">Newer</a></div>', []),
        ("/page/7", '<a class="next" href="/page/6">←Newer</a>', []),
        ("/index2.html", '<a href="/index3.html">⟩</a><a href="/index.html">⟨</a>', ["/index3.html"]),
        ("/?paged=3", '<a href="/?paged=2">2</a><a href="/?paged=4">4</a>', ["/?paged=4"]),
        ("/?page=1", '<a rel="next" href="/?page=2">next</a>', ["/?page=2"]),
    ],
    ids=[
        "previous is newer",
        "several candidates",
        "a lower number",
        "P2 only newer",
        "files",
        "query",
        "from 0",
    ],
)
def test_a_later_page_leads_on_and_never_back(
    listing: Callable[..., ListingPage], url: str, paging: str, older: list[str]
) -> None:
    found = listing(POSTS.format("") + paging, f"https://b.example{url}").older
    assert list(found) == [f"https://b.example{path}" for path in older]


@pytest.mark.parametrize(
    ("url", "href", "older"),
    [
        ("https://b.example/tag/house.html", "/tag/house2.html", True),
        ("https://b.example/tag/house2.html", "/tag/house3.html", True),
        ("https://b.example/tag/house2.html", "/tag/house4.html", False),
        ("https://b.example/tag/house.html", "/tag/techno2.html", False),
    ],
)
def test_pages_may_be_numbered_before_their_ending(
    listing: Callable[..., ListingPage], url: str, href: str, *, older: bool
) -> None:
    found = listing(f'{POSTS.format("")}<ul class="paginator"><a href="{href}">&rang;</a></ul>', url).older
    assert found == ((f"https://b.example{href}",) if older else ())


def test_p3_the_canonical_address_does_not_matter(listing: Callable[..., ListingPage]) -> None:
    """P3: it is the same on all pages of some blogs."""
    text = f'<link rel="canonical" href="/">{POSTS.format("")}<a class="next" href="/page/3/">x</a>'
    assert listing(text, "https://b.example/page/2/").older == ("https://b.example/page/3/",)
