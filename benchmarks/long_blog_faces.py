"""The faces that a simulated blog shows: which answer each request gets. Pure."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlsplit

from benchmarks.simulated_pages import SimulatedPages
from benchmarks.simulated_wordpress import feed_answer, head_of, rest_answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.simulated_blog import SimulatedBlog

_REASONS = {200: "OK", 304: "Not Modified", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found"}
_UNCHANGED = 304
_REST_ROUTE: Final = "/wp-json/wp/v2/posts"
_HTML, _JSON = "text/html; charset=utf-8", "application/json; charset=utf-8"
_RULES = b"User-agent: *\nDisallow: /wp-admin/\n"
_NOTHING = b"<!doctype html><title>Nothing here</title>"


class Face(StrEnum):
    """How a blog shows its posts."""

    REST = "rest"
    """WordPress with its REST interface."""
    FEED = "feed"
    """WordPress without it, and a feed of whole posts with older pages."""
    PAGES = "pages"
    """HTML pages alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is sent for one request. With `validated` it has an ETag, and goes only to who has another."""

    body: bytes = b""
    status: int = 200
    content_type: str = _HTML
    validated: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)

    def written(self, if_none_match: bytes | None) -> bytes:
        """Return the answer as it is sent to who has what `if_none_match` names."""
        headers = dict(self.headers)
        status, body = self.status, self.body
        if self.validated:
            headers["ETag"] = f'"{zlib.crc32(body):08x}"'
            if headers["ETag"].encode() == if_none_match:
                status, body = _UNCHANGED, b""
        lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
        length = "" if status == _UNCHANGED else f"Content-Length: {len(body)}\r\n"
        head = (
            f"HTTP/1.1 {status} {_REASONS[status]}\r\nServer: nginx\r\nContent-Type: {self.content_type}\r\n"
            f"{length}{''.join(lines)}Connection: keep-alive\r\n\r\n"
        )
        return head.encode() + body


class FacedBlog:
    """Answers requests as a blog of this `face` does, `per_page` posts a page of its feed and its lists."""

    def __init__(self, face: Face, blog: SimulatedBlog, *, per_page: int) -> None:
        self._face = face
        self._blog = blog
        self._per_page = per_page
        head = "" if face is Face.PAGES else head_of(blog, rest=face is Face.REST)
        self._pages = SimulatedPages(blog, per_page=per_page, head=head)

    def answer(self, target: str) -> Answer:
        """Return the answer for `target`, a path with its query."""
        parts = urlsplit(target)
        asked = dict(parse_qsl(parts.query))
        if parts.path == "/robots.txt":
            return Answer(body=_RULES, content_type="text/plain")
        if self._face is not Face.PAGES and parts.path.startswith("/wp-json/"):
            return self._rest(parts.path, asked)
        if self._face is not Face.PAGES and parts.path == "/feed/":
            return self._feed(int(asked.get("paged", 1)))
        page = self._pages.page(parts.path)
        if page is None:
            return Answer(body=_NOTHING, status=404)
        return Answer(body=page, validated=parts.path == "/")

    def _rest(self, path: str, asked: Mapping[str, str]) -> Answer:
        if self._face is not Face.REST or path != _REST_ROUTE:
            body = b'{"code":"rest_cannot_access","message":"Closed.","data":{"status":401}}'
            return Answer(body=body, status=401, content_type=_JSON)
        found = rest_answer(self._blog, asked)
        if found is None:
            body = b'{"code":"rest_post_invalid_page_number","message":"No.","data":{"status":400}}'
            return Answer(body=body, status=400, content_type=_JSON)
        body, posts, pages = found
        headers = {"X-WP-Total": str(posts), "X-WP-TotalPages": str(pages)}
        return Answer(body=body, content_type=_JSON, headers=headers)

    def _feed(self, number: int) -> Answer:
        body = feed_answer(self._blog, number, size=self._per_page)
        if body is None:
            return Answer(body=_NOTHING, status=404)
        return Answer(body=body, content_type="application/rss+xml; charset=UTF-8", validated=number == 1)


def kind_of(target: str) -> str:
    """Return what `target` asks for, in a word: what requests are counted by."""
    path = urlsplit(target).path
    if path == "/robots.txt":
        return "robots.txt"
    if path.startswith("/wp-json/"):
        return "rest"
    if path.startswith("/feed/"):
        return "feed"
    return "list" if path == "/" or path.startswith("/page/") else "post"
