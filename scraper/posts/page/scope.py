"""Where the post is on its page: its own node and meta lines, cut out without the page's furniture."""

from __future__ import annotations

import re
from copy import copy
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from lxml import etree

from scraper.posts.page.furniture import (
    DOOMED,
    MAX_ELEMENTS,
    is_furniture,
    stands_in_furniture,
    strip_furniture,
)
from scraper.posts.page.kinds import CONTAINER, CONTENT, META, SURROUNDINGS, SUSPECT, all_of_kinds, kinds_of
from scraper.posts.page.marks import class_tokens, rules
from scraper.posts.page.place import Place
from scraper.posts.page.prints import PagePieces
from scraper.posts.page.unmarked import largest_block, place_without_marks

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from lxml.html import HtmlElement

_MAX_CANDIDATES = 40
_MAX_META = 20
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
_WORDPRESS_ID = re.compile(r"^(?:postid|page-id)-(\d+)$")


class _Judge(NamedTuple):
    """Tells what is furniture; `inherits` says that all that stands in furniture is furniture to it."""

    is_out: Callable[[HtmlElement], bool]
    inherits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A post cut out of its page: copies, so that what is done to them leaves the page alone.

    `body` is the post's node without furniture, `meta` its own meta lines that stand outside `body`,
    `how` says in a few words what found it, `unsure` that this was no mark of the page.
    """

    body: HtmlElement
    meta: tuple[HtmlElement, ...]
    how: str
    unsure: bool = False
    prints: frozenset[int] | None = None
    """Prints of the page's blocks, for later pages of the blog, where it is unsure."""
    partial: bool = False
    """Whether the post has more elements than are read."""
    kinds: int = -1
    """What its elements may be, as page/kinds.py tells it: what is not among it is not looked for."""

    def parts(self) -> tuple[HtmlElement, ...]:
        """Return the post and its meta lines in the order in which they are read.

        Lines with the title come first, wherever the theme has them: a title names the links below it.
        """
        titles = [line for line in self.meta if _HAS_H1(line)]
        return (*titles, self.body, *(line for line in self.meta if line not in titles))


def find_scope(tree: HtmlElement, *, url: str, furniture: Collection[int] = frozenset()) -> Scope:
    """Return the post's own part of the page at `url`; `url` decides where the page shows several posts.

    `furniture` are the prints of what stands on several posts of the blog (see page/prints.py). They count
    only where no mark of the page tells where its post is.
    """
    pieces = PagePieces(tree)
    scope = _cut(_find(tree, pieces, url, furniture))
    return replace(scope, prints=pieces.prints()) if scope.unsure else scope


def find_place(tree: HtmlElement, *, url: str, furniture: Collection[int] = frozenset()) -> Place:
    """Return where the post stands on the page at `url`, with all that a scope is cut free of."""
    return _find(tree, PagePieces(tree), url, furniture)


def _find(tree: HtmlElement, pieces: PagePieces, url: str, furniture: Collection[int]) -> Place:
    seen: dict[HtmlElement, bool] = {}
    thorough = _Judge(partial(stands_in_furniture, seen=seen), inherits=True)
    # Themes that call the wrapper of everything a sidebar: then only what is itself furniture is passed over.
    for judge in (thorough, _Judge(is_furniture, inherits=False)):
        place = _search(tree, pieces, url, judge)
        place = place or place_without_marks(tree, pieces, judge.is_out, url=url, furniture=furniture)
        if place is not None:
            return place
    return replace(_whole(tree), unsure=True)


def _search(tree: HtmlElement, pieces: PagePieces, url: str, judge: _Judge) -> Place | None:
    """Return what the marks of the page say, None where they say nothing."""
    known, is_out = rules(), judge.is_out
    articles = _candidates(tree.iter(*known.container.tags), is_out)
    post = _choose(articles, tree=tree, url=url)
    if post is not None and _HAS_H1(post):
        return Place(post=post, how=f"{post.tag} element with the title")
    blocks = all_of_kinds(tree.iter(*_HOLDERS), CONTAINER | CONTENT)
    marked = (block for block, kinds in blocks if kinds & CONTAINER)
    containers = _candidates((*articles, *marked), is_out)
    post = _choose(containers, tree=tree, url=url)
    is_titled = post is not None and _HAS_H1(post)
    if not is_titled:
        texts = (block for block, kinds in blocks if kinds & CONTENT)
        contents = _outside(_candidates(texts, is_out), containers)
        text = _choose(contents, tree=tree, url=url)
        if text is not None:
            beside = _meta_beside(text, [*contents, *containers], judge)
            return Place(post=text, beside=beside, how=f"content {known.content.found_on(text)}")
    if post is None or _are_teasers(containers, tree, pieces, url, is_out):
        return None
    mark = known.container.found_on(post)
    if is_titled:
        return Place(post=post, how=f"container {mark} with the title")
    beside = _meta_beside(post, containers, judge)
    which = "the only container" if len(containers) == 1 else "the best of several containers"
    return Place(post=post, beside=beside, how=f"{which} {mark}")


def _are_teasers(
    containers: list[HtmlElement],
    tree: HtmlElement,
    pieces: PagePieces,
    url: str,
    is_out: Callable[[HtmlElement], bool],
) -> bool:
    """Whether several posts without the title stand around a text that is in none of them: it is the post."""
    if len(containers) == 1 or any(_HAS_H1(one) or _links_to(one, url) for one in containers):
        return False
    place = largest_block(tree, pieces, is_out, url=url)
    if place is None:
        return False
    held = set(containers)
    inside = any(up in held for up in (place.post, *place.post.iterancestors()))
    return not inside and not any(place.post in one.iterancestors() for one in containers)


def whole_scope(tree: HtmlElement) -> Scope:
    """Return all of `tree` as the post, without furniture: for the text that a feed or an API gives."""
    return _cut(_whole(tree))


def _whole(tree: HtmlElement) -> Place:
    body = tree.find("body")
    return Place(post=tree if body is None else body, how="all of the text")


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
    if len(found) <= 1:
        return found
    inside: dict[HtmlElement, list[HtmlElement]] = {element: [] for element in found}
    holders = {element: [up for up in element.iterancestors() if up in inside] for element in found}
    for element, around in holders.items():
        if around:
            inside[around[0]].append(element)
    lists = {outer for outer, inner in inside.items() if len(inner) > 1 and not _is_one_post(outer, inner)}
    return [
        element
        for element, around in holders.items()
        if element not in lists and all(up in lists for up in around)
    ]


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


def _meta_beside(post: HtmlElement, others: list[HtmlElement], judge: _Judge) -> tuple[HtmlElement, ...]:
    """Return the meta lines near `post` that are neither in it nor in another post nor in furniture."""
    around = next((up for up in post.iterancestors() if kinds_of(up) & SURROUNDINGS), None)
    if around is None:
        return ()
    taken = {post, *others}
    holding = {up for element in taken for up in element.iterancestors()}
    found: list[HtmlElement] = []
    stack = [iter(around)]
    while stack and len(found) < _MAX_META:
        element = next(stack[-1], None)
        if element is None:
            stack.pop()
            continue
        kinds = kinds_of(element)
        # What it stands in is no furniture, so that it has to be some itself.
        is_out = kinds & SUSPECT and judge.is_out(element)
        if element in taken or (is_out and judge.inherits):
            continue
        if is_out or element in holding or not (kinds & META or element.tag == "h1"):
            if len(element):
                stack.append(iter(element))
        else:
            found.append(element)
    return tuple(found)


def _cut(place: Place) -> Scope:
    nodes = (place.post, *place.beside)
    (body, kinds), *meta = [_copy(node, place) for node in nodes]
    for _, each in meta:
        kinds |= each
    partial = any(next(islice(node.iter(), MAX_ELEMENTS, None), None) is not None for node in nodes)
    return Scope(
        body=body,
        meta=tuple(line for line, _ in meta),
        how=place.how,
        unsure=place.unsure,
        partial=partial,
        kinds=kinds,
    )


def _copy(node: HtmlElement, place: Place) -> tuple[HtmlElement, int]:
    """Return the node without furniture, and the kinds of elements in it."""
    duplicate = copy(node)  # lxml copies all that is in it
    duplicate.tail = None
    if place.without:
        for element, twin in zip(node.iter(), duplicate.iter(), strict=True):
            if element in place.without:
                twin.tag = DOOMED
    return duplicate, strip_furniture(duplicate, by_words=place.unsure)
