"""Squarespace: a collection's page as JSON. Pure.

Documented are ``?format=json``, ``?category=`` and ``?tag=`` at any collection's address
(https://developers.squarespace.com/url-queries). The names of the fields, `offset` and `pagination` are as
public programs read them, and could not be verified in the documentation: `addedOn`, `publishOn` and
`updatedOn` in milliseconds, `fullUrl` relative to the site, `assetUrl` that ends in a slash without an image.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from scraper.blogs.listed import ListedPost
from scraper.blogs.ways.fields import (
    html_of,
    number_of,
    object_of,
    objects_of,
    read_json,
    terms_of,
    text_of,
    title_of,
    unusable,
    written,
)
from scraper.blogs.ways.offsets import number_in
from scraper.blogs.ways.truncation import is_truncated
from scraper.blogs.ways.way import Batch, WayName
from scraper.http.addresses.identity import fetch_url, post_key, same_site

if TYPE_CHECKING:
    from scraper.blogs.ways.fields import Object
    from scraper.http.errors import FetchError
    from scraper.http.page import Page

_SECOND: Final = 1000  # milliseconds
_OFFSET = "offset"
_OURS = frozenset({"format", _OFFSET, "reversepaginate"})
_PRODUCT, _EVENT = 11, 12  # `recordType` of what a shop and a calendar list; a post's is 1
_NO_POSTS = frozenset({_PRODUCT, _EVENT})


@dataclass(frozen=True, slots=True)
class SquarespaceWay:
    """Lists the posts of the collection whose page is at `listing`; its `?category=` or `?tag=` is kept."""

    listing: str

    @property
    def name(self) -> WayName:
        """Which way it is."""
        return WayName.SQUARESPACE

    def first(self) -> str:
        """Return the address that lists the newest posts."""
        return self._address({"format": "json"})

    def changes(self, since: float) -> str | None:  # noqa: ARG002 - the shape of all ways
        """Return None: the platform cannot list by date of change."""
        return None

    def read(self, answer: Page) -> Batch:
        """Read one page of the collection. Raises `UnusableAnswerError`."""
        whole = object_of(read_json(answer.body, answer.url))
        items = whole.get("items")
        if not isinstance(items, list) or (items and not objects_of(items)):
            raise unusable("this page of Squarespace lists no posts", answer.url)
        if not items and number_in(answer.url, _OFFSET) is None:
            raise unusable("this collection of Squarespace is empty", answer.url)
        posts: dict[str, ListedPost] = {}
        for item in objects_of(items):
            post = self._post(item, answer.url)
            if post is not None:
                posts.setdefault(post.key, post)
        older = self._older(object_of(whole.get("pagination")), objects_of(items), answer.url)
        return Batch(posts=tuple(posts.values()), more=(older,) if older else ())

    def is_end(self, error: FetchError) -> bool:  # noqa: ARG002 - the shape of all ways
        """Return False: what is behind the oldest post is an empty page, not an error."""
        return False

    def _address(self, query: dict[str, str]) -> str:
        parts = urlsplit(self.listing)
        kept = [(name, value) for name, value in parse_qsl(parts.query) if name.lower() not in _OURS]
        return parts._replace(query=urlencode([*kept, *query.items()]), fragment="").geturl()

    def _older(self, pagination: Object, items: tuple[Object, ...], url: str) -> str | None:
        """Return the address of the older page; None where there is none, or it would lead nowhere."""
        if not items or pagination.get("nextPage") is not True:
            return None
        offset = number_of(pagination.get("nextPageOffset")) or number_of(items[-1].get("addedOn"))
        asked = number_in(url, _OFFSET)
        if not offset or (asked is not None and offset >= asked):
            return None
        return self._address({"format": "json", _OFFSET: str(offset)})

    def _post(self, item: Object, base: str) -> ListedPost | None:
        url = fetch_url(html_of(item.get("fullUrl")), base)
        if url is None or not same_site(url, self.listing) or number_of(item.get("recordType")) in _NO_POSTS:
            return None
        body = html_of(item.get("body"))
        published = _seconds(item.get("publishOn")) or _seconds(item.get("addedOn"))
        cover = fetch_url(html_of(item.get("assetUrl")), base)
        return ListedPost(
            url=url,
            key=post_key(url),
            title=title_of(item.get("title")),
            published=None if published is None else written(published),
            categories=terms_of((*_list(item.get("categories")), *_list(item.get("tags")))),
            id=text_of(item.get("id")),
            modified=_seconds(item.get("updatedOn")),
            content=body if body.strip() and not is_truncated(body, url) else None,
            cover=None if cover is None or urlsplit(cover).path.endswith("/") else cover,
        )


def _seconds(milliseconds: object) -> float | None:
    number = number_of(milliseconds)
    return None if number is None else number / _SECOND


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
