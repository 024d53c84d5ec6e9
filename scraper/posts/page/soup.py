"""A cut-out post as BeautifulSoup, laid from lxml's nodes instead of written and parsed again."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup
from bs4.builder import HTMLTreeBuilder
from bs4.element import NavigableString, Tag
from lxml import etree

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from scraper.posts.page.scope import Scope

_TAG = re.compile(r"<[^<>]*>")
_HAS_H1: Any = etree.XPath("boolean(descendant-or-self::h1[normalize-space()])")


def soup_of(scope: Scope) -> BeautifulSoup:
    """Return the post and its meta lines as BeautifulSoup, which never sees the rest of the page.

    Lines with the title come first, wherever the theme has them: a title names the links below it. All
    attributes are text as written, those of several words (`class`, `rel`) too; comments are left out.
    """
    nodes = sorted((scope.body, *scope.meta), key=lambda node: node is scope.body or not _HAS_H1(node))
    builder = _Builder()
    soup = BeautifulSoup("", builder=builder)
    laying = _Laying(soup, builder)
    for node in nodes:
        laying.lay(node, soup, NavigableString)
    return soup


class _Builder(HTMLTreeBuilder):
    """Knows what HTML's elements are like; what they are made of comes from `_Laying`."""

    def __init__(self) -> None:
        super().__init__(multi_valued_attributes={})

    def feed(self, markup: object) -> None:
        """Parse nothing."""


class _Laying:
    def __init__(self, soup: BeautifulSoup, builder: _Builder) -> None:
        self._builder = builder
        self._last: Tag | NavigableString = soup

    def lay(self, node: HtmlElement, parent: Tag, kind: type[NavigableString]) -> None:
        """Append `node`, without the text behind it, to `parent`; no deeper than lxml reads: 256."""
        name, text = node.tag, node.text
        tag = Tag(None, self._builder, name, parent=parent, previous=self._last)
        tag.attrs = dict(node.items())  # not `attrib`, which looks names up, and broken ones are no names
        parent.contents.append(tag)
        self._last = tag
        # The text of a script is no text of the post, nor is anything in a template.
        kind = self._builder.string_containers.get(name, kind)
        if text:
            # What a frame holds is markup to lxml's parser, as to browsers, and says in words what is played.
            self._write(unescape(_TAG.sub(" ", text)) if name == "iframe" else text, tag, kind)
        for child in node:
            if isinstance(child.tag, str):
                self.lay(child, tag, kind)
            if tail := child.tail:
                self._write(tail, tag, kind)

    def _write(self, text: str, parent: Tag, kind: type[NavigableString]) -> None:
        string = str.__new__(kind, text)  # NavigableString's own does the next two, for no parent
        string.hidden = False
        string.setup(parent, self._last)
        parent.contents.append(string)
        self._last = string
