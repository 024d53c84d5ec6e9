from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.posts.titles import strip_site_name


@pytest.mark.parametrize(
    ("title", "site", "heading", "expected"),
    [
        pytest.param("Kora – Lines | My Blog", "My Blog", None, "Kora – Lines", id="T10"),
        pytest.param("Kora – Lines | My Blog", None, "Kora – Lines", "Kora – Lines", id="T10-heading"),
        pytest.param("Kora – Lines – My Blog", "my blog", None, "Kora – Lines", id="dash"),
        pytest.param("Kora – Lines « My Blog", "My Blog", None, "Kora – Lines", id="guillemet"),
        pytest.param("My Blog: Kora – Lines", "My Blog", None, "Kora – Lines", id="in-front"),
        pytest.param("Kora – Lines - MyBlog", "https://www.myblog.example/", None, "Kora – Lines", id="host"),
        pytest.param(
            "Kora – Lines | Blog - All Music", "Blog - All Music", None, "Kora – Lines", id="site-with-dash"
        ),
        pytest.param("Kora – Lines | Other", "My Blog", None, "Kora – Lines | Other", id="another-name"),
        pytest.param("Kora – Lines", None, None, "Kora – Lines", id="nothing-known"),
        pytest.param("My Blog", "My Blog", None, "My Blog", id="the-name-alone"),
        pytest.param(
            "Kora – Lines | My Blog", None, "Kora", "Kora – Lines | My Blog", id="heading-is-the-artist"
        ),
        pytest.param("Kora – Lines", None, "Kora", "Kora – Lines", id="artist-and-no-site"),
        pytest.param("Tour dates | My Blog", None, "Tour dates", "Tour dates", id="plain-heading-before-bar"),
        pytest.param(
            "Tour dates - My Blog", None, "Tour dates", "Tour dates - My Blog", id="plain-heading-before-dash"
        ),
        pytest.param(
            "Kora – Lines | My Blog", None, "About", "Kora – Lines | My Blog", id="heading-of-a-sidebar"
        ),
        pytest.param("", "My Blog", "Kora", "", id="empty"),
    ],
)
def test_only_the_name_of_the_site_is_taken_off(
    title: str, site: str | None, heading: str | None, expected: str
) -> None:
    assert strip_site_name(title, site, heading=heading) == expected


@given(st.text(max_size=60), st.text(max_size=20), st.text(max_size=20))
def test_what_is_left_is_part_of_the_title(title: str, site: str, heading: str) -> None:
    left = strip_site_name(title, site, heading=heading)
    assert left in strip_site_name(title, None)


@given(st.text(alphabet="ab –|-", max_size=30), st.sampled_from(["My Blog", "my.blog", "A–B"]))
def test_a_title_never_becomes_empty(title: str, site: str) -> None:
    assert bool(strip_site_name(f"{title} | {site}", site)) is True
