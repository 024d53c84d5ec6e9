"""The picture of a post: stated by its page, by its listing, or shown in it."""

from __future__ import annotations

import pytest

from scraper.posts.page.cover import find_cover
from scraper.posts.page.document import parse_fragment
from scraper.posts.page.scope import Scope

BASE = "https://blog.example/2026/11/a-post/"
SHOWN = "<p>text</p><img src='/img/cover.jpg' alt='cover'>"


def _cover(markup: str, *, stated: str | None = None, listed: str | None = None) -> str | None:
    scope = Scope(body=parse_fragment(markup), meta=(), how="")
    return find_cover(scope, stated=stated, listed=listed, base=BASE)


def test_what_the_page_states_comes_before_the_listing_and_this_before_what_is_shown() -> None:
    stated, listed = "https://blog.example/og.jpg", "https://blog.example/feed.jpg"
    assert _cover(SHOWN, stated=stated, listed=listed) == stated
    assert _cover(SHOWN, listed=listed) == listed
    assert _cover(SHOWN) == "https://blog.example/img/cover.jpg"


@pytest.mark.parametrize(
    "small",
    [
        "<img src='/a.jpg' width='16' height='16'>",
        "<img src='/a.jpg' height='20px'>",
        "<img src='https://s.w.org/images/core/emoji/14/72x72/1f525.png'>",
        "<img src='https://secure.gravatar.com/x.jpg'>",
        "<img src='data:image/gif;base64,R0lGOD'>",
        "<img src='/pixel.gif'>",
        "<img>",
        "<img src='javascript:alert(1)'>",
    ],
)
def test_small_pictures_of_the_page_are_no_cover(small: str) -> None:
    assert _cover(small) is None
    assert _cover(small + SHOWN) == "https://blog.example/img/cover.jpg"


def test_a_lazy_picture_is_known_by_the_address_that_a_script_would_show() -> None:
    lazy = "<img src='data:image/gif;base64,R0' data-lazy-src='cover.webp' width='600'>"
    assert _cover(lazy) == f"{BASE}cover.webp"


def test_an_address_that_is_none_gives_way_to_the_next() -> None:
    assert _cover(SHOWN, stated="http://[broken", listed=" ") == "https://blog.example/img/cover.jpg"
