"""What the name of a sitemap tells: where it stands, and whether it lists posts. Pure."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urljoin, urlsplit

from scraper.http.addresses.identity import fetch_url

if TYPE_CHECKING:
    from collections.abc import Mapping

# The parameters of WordPress without permalinks, in the order in which its file names have their values.
_PARAMETERS = ("sitemap", "sitemap-subtype", "paged")
_WORD = re.compile(r"[^\W\d_]+")


class Listed(Enum):
    """What a sitemap lists, by its name."""

    POSTS = auto()
    OTHERS = auto()
    UNKNOWN = auto()
    """Posts and others, or what the name does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapWords:
    """The lists of sitemaps.toml."""

    usual: Mapping[str, tuple[str, ...]]
    before_type: tuple[str, ...]
    oldest_first: tuple[str, ...]
    posts: frozenset[str]
    others: frozenset[str]
    post_folders: frozenset[str]
    other_folders: frozenset[str]
    pages: frozenset[str]


@cache
def sitemap_words() -> SitemapWords:
    """Return the words of sitemaps.toml."""
    text = files("scraper.blogs.ways").joinpath("sitemaps.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    names, addresses = data["names"], data["addresses"]
    return SitemapWords(
        usual={platform: tuple(paths) for platform, paths in data["usual"].items()},
        before_type=tuple(names["before_type"]),
        oldest_first=tuple(names["oldest_first"]),
        posts=frozenset(names["posts"]),
        others=frozenset(names["others"]),
        post_folders=frozenset(addresses["post_folders"]),
        other_folders=frozenset(addresses["other_folders"]),
        pages=frozenset(addresses["pages"]),
    )


def usual_sitemaps(home: str, *, platform: str | None = None) -> tuple[str, ...]:
    """Return where a sitemap of the blog at `home` may stand that robots.txt does not name, best first.

    `platform` is the platform's name, in any case of letters.

    >>> usual_sitemaps("https://b.example/blog/", platform="Hugo")
    ('https://b.example/blog/sitemap.xml', 'https://b.example/sitemap.xml')
    """
    usual = sitemap_words().usual
    names = usual.get((platform or "").lower(), usual[""])
    folder = urlsplit(home).path
    if "." not in folder.rsplit("/", 1)[-1]:
        folder = f"{folder.rstrip('/')}/"
    found = (fetch_url(name, urljoin(home, base)) for base in (folder, "/") for name in names)
    return tuple(dict.fromkeys(url for url in found if url is not None))


def listed_by(url: str) -> Listed:
    """Return what the sitemap at `url` lists, as far as its name tells."""
    words = sitemap_words()
    name = _name(url)
    for prefix in words.before_type:
        name = name.removeprefix(prefix)
    told = set(_WORD.findall(name))
    if told & words.others:
        return Listed.OTHERS
    return Listed.POSTS if told & words.posts else Listed.UNKNOWN


def is_oldest_first(url: str) -> bool:
    """Return whether the sitemap at `url`, and those numbered with it, begin with what is oldest."""
    return _name(url).startswith(sitemap_words().oldest_first)


def _name(url: str) -> str:
    """Return the name of a sitemap's file, or the one that it would have if WordPress had permalinks."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query.lower()))
    if _PARAMETERS[0] in query:
        return "-".join(["wp-sitemap", *(query[name] for name in _PARAMETERS if name in query)])
    return parts.path.lower().rsplit("/", 1)[-1]
