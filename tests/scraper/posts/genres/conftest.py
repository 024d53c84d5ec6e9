"""A post in a page that is full of other genres, read by the whole reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from filters.graph import default_graph
from scraper.blogs.listed import ListedPost
from scraper.posts.context import Context
from scraper.posts.understand import read_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.posts.understood import Understood

BLOG = "https://blog.example/"
PAGE = """<!DOCTYPE html><html><head><title>{title} | Blog of Techno</title>{head}</head><body>
<header class="site-header"><h1>Hardstyle Blog</h1>
<nav class="menu"><a href="/category/house/">House</a><a href="/category/trance/" rel="tag">Trance</a></nav>
</header>
<main>
<div class="breadcrumbs"><a href="/">Home</a> › <a href="/category/gabber/" rel="category">Gabber</a></div>
{post}
<div id="comments"><p>this is pure hardstyle! Genre: Hardstyle #trance a slice of psytrance</p></div></main>
<aside class="sidebar"><ul class="widget widget_categories"><li><a href="/category/house/" rel="tag">House</a>
<li><a href="/category/trance/">Trance</a></ul><div class="widget"><p>Genre: Trance</p></div>
<div class="tagcloud"><a rel="tag" href="/tag/dubstep/">Dubstep</a></div></aside>
<footer class="site-footer">deep house, techno &amp; more <a rel="tag" href="/tag/ebm/">EBM</a></footer>
</body></html>"""
ARTICLE = """<article class="post hentry {classes}"><h1 class="entry-title">{title}</h1>
<div class="entry-content">
<p>They met in a lighthouse near the White House.</p>{inner}<p>More words of the post.</p></div>
{meta}</article>"""


@pytest.fixture(scope="session")
def read_post() -> Callable[..., Understood]:
    """Read a post with these parts, in its page."""

    def read(
        inner: str = "",
        *,
        meta: str = "",
        classes: str = "",
        title: str = "Kora – Lines",
        head: str = "",
        categories: tuple[str, ...] = (),
        url: str = f"{BLOG}2024/05/kora-lines/",
        explaining: bool = False,
    ) -> Understood:
        post = ARTICLE.format(inner=inner, meta=meta, classes=classes, title=title)
        page = PAGE.format(head=head, post=post, title=title)
        listed = ListedPost(url=url, key=url, categories=categories)
        context = Context(blog=BLOG, graph=default_graph(), now=1_780_000_000.0, explaining=explaining)
        return read_page(page.encode(), "utf-8", url, listed=listed, context=context)

    return read
