"""A WordPress blog made of numbers: pages, REST API, feeds, sitemaps.

What it answers is what WordPress 6 answers: https://developer.wordpress.org/rest-api/reference/posts/
"""

from __future__ import annotations

import math
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.scraper.simulated.platform import SimulatedPlatform, SimulatedPost, article, found, iso, markup

if TYPE_CHECKING:
    from collections.abc import Callable

PER_PAGE = 10
"""Posts of a page and of a feed."""

_FORM = (
    '<form action="/wp-login.php?action=postpass" class="post-password-form" method="post">'
    '<input name="post_password" type="password"></form>'
)
_ROUTE = "/wp/v2/posts"


class SimulatedWordPress(SimulatedPlatform):
    """`plain` permalinks are queries; `summary` feeds and pages hold no whole posts; `sticky` stand first.

    `totals` False leaves the headers with the numbers of posts away, `announced` states another number;
    `numbered` False has a server that knows one page of posts only and gives it for every number; without
    `home` the pages show none. Files are on `file_host`, an origin, or on the blog's own.
    """

    def __init__(self, posts: int, *, plain: bool = False) -> None:
        super().__init__(posts)
        self.plain = plain
        self.summary = False
        self.totals = True
        self.numbered = True
        self.announced: int | None = None
        self.sticky: set[int] = set()
        self.home = True
        self.file_host = ""

    def close_rest(self, how: str) -> None:
        """Close the API as plugins and servers do: 401 with JSON, 403 with a page, 404."""
        self.bodies["rest"] = _CLOSED[how]

    def close_feeds(self) -> None:
        self.status["feed"] = 404

    def kind_of(self, request: web.Request) -> str:
        path, query = request.path, request.query
        if path == "/robots.txt":
            return "robots"
        if path.startswith("/wp-json/") or "rest_route" in query:
            return "rest"
        if path.startswith("/feed/") or "feed" in query:
            return "feed"
        if "sitemap" in path or "sitemap" in query:
            return "sitemap"
        if path.startswith("/page/") or "paged" in query or (path == "/" and "p" not in query):
            return "page"
        return "post"

    def respond(self, kind: str, request: web.Request) -> web.StreamResponse:
        base = f"http://{request.host}"
        match kind:
            case "rest":
                return self._rest(request, base)
            case "feed":
                return self._feed(int(request.query.get("paged", "1")), base)
            case "page":
                number = request.query.get("paged") or request.path.removeprefix("/page/").strip("/") or "1"
                return self._page(int(number), base)
            case "sitemap":
                return self._sitemap(request, base)
            case "post":
                return self._post(request)
            case _:
                return web.Response(status=404)

    def url(self, post: SimulatedPost, base: str) -> str:
        return f"{base}/?p={post.number}" if self.plain else f"{base}/{post.path}/"

    def content(self, post: SimulatedPost) -> str:
        """Return the text of a post, as its page has it."""
        if post.locked:
            return _FORM
        return (
            f"<p>Track {post.number} is out now, and it is a fine one.</p><p>Genre: {post.genre}</p>"
            f'<p><a href="{self.file_host}{post.file}">Download</a></p>'
        )

    def listed(self, post: SimulatedPost) -> str:
        """Return what listings have of the text of a post."""
        if post.cut and not post.locked:
            return f"<p>Track {post.number} is out now, and it is [&hellip;]</p>"
        return self.content(post)

    def _rest(self, request: web.Request, base: str) -> web.Response:
        query = request.query
        if not (request.path.endswith(_ROUTE) or query.get("rest_route", "").rstrip("/").endswith(_ROUTE)):
            return _error("rest_no_route", 404)
        posts = self.newest
        if query.get("orderby") == "modified":
            posts = sorted(posts, key=lambda post: post.modified, reverse=True)
        posts = [post for post in posts if _is_after(post, query)]
        count = min(int(query.get("per_page", "10")), self.at_once)
        number = int(query.get("page", "1")) if self.numbered else 1
        part = found(posts, (number - 1) * count, count)
        if number > 1 and not part:
            return _error("rest_post_invalid_page_number", 400)
        total = len(posts) if self.announced is None else self.announced
        headers = {"X-WP-Total": str(total), "X-WP-TotalPages": str(math.ceil(total / count))}
        return web.json_response(
            [self._item(post, base) for post in part], headers=headers if self.totals else None
        )

    def _item(self, post: SimulatedPost, base: str) -> dict[str, Any]:
        term = {"id": 3, "name": "Downloads", "slug": "downloads", "taxonomy": "category"}
        return {
            "id": post.number,
            "date": iso(post.published),
            "date_gmt": iso(post.published),
            "modified_gmt": iso(post.modified),
            "link": self.url(post, base),
            "title": {"rendered": post.title},
            "content": {"rendered": "" if post.locked else self.listed(post), "protected": post.locked},
            "categories": [3],
            "tags": [],
            "class_list": ["post", "category-downloads"],
            "_embedded": {"wp:term": [[term], []]},
        }

    def _feed(self, number: int, base: str) -> web.Response:
        part = found(self.newest, (number - 1) * PER_PAGE, PER_PAGE)
        if not part:
            return web.Response(status=404)
        items = "".join(self._entry(post, base) for post in part)
        return web.Response(
            text=(
                '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
                f"<title>B</title><link>{base}</link>{items}</channel></rss>"
            ),
            content_type="application/rss+xml",
        )

    def _entry(self, post: SimulatedPost, base: str) -> str:
        whole = "" if self.summary else f"<content:encoded><![CDATA[{self.listed(post)}]]></content:encoded>"
        text = _FORM if post.locked else f"Track {post.number} is out now, and it is [&#8230;]"
        return (
            f"<item><title>{post.title}</title><link>{self.url(post, base)}</link>"
            f"<pubDate>{format_datetime(datetime.fromtimestamp(post.published, UTC))}</pubDate>"
            f'<guid isPermaLink="false">{base}/?p={post.number}</guid>'
            f"<description><![CDATA[{text}]]></description>{whole}</item>"
        )

    def _page(self, number: int, base: str) -> web.Response:
        posts = found(self.newest, (number - 1) * PER_PAGE, PER_PAGE) if self.home else []
        if number > 1 and not posts:
            return web.Response(status=404)
        if number == 1:
            posts = [self.posts[each] for each in sorted(self.sticky)] + posts
        entries = "".join(
            f"<article class='post'><h2><a href='{self.url(post, base)}'>{post.title}</a></h2>"
            f"<p>Track {post.number} is out now.</p></article>"
            for post in posts
        )
        following = f"/?paged={number + 1}" if self.plain else f"/page/{number + 1}/"
        older = f"<a class='older' href='{following}'>Older posts</a>"
        feed, root = ("/?feed=rss2", "/?rest_route=/") if self.plain else ("/feed/", "/wp-json/")
        return markup(
            "<html><head><meta name='generator' content='WordPress 6.1.9'>"
            f"<link rel='https://api.w.org/' href='{root}'>"
            f"<link rel='alternate' type='application/rss+xml' href='{feed}'></head>"
            f"<body class='home blog'><main>{entries}</main>"
            f"<nav>{older if number * PER_PAGE < len(self.posts) and self.home else ''}</nav></body></html>"
        )

    def _sitemap(self, request: web.Request, base: str) -> web.Response:
        space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        if request.path == "/wp-sitemap.xml":
            parts = "".join(
                f"<sitemap><loc>{base}/wp-sitemap-{name}-1.xml</loc></sitemap>"
                for name in ("posts-post", "posts-page", "taxonomies-category", "users")
            )
            return _xml(f"<sitemapindex {space}>{parts}</sitemapindex>")
        if request.path != "/wp-sitemap-posts-post-1.xml":
            return web.Response(status=404)
        urls = "".join(
            f"<url><loc>{self.url(post, base)}</loc><lastmod>{iso(post.modified)}+00:00</lastmod></url>"
            for post in reversed(self.newest)
        )
        return _xml(f"<urlset {space}>{urls}</urlset>")

    def _post(self, request: web.Request) -> web.Response:
        for post in self.posts.values():
            if self.url(post, "") in {request.path, request.path_qs}:
                return article(post, self.content(post))
        return web.Response(status=404)


def _is_after(post: SimulatedPost, query: Any) -> bool:
    return all(
        moment > datetime.fromisoformat(query[name]).timestamp()
        for name, moment in (("modified_after", post.modified), ("after", post.published))
        if name in query
    )


def _error(code: str, status: int) -> web.Response:
    return web.json_response({"code": code, "message": "no", "data": {"status": status}}, status=status)


def _xml(text: str) -> web.Response:
    return web.Response(text=f'<?xml version="1.0" encoding="UTF-8"?>{text}', content_type="application/xml")


def _forbidden() -> web.Response:
    page = markup("<html><head><title>403</title></head><body>Forbidden</body></html>")
    page.set_status(403)
    return page


_CLOSED: dict[str, Callable[[], web.Response]] = {
    "401": lambda: _error("rest_cannot_access", 401),
    "403": _forbidden,
    "404": lambda: web.Response(status=404, text="not here"),
    "no JSON": lambda: markup("<html><body>Welcome</body></html>"),
}
CLOSED = tuple(_CLOSED)
"""The names of the ways in which an API is closed."""
