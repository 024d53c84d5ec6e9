"""What the names of sitemaps tell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.blogs.ways.sitemap_names import Listed, is_oldest_first, listed_by, usual_sitemaps

HOME = "https://b.example/"


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("wp-sitemap-posts-post-1.xml", id="WordPress"),
        pytest.param("?sitemap=posts&sitemap-subtype=post&paged=1", id="WordPress with plain permalinks"),
        pytest.param("post-sitemap.xml", id="Yoast, Rank Math, All in One SEO"),
        pytest.param("post-sitemap12.xml", id="Yoast, a later one"),
        pytest.param("?sitemap=post&sitemap_n=2", id="Yoast with plain permalinks"),
        pytest.param("sitemaps/post-sitemap1.xml", id="SEOPress"),
        pytest.param("sitemap-pt-post-2024-05.xml", id="Google XML Sitemaps"),
        pytest.param("sitemap-pt-post-p1-2024-05.xml.gz", id="the same, later and packed"),
        pytest.param("sitemap-posts.xml", id="Ghost"),
        pytest.param("blog-posts-sitemap.xml", id="Wix"),
        pytest.param("news-sitemap.xml", id="news"),
    ],
)
def test_a_name_says_that_posts_are_listed(name: str) -> None:
    assert listed_by(HOME + name) is Listed.POSTS


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("wp-sitemap-posts-page-1.xml", id="WordPress pages"),
        pytest.param("wp-sitemap-posts-product-1.xml", id="WordPress products"),
        pytest.param("wp-sitemap-taxonomies-category-1.xml", id="WordPress categories"),
        pytest.param("wp-sitemap-taxonomies-post_tag-1.xml", id="WordPress tags"),
        pytest.param("wp-sitemap-users-1.xml", id="WordPress users"),
        pytest.param("?sitemap=taxonomies&sitemap-subtype=post_tag&paged=1", id="tags with plain permalinks"),
        pytest.param("?sitemap=users&paged=1", id="users with plain permalinks"),
        pytest.param("page-sitemap.xml", id="Yoast pages"),
        pytest.param("category-sitemap.xml", id="Yoast categories"),
        pytest.param("post_tag-sitemap2.xml", id="Yoast tags"),
        pytest.param("author-sitemap.xml", id="Yoast authors"),
        pytest.param("post-archive-sitemap.xml", id="All in One SEO archives"),
        pytest.param("addl-sitemap.xml", id="All in One SEO, further pages"),
        pytest.param("sitemap-tax-post_tag.xml", id="Google XML Sitemaps tags"),
        pytest.param("sitemap-misc.xml", id="Google XML Sitemaps, the rest"),
        pytest.param("image-sitemap-1.xml", id="Jetpack images"),
        pytest.param("sitemap-authors.xml", id="Ghost authors"),
        pytest.param("sitemap-pages.xml", id="Ghost and Blogger pages"),
        pytest.param("blog-categories-sitemap.xml", id="Wix categories"),
        pytest.param("sitemap_products_1.xml?from=1&to=2", id="Shopify products"),
    ],
)
def test_a_name_says_that_others_are_listed(name: str) -> None:
    assert listed_by(HOME + name) is Listed.OTHERS


@pytest.mark.parametrize(
    "name",
    [
        "sitemap.xml", "sitemap-1.xml", "sitemap.xml?page=2", "sitemap_index.xml", "?sitemap=index", "sitemap",
        "wp-sitemap-posts-mix-1.xml", "postcards-sitemap.xml", "tagged-sitemap.xml", "posts/sitemap.xml", "",
    ],
)  # fmt: skip
def test_other_names_say_nothing(name: str) -> None:
    assert listed_by(HOME + name) is Listed.UNKNOWN


def test_wordpress_begins_with_its_oldest_posts() -> None:
    assert is_oldest_first(f"{HOME}wp-sitemap-posts-post-1.xml")
    assert is_oldest_first(f"{HOME}?sitemap=posts&sitemap-subtype=post&paged=1")
    assert not is_oldest_first(f"{HOME}post-sitemap.xml")


@pytest.mark.parametrize(
    ("home", "platform", "first", "count"),
    [
        ("https://b.example", None, "https://b.example/sitemap.xml", 6),
        ("https://b.example/", "WordPress", "https://b.example/wp-sitemap.xml", 5),
        ("https://b.example/index.html", "Hugo", "https://b.example/sitemap.xml", 1),
        ("https://b.example/blog", "Ghost", "https://b.example/blog/sitemap.xml", 2),
        ("https://b.example/blog/?a=b#c", "blogger", "https://b.example/blog/sitemap.xml", 2),
        ("https://b.example/", "Unheard Of", "https://b.example/sitemap.xml", 6),
    ],
)
def test_usual_sitemaps_are_below_the_blog_and_the_root(
    home: str, platform: str | None, first: str, count: int
) -> None:
    found = usual_sitemaps(home, platform=platform)
    assert (found[0], len(found)) == (first, count)
    assert all(url.startswith("https://b.example/") for url in found)


def test_wordpress_with_plain_permalinks_is_looked_for() -> None:
    assert "https://b.example/?sitemap=index" in usual_sitemaps(HOME)
    assert "https://b.example/?sitemap=index" in usual_sitemaps(HOME, platform="wordpress")


@given(st.text(max_size=60))
def test_any_name_is_judged(text: str) -> None:
    assert listed_by(HOME + text) in Listed
    is_oldest_first(HOME + text)
