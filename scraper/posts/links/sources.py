"""One walk through a post, in document order and without recursion, that finds every address in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bs4.element import CData, NavigableString, Tag

from scraper.posts.links.elements import CLICKED, PLAYED, Found, carries, element_links, is_hidden
from scraper.posts.links.line import Line, Spot
from scraper.posts.links.offers import Element
from scraper.posts.links.plain_text import plain_links, readable
from scraper.posts.links.texts import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bs4.element import PageElement

MAX_NODES: Final = 300_000
"""Elements and texts of a post behind these are not looked at."""
MAX_FOUND: Final = 20_000
"""Addresses of a post behind these are not looked at."""

_MAX_SHOWN = 200_000
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_EMPHASIS = _HEADINGS | {"strong", "b", "li", "dt", "th", "figcaption"}
# What stands in one of these does not name a link in the next.
_CONTAINERS = frozenset(
    {"li", "ul", "ol", "dl", "dd", "td", "tr", "table", "div", "section", "article", "figure", "blockquote"}
)
_BLOCKS = _HEADINGS | _CONTAINERS | {"p", "br", "hr", "dt", "th", "figcaption", "form", "pre", "center"}
# Their text is not part of the line around them, and of those that are not clicked it is not shown either.
_SILENT = frozenset({"audio", "video", "object", "iframe", "script", "select", "noscript"})
_APART = CLICKED | _SILENT
# Pictures and players part what stands before them from what stands behind.
_PARTING = frozenset({"img", "hr", "iframe", "audio", "video", "object", "embed"})

_NAMES = _BLOCKS | _PARTING | _EMPHASIS | _APART
# What an element does to the text around it: block, container, parting, emphasis, apart, silent.
_ROLES = {
    name: tuple(int(name in names) for names in (_BLOCKS, _CONTAINERS, _PARTING, _EMPHASIS, _APART, _SILENT))
    for name in _NAMES
}
_TEXTS = frozenset({NavigableString, CData})


@dataclass(slots=True)
class Placed:
    """An address with the place where it was found, and, once it is judged, the key of its link."""

    found: Found
    spot: Spot
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Walked:
    """What a walk gave: the addresses with their places, and all that the post shows as text.

    `text` has a line break between blocks; `partial` says that the walk ended before the post.
    """

    found: list[Placed]
    text: str
    after: str
    """What stands behind the last address."""
    partial: bool


def find_links(node: Tag) -> Walked:
    """Return each address in `node` with what stands on and near it; hidden elements are left out."""
    return _Walk().through(node)


class _Walk:
    def __init__(self) -> None:
        self._found: list[Placed] = []
        self._line = Line()
        self._run: list[str] = []
        self._shown: list[str] = []
        self._room = _MAX_SHOWN
        self._emphasis = self._apart = self._silent = self._noscript = 0

    def through(self, node: Tag) -> Walked:
        stack: list[tuple[Iterator[PageElement], Tag]] = [(iter(node.contents), node)]
        steps = 0
        while stack and steps < MAX_NODES and len(self._found) < MAX_FOUND:
            steps += 1
            child = next(stack[-1][0], None)
            if child is None:
                self._leave(stack.pop()[1].name)
            elif isinstance(child, Tag):
                if is_hidden(child):
                    continue
                self._enter(child)
                if child.contents and child.name != "iframe":
                    stack.append((iter(child.contents), child))
                else:
                    self._leave(child.name)
            elif type(child) in _TEXTS:
                self._read(str(child))
        return Walked(
            found=self._found[:MAX_FOUND],
            text="".join(self._shown),
            after=self._line.between(),
            partial=bool(stack),
        )

    def _enter(self, tag: Tag) -> None:
        name = tag.name
        if name == "wbr":
            return
        if self._run:
            self._end_run()
        if name in _ROLES:
            self._begin(name)
        if (tag.attrs or name == "script") and carries(tag) and (not self._noscript or name in PLAYED):
            for found in element_links(tag):
                self._found.append(Placed(found, self._line.spot()))

    def _begin(self, name: str) -> None:
        block, container, parting, emphasis, apart, silent = _ROLES[name]
        if block:
            self._end_line()
            if container:
                self._line.open()
        if parting and not self._apart:
            self._line.part()
        if emphasis and not self._emphasis:
            self._line.emphasis.clear()
        self._emphasis += emphasis
        self._apart += apart
        self._silent += silent
        self._noscript += name == "noscript"

    def _leave(self, name: str) -> None:
        if name == "wbr":
            return
        if self._run:
            self._end_run()
        if name not in _ROLES:
            return
        block, container, _, emphasis, apart, silent = _ROLES[name]
        self._emphasis -= emphasis
        self._apart -= apart
        self._silent -= silent
        self._noscript -= name == "noscript"
        if block:
            self._end_line()
            if container:
                self._line.close()

    def _end_line(self) -> None:
        self._line.end()
        if self._shown and self._shown[-1] != "\n":
            self._shown.append("\n")

    def _read(self, text: str) -> None:
        if not self._silent and self._room > 0:
            self._shown.append(text[: self._room])
            self._room -= len(text)
        if not self._apart:
            self._run.append(text)
            self._line.read(text, emphasised=self._emphasis > 0)

    def _end_run(self) -> None:
        text = "".join(self._run)
        self._run.clear()
        at = 0
        if "/" in text:
            text = readable(text)
            for written in plain_links(text):
                found = Found(href=written.url, element=Element.TEXT, text=clean_text(written.before))
                self._line.pass_by(text[at : written.start])
                self._found.append(Placed(found, self._line.spot(written.before)))
                at = written.end
        self._line.pass_by(text[at:])
