"""The lines of text that a reader of a post sees, with their links and their place in tables and lists."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from unicodedata import is_normalized, normalize

from bs4.element import CData, NavigableString, Tag

from scraper.posts.page.furniture import rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bs4 import BeautifulSoup

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
_GROUPS = frozenset({"tr", "dl"})
_CELLS = frozenset({"td", "th", "dt", "dd"})
# Soft hyphens, zero-width spaces and joiners, direction marks: invisible, and they split words.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ue000]")
_SPACES = re.compile(r"\s+")
_BLANK_LINE = re.compile(r"(?<=\S)[ \t\r]*\n[ \t\r]*\n\s*(?=\S)")
_EDGES = re.compile(EDGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineLink:
    """A link in a line: its visible text, `href` as written, and the tokens of `rel`."""

    text: str
    href: str
    rel: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLine:
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


@dataclass(slots=True, kw_only=True)
class _Frame:
    children: Iterator[Any]
    name: str
    block: str
    group: int
    cell: int
    filed: bool


@dataclass(slots=True, kw_only=True)
class _Page:
    lines: list[TextLine] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    links: list[LineLink] = field(default_factory=list)

    def end_line(self, frame: _Frame) -> None:
        marked = _SPACES.sub(" ", "".join(self.pieces)[:MAX_LINE]).strip()
        text = _SPACES.sub(" ", _EDGES.sub("", marked)).strip()
        self.pieces.clear()
        if not text:
            return  # and keep the links: a link may begin outside the block that holds its text
        if len(self.lines) < MAX_LINES:
            self.lines.append(
                TextLine(
                    text=text,
                    marked=marked,
                    block=frame.block,
                    group=frame.group,
                    cell=frame.cell,
                    filed=frame.filed,
                    links=tuple(self.links),
                )
            )
        self.links.clear()

    def add_text(self, text: str, frame: _Frame) -> None:
        visible = visible_text(text)
        if frame.block != "pre":
            # Paragraphs that a broken wpautop left without tags: blank lines between words.
            self._add_parts(_BLANK_LINE.split(visible) if "\n" in visible else (visible,), frame)
            return
        self._add_parts(visible.splitlines(), frame)

    def _add_parts(self, parts: Iterable[str], frame: _Frame) -> None:
        for number, part in enumerate(parts):
            if number:
                self.end_line(frame)
            self.pieces.append(part)


def visible_text(text: str) -> str:
    """Return `text` in NFC without the characters that nobody sees."""
    composed = text if is_normalized("NFC", text) else normalize("NFC", text)
    return _INVISIBLE.sub("", composed)


def read_lines(soup: BeautifulSoup) -> list[TextLine]:
    """Return the visible lines of a cut-out post, in order: at most 5,000 of at most 2,000 characters."""
    page = _Page()
    numbers = iter(range(1, 1_000_000))
    stack = [_Frame(children=iter(soup.contents), name="", block="body", group=0, cell=0, filed=False)]
    while stack:
        frame = stack[-1]
        node = next(frame.children, None)
        if node is None:
            stack.pop()
            if frame.name in _BLOCKS:
                page.end_line(frame)
            elif frame.name in _EDGED:
                page.pieces.append(EDGE)
        elif isinstance(node, Tag):
            if node.name == "br":
                page.end_line(frame)
            elif node.name not in _SILENT:
                stack.append(_enter(node, frame, page, numbers))
        elif type(node) in {NavigableString, CData}:
            page.add_text(node, frame)
    return page.lines


def _enter(tag: Tag, outer: _Frame, page: _Page, numbers: Iterator[int]) -> _Frame:
    name = tag.name
    if name in _BLOCKS:
        page.end_line(outer)
    elif name in _EDGED:
        page.pieces.append(EDGE)
    if name == "a" and tag.get("href"):
        text = " ".join(visible_text(tag.get_text()).split())
        if text:
            page.links.append(LineLink(text=text[:200], href=str(tag["href"]), rel=_tokens(tag, "rel")))
    return _Frame(
        children=iter(tag.contents),
        name=name,
        block=name if name in _BLOCKS and outer.block != "pre" else outer.block,
        group=next(numbers) if name in _GROUPS else outer.group,
        cell=next(numbers) if name in _CELLS else outer.cell,
        filed=outer.filed or name == "footer" or not rules().meta.classes.isdisjoint(_tokens(tag, "class")),
    )


def _tokens(tag: Tag, attribute: str) -> tuple[str, ...]:
    value = tag.get(attribute)
    words = value.split() if isinstance(value, str) else value or ()
    return tuple(word.lower() for word in words)
