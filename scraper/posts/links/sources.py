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

# They change what their text means for as long as they are open.
_SWAYING = _EMPHASIS | _APART
# All others say nothing of the text around them.
_TELLING = _BLOCKS | _PARTING | _SWAYING
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
        self._ended = True  # nothing was read or found since the line began
        self._emphasis = self._apart = self._silent = self._noscript = 0

    def through(self, node: Tag) -> Walked:
        run, found = self._run, self._found
        stack: list[tuple[Iterator[PageElement], str]] = [(iter(node.contents), node.name)]
        steps = 0
        while stack and steps < MAX_NODES and len(found) < MAX_FOUND:
            children, name = stack[-1]
            for child in children:
                steps += 1
                if isinstance(child, Tag):
                    if steps >= MAX_NODES or len(found) >= MAX_FOUND:
                        break
                    if self._goes_into(child):
                        stack.append((iter(child.contents), child.name))
                        break
                elif type(child) in _TEXTS and not self._silent:
                    text = str(child)
                    # Half of all texts are blanks where a line begins: nobody sees these.
                    if run or not self._ended or not text.isspace():
                        run.append(text)
            else:
                steps += 1
                self._leave(name)
                stack.pop()
        return Walked(
            found=found[:MAX_FOUND],
            text="".join(self._shown)[:_MAX_SHOWN],
            after=self._line.between(),
            partial=bool(stack),
        )

    def _goes_into(self, tag: Tag) -> bool:
        """Take in an element, and return whether there is more in it: then it is still to be left."""
        name, attributes = tag.name, tag.attrs
        if name == "br" and not attributes:
            self._break_line()
            return False
        if is_hidden(tag):
            return False
        self._enter(name)
        if (attributes or name == "script") and carries(tag) and (not self._noscript or name in PLAYED):
            for found in element_links(tag):
                self._place(found)
        if tag.contents and name != "iframe":
            return True
        self._leave(name)
        return False

    def _enter(self, name: str) -> None:
        if self._run and name != "wbr":  # a word goes on in it: lxml puts what follows into the element
            self._end_run()
        if name not in _TELLING:
            return
        if name in _BLOCKS:
            if not self._ended:
                self._end_line()
            if name in _CONTAINERS:
                self._line.open()
        if name in _PARTING and not self._apart:
            self._line.part()
        if name in _SWAYING:
            if not self._emphasis and name in _EMPHASIS:
                self._line.emphasis.clear()
            self._sway(name, 1)

    def _leave(self, name: str) -> None:
        if self._run and name != "wbr":
            self._end_run()
        if name not in _TELLING:
            return
        if name in _SWAYING:
            self._sway(name, -1)
        if name in _BLOCKS:
            if not self._ended:
                self._end_line()
            if name in _CONTAINERS:
                self._line.close()

    def _sway(self, name: str, by: int) -> None:
        if name in _EMPHASIS:
            self._emphasis += by
        if name in _APART:
            self._apart += by
        if name in _SILENT:
            self._silent += by
            if name == "noscript":
                self._noscript += by

    def _place(self, found: Found, before: str | None = None) -> None:
        self._found.append(Placed(found, self._line.spot(before)))
        self._ended = False

    def _break_line(self) -> None:
        if self._run:
            self._end_run()
        if not self._ended:
            self._end_line()

    def _end_line(self) -> None:
        self._line.end()
        if self._shown and self._shown[-1] != "\n":
            self._shown.append("\n")
        self._ended = True

    def _end_run(self) -> None:
        """Take in the text up to here, that no tag parts."""
        text = self._run[0] if len(self._run) == 1 else "".join(self._run)
        self._run.clear()
        self._ended = False
        if self._room > 0:
            self._shown.append(text)
            self._room -= len(text)
        if self._apart:
            return
        self._line.read(text, emphasised=self._emphasis > 0)
        self._line.pass_by(text if "/" not in text else self._after_addresses(text))

    def _after_addresses(self, text: str) -> str:
        """Take in the addresses that are written in `text`, and return what stands behind them."""
        text = readable(text)
        at = 0
        for written in plain_links(text):
            found = Found(href=written.url, element=Element.TEXT, text=clean_text(written.before))
            self._line.pass_by(text[at : written.start])
            self._place(found, written.before)
            at = written.end
        return text[at:]
