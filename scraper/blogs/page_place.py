"""Where in its blog a page stands: the blog's home, and whether the page lists all of it. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from scraper.blogs.platform_api import ghost_home
from scraper.blogs.platforms import Platform, recognition_marks
from scraper.blogs.ways.offsets import parameters
from scraper.http.addresses.identity import fetch_url, same_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.blogs.page_signs import PageSigns
    from scraper.blogs.platforms import PlatformMarks

# What stands behind home in the root of WordPress' REST interface, in all its spellings.
_REST = re.compile(r"(?:index\.php/)?wp-json/?$|(?:index\.php)?\?rest_route=/?$", re.IGNORECASE)
_HOME_RELATIONS = frozenset({"home", "index", "start"})
_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json"})
_MAX_LABEL = 200
# https://developer.wordpress.org/reference/functions/get_body_class/
_WP_PARTS = frozenset({"archive", "search", "single", "page", "attachment", "error404"})
_WP_HOME, _WP_POSTS_PAGE = "home", "blog"
_WP = frozenset({Platform.WORDPRESS, Platform.WORDPRESS_COM})
# <link rel="alternate" type="application/json"> names what the page shows: a post, a category, a user ...
_WP_SHOWN = re.compile(r"/wp/v2/[\w-]+/\d+/?$", re.IGNORECASE)


def home_of(signs: PageSigns, marks: PlatformMarks | None, api: str | None) -> str | None:
    """Return the home of the blog that a page with these `signs` is of; None if its address is none.

    Of what the page states only addresses of its own site count, and only those at or above it.
    """
    root = fetch_url("/", signs.url)
    if root is None or (marks and marks.at_root):
        return root
    host = urlsplit(signs.url).hostname or ""
    if marks and host in marks.named_by_path:
        name = urlsplit(signs.url).path.split("/")[1]
        return f"{root}{name}"
    stated = (home for home in _stated(signs, marks, api) if _is_above(home, signs.url))
    own = root if marks else _own_place(signs.url)
    return next(stated, None) or min(_of_feeds(signs), key=len, default=own)


def label_of(url: str, marks: PlatformMarks | None) -> str | None:
    """Return the label, tag or category that the page at `url` lists, if the platform's way can list it."""
    if marks is None or not url:
        return None
    path = urlsplit(url).path
    found = (match[1] for pattern in marks.labels if (match := pattern.search(path)))
    query = parameters(url)
    asked = (query[name] for name in marks.label_queries if query.get(name))
    label = next((unquote(each.replace("+", " ")) for each in found), None) or next(asked, None)
    return label[:_MAX_LABEL] if label and label.isprintable() else None


def lists_whole_blog(signs: PageSigns, marks: PlatformMarks | None, home: str) -> bool:
    """Return whether a page with these `signs` is the blog's home, or lists all its posts.

    WordPress says so itself, in the classes of its body; elsewhere the address tells.
    """
    if marks and marks.platform in _WP:
        said = _said_by_wordpress(signs)
        if said is not None:
            return said
    if not signs.url:
        return False
    words = recognition_marks()
    folder = urlsplit(home).path.rstrip("/")
    query = {name.lower() for name, value in parameters(signs.url).items() if value}
    if not words.part_queries.isdisjoint(query) or not _is_above(home, signs.url):
        return False
    path = words.paging.sub("", urlsplit(signs.url).path[len(folder) :].lower()).strip("/")
    if marks and any(pattern.search(f"/{path}") for pattern in marks.lists_all):
        return True
    return not path or path in words.posts_pages


def _said_by_wordpress(signs: PageSigns) -> bool | None:
    if _WP_HOME in signs.body_classes:
        return True
    shown = (each for each in signs.relations if each.rel == "alternate" and each.type == "application/json")
    if not _WP_PARTS.isdisjoint(signs.body_classes) or any(_WP_SHOWN.search(each.url) for each in shown):
        return False
    return True if _WP_POSTS_PAGE in signs.body_classes else None


def _stated(signs: PageSigns, marks: PlatformMarks | None, api: str | None) -> Iterator[str]:
    if marks and marks.platform is Platform.GHOST:
        site = ghost_home(signs)
        if site:
            yield site
    elif api and _REST.search(api):
        yield _REST.sub("", api)
    for relation in signs.relations:
        if relation.rel in _HOME_RELATIONS:
            yield relation.url


def _of_feeds(signs: PageSigns) -> Iterator[str]:
    """Yield what stands before the endings of the page's feeds, but for the feeds of a part."""
    words = recognition_marks()
    for relation in signs.relations:
        match = words.feeds.search(relation.url.lower()) if relation.type in _FEED_TYPES else None
        if match is None or relation.rel != "alternate":
            continue
        home = relation.url[: match.start()]
        if home.endswith("/") and not _is_part(home) and _is_above(home, signs.url):
            yield home


def _own_place(url: str) -> str:
    """Return the first page of the listing at `url`; of a listing of a part, the site's root."""
    parts = urlsplit(url)
    path = "/" if _is_part(url) else recognition_marks().paging.sub("/", parts.path, count=1)
    return parts._replace(path=path, query="", fragment="").geturl()


def _is_part(url: str) -> bool:
    return not recognition_marks().part_segments.isdisjoint(urlsplit(url).path.lower().split("/"))


def _is_above(home: str, url: str) -> bool:
    """Whether `home` is of the site of `url`, and its folder at or above it."""
    folder = urlsplit(home).path.rstrip("/")
    path = urlsplit(url).path
    return same_site(home, url) and (path == folder or path.startswith(f"{folder}/"))
