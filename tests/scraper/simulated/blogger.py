"""A Blogger blog made of numbers: pages and the JSON form of its feed.

What it answers is what Blogger answers: https://developers.google.com/blogger/docs/2.0/reference
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.scraper.simulated.platform import SimulatedPlatform, SimulatedPost, article, found, iso, markup

if TYPE_CHECKING:
    from collections.abc import Mapping

_BLOG = "tag:blogger.com,1999:blog-42"
_PER_PAGE = 7


class SimulatedBlogger(SimulatedPlatform):
    """Not `whole`, the feed ends at each post's jump break."""

    def __init__(self, posts: int, *, cap: int = 150) -> None:
        super().__init__(posts)
        self.at_once = cap
        self.whole = True

    def kind_of(self, request: web.Request) -> str:
        if request.path == "/robots.txt":
            return "robots"
        if request.path.startswith("/feeds/"):
            return "feed"
        return "page" if request.path in {"/", "/search"} else "post"

    def respond(self, kind: str, request: web.Request) -> web.StreamResponse:
        base = f"http://{request.host}"
        if kind == "feed" and request.query.get("alt") == "json":
            return self._feed(request.query, base)
        if kind == "page":
            return self._page(int(request.query.get("start", "0")))
        if kind == "post":
            for post in self.posts.values():
                if request.path == f"/{post.path}.html":
                    return article(post, self.content(post, whole=True))
        return web.Response(status=404)

    def content(self, post: SimulatedPost, *, whole: bool) -> str:
        """Return the text of a post, or what stands before its jump break."""
        begin = f"Track {post.number} is out now.<br /><a name='more'></a>"
        rest = f"Genre: {post.genre}<br /><a href='{post.file}'>Download {post.number}</a><br />"
        return begin + rest if whole else f"{begin}<a href='/{post.path}.html#more'>Read more</a>"

    def _feed(self, query: Mapping[str, str], base: str) -> web.Response:
        posts = self.newest
        if query.get("orderby") == "updated":
            posts = sorted(posts, key=lambda post: post.modified, reverse=True)
            if "updated-min" in query:
                since = datetime.fromisoformat(query["updated-min"]).timestamp()
                posts = [post for post in posts if post.modified >= since]
        start = int(query.get("start-index", "1"))
        part = found(posts, start - 1, min(int(query.get("max-results", "25")), self.at_once))
        feed: dict[str, Any] = {
            "id": {"$t": _BLOG},
            "link": [{"rel": "alternate", "type": "text/html", "href": f"{base}/"}],
            "openSearch$totalResults": {"$t": str(len(posts))},
            "openSearch$startIndex": {"$t": str(start)},
            "openSearch$itemsPerPage": {"$t": query.get("max-results", "25")},
        }
        if part:
            feed["entry"] = [self._entry(post, base) for post in part]
        return web.json_response({"version": "1.0", "encoding": "UTF-8", "feed": feed})

    def _entry(self, post: SimulatedPost, base: str) -> dict[str, Any]:
        return {
            "id": {"$t": f"{_BLOG}.post-{post.number}"},
            "published": {"$t": f"{iso(post.published)}.000+00:00"},
            "updated": {"$t": f"{iso(post.modified)}.000+00:00"},
            "title": {"type": "text", "$t": post.title},
            "content": {"type": "html", "$t": self.content(post, whole=self.whole)},
            "link": [{"rel": "alternate", "type": "text/html", "href": f"{base}/{post.path}.html"}],
        }

    def _page(self, start: int) -> web.Response:
        entries = "".join(
            f"<div class='post hentry'><h3 class='post-title'><a href='/{post.path}.html'>{post.title}</a></h3></div>"
            for post in found(self.newest, start, _PER_PAGE)
        )
        older = f"<a class='blog-pager-older-link' href='/search?start={start + _PER_PAGE}'>Older Posts</a>"
        return markup(
            "<html><head><meta content='blogger' name='generator'></head><body>"
            f"<div id='Blog1'>{entries}{older if start + _PER_PAGE < len(self.posts) else ''}</div></body></html>"
        )
