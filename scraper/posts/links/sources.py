"""One walk through a post, in document order and without recursion, that finds every address in it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from bs4.element import CData, NavigableString, Tag

from scraper.posts.links.classify import Element
from scraper.posts.links.elements import CLICKED, PLAYED, Found, element_links, is_hidden
from scraper.posts.links.plain_text import plain_links
from scraper.posts.links.texts import MAX_TEXT_LENGTH, clean_text, is_generic, track_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bs4.element import PageElement

MAX_NODES: Final = 300_000
"""Elements and texts of a post behind these are not looked at."""

# A line of more pieces is no name.
_MAX_PIECES = 60
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_EMPHASIS = _HEADINGS | {"strong", "b", "li", "dt", "th", "figcaption"}
# What stands in one of these does not name a link in the next.
_CONTAINERS = frozenset(
    {"li", "ul", "ol", "dl", "dd", "td", "tr", "table", "div", "section", "article", "figure", "blockquote"}
)
_BLOCKS = _HEADINGS | _CONTAINERS | {"p", "br", "hr", "dt", "th", "figcaption", "form", "pre", "center"}
# Their text is not part of the line around them.
_APART = CLICKED | {"audio", "video", "object", "iframe", "script", "select", "noscript"}


def find_links(node: Tag) -> Iterator[Found]:
    """Yield each address in `node` with what stands on and near it; hidden elements are left out."""
    return _Walk().through(node)


@dataclass(slots=True)
class _Context:
    """What has been read before a link: pieces of its line, of emphasis in it, and names that still hold."""

    line: list[str] = field(default_factory=list)
    emphasis: list[str] = field(default_factory=list)
    track: str | None = None
    group: str | None = None
    outer: list[tuple[str | None, str | None]] = field(default_factory=list)

    def near(self) -> str | None:
        return track_name("".join(self.line)) or self.track or self._label() or self.group

    def end_line(self) -> None:
        text = "".join(self.emphasis)
        if text.strip():
            self.track = track_name(text) or self.track
            self.group = self._label() or self.group
        self.line.clear()
        self.emphasis.clear()

    def _label(self) -> str | None:
        return clean_text("".join(self.emphasis)).rstrip(" :–—-|") or None


class _Walk:
    def __init__(self) -> None:
        self._context = _Context()
        self._run: list[str] = []
        self._emphasis = 0
        self._apart = 0
        self._noscript = 0

    def through(self, node: Tag) -> Iterator[Found]:
        stack: list[tuple[Iterator[PageElement], Tag]] = [(iter(node.contents), node)]
        for _ in range(MAX_NODES):
            child = next(stack[-1][0], None)
            if child is None:
                yield from self._leave(stack.pop()[1])
                if not stack:
                    return
            elif isinstance(child, Tag):
                if not is_hidden(child):
                    yield from self._enter(child)
                    stack.append((iter(() if child.name == "iframe" else child.contents), child))
            elif type(child) in {NavigableString, CData}:
                self._read(str(child))

    def _enter(self, tag: Tag) -> Iterator[Found]:
        if tag.name == "wbr":
            return
        yield from self._end_run()
        if tag.name in _BLOCKS:
            self._context.end_line()
        if tag.name in _CONTAINERS:
            self._context.outer.append((self._context.track, self._context.group))
        if tag.name in _EMPHASIS and not self._emphasis:
            self._context.emphasis.clear()
        self._count(tag, 1)
        if not self._noscript or tag.name in PLAYED:
            for found in element_links(tag):
                yield replace(found, near=self._context.near()) if is_generic(found.text) else found

    def _leave(self, tag: Tag) -> Iterator[Found]:
        if tag.name == "wbr":
            return
        yield from self._end_run()
        self._count(tag, -1)
        if tag.name in _BLOCKS:
            self._context.end_line()
        if tag.name in _CONTAINERS and self._context.outer:
            self._context.track, self._context.group = self._context.outer.pop()

    def _count(self, tag: Tag, step: int) -> None:
        self._emphasis += step * (tag.name in _EMPHASIS)
        self._apart += step * (tag.name in _APART)
        self._noscript += step * (tag.name == "noscript")

    def _read(self, text: str) -> None:
        if self._apart:
            return
        self._run.append(text)
        context = self._context
        for pieces in (context.line, context.emphasis) if self._emphasis else (context.line,):
            if len(pieces) < _MAX_PIECES:
                pieces.append(text[:MAX_TEXT_LENGTH])

    def _end_run(self) -> Iterator[Found]:
        if not self._run:
            return
        text = "".join(self._run)
        self._run.clear()
        if "/" not in text:
            return
        for href, before in plain_links(text):
            near = track_name(before) or self._context.track
            yield Found(href=href, element=Element.TEXT, text=clean_text(before), near=near)
