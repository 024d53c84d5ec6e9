"""The pieces of text that a page is made of, and prints of them, to know them again on other pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice
from typing import TYPE_CHECKING, Final

from lxml import etree

from scraper.posts.page.furniture import is_furniture, is_hidden, is_suspect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml.html import HtmlElement

MAX_PIECES: Final = 3_000
"""Pieces of a page behind these are not looked at."""

_MAX_TEXT = 300
_MAX_ADDRESSES = 20
_PRINT_BYTES = 8

_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "html", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot",
    "th", "thead", "tr", "ul",
})  # fmt: skip
_BREAKS = frozenset({"br", "hr"})
_SILENT = frozenset({
    "script", "style", "template", "noscript", "select", "textarea", "svg", "head", "object",
})  # fmt: skip
_ADDRESS_OF = {"a": "href", "audio": "src", "video": "src", "source": "src", "iframe": "src", "embed": "src"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A line of a page: `block` is the element around it, `text` its first 300 characters, squeezed.

    `size` are its characters outside links and `linked` those in links; `addresses` what it links and plays,
    as written.
    """

    block: HtmlElement
    text: str
    size: int
    linked: int
    addresses: tuple[str, ...]

    @property
    def print(self) -> int:
        """The same number for the same tag, text and addresses, on any page and in any run: 64 bits."""
        said = "\n".join((str(self.block.tag), self.text, *self.addresses)).encode("utf-8", "replace")
        return int.from_bytes(blake2b(said, digest_size=_PRINT_BYTES).digest(), "big")


class PagePieces:
    """The pieces of a page, as `read_pieces` gives them, read once and only where somebody asks for them."""

    def __init__(self, tree: HtmlElement) -> None:
        self._tree = tree
        self._read: list[Piece] | None = None

    def __call__(self) -> list[Piece]:
        """Return the pieces."""
        if self._read is None:
            self._read = read_pieces(self._tree)
        return self._read

    def prints(self) -> frozenset[int]:
        """Return the prints of the pieces: what stands on the page, but for furniture by its marks."""
        return frozenset(piece.print for piece in self())


def read_pieces(tree: HtmlElement) -> list[Piece]:
    """Return the pieces of a page that have text or an address, in document order, 3,000 at most. Pure.

    What is hidden, or furniture by its marks, is left out, unless nothing else is there.
    """
    body = tree.find("body")
    root = tree if body is None else body
    pieces = [*islice(_Reading(root, is_furniture).pieces(), MAX_PIECES)]
    return pieces or [*islice(_Reading(root, is_hidden).pieces(), MAX_PIECES)]


@dataclass(slots=True)
class _Line:
    """What was read of a line so far."""

    words: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    length: int = 0
    size: int = 0
    linked: int = 0

    def add(self, text: str | None, *, in_link: bool) -> None:
        words = text.split() if text else ()
        length = sum(map(len, words)) + len(words)
        if in_link:
            self.linked += length
        else:
            self.size += length
        if self.length <= _MAX_TEXT:
            self.words.extend(words)
            self.length += length

    def begin(self, element: HtmlElement, *, in_link: bool) -> None:
        attribute = _ADDRESS_OF.get(element.tag)
        address = element.get(attribute) if attribute else None
        if address and len(self.addresses) < _MAX_ADDRESSES:
            self.addresses.append(address.strip())
        self.add(element.text, in_link=in_link)

    def ended(self, block: HtmlElement) -> Piece | None:
        if not (self.words or self.addresses):
            return None
        return Piece(
            block=block,
            text=" ".join(self.words)[:_MAX_TEXT],
            size=self.size,
            linked=self.linked,
            addresses=tuple(self.addresses),
        )


class _Reading:
    """One walk through a page; what `is_out` says is furniture is passed over with all that it holds."""

    def __init__(self, root: HtmlElement, is_out: Callable[[HtmlElement], bool]) -> None:
        self._root = root
        self._is_out = is_out
        self._walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        self._blocks = [root]
        self._links = 0
        self._line = _Line()
        self._passed_over: HtmlElement | None = None

    def pieces(self) -> Iterator[Piece]:
        for event, element in self._walk:
            if event in {"comment", "pi"}:
                self._line.add(element.tail, in_link=self._links > 0)
                continue
            if element is not self._root and (element.tag in _BLOCKS or element.tag in _BREAKS):
                yield from self._end_line()
            if event == "start":
                self._enter(element)
            elif element is not self._root:
                self._leave(element)
        yield from self._end_line()

    def _enter(self, element: HtmlElement) -> None:
        if element is not self._root:
            suspect = is_suspect(element)
            if element.tag in _SILENT or (suspect and (is_hidden(element) or self._is_out(element))):
                self._passed_over = element
                self._walk.skip_subtree()
                return
            if element.tag in _BLOCKS:
                self._blocks.append(element)
        self._links += element.tag == "a"
        self._line.begin(element, in_link=self._links > 0)

    def _leave(self, element: HtmlElement) -> None:
        if element is not self._passed_over:
            if element.tag in _BLOCKS:
                self._blocks.pop()
            self._links -= element.tag == "a"
        self._line.add(element.tail, in_link=self._links > 0)

    def _end_line(self) -> Iterator[Piece]:
        if (piece := self._line.ended(self._blocks[-1])) is not None:
            yield piece
        self._line = _Line()
