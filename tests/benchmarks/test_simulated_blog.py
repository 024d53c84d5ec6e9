from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.simulated_blog import SimulatedBlog

_ORIGIN = "http://127.0.0.1:1"


@given(posts=st.integers(1, 300), size=st.integers(1, 40))
def test_pages_give_every_post_once_the_newest_first(posts: int, size: int) -> None:
    blog = SimulatedBlog(_ORIGIN, posts)
    pages = [list(blog.page(number, size=size)) for number in range(1, blog.pages(size=size) + 1)]
    numbers = [post.number for page in pages for post in page]
    assert numbers == list(range(posts, 0, -1))
    assert list(blog.page(len(pages) + 1, size=size)) == []
    assert all(len(page) == size for page in pages[:-1])


@given(posts=st.integers(1, 200), seconds=st.integers(-(10**9), 10**9))
def test_posts_after_a_moment_are_those_with_a_later_date(posts: int, seconds: int) -> None:
    blog = SimulatedBlog(_ORIGIN, posts)
    moment = datetime(2016, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    dates = [blog.post(number).published for number in range(1, posts + 1)]
    assert blog.count_after(moment) == sum(date > moment for date in dates)


@pytest.mark.parametrize("number", [1, 2, 50_000, 100_000])
def test_a_post_of_a_long_blog_is_about_two_kilobytes_with_one_link_and_a_label(number: int) -> None:
    post = SimulatedBlog(_ORIGIN, 100_000).post(number)
    assert 1_700 < len(post.content) < 2_300
    assert post.content.count("href=") == post.content.count(".mp3") == 1
    assert f"Genre: {post.genre}<" in post.content
    assert datetime(2006, 1, 1, tzinfo=UTC) < post.published < datetime(2026, 1, 1, tzinfo=UTC)


def test_titles_and_addresses_of_posts_differ() -> None:
    blog = SimulatedBlog(_ORIGIN, 5_000)
    posts = [blog.post(number) for number in range(1, 5_001)]
    assert len({post.title for post in posts}) == len({post.path for post in posts}) == 5_000
