"""Ghost: the Content API, with the key that a blog's pages hold for their own search. Pure.

Source: https://docs.ghost.org/content-api, its pages on parameters, filtering and pagination. From Ghost's
own code, for its documentation does not say: dates in filters are UTC, ``YYYY-MM-DD HH:mm:ss`` in quotes
(prev_post.js); who may not read a post gets its `html` empty, or cut at the paywall, and `access` false
(post-gating.js). Not tried against a real Ghost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import quote, urlencode, urlsplit

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
    written,
)
from scraper.blogs.ways.offsets import parameters
from scraper.blogs.ways.truncation import is_truncated
from scraper.blogs.ways.way import Batch, WayName
from scraper.http.addresses.identity import fetch_url, post_key, same_site

if TYPE_CHECKING:
    from scraper.blogs.ways.fields import Object
    from scraper.http.errors import FetchError
    from scraper.http.page import Page

_LIMIT: Final = 100  # since Ghost 6.0 the most that is given
_PUBLIC = "public"
_INTERNAL = "internal"
_TO_SECONDS = len("YYYY-MM-DDTHH:mm:ss")


@dataclass(frozen=True, slots=True)
class GhostWay:
    """Lists the posts of the Ghost at `home`, or those with the tag of the slug `tag`.

    `api` is the address of the Content API, such as ``https://b.example/ghost/api/content/``; it may be on
    another host than `home`, where the posts are. Posts that only members may read are locked, but listed
    without content where Ghost shows their beginning.
    """

    api: str
    key: str
    home: str
    tag: str | None = None

    @classmethod
    def of(cls, api: str, home: str, tag: str | None = None) -> Self:
        """Return the way for an address of the Content API with its key in the query: `Recognised.api`."""
        parts = urlsplit(api)
        key = parameters(api).get("key", "")
        return cls(parts._replace(query="", fragment="").geturl(), key, home, tag)

    @property
    def name(self) -> WayName:
        """Which way it is."""
        return WayName.GHOST

    def first(self) -> str:
        """Return the address that lists the newest posts."""
        return self._address(1, self._filter())

    def changes(self, since: float) -> str | None:
        """Return the address that lists what was published or changed at or after `since`."""
        moment = written(since)
        if moment is None:
            return None
        text = moment[:_TO_SECONDS].replace("T", " ")
        # Imported posts keep the date of their last change, so that of publication is asked as well.
        return self._address(1, self._filter(f"(updated_at:>='{text}',published_at:>='{text}')"))

    def read(self, answer: Page) -> Batch:
        """Read one page of posts. Raises `UnusableAnswerError`."""
        whole = object_of(read_json(answer.body, answer.url))
        found = whole.get("posts")
        if not isinstance(found, list) or (found and not objects_of(found)):
            raise unusable("this is not an answer of Ghost's Content API", answer.url)
        asked = parameters(answer.url)
        changed = "updated_at" in asked.get("filter", "")
        if not found and not changed and asked.get("page", "1") == "1":
            raise unusable("this Ghost lists no posts", answer.url)
        posts: dict[str, ListedPost] = {}
        locked: set[str] = set()
        for item in objects_of(found):
            url = fetch_url(html_of(item.get("url")), self.home)
            if url is None or not same_site(url, self.home):
                continue
            if _is_public(item) or html_of(item.get("html")).strip():
                posts.setdefault(post_key(url), _post(item, url))
            else:
                locked.add(post_key(url))
        pagination = object_of(object_of(whole.get("meta")).get("pagination"))
        return Batch(
            posts=tuple(post for key, post in posts.items() if key not in locked),
            locked=frozenset(locked),
            more=self._more(asked, pagination) if found else (),
            announced=None if changed else number_of(pagination.get("total")),
        )

    def is_end(self, error: FetchError) -> bool:  # noqa: ARG002 - the shape of all ways
        """Return False: what is behind the last page is an empty list, not an error."""
        return False

    def _filter(self, changed: str = "") -> str:
        return "+".join(part for part in (f"tag:{self.tag}" if self.tag else "", changed) if part)

    def _address(self, page: int, filtered: str) -> str:
        query = {"key": self.key, "limit": str(_LIMIT), "include": "tags", "formats": "html"}
        query |= {"filter": filtered} if filtered else {}
        query |= {"order": "published_at desc", "page": str(page)}
        return f"{self.api.rstrip('/')}/posts/?{urlencode(query, quote_via=quote)}"

    def _more(self, asked: dict[str, str], pagination: Object) -> tuple[str, ...]:
        page = number_of(asked.get("page")) or 1
        if number_of(pagination.get("next")) != page + 1:
            return ()
        return (self._address(page + 1, asked.get("filter", "")),)


def _is_public(item: Object) -> bool:
    access = item.get("access")
    return access if isinstance(access, bool) else item.get("visibility", _PUBLIC) == _PUBLIC


def _post(item: Object, url: str) -> ListedPost:
    body = html_of(item.get("html"))
    whole = _is_public(item) and body.strip() and not is_truncated(body, url)
    tags = (tag.get("name") for tag in objects_of(item.get("tags")) if tag.get("visibility") != _INTERNAL)
    return ListedPost(
        url=url,
        key=post_key(url),
        title=text_of(item.get("title")),
        published=text_of(item.get("published_at")),
        categories=terms_of(name for name in tags if not html_of(name).startswith("#")),
        id=text_of(item.get("id")),
        modified=moment_of(item.get("updated_at")),
        content=body if whole else None,
        cover=fetch_url(html_of(item.get("feature_image")), url),
    )
