"""Under what a post is filed: links to categories and tags, class names, and words of the address."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from lxml import etree

from scraper.posts.page.furniture import class_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from filters.graph import GenreGraph
    from scraper.posts.page.lines import TextLine
    from scraper.posts.page.scope import Scope

_MAX_LINKS = 200
_MAX_SEGMENTS = 8
_MAX_REMAINDER = 20

# WordPress, Hugo, Pelican, Ghost, Blogger (/search/label/), Tumblr (/tagged/), Indie Shuffle (/music/).
_TAXONOMY = re.compile(
    r"/(?:categor(?:y|ies)|tags?|genres?|labels?|search/label|tagged|topics?|styles?|music)/([^/?#]+)/?(?:[?#]|$)"
)
_COUNT = re.compile(r"\s*\(\d+\)$")
_TWIN = re.compile(r"-\d{1,2}$")
_ENDING = re.compile(r"\.(?:html?|php)$")
# post_class of WordPress and the theme helper of Ghost; taxonomies of one's own are named the same way.
_CLASS_PREFIXES = ("category-", "tag-", "post_tag-", "genre-", "genres-", "music_genre-", "music-genre-")
_CLASSED: Any = etree.XPath(
    "descendant-or-self::*[contains(@class, 'category-') or contains(@class, 'tag-')"
    " or contains(@class, 'genre-') or contains(@class, 'genres-')]"
)
_POST_CLASSES = frozenset({"hentry", "post", "type-post", "post-full", "gh-article", "entry", "article"})
_DIGITS = re.compile(r"^\d+$")


def tag_links(lines: Sequence[TextLine]) -> Iterator[tuple[str, str]]:
    """Yield the text and the slug of each link to a category or tag that files the post.

    That is a link with rel=tag or rel=category, or one to such an address in a meta line or in a line
    of hardly anything but links. The trail of a breadcrumb is none.
    """
    count = 0
    for line in lines:
        if not line.links or _is_trail(line):
            continue
        remainder = len(line.text) - sum(len(link.text) for link in line.links)
        filing = line.filed or remainder <= _MAX_REMAINDER + 2 * len(line.links)
        for link in line.links:
            match = _TAXONOMY.search(link.href)
            declared = "tag" in link.rel or "category" in link.rel
            if declared or (match and filing):
                count += 1
                if count > _MAX_LINKS:
                    return
                yield _COUNT.sub("", link.text).lstrip("#"), _slug_text(match[1] if match else "")


def _is_trail(line: TextLine) -> bool:
    try:
        path = urlsplit(line.links[0].href).path
    except ValueError:
        return False
    return path in {"", "/"} and len(line.links) > 1


def _slug_text(slug: str) -> str:
    text = _ENDING.sub("", unquote(slug).replace("+", " "))
    return _TWIN.sub("", text).replace("-", " ").replace("_", " ")


def class_names(scope: Scope) -> Iterator[str]:
    """Yield what the class attribute of the post files it under: ``category-deep-house``, Tumblr's tags."""
    root = scope.body
    for element in _CLASSED(root)[:_MAX_LINKS]:
        tokens = class_tokens(element)
        if element is root or element.tag == "article" or not _POST_CLASSES.isdisjoint(tokens):
            for token in tokens[:_MAX_LINKS]:
                prefix = next((start for start in _CLASS_PREFIXES if token.startswith(start)), None)
                slug = token.removeprefix(prefix or token)
                # WordPress drops letters outside ASCII from class names: what dashes are left tell it.
                if slug and slug == slug.strip("-") and "--" not in slug:
                    yield _slug_text(slug)
    tokens = class_tokens(root)
    if any(token.startswith("type_") for token in tokens):  # only Tumblr's themes name types so
        for token in tokens[:_MAX_LINKS]:
            yield token.replace("_", " ")


def address_names(url: str, graph: GenreGraph) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield words of the folders of `url` and the genres that they are: ``/house/deep/`` is deep house."""
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        return
    folders = [
        _slug_text(part) for part in path.strip("/").split("/")[:-1] if part and not _DIGITS.match(part)
    ]
    folders = folders[:_MAX_SEGMENTS]
    for outer, inner in pairwise(folders):
        for words in (f"{inner} {outer}", f"{outer} {inner}"):
            if names := graph.resolve(words, filed=False):
                yield words, names
    for words in folders:
        if names := graph.resolve(words, filed=False):
            yield words, names
