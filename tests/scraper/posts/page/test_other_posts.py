"""Posts that a widget shows within a post: their genres and links are not the post's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from filters.graph import default_graph
from scraper.blogs.listed import ListedPost
from scraper.posts.context import Context
from scraper.posts.understand import read_page

if TYPE_CHECKING:
    from storage.records import Post

URL = "https://b.example/kora-lines/"
CONTEXT = Context(blog="https://b.example/", graph=default_graph(), now=1_780_000_000.0)
OTHER = "<h2 class='entry-title'><a href='/y/'>Nadja – Slow</a></h2><p>Genre: Trance</p><a href='/slow.mp3'>mp3</a>"


def _read(page: str) -> Post:
    listed = ListedPost(url=URL, key=URL)
    return read_page(page.encode(), "utf-8", URL, listed=listed, context=CONTEXT).post


@pytest.mark.parametrize(
    "widget",
    [
        pytest.param(
            f"<article class='post-7 post type-post category-trance'>{OTHER}</article>", id="G29 an article"
        ),
        pytest.param(
            f"<li class='wp-block-post post-7 type-post tag-gabber'>{OTHER}</li>", id="G29 an item of a list"
        ),
        pytest.param(
            f"<div class='elementor-widget-posts'><div>{OTHER}</div></div>", id="G29 Elementor's widget"
        ),
        pytest.param(
            f"<div class='et_pb_module et_pb_posts'><div>{OTHER}</div></div>", id="G29 Divi's module"
        ),
        pytest.param(
            f"<div class='sqs-block summary-v2-block'>{OTHER}</div>", id="G29 Squarespace's summary"
        ),
    ],
)
def test_a_post_within_the_post_gives_it_neither_genres_nor_links(widget: str) -> None:
    # G29
    post = _read(
        "<article id='post-5' class='post-5 post type-post category-techno'><h1>Kora – Lines</h1>"
        f"<div class='entry-content'><p>words</p>{widget}<p><a href='/lines.mp3'>mp3</a></p></div></article>"
    )
    assert post.genres == ("techno",)
    assert [link.url for link in post.links] == ["https://b.example/lines.mp3"]


@pytest.mark.parametrize(
    "page",
    [
        "<div class='post-5 post type-post'><article class='post-5 post type-post'><h1>Kora – Lines</h1><p>Genre: Techno</p></article></div>",
        "<div class='type-post'><h1>Kora – Lines</h1><div class='post-5 type-post'><p>Genre: Techno</p></div></div>",
    ],
)
def test_a_wrapper_of_the_same_post_keeps_what_it_wraps(page: str) -> None:
    assert _read(page).genres == ("techno",)
