"""Which addresses can be posts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.blogs.addresses import PostAddresses
from scraper.http.addresses.identity import fetch_url, post_key

HOME = "https://b.example/"


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("2024/05/all-about-house/", id="P8-about"),
        pytest.param("article/tag/you-are-it/", id="P8-tag"),
        pytest.param("2024/05/12/night-bus/", id="dated"),
        pytest.param("night-bus/", id="a slug"),
        pytest.param("night-bus.html", id="a slug with an ending"),
        pytest.param("?p=12", id="WordPress plain permalink"),
        pytest.param("archives/123", id="WordPress numeric permalink"),
        pytest.param("1234/", id="a number that is no year"),
        pytest.param("2024/05/1999/", id="a post called 1999"),
        pytest.param("post/2024/", id="a number like a year"),
        pytest.param("p/a-letter", id="Substack"),
        pytest.param("post/17712345/night-bus", id="Tumblr"),
        pytest.param("2024/05/night-bus.html?m=1", id="P7-m=1"),
        pytest.param("2024/05/night-bus/amp/", id="P7-amp"),
        pytest.param("topical-tunes/", id="a slug that begins like a section"),
        pytest.param("page-turner/", id="a slug that begins like paging"),
    ],
)
def test_the_address_of_a_post_may_be_one(path: str) -> None:
    assert PostAddresses(HOME).key_of(HOME + path) == post_key(HOME + path)


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("date/2026/02/", id="P7-date"),
        pytest.param("tag/house/", id="P7-tag"),
        pytest.param("author/ann/", id="P7-author"),
        pytest.param("category/house/", id="P7-category"),
        pytest.param("2024/05/night-bus/attachment/cover/", id="P7-attachment"),
        pytest.param("2024/05/night-bus/?replytocom=7#respond", id="P7-replytocom"),
        pytest.param("feed/", id="P7-feed"),
        pytest.param("2024/05/night-bus/feed/", id="P7-feed of a post"),
        pytest.param("", id="the listing itself"),
        pytest.param("#top", id="a fragment of the listing"),
        pytest.param("?utm_source=x", id="the listing, tracked"),
        pytest.param("index.html", id="the listing, named"),
        pytest.param("2024/", id="a year"),
        pytest.param("2024/05/", id="a month"),
        pytest.param("2024/05/12", id="a day"),
        pytest.param("archives/2024/05/", id="a month below a folder"),
        pytest.param("archive", id="Tumblr's archive"),
        pytest.param("page/2/", id="paging"),
        pytest.param("page2", id="Jekyll's paging"),
        pytest.param("blog/page/3", id="paging below a folder"),
        pytest.param("?paged=2", id="paging by query"),
        pytest.param("?cat=3", id="a category by query"),
        pytest.param("?s=house", id="a search"),
        pytest.param("search/label/House", id="a label of Blogger"),
        pytest.param("search?updated-max=2024", id="Blogger's paging"),
        pytest.param("p/about.html", id="a page of Blogger"),
        pytest.param("about/", id="about"),
        pytest.param("files/a.mp3", id="a file"),
        pytest.param("2024/05/cover.jpg", id="an image"),
        pytest.param("wp-login.php", id="a login"),
        pytest.param("blog?category=House", id="Squarespace's category"),
    ],
)
def test_what_is_no_post_is_none(path: str) -> None:
    assert PostAddresses(HOME).key_of(HOME + path) is None


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://other.example/2024/05/night-bus/", id="P9"),
        pytest.param("https://sub.b.example/night-bus/", id="another host of the domain"),
        pytest.param("https://b.example:8080/night-bus/", id="another port"),
        pytest.param("https://b.example.evil.example/night-bus/", id="a longer name"),
    ],
)
def test_other_sites_have_no_posts_of_the_blog(url: str) -> None:
    assert PostAddresses(HOME).key_of(url) is None


@pytest.mark.parametrize(
    ("listing", "url", "is_post"),
    [
        ("https://www.b.example/", "http://b.example/night-bus/", True),
        ("https://b.example/blog/", "https://b.example/blog/night-bus", True),
        ("https://b.example/blog/", "https://b.example/blog/tag/house", False),
        ("https://b.example/blog/", "https://b.example/tag/house", False),
        ("https://b.example/blog/", "https://b.example/blog/page/2/", False),
        ("https://b.example/blog/", "https://b.example/2024/05/night-bus/", True),
        ("https://b.example/category/house/", "https://b.example/category/techno/", False),
        ("https://b.example/category/house/", "https://b.example/category/house/page/3/", False),
        ("https://b.example/category/house/", "https://b.example/category/house/deep-house/", False),
        ("https://b.example/blog/", "https://b.example/blog/2024/", False),
        ("https://b.example/topics/", "https://b.example/topics/night-bus/", True),
        ("https://b.example/category/house/", "https://b.example/night-bus/", True),
        ("https://b.example/news.php", "https://b.example/news.php?id=7", True),
        ("https://b.example/news.php", "https://b.example/news.php?sort=up", False),
        ("https://b.example/page/2/", "https://b.example/", False),
    ],
    ids=str,
)
def test_the_address_is_judged_from_where_the_listing_is(listing: str, url: str, is_post: bool) -> None:
    assert (PostAddresses(listing).key_of(url) is not None) is is_post


@given(st.text(max_size=60))
def test_any_text_is_judged(text: str) -> None:
    PostAddresses(HOME).key_of(text)
    key = PostAddresses(HOME).key_of(HOME + text)
    assert key is None or key.startswith("https://b.example")


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.b.example/tag/house/", "https://b.example/tag/house"),
        ("https://b.example/topics/night-bus/", "https://b.example/topics/night-bus"),
        ("https://b.example/?p=7", "https://b.example/?p=7"),
        ("https://b.example/", None),
        ("https://b.example/cover.JPG", None),
        ("https://other.example/night-bus/", None),
    ],
)
def test_any_page_of_the_site_has_a_key_but_the_listing_and_files(url: str, key: str | None) -> None:
    assert PostAddresses(HOME).own_key(url) == key


_LETTERS = st.text("aZ0_.-/~%", max_size=12)


@given(
    st.sampled_from(["http", "https", "HTTP"]),
    st.sampled_from(["b.example", "www.b.example", "b.example:80", "b.example:8080", "B.example", "c.example"]),
    st.one_of(_LETTERS, st.builds("{}/{}".format, _LETTERS, st.sampled_from(["amp", "amp/", "index.html", "index.php/"]))),
)  # fmt: skip
def test_a_plain_address_has_the_key_that_any_other_has(scheme: str, host: str, path: str) -> None:
    for home in (HOME, "http://www.b.example/", "https://b.example:8080/"):
        addresses = PostAddresses(home)
        url = f"{scheme}://{host}/{path}"
        assert addresses.own_key(url) in {None, post_key(url)}
        if addresses.is_plain(url):
            assert fetch_url(url, url) == url
            is_page = post_key(url) != post_key(home) and "." not in path
            assert not is_page or addresses.own_key(url) == post_key(url)
