"""The way of Tumblr: the JSON form of version 1 of its API, which needs no key, by numbers of posts.

https://www.tumblr.com/docs/api/v1: at most 50 posts an answer, newest first, inside ``var tumblr_api_read``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urljoin

from scraper.blogs.ways.fields import Object, number_of, object_of, objects_of, read_json, text_of, unusable
from scraper.blogs.ways.offsets import Slice, entries_in, number_in
from scraper.blogs.ways.tumblr_post import is_private, listed_post
from scraper.blogs.ways.way import Batch, WayName
from scraper.http.addresses.identity import fetch_url

if TYPE_CHECKING:
    from scraper.blogs.listed import ListedPost
    from scraper.http.errors import FetchError
    from scraper.http.page import Page

MAX_POSTS: Final = 50
"""Posts that are asked for at once: the most that Tumblr gives."""

_API = "/api/read/json"
_FIRST = 0
_BEFORE = re.compile(r"\s*(?:var\s+)?[\w.$]{1,100}\s*[=(]\s*(?=\{)")
_NAME = re.compile(r"[a-zA-Z0-9-]{1,63}")
_NOTHING = frozenset[str]()


@dataclass(frozen=True, slots=True)
class TumblrWay:
    """Lists the blog at `home`, on Tumblr's domain or its own, by version 1 of the API.

    What the blog reblogged counts as its posts, under its own addresses. Private posts are not listed; where
    an answer for somebody with more rights names one, it is `locked`.
    """

    home: str

    @property
    def name(self) -> WayName:
        """Which way it is."""
        return WayName.TUMBLR

    def first(self) -> str:
        """Return the absolute address that lists the newest posts."""
        return self._address(_FIRST)

    def changes(self, since: float) -> str | None:  # noqa: ARG002 - the shape of all ways
        """Return None: this version of the API knows neither changes nor bounds in time."""
        return None

    def read(self, answer: Page) -> Batch:
        """Read the answer for an address of this way; raise `UnusableAnswerError` if it is no listing."""
        listing = object_of(read_json(_unwrapped(answer.body), answer.url))
        if not isinstance(listing.get("posts"), list):
            raise unusable("this is not the listing of a Tumblr blog", answer.url)
        entries = entries_in(listing["posts"])
        part = Slice(
            first=_FIRST,
            asked=number_in(answer.url, "start"),
            said=number_of(listing.get("posts-start")),
            received=len(entries),
            total=number_of(listing.get("posts-total")),
        )
        following = part.following(answer.url)
        sites = (self.home, answer.url, *_homes(object_of(listing.get("tumblelog"))))
        posts: dict[str, ListedPost] = {}
        locked = _NOTHING
        for entry in objects_of(entries):
            post = listed_post(entry, base=answer.url, sites=sites)
            if post is not None and is_private(entry):
                locked |= {post.key}
            elif post is not None:
                posts.setdefault(post.key, post)
        return Batch(
            posts=tuple(posts.values()),
            locked=locked,
            more=() if following is None else (self._address(following),),
            announced=part.total,
        )

    def is_end(self, error: FetchError) -> bool:  # noqa: ARG002 - the shape of all ways
        """Return False: behind its last post Tumblr answers an empty listing, never an error."""
        return False

    def _address(self, start: int) -> str:
        return urljoin(self.home, f"{_API}?{urlencode({'num': MAX_POSTS, 'start': start})}")


def _unwrapped(body: bytes) -> str:
    """Return the JSON in a script that gives it to a variable or a function; another text as it is."""
    text = body.decode("utf-8", "replace").removeprefix("\ufeff")
    before = _BEFORE.match(text)
    return text if before is None else text[before.end() :].rstrip(" \t\r\n;)")


def _homes(blog: Object) -> tuple[str, ...]:
    """Return where the answer says that its blog is: on Tumblr's domain, and on its own where it has one."""
    name, own = text_of(blog.get("name")), text_of(blog.get("cname"))
    homes = [fetch_url(f"//{own}/", "https://www.tumblr.com/")] if own is not None else []
    if name is not None and _NAME.fullmatch(name):
        homes.append(f"https://{name}.tumblr.com/")
    return tuple(home for home in homes if home is not None)
