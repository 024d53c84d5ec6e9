"""Listing the posts of a WordPress REST route, page by page. Pure.

Source: https://developer.wordpress.org/rest-api/reference/posts/#list-posts,
https://developer.wordpress.org/rest-api/using-the-rest-api/pagination/
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlsplit

from scraper.blogs.ways.fields import moment_of, number_of, object_of, unusable, written
from scraper.blogs.ways.php_noise import read_noisy_json
from scraper.blogs.ways.way import Batch
from scraper.blogs.ways.wordpress_post import EMBEDDED, FIELDS, address_of, is_locked, listed_post
from scraper.http.addresses.identity import post_key

if TYPE_CHECKING:
    from scraper.blogs.listed import ListedPost
    from scraper.blogs.ways.fields import Object
    from scraper.http.errors import FetchError
    from scraper.http.page import Page

PER_PAGE: Final = 100
"""Posts that one answer is asked for, the most that WordPress allows; more are not read."""

# Servers compare with the blog's own time, in which an hour of each autumn comes twice.
_DOUBLED_HOUR: Final = 3600
# Posts that were scheduled appear when somebody visits the blog, and keep the date they were planned for.
_LATE: Final = 86_400
_BAD_REQUEST: Final = 400
_CODE = re.compile(r"[a-z_]{1,60}")


class PostsRoute:
    """Lists the posts of the REST route at `posts`, an absolute address, of the blog at `home`.

    Posts of other sites than that of `home` are left out, as are drafts, which WordPress does not list.
    """

    def __init__(self, posts: str, home: str) -> None:
        self._posts = posts
        self._home = home

    def first(self) -> str:
        """Return the absolute address that lists the newest posts."""
        return self._asking("orderby=date")

    def changes(self, since: float) -> str | None:
        """Return the address that lists what was changed at or after `since`, POSIX seconds UTC.

        Its answer names one more: what was published since then, for a post that was scheduled does not count
        as changed when it appears. To lose nothing, an hour before `since` is listed as well, and a day of
        what was published. Before WordPress 5.7 servers ignore the question and list all, the last changed
        first: `read` stops at what is older.
        """
        bound = _written(since - _DOUBLED_HOUR)
        return None if bound is None else self._asking(f"orderby=modified&modified_after={bound}")

    def read(self, answer: Page) -> Batch:
        """Read one page of posts.

        Raises `UnusableAnswerError`, whatever the bytes are, and nothing else.
        """
        items = _items(answer)
        posts: dict[str, ListedPost] = {}
        locked: set[str] = set()
        asked = dict(parse_qsl(urlsplit(answer.url).query))
        bound = moment_of(asked.get("modified_after"))
        older = False
        for item in items:
            if bound is not None and (moment_of(item.get("modified_gmt")) or bound) < bound:
                older = True
            elif (url := address_of(item, self._home)) is not None:
                if is_locked(item):
                    locked.add(post_key(url))
                else:
                    post = listed_post(item, url)
                    posts.setdefault(post.key, post)
        more = () if older else _next(answer, len(items))
        if bound is not None and _page(answer.url) == 1:
            more += self._published(bound + _DOUBLED_HOUR)
        whole = bound is None and "after" not in asked
        return Batch(
            posts=tuple(posts.values()),
            locked=frozenset(locked),
            more=more,
            announced=number_of(answer.headers.get("X-WP-Total")) if whole else None,
        )

    def is_end(self, error: FetchError) -> bool:
        """Return whether `error` is the answer for a page behind the last, status 400."""
        return error.status == _BAD_REQUEST and _page(error.url) > 1

    def _published(self, since: float) -> tuple[str, ...]:
        bound = _written(since - _LATE)
        return () if bound is None else (self._asking(f"orderby=date&after={bound}"),)

    def _asking(self, query: str) -> str:
        glue = "&" if "?" in self._posts else "?"
        return f"{self._posts}{glue}per_page={PER_PAGE}&order=desc&{query}&_fields={FIELDS}&_embed={EMBEDDED}"


def _items(answer: Page) -> list[Object]:
    value = read_noisy_json(answer.body, answer.url)
    if isinstance(value, dict) and value and all(name.isdecimal() for name in value):
        value = list(value.values())  # a list of PHP with gaps
    if not isinstance(value, list):
        code = object_of(value).get("code")
        said = code if isinstance(code, str) and _CODE.fullmatch(code) else "no list"
        raise unusable(f"this answer of WordPress lists no posts ({said})", answer.url)
    items = [object_of(item) for item in value[:PER_PAGE]]
    if items and not any(isinstance(item.get("link"), str) for item in items):
        raise unusable("this answer of WordPress lists something else than posts", answer.url)
    return items


def _next(answer: Page, count: int) -> tuple[str, ...]:
    """Return the address of the following page.

    Where no header tells how many there are, the last is followed by an empty one or by status 400.
    """
    page = _page(answer.url)
    pages = number_of(answer.headers.get("X-WP-TotalPages"))
    if not count or (pages and page >= pages):
        return ()
    parts = urlsplit(answer.url)
    kept = [part for part in parts.query.split("&") if part and not part.startswith("page=")]
    return (parts._replace(query="&".join([*kept, f"page={page + 1}"]), fragment="").geturl(),)


def _page(url: str) -> int:
    return number_of(dict(parse_qsl(urlsplit(url).query)).get("page")) or 1


def _written(moment: float) -> str | None:
    """Return the last whole second before `moment`: what is after it is at `moment` or later."""
    if not math.isfinite(moment):
        return None
    text = written(max(0, math.ceil(moment) - 1))
    return None if text is None else text.replace("+00:00", "Z")
