"""Substack: the archive as its own pages ask for it. Pure.

Substack documents no interface for reading a publication; this is as public programs use it and could not be
verified: ``/api/v1/archive`` answers with a list (older descriptions: with an object that has `posts`), gives
fewer posts than `limit` asks for even where more follow, and an empty list behind the oldest. `audience`
is "everyone", or says for which subscribers a post is; `postTags` may be `hidden`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urljoin

from scraper.blogs.listed import ListedPost
from scraper.blogs.ways.fields import (
    html_of,
    moment_of,
    number_of,
    object_of,
    objects_of,
    read_json,
    terms_of,
    text_of,
    unusable,
)
from scraper.blogs.ways.offsets import number_in
from scraper.blogs.ways.truncation import is_truncated
from scraper.blogs.ways.way import Batch, WayName
from scraper.http.addresses.identity import fetch_url, post_key, same_site

if TYPE_CHECKING:
    from scraper.blogs.ways.fields import Object
    from scraper.http.errors import FetchError
    from scraper.http.page import Page

_LIMIT: Final = 50
_MAX_OFFSET: Final = 100_000  # no newsletter has as many posts: whoever answers on and on is left
_PUBLIC = "everyone"


@dataclass(frozen=True, slots=True)
class SubstackWay:
    """Lists the posts of the publication at `home`; those for subscribers are locked."""

    home: str

    @property
    def name(self) -> WayName:
        """Which way it is."""
        return WayName.SUBSTACK

    def first(self) -> str:
        """Return the address that lists the newest posts."""
        return self._address(0)

    def changes(self, since: float) -> str | None:  # noqa: ARG002 - the shape of all ways
        """Return None: the platform cannot list by date of change."""
        return None

    def read(self, answer: Page) -> Batch:
        """Read one part of the archive. Raises `UnusableAnswerError`."""
        whole = read_json(answer.body, answer.url)
        found = whole if isinstance(whole, list) else object_of(whole).get("posts")
        if not isinstance(found, list) or (found and not objects_of(found)):
            raise unusable("this is not the archive of a Substack publication", answer.url)
        if not found and not number_in(answer.url, "offset"):
            raise unusable("the archive of this Substack publication is empty", answer.url)
        posts: dict[str, ListedPost] = {}
        locked: set[str] = set()
        for item in objects_of(found):
            url = self._url(item, answer.url)
            if url is None:
                continue
            if item.get("audience", _PUBLIC) == _PUBLIC:
                posts.setdefault(post_key(url), _post(item, url))
            else:
                locked.add(post_key(url))
        return Batch(
            posts=tuple(post for key, post in posts.items() if key not in locked),
            locked=frozenset(locked),
            more=self._more(answer.url, len(found)),
        )

    def is_end(self, error: FetchError) -> bool:  # noqa: ARG002 - the shape of all ways
        """Return False: what is behind the oldest post is an empty list, not an error."""
        return False

    def _address(self, offset: int) -> str:
        return urljoin(self.home, f"/api/v1/archive?sort=new&offset={offset}&limit={_LIMIT}")

    def _more(self, url: str, received: int) -> tuple[str, ...]:
        # As many as came, not as many as were asked for; a post may come twice so, but none is passed over.
        offset = (number_in(url, "offset") or 0) + received
        return (self._address(offset),) if received and offset <= _MAX_OFFSET else ()

    def _url(self, item: Object, base: str) -> str | None:
        """Return the address of a post; those of other publications, which may be recommended, have none."""
        stated = html_of(item.get("canonical_url"))
        slug = text_of(item.get("slug"))
        url = fetch_url(stated or (f"/p/{quote(slug, safe='')}" if slug else ""), base)
        return url if url and (same_site(url, self.home) or same_site(url, base)) else None


def _post(item: Object, url: str) -> ListedPost:
    body = html_of(item.get("body_html"))
    tags = (tag.get("name") for tag in objects_of(item.get("postTags")) if tag.get("hidden") is not True)
    number = number_of(item.get("id"))
    return ListedPost(
        url=url,
        key=post_key(url),
        title=text_of(item.get("title")),
        published=text_of(item.get("post_date")),
        categories=terms_of(tags),
        id=None if number is None else str(number),
        modified=moment_of(item.get("updated_at")),
        content=body if body.strip() and not is_truncated(body, url) else None,
        cover=fetch_url(html_of(item.get("cover_image")), url),
    )
