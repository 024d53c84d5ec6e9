"""Listing pages as texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scraper.blogs.pages import ListingPage, read_listing
from scraper.posts.page.document import parse_document

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def listing() -> Callable[..., ListingPage]:
    """Read a text as the listing page at `url`."""

    def read(text: str, url: str = "https://b.example/") -> ListingPage:
        return read_listing(parse_document(text.encode(), charset="utf-8"), url)

    return read
