"""Pages as recognition sees them: markup, address and headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multidict import CIMultiDict

from scraper.blogs.recognition import Recognised, recognise
from scraper.http.page import Page
from scraper.posts.page.document import parse_document

if TYPE_CHECKING:
    from collections.abc import Iterable

HOME = "https://b.example/"
KEY = "22444f78447824223cefc48062"
WP_HEAD = '<link rel="https://api.w.org/" href="https://b.example/wp-json/"><meta name=generator content="WordPress 6.7">'
PORTAL = (
    f'<script defer src="https://cdn.jsdelivr.net/ghost/portal@~2.71/umd/portal.min.js" data-ghost="{HOME}"'
    f' data-key="{KEY}" data-api="https://b.ghost.io/ghost/api/content/"></script>'
)
SEARCH = (
    '<script defer src="https://cdn.jsdelivr.net/ghost/sodo-search@~1.8/umd/sodo-search.min.js"'
    f' data-key="{KEY}" data-sodo-search="https://b.example/blog/"></script>'
)


def page(text: str | bytes, url: str = HOME, headers: Iterable[tuple[str, str]] = ()) -> Page:
    body = text if isinstance(text, bytes) else text.encode("utf-8", "replace")
    return Page(
        url=url, status=200, body=body, content_type="text/html", charset="utf-8", etag=None, last_modified=None,
        headers=CIMultiDict(headers),
    )  # fmt: skip


def told(
    head: str = "", body: str = "", url: str = HOME, headers: Iterable[tuple[str, str]] = ()
) -> Recognised:
    opened = body if body.startswith("<body") else f"<body>{body or '<p>x</p>'}"
    text = f"<!doctype html><html><head><title>x</title>{head}</head>{opened}</body></html>"
    answer = page(text, url, headers)
    return recognise(answer, parse_document(answer.body, charset="utf-8"))
