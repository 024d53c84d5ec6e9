"""Under what a post is filed: links to categories and tags, and class names."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from lxml import etree

from scraper.posts.page.kinds import FILING, all_of_kinds
from scraper.posts.page.marks import class_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scraper.posts.page.lines import TextLine
    from scraper.posts.page.scope import Scope

_MAX_LINKS = 200
_MAX_SLUG = 200
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
_POST_CLASSES = frozenset({"hentry", "post", "type-post", "post-full", "gh-article", "entry", "article"})


class TagLink(NamedTuple):
    """A link to a category or tag: its text, the words of its slug, and why it files nothing if so."""

    text: str
    slug: str
    refused: str = ""


def tag_links(lines: Sequence[TextLine]) -> Iterator[TagLink]:
    """Yield the links to categories and tags, at most 200.

    What files the post has rel=tag or rel=category, or leads to such an address from a meta line or a line
    of hardly anything but links. The trail of a breadcrumb files nothing.
    """
    count = 0
    for line in lines:
        refusals = None
        for link in line.links:
            match = _TAXONOMY.search(link.href)
            declared = "tag" in link.rel or "category" in link.rel
            if declared or match:
                count += 1
                if count > _MAX_LINKS:
                    return
                refusals = refusals or _refusals(line)
                text = _COUNT.sub("", link.text).lstrip("#")
                yield TagLink(text, slug_text(match[1] if match else ""), refusals[declared])


def _refusals(line: TextLine) -> tuple[str, str]:
    """Return why links in a line file nothing: those that do not declare to, and those that do."""
    if _is_trail(line):
        return "in a breadcrumb", "in a breadcrumb"
    remainder = len(line.text) - sum(len(link.text) for link in line.links)
    if line.filed or remainder <= _MAX_REMAINDER + 2 * len(line.links):
        return "", ""
    return "a link in running text", ""


def _is_trail(line: TextLine) -> bool:
    if len(line.links) == 1:
        return False
    try:
        first = urlsplit(line.links[0].href)
    except ValueError:
        return False
    return first.path in {"", "/"} and not first.query  # /?cat=11 is a category without permalinks


def slug_text(slug: str) -> str:
    """Return the words of a slug: percent-decoded, without ending and number, spaces for dashes."""
    return _slug_text(slug[:_MAX_SLUG])


@lru_cache(maxsize=4096)
def _slug_text(slug: str) -> str:
    text = _ENDING.sub("", unquote(slug).replace("+", " "))
    return _TWIN.sub("", text).replace("-", " ").replace("_", " ")


def class_names(scope: Scope) -> Iterator[str]:
    """Yield what the class attribute of the post files it under: ``category-deep-house``, Tumblr's tags."""
    root = scope.body
    filed = all_of_kinds(root.iter(etree.Element), FILING) if scope.kinds & FILING else ()
    for element, _ in filed[:_MAX_LINKS]:
        tokens = class_tokens(element)
        if element is root or element.tag == "article" or not _POST_CLASSES.isdisjoint(tokens):
            for token in tokens[:_MAX_LINKS]:
                prefix = next((start for start in _CLASS_PREFIXES if token.startswith(start)), None)
                slug = token.removeprefix(prefix or token)
                # WordPress drops letters outside ASCII from class names: what dashes are left tell it.
                if slug and slug == slug.strip("-") and "--" not in slug:
                    yield slug_text(slug)
    tokens = class_tokens(root)
    if any(token.startswith("type_") for token in tokens):  # only Tumblr's themes name types so
        for token in tokens[:_MAX_LINKS]:
            yield token.replace("_", " ")
