"""The public API of WordPress.com."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scraper.blogs.ways.way import WayName
from scraper.blogs.ways.wordpress_com import WordPressComWay

if TYPE_CHECKING:
    from scraper.blogs.ways.way import Way


@pytest.mark.parametrize("home", ["https://kora.wordpress.com/", "https://Kora.WordPress.com/page/2/"])
def test_a_blog_is_asked_for_by_its_host(home: str) -> None:
    way: Way = WordPressComWay(home)
    assert way.name is WayName.WORDPRESS_COM
    assert way.first().startswith(
        "https://public-api.wordpress.com/wp/v2/sites/kora.wordpress.com/posts?per_page=100&"
    )
    assert "sites/kora.wordpress.com/posts?" in (way.changes(1e9) or "")
