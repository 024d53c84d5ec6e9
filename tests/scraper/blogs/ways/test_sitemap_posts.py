"""Which pages of a sitemap are posts, and in which order."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.blogs.ways.sitemap_names import Listed
from scraper.blogs.ways.sitemap_posts import PostsAmong
from scraper.blogs.ways.sitemap_reading import Entry

HOME = "https://b.example/"
DATED = [f"2024/{month:02}/night-bus-{month}/" for month in range(12, 0, -1)]
SLUGS = [f"night-bus-number-{n}/" for n in range(12)]
IN_POSTS = [f"posts/night-bus-{n}/" for n in range(12)]
DAY = 86_400.0


def paths(
    *given: str, home: str = HOME, listed: Listed = Listed.UNKNOWN, oldest_first: bool = False
) -> list[str]:
    entries = [Entry(HOME + path) for path in given]
    posts = PostsAmong(home).posts(entries, f"{HOME}sitemap.xml", listed=listed, oldest_first=oldest_first)
    return [post.url.removeprefix(HOME) for post in posts]


@pytest.mark.parametrize(
    ("posts", "others"),
    [
        pytest.param(
            DATED,
            ["", "about/", "mixtape/", "posts/", "tags/", "tags/house/", "categories/house/", "how-to-submit/"],
            id="Hugo",
        ),
        pytest.param(
            [f"2024/05/{n:02}/night-bus.html" for n in range(12, 0, -1)],
            ["about.html", "page2/", "blog/page3/", "404.html", "2024/05/"],
            id="Jekyll",
        ),
        pytest.param(
            [f"techno/2024/05/{n:02}/night-bus.html" for n in range(12, 0, -1)],
            ["techno/", "house/", "contact-us.html"],
            id="Jekyll with categories",
        ),
        pytest.param(
            [f"blog/2024/{n}/{n}/night-bus" for n in range(12, 0, -1)],
            ["blog", "home", "blog/category/House", "blog/tag/free", "contact", "new-gallery-1"],
            id="Squarespace",
        ),
        pytest.param(
            [f"2024/{n:02}/night-bus.html" for n in range(12, 0, -1)],
            ["p/about.html", "search/label/House", "2024/"],
            id="Blogger",
        ),
        pytest.param(
            IN_POSTS,
            ["posts/", "artists/", *(f"artists/somebody-{n}/" for n in range(30)), "series/one/", "journey/"],
            id="a folder of posts beside more artists",
        ),
        pytest.param(
            [f"en/posts/night-bus-{n}/" for n in range(12)],
            ["en/", "en/posts/", "en/artists/somebody/", "en/about/"],
            id="P7 a folder of posts in a language",
        ),
        pytest.param([f"p/night-bus-{n}" for n in range(12)], ["archive", "about"], id="Substack"),
        pytest.param(SLUGS, ["about-us/", "contact/", "category/house/", "faq/"], id="slugs at the root"),
        pytest.param(
            [*(f"techno/night-bus-{n}/" for n in range(9)), "ambient/rain/", "techno/live/long-set/"],
            ["techno/", "about/", "mixtapes/"],
            id="folders that are categories",
        ),
        pytest.param([f"?p={n}" for n in range(12, 0, -1)], ["?page_id=7", "?cat=3", ""], id="plain permalinks"),
        pytest.param([f"archives/{n}" for n in range(12)], ["archives", "about"], id="numeric permalinks"),
    ],
)  # fmt: skip
def test_posts_are_told_from_other_pages_by_their_addresses(posts: list[str], others: list[str]) -> None:
    assert paths(*others, *posts) == posts


@pytest.mark.parametrize(
    "mixed",
    [
        pytest.param([*DATED, *SLUGS], id="permalinks that have changed"),
        pytest.param([*DATED[:2], *SLUGS[:2], *IN_POSTS[:2]], id="no common shape"),
        pytest.param(["2024/05/all-about-house/", "2024/04/tag/"], id="P8-about"),
        pytest.param([f"article/tag/you-are-it-{n}/" for n in range(5)], id="P8-tag"),
        pytest.param(["night-bus/"], id="one post"),
        pytest.param([], id="nothing"),
    ],
)
def test_in_doubt_an_address_is_kept(mixed: list[str]) -> None:
    assert set(paths(*mixed)) == set(mixed)


def test_p9_posts_of_other_hosts_are_none_of_the_blog() -> None:
    entries = [
        Entry("https://other.example/2024/05/x/"),
        Entry("http://www.b.example/2024/05/x/"),
        Entry("//["),
    ]
    posts = PostsAmong(HOME).posts(entries, HOME, listed=Listed.POSTS, oldest_first=False)
    assert [post.key for post in posts] == ["https://b.example/2024/05/x"]


def test_p7_views_of_a_post_are_the_post() -> None:
    assert paths("2024/05/x/", "2024/05/x/amp/", "2024/05/x/?m=1", "2024/05/x/#comments") == ["2024/05/x/"]


def test_of_a_blog_that_is_a_part_of_its_site_only_its_own_pages_count() -> None:
    blog = f"{HOME}blog/"
    assert paths("shop-news/a/", "docs/b/", "blog/one/", "blog/two/", home=blog) == ["blog/one/", "blog/two/"]
    assert paths(*DATED, "blog/one/", "blog/two/", home=blog)[: len(DATED)] == DATED


def test_a_sitemap_of_posts_is_believed_but_for_their_lists() -> None:
    odd = ["topics/night-bus/", "shop/rain/", "user/live/"]
    assert paths("blog/", *odd, "blog/a/", "blog/b/", listed=Listed.POSTS) == [*odd, "blog/a/", "blog/b/"]
    assert paths("", "journal/", *DATED, listed=Listed.POSTS) == DATED
    assert paths("blog/", "drift/", *SLUGS, "cover.jpg", listed=Listed.POSTS) == ["drift/", *SLUGS]


@pytest.mark.parametrize("dated", [DATED, DATED[::-1]], ids=["falling", "rising"])
def test_dates_in_addresses_bring_the_newest_first(dated: list[str]) -> None:
    assert paths(*dated) == DATED


def test_what_stands_oldest_first_is_turned_where_addresses_do_not_tell() -> None:
    assert paths(*SLUGS, oldest_first=True) == SLUGS[::-1]
    assert paths(*SLUGS) == SLUGS
    assert paths(*DATED, oldest_first=True) == DATED
    assert paths("?p=1", "?p=3", "?p=2", "?p=9") == ["?p=9", "?p=3", "?p=2", "?p=1"]


def test_the_last_change_brings_the_newest_first() -> None:
    entries = [
        Entry(HOME + path, lastmod) for path, lastmod in zip(SLUGS[:4], (1e9, 3e9, None, 2e9), strict=True)
    ]
    posts = PostsAmong(HOME).posts(entries, HOME, listed=Listed.UNKNOWN, oldest_first=False)
    assert [post.modified for post in posts] == [3e9, 2e9, 1e9, None]


@pytest.mark.parametrize(
    ("lastmods", "modified"),
    [
        pytest.param([1e9] * 5, [None] * 5, id="all the same"),
        pytest.param([1e9 + n for n in range(5)], [None] * 5, id="while the sitemap was written"),
        pytest.param([1e9, 1e9, 1e9, 1e9 + 2 * DAY, 1e9 + DAY], [None, None, None, 1e9 + 2 * DAY, 1e9 + DAY], id="most"),
        pytest.param([1e9 + DAY, 1e9 + DAY, 1e9, 1e9 - DAY], [1e9 + DAY, 1e9 + DAY, 1e9, 1e9 - DAY], id="half"),
        pytest.param([1e9], [1e9], id="one"),
    ],
)  # fmt: skip
def test_a_last_change_that_most_share_says_nothing(
    lastmods: list[float], modified: list[float | None]
) -> None:
    entries = [Entry(HOME + path, lastmod) for path, lastmod in zip(SLUGS, lastmods, strict=False)]
    posts = PostsAmong(HOME).posts(entries, HOME, listed=Listed.POSTS, oldest_first=False)
    assert [post.modified for post in posts] == modified


def test_fifty_thousand_addresses_are_judged_in_linear_time() -> None:
    deep = "".join(f"a{n}/" for n in range(150))
    entries = [Entry(f"{HOME}2024/05/night-bus-{n}/") for n in range(45_000)]
    entries += [Entry(f"{HOME}{n}/{deep}") for n in range(5_000)]
    started = time.thread_time()
    PostsAmong(HOME).posts(entries, HOME, listed=Listed.UNKNOWN, oldest_first=False)
    assert time.thread_time() - started < 30


@given(st.lists(st.text(max_size=30), max_size=8), st.sampled_from(Listed), st.booleans())
def test_of_any_addresses_each_post_comes_once(texts: list[str], listed: Listed, oldest_first: bool) -> None:
    entries = [Entry(text) for text in texts] + [Entry(HOME + text) for text in texts]
    posts = PostsAmong(HOME).posts(entries, HOME, listed=listed, oldest_first=oldest_first)
    keys = [post.key for post in posts]
    assert len(keys) == len(set(keys))
    assert all(key.startswith("https://b.example") for key in keys)
