"""The lines of text that a reader of a post sees, with their links and their place in tables and lists."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import is_normalized, normalize

from bs4.element import CData, NavigableString, Tag

from scraper.posts.page.kinds import META, kinds_of_class

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bs4.element import PageElement

MAX_LINES = 5_000
MAX_LINE = 2_000
EDGE = "\ue000"
"""Stands in TextLine.marked where an inline element begins or ends; a code point for private use."""

_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
    "html", "li", "main", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th",
    "thead", "tr", "ul",
})  # fmt: skip
_SILENT = frozenset({
    "script", "style", "template", "iframe", "audio", "video", "object", "textarea", "select", "head",
    "noscript", "svg",
})  # fmt: skip
_EDGED = frozenset({
    "a", "abbr", "b", "cite", "code", "em", "font", "i", "label", "mark", "small", "span", "strong", "time",
    "u",
})  # fmt: skip
_TEXTS = frozenset({NavigableString, CData})
_GROUPS = frozenset({"tr", "dl"})
_CELLS = frozenset({"td", "th", "dt", "dd"})
_NUMBERED = _GROUPS | _CELLS
# Soft hyphens, zero-width spaces and joiners, direction marks: invisible, and they split words.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ue000]")
_BLANK_LINE = re.compile(r"(?<=\S)[ \t\r]*\n[ \t\r]*\n\s*(?=\S)")


class LineLink(NamedTuple):
    """A link in a line: its visible text, `href` as written, and the tokens of `rel`."""

    text: str
    href: str
    rel: tuple[str, ...]


class TextLine(NamedTuple):
    """One line of a block: spaces squeezed, NFC, without invisible characters.

    Lines end where a browser ends them, and at blank lines of the source.

    `block` is the tag around it. `group` numbers the table row or definition list and `cell` the cell in
    it that the line stands in, else 0. `filed` says that it is in one of the post's meta lines.
    """

    text: str
    marked: str
    """The text with EDGE where inline elements begin and end."""
    block: str
    group: int
    cell: int
    filed: bool
    links: tuple[LineLink, ...]


class _Place(NamedTuple):
    """Where a text stands: as `TextLine` tells it."""

    block: str
    group: int
    cell: int
    filed: bool


@dataclass(slots=True, kw_only=True)
class _Page:
    lines: list[TextLine] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    links: list[LineLink] = field(default_factory=list)

    def end_line(self, place: _Place) -> None:
        """End the line that these pieces are, if they say anything."""
        if not self.pieces:
            return
        marked = squeezed("".join(self.pieces)[:MAX_LINE])
        self.pieces.clear()
        text = squeezed(marked.replace(EDGE, "")) if EDGE in marked else marked
        if not text:
            return  # and keep the links: a link may begin outside the block that holds its text
        if len(self.lines) < MAX_LINES:
            links = tuple(self.links)
            self.lines.append(
                TextLine(text, marked, place.block, place.group, place.cell, place.filed, links)
            )
        self.links.clear()

    def add_text(self, text: str, place: _Place) -> None:
        """Take in a text; blank lines in it end lines."""
        visible = text if text.isascii() else visible_text(text)
        if place.block == "pre":
            self._add_parts(visible.splitlines(), place)
        elif "\n" in visible and visible.count("\n") > 1:
            # Paragraphs that a broken wpautop left without tags: blank lines between words.
            self._add_parts(_BLANK_LINE.split(visible), place)
        else:
            self.pieces.append(visible)

    def _add_parts(self, parts: Iterable[str], place: _Place) -> None:
        for number, part in enumerate(parts):
            if number:
                self.end_line(place)
            self.pieces.append(part)


def squeezed(text: str) -> str:
    """Return `text` with single blanks between words and none around; long prose mostly is so already."""
    if "  " in text or not text.isprintable():  # no white space but the blank is printable
        return " ".join(text.split())
    return text.strip(" ")


def visible_text(text: str) -> str:
    """Return `text` in NFC without the characters that nobody sees; plain, whatever kind of text it is."""
    if text.isascii():
        return str(text)
    composed = text if is_normalized("NFC", text) else normalize("NFC", text)
    return _INVISIBLE.sub("", str(composed))


def read_lines(soup: Tag) -> list[TextLine]:
    """Return the visible lines of a cut-out post, in order: at most 5,000 of at most 2,000 characters."""
    page = _Page()
    pieces = page.pieces
    numbers = iter(range(1, 1_000_000))
    here = _Place(block="body", group=0, cell=0, filed=False)
    stack: list[tuple[Iterator[PageElement], str, _Place]] = [(iter(soup.contents), "", here)]
    while stack:
        children, name, place = stack[-1]
        for node in children:
            if isinstance(node, Tag):
                if node.name == "br":
                    page.end_line(place)
                elif node.name not in _SILENT:
                    stack.append((iter(node.contents), node.name, _enter(node, place, page, numbers)))
                    break
            elif type(node) in _TEXTS:
                text = str(node)
                if pieces or not text.isspace():  # half of all texts are the blanks between blocks
                    page.add_text(text, place)
        else:
            stack.pop()
            if name in _EDGED:
                pieces.append(EDGE)
            elif pieces and name in _BLOCKS:
                page.end_line(place)
    return page.lines


def _enter(tag: Tag, outer: _Place, page: _Page, numbers: Iterator[int]) -> _Place:
    name = tag.name
    is_block = name in _BLOCKS
    if is_block:
        if page.pieces:
            page.end_line(outer)
    elif name in _EDGED:
        page.pieces.append(EDGE)
        if name == "a" and (href := tag.attrs.get("href")) and (text := _text_of(tag)):
            page.links.append(LineLink(text[:200], str(href), _tokens(tag, "rel")))
    filed = outer.filed or name == "footer" or _is_meta(tag)
    if filed == outer.filed and (not is_block or (name == outer.block and name not in _NUMBERED)):
        return outer
    return _Place(
        block=name if is_block and outer.block != "pre" else outer.block,
        group=next(numbers) if name in _GROUPS else outer.group,
        cell=next(numbers) if name in _CELLS else outer.cell,
        filed=filed,
    )


def _text_of(tag: Tag) -> str:
    alone = tag.contents[0] if len(tag.contents) == 1 else None
    text = alone if type(alone) is NavigableString else tag.get_text()
    return " ".join(visible_text(text).split())


def _is_meta(tag: Tag) -> bool:
    value = tag.attrs.get("class")
    if not value:
        return False
    return bool(kinds_of_class(value if isinstance(value, str) else " ".join(value)) & META)


def _tokens(tag: Tag, attribute: str) -> tuple[str, ...]:
    value = tag.attrs.get(attribute)
    words = value.split() if isinstance(value, str) else value or ()
    return tuple(word.lower() for word in words)
