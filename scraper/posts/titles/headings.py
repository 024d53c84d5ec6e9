"""The headings of a page, one after the other, and which of them are marked as the title of a post."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from scraper.posts.page.marks import class_tokens
from scraper.posts.titles.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

MAX_LENGTH = 500
"""Of a heading and of a title no more than this many characters are read."""

_LEVELS = ("h1", "h2", "h3")
_MAX_HEADINGS = 200
_MAX_PART = 200
# hAtom, microformats2, WordPress themes, Blogger, Ghost, TypePad: classes of a post's own headline.
_HEADLINE_CLASSES = frozenset(
    {
        "entry-title",
        "post-title",
        "p-name",
        "wp-block-post-title",
        "article-title",
        "entry-header",
        "gh-article-title",
        "headline",
    }
)
_PROPERTIES = frozenset({"headline", "name"})


class Heading(NamedTuple):
    """A heading with its text, clean and not empty."""

    element: HtmlElement
    text: str

    def mark(self) -> str | None:
        """Return what marks this heading as a post's own: a class or an item property, else None."""
        stated = self.element.get("itemprop")
        if stated in _PROPERTIES:
            return f"itemprop {stated}"
        return next((token for token in class_tokens(self.element) if token in _HEADLINE_CLASSES), None)

    def below(self) -> str | None:
        """Return the words of the element that follows at once, as where artist and title stand apart."""
        after = self.element.getnext()
        if after is None or not isinstance(after.tag, str) or (self.element.tail or "").strip():
            return None
        text = text_of(after)
        return text if text and max(len(text), len(self.text)) <= _MAX_PART else None

    def is_parted(self) -> bool:
        """Whether a heading of the next rank follows at once: ``<h3>Artist</h3><h4>Title</h4>``."""
        after = self.element.getnext()
        return after is not None and after.tag == f"h{int(self.element.tag[1]) + 1}"


def headings(node: HtmlElement) -> Iterator[Heading]:
    """Yield the headings of the first three ranks in `node` that have words, of its first 200, in order."""
    for count, element in enumerate(node.iter(*_LEVELS)):
        if count >= _MAX_HEADINGS:
            return
        text = text_of(element)
        if text:
            yield Heading(element, text)


def text_of(element: HtmlElement) -> str:
    """Return the words of a heading on one line, 500 characters of it at most."""
    return clean("".join(element.itertext())[: 2 * MAX_LENGTH])[:MAX_LENGTH].rstrip()
