"""A cut-out post as BeautifulSoup, laid from lxml's nodes instead of written and parsed again."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup
from bs4.builder import HTMLTreeBuilder
from bs4.element import AttributeValueList, NavigableString, Tag

if TYPE_CHECKING:
    from bs4.element import PageElement
    from lxml.html import HtmlElement

    from scraper.posts.page.scope import Scope

_TAG = re.compile(r"<[^<>]*>")
_EMPTY = frozenset(HTMLTreeBuilder.DEFAULT_EMPTY_ELEMENT_TAGS or ())
# What text is in these is no text of the post: scripts, styles, templates; and ruby has its own kinds.
_STRING_KINDS = HTMLTreeBuilder.DEFAULT_STRING_CONTAINERS
# Nobody sees the blanks between these, which are half of all texts: nothing but blocks is around them, and a
# line begins behind what is before them. Within a link or a paragraph all blanks stay: they may part words.
_AROUND = frozenset({"body", "div", "section", "article", "ul", "ol", "dl", "table", "tr", "blockquote"})
_BEFORE = _AROUND | {"br", "p", "li", "dd", "dt", "td", "th", "hr", "h1", "h2", "h3", "h4", "h5", "h6"}


def soup_of(scope: Scope) -> Tag:
    """Return the post and its meta lines as BeautifulSoup, which never sees the rest of the page.

    All attributes are text as written, those of several words (`class`, `rel`) too; comments are left out,
    and so are blanks between blocks.
    """
    soup = _Laid.__new__(_Laid)
    soup.name, soup.attrs, soup.contents, soup.hidden = BeautifulSoup.ROOT_TAG_NAME, {}, [], True
    laying = _Laying(soup)
    for part in scope.parts():
        laying.lay(part, soup, NavigableString, among_blocks=True)
    return soup


class _Laid(Tag):
    """A tag that has in its class what is the same for all: `Tag` itself writes twenty attributes to each."""

    parser_class = None
    namespace = None
    prefix = None
    _namespaces: dict[str, str] = {}  # noqa: RUF012 - read only; `Tag` has one for each
    sourceline = None
    sourcepos = None
    known_xml = False
    parent: Tag | None = None
    previous_element: PageElement | None = None
    next_element: PageElement | None = None
    previous_sibling: PageElement | None = None
    next_sibling: PageElement | None = None
    attribute_value_list_class = AttributeValueList
    can_be_empty_element = False
    cdata_list_attributes: dict[str, set[str]] = {}  # noqa: RUF012
    preserve_whitespace_tags = HTMLTreeBuilder.DEFAULT_PRESERVE_WHITESPACE_TAGS
    interesting_string_types = Tag.MAIN_CONTENT_STRING_TYPES


class _Laying:
    def __init__(self, soup: Tag) -> None:
        self._last: PageElement = soup

    def lay(self, node: HtmlElement, parent: Tag, kind: type[NavigableString], *, among_blocks: bool) -> None:
        """Append `node`, without the text behind it, to `parent`; no deeper than lxml reads: 256."""
        name, text = node.tag, node.text
        tag = _Laid.__new__(_Laid)
        tag.name = name
        tag.attrs = dict(node.items())  # not `attrib`, which looks names up, and broken ones are no names
        tag.contents = []
        tag.parent = parent
        tag.previous_element = self._last
        self._last.next_element = self._last = tag
        siblings = parent.contents
        if siblings:
            before = tag.previous_sibling = siblings[-1]
            before.next_sibling = tag
        siblings.append(tag)
        if name in _EMPTY:
            tag.can_be_empty_element = True
        elif name in _STRING_KINDS:
            kind = _STRING_KINDS[name]
            tag.interesting_string_types = {kind}
        among_blocks = among_blocks and name in _AROUND
        if text and not (among_blocks and text.isspace()):
            # What a frame holds is markup to lxml's parser, as to browsers, and says in words what is played.
            self._write(unescape(_TAG.sub(" ", text)) if name == "iframe" else text, tag, kind)
        for child in node:
            if isinstance(child.tag, str):
                self.lay(child, tag, kind, among_blocks=among_blocks)
            tail = child.tail
            if tail and not (among_blocks and child.tag in _BEFORE and tail.isspace()):
                self._write(tail, tag, kind)

    def _write(self, text: str, parent: Tag, kind: type[NavigableString]) -> None:
        # NavigableString's own __new__ writes attributes that follow here.
        string = str.__new__(kind, text)
        string.parent = parent
        string.previous_element = self._last
        self._last.next_element = self._last = string
        string.next_element = string.previous_sibling = string.next_sibling = None
        siblings = parent.contents
        if siblings:
            before = string.previous_sibling = siblings[-1]
            before.next_sibling = string
        siblings.append(string)
