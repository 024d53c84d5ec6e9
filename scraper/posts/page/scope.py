"""Where the post is on its page: its own node and meta lines, cut out without the page's furniture."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin, urlsplit

from bs4 import BeautifulSoup
from lxml import etree

from scraper.posts.page.furniture import (
    class_tokens,
    is_furniture,
    rules,
    stands_in_furniture,
    strip_furniture,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lxml.html import HtmlElement

_MAX_CANDIDATES = 40
_MAX_META = 20
_CLASSED: Any = etree.XPath("descendant::*[self::h1 or @class]")
_LENGTH: Any = etree.XPath("string-length(normalize-space(.))")
_PERMALINKS: Any = etree.XPath(
    ".//a[contains(concat(' ', @rel, ' '), ' bookmark ')]/@href"
    " | .//*[self::h1 or self::h2 or self::h3]//a/@href"
    " | .//link[@itemprop='mainEntityOfPage' or @itemprop='url']/@href"
    " | .//meta[@itemprop='mainEntityOfPage' or @itemprop='url']/@content"
    " | .//a[contains(@class, 'permalink') or contains(@class, 'timestamp-link')]/@href"
)
_HAS_H1: Any = etree.XPath("boolean(descendant-or-self::h1[normalize-space()])")
_HOLDERS = ("div", "section", "article", "main", "td", "center")
_TEXT_TAGS = ("p", "li", "pre", "blockquote", "font", "div", "td", "section", "article", "center", "body")
_PARAGRAPHS = frozenset({"p", "li", "pre", "blockquote", "font"})
_WORDPRESS_ID = re.compile(r"^(?:postid|page-id)-(\d+)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the post stands on its page: its node, the meta lines beside it, and what found them."""

    post: HtmlElement
    beside: tuple[HtmlElement, ...]
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A post cut out of its page: copies, so that what is done to them leaves the page alone.

    `body` is the post's node without furniture, `meta` its own meta lines that stand outside `body`,
    `how` says in a few words what found it.
    """

    body: HtmlElement
    meta: tuple[HtmlElement, ...]
    how: str


def find_scope(tree: HtmlElement, *, url: str) -> Scope:
    """Return the post's own part of the page at `url`; `url` decides where the page shows several posts."""
    return _cut(find_place(tree, url=url))


def find_place(tree: HtmlElement, *, url: str) -> Place:
    """Return where the post stands on the page at `url`, with all that a scope is cut free of."""
    seen: dict[HtmlElement, bool] = {}
    place = _search(tree, url, partial(stands_in_furniture, seen=seen))
    # Themes that call the wrapper of everything a sidebar: then only what is itself furniture is passed over.
    return place or _search(tree, url, is_furniture) or _whole(tree)


def _search(tree: HtmlElement, url: str, is_out: Callable[[HtmlElement], bool]) -> Place | None:
    known = rules()
    articles = _candidates(tree.iter(*known.container.tags), is_out)
    post = _choose(articles, tree=tree, url=url)
    if post is not None and _HAS_H1(post):
        return Place(post=post, beside=(), how=f"{post.tag} element with the title")
    blocks = list(tree.iter(*_HOLDERS))
    containers = _candidates((*articles, *filter(known.container.found_on, blocks)), is_out)
    post = _choose(containers, tree=tree, url=url)
    if post is None or not _HAS_H1(post):
        contents = _outside(_candidates(filter(known.content.found_on, blocks), is_out), containers)
        text = _choose(contents, tree=tree, url=url)
        if text is not None:
            beside = _meta_beside(text, [*contents, *containers], is_out)
            return Place(post=text, beside=beside, how=f"content {known.content.found_on(text)}")
    if post is None:
        return _largest_block(tree, is_out)
    beside = () if _HAS_H1(post) else _meta_beside(post, containers, is_out)
    return Place(post=post, beside=beside, how=_how(post, alone=len(containers) == 1))


def whole_scope(tree: HtmlElement) -> Scope:
    """Return all of `tree` as the post, without furniture: for the text that a feed or an API gives."""
    return _cut(_whole(tree))


def _whole(tree: HtmlElement) -> Place:
    body = tree.find("body")
    return Place(post=tree if body is None else body, beside=(), how="all of the text")


def soup_of(scope: Scope) -> BeautifulSoup:
    """Return the post and its meta lines as BeautifulSoup, which never sees the rest of the page.

    Lines with the title come first, wherever the theme has them: a title names the links below it.
    """
    nodes = sorted((scope.body, *scope.meta), key=lambda node: node is scope.body or not _HAS_H1(node))
    markup = "".join(
        etree.tostring(node, encoding="unicode", method="html", with_tail=False) for node in nodes
    )
    return BeautifulSoup(markup, "lxml")


def _candidates(elements: Iterable[HtmlElement], is_out: Callable[[HtmlElement], bool]) -> list[HtmlElement]:
    """Return the elements that are no furniture, each once, outermost ones only."""
    found = islice(dict.fromkeys(elements), 3 * _MAX_CANDIDATES)
    clean = [element for element in found if not is_out(element)]
    return _without_lists(clean)[:_MAX_CANDIDATES]


def _outside(elements: list[HtmlElement], others: list[HtmlElement]) -> list[HtmlElement]:
    held = set(others)
    return [el for el in elements if el not in held and not any(up in held for up in el.iterancestors())]


def _without_lists(found: list[HtmlElement]) -> list[HtmlElement]:
    """Drop what lies within another candidate, unless that one is but a list of several posts."""
    inside: dict[HtmlElement, list[HtmlElement]] = {element: [] for element in found}
    for element in found:
        holder = next((up for up in element.iterancestors() if up in inside), None)
        if holder is not None:
            inside[holder].append(element)
    lists = {outer for outer, inner in inside.items() if len(inner) > 1 and not _is_one_post(outer, inner)}
    kept = []
    for element in found:
        holders = [up for up in element.iterancestors() if up in inside and up not in lists]
        if element not in lists and not holders:
            kept.append(element)
    return kept


def _is_one_post(outer: HtmlElement, inner: list[HtmlElement]) -> bool:
    """Whether the title is outside all that lies within, or nearly all of the text is in one of them."""
    if _HAS_H1(outer) and not any(_HAS_H1(element) for element in inner):
        return True
    return bool(max(_LENGTH(element) for element in inner[:_MAX_CANDIDATES]) > 0.8 * _LENGTH(outer))


def _choose(candidates: list[HtmlElement], *, tree: HtmlElement, url: str) -> HtmlElement | None:
    """Return the candidate that is the post: named by the address, with the title, or else the largest."""
    if len(candidates) <= 1:
        return candidates[0] if candidates else None
    body = tree.find("body")
    tokens = class_tokens(body) if body is not None else []
    ids = {match[1] for token in tokens if (match := _WORDPRESS_ID.match(token))}

    def rank(element: HtmlElement) -> tuple[bool, bool, float]:
        named = (element.get("id") or "").removeprefix("post-") in ids or _links_to(element, url)
        return named, bool(_HAS_H1(element)), _LENGTH(element)

    return max(candidates, key=rank)


def _links_to(element: HtmlElement, url: str) -> bool:
    wanted = _page(url, "")
    return any(_page(url, str(href)) == wanted for href in _PERMALINKS(element)[:_MAX_CANDIDATES])


def _page(url: str, href: str) -> tuple[str, str]:
    try:
        parts = urlsplit(urljoin(url, href))
    except ValueError:
        return "", href
    return unquote(parts.path).rstrip("/"), parts.query


def _how(post: HtmlElement, *, alone: bool) -> str:
    mark = rules().container.found_on(post)
    if _HAS_H1(post):
        return f"container {mark} with the title"
    return f"the only container {mark}" if alone else f"the best of several containers {mark}"


def _meta_beside(
    post: HtmlElement, others: list[HtmlElement], is_out: Callable[[HtmlElement], bool]
) -> tuple[HtmlElement, ...]:
    """Return the meta lines near `post` that are neither in it nor in another post nor in furniture."""
    known = rules()
    around = next((up for up in post.iterancestors() if known.surroundings.found_on(up)), None)
    if around is None:
        return ()
    taken = {post, *others}
    holding = {up for element in taken for up in element.iterancestors()}
    found: list[HtmlElement] = []
    for element in _CLASSED(around):
        if element in holding or not (element.tag == "h1" or known.meta.found_on(element)):
            continue
        if not is_out(element) and not any(up in taken for up in (element, *element.iterancestors())):
            taken.add(element)
            found.append(element)
            if len(found) == _MAX_META:
                break
    return tuple(found)


def _largest_block(tree: HtmlElement, is_out: Callable[[HtmlElement], bool]) -> Place | None:
    """Return the block with the most text of its own, for pages without any known mark."""
    mains = [el for el in tree.iter("main", "div") if el.tag == "main" or el.get("role") == "main"]
    if len(mains) == 1 and not is_out(mains[0]) and _LENGTH(mains[0]):
        return Place(post=mains[0], beside=(), how="main element")
    body = tree.find("body")
    if body is None:
        return None
    sizes: dict[HtmlElement, int] = {body: 0}
    for element in body.iter(*_TEXT_TAGS):
        if not is_out(element):
            block = element.getparent() if element.tag in _PARAGRAPHS else element
            own = [element.text, *(child.tail for child in element)]
            sizes[block] = sizes.get(block, 0) + sum(len(text.strip()) for text in own if text)
    block = max(sizes, key=lambda element: sizes[element])
    if not sizes[block]:
        return None
    for _ in range(3):  # the title often stands just outside the text
        parent = block.getparent()
        if block is body or parent is body or parent is None or _HAS_H1(block):
            break
        if _LENGTH(parent) > 1.5 * _LENGTH(block) + 200:
            break
        block = parent
    return Place(post=block, beside=(), how="whole page" if block is body else "largest block of text")


def _cut(place: Place) -> Scope:
    body, *meta = [_copy(node) for node in (place.post, *place.beside)]
    return Scope(body=body, meta=tuple(meta), how=place.how)


def _copy(node: HtmlElement) -> HtmlElement:
    duplicate = deepcopy(node)
    duplicate.tail = None
    strip_furniture(duplicate)
    return duplicate
