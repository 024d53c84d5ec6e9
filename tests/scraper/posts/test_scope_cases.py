"""What stands around a post, through the whole reader: none of it is a genre or a link of the post."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from filters.graph import default_graph
from scraper.blogs.listed import ListedPost
from scraper.posts.context import Context
from scraper.posts.understand import read_page

if TYPE_CHECKING:
    from storage.records import Post

BLOG = "https://blog.example/"
URL = f"{BLOG}2024/05/kora-lines/"
CONTEXT = Context(blog=BLOG, graph=default_graph(), now=1_790_000_000.0)
TITLE = "<h1>Kora – Lines</h1>"
ALL = ("House", "Techno", "Trance", "Hardstyle", "Dubstep")


def post_of(body: str) -> Post:
    page = f"<html><head><title>Kora – Lines</title></head><body>{body}</body></html>".encode()
    listed = ListedPost(url=URL, key=URL)
    return read_page(page, "utf-8", URL, listed=listed, context=CONTEXT).post


def article(inside: str = "", *, before: str = "", after: str = "") -> str:
    return f"{before}<main><article class='post'>{TITLE}<p>Words of the post.</p>{inside}</article></main>{after}"


def items(folder: str, names: tuple[str, ...] = ALL) -> str:
    return "".join(f'<li><a href="/{folder}/{name.lower()}/">{name}</a></li>' for name in names)


CLOUD = "".join(f'<a rel="tag" href="/tag/{name.lower()}/">{name}</a> ' for name in ALL * 5)

GENRES = [
    pytest.param(
        article(after=f"<div id='sidebar'><ul class='widget_categories'>{items('category')}</ul></div>"),
        (),
        id="G25",
    ),
    pytest.param(article(f"<div class='tagcloud'>{CLOUD}</div>"), (), id="G26"),
    pytest.param(
        article(
            "<p class='cat-links'><a rel='category tag' href='/category/techno/'>Techno</a></p>",
            before=f"<nav><ul>{items('category', ('House',))}</ul></nav>",
        ),
        ("techno",),
        id="G27",
    ),
    pytest.param(
        article(
            f"<div class='breadcrumbs'><a href='/'>Home</a> › <a href='/category/house/'>House</a> › {TITLE}</div>"
        ),
        (),
        id="G28",
    ),
    pytest.param(
        article(f"<div class='jp-relatedposts'><h3>Best Trance 2024</h3><ul>{items('category')}</ul></div>"),
        (),
        id="G29",
    ),
    pytest.param(
        article(
            after="<ol class='commentlist'><li class='comment'><p>Genre: Hardstyle</p><p>#hardstyle</p></li></ol>"
        ),
        (),
        id="G30",
    ),
    pytest.param(
        article(
            "<p>From the White House to a warehouse, a housewife from Housemarque near the lighthouse.</p>"
        ),
        (),
        id="G31",
    ),
    pytest.param(
        article("<p>Genre: House</p>", after="<aside class='widget'><p>Genre: Trance</p></aside>"),
        ("house",),
        id="G37",
    ),
    pytest.param(
        article(
            "<!-- Genre: Trance --><script>var genre='Trance'</script><div style='display:none'>Genre: Trance</div>"
            "<template><p>Genre: Trance</p></template><p class='screen-reader-text'>Genre: Trance</p>"
        ),
        (),
        id="G40",
    ),
]


@pytest.mark.parametrize(("body", "genres"), GENRES)
def test_only_the_posts_own_genres_count(body: str, genres: tuple[str, ...]) -> None:
    assert post_of(body).genres == genres


FILE = "https://blog.example/files/own.mp3"
OWN = '<p><a href="/files/own.mp3">Download</a></p>'
LINKS = [
    pytest.param(
        article(
            OWN + "<!-- <a href='/x.mp3'>x</a> --><div style='display:none'><a href='/y.mp3'>y</a></div>"
            "<template><a href='/z.mp3'>z</a></template>"
        ),
        id="L36",
    ),
    pytest.param(
        article(
            '<a href="/files/own.mp3"><img src="/c.jpg" alt=""></a><a href="/files/own.mp3">▶</a>'
            '<p><a href="/files/own.mp3">Kora – Lines</a></p>'
        ),
        id="L37",
    ),
    pytest.param(
        article(
            OWN, after="<div id='comments'><p>great! <a href='http://spam.example/x.mp3'>x</a></p></div>"
        ),
        id="L38",
    ),
    pytest.param(
        article(
            OWN,
            before="<header id='masthead'><audio src='/radio/live.mp3'></audio></header>",
            after="<aside><a href='/mixes/month.mp3'>Mix of the month</a></aside>",
        ),
        id="L39",
    ),
    pytest.param(
        article(OWN + "<a href='https://novafile.org/premium3854.html'><img src='/banner.gif' alt=''></a>"),
        id="L40",
    ),
    pytest.param(
        article(
            OWN + "<div class='thumbs'><a href='/2024/05/song-mp3-download/'><img src='/t.jpg' alt=''></a>"
            "<a href='/2024/05/other.mp3-download/'>Other</a></div>"
        ),
        id="L41",
    ),
]


@pytest.mark.parametrize("body", LINKS)
def test_only_the_posts_own_files_count(body: str) -> None:
    assert [link.url for link in post_of(body).links if link.kind.queued] == [FILE]
    assert not [link.url for link in post_of(body).links if "novafile" in link.url or "spam" in link.url]


def test_of_several_links_to_one_file_the_best_text_is_kept() -> None:
    [body] = [case.values[0] for case in LINKS if case.id == "L37"]
    [link] = post_of(str(body)).links
    assert link.text == "Kora – Lines"
