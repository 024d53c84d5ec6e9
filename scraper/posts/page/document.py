"""From the bytes of a page to its tree, and what the tree's head says of itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin

from lxml import etree

from scraper.http.bodies.charset import encoding_of
from scraper.http.page import MAX_PAGE_BYTES
from scraper.posts.page.stated import Stated, stated_in
from storage.errors import CratedigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.html import HtmlElement

MAX_TAGS: Final = 50_000
"""What is behind this many opening tags is not read: an element takes some 700 bytes of memory."""

MAX_ATTRIBUTES: Final = 5_000
"""What is behind the tag that has more of them is not read: libxml2's time is quadratic in their number."""

_LONG_TAG = 20_000  # bytes; a shorter one has not that many attributes
_TAG = re.compile(rb"<[A-Za-z][^<>]*")
_OPENING = re.compile(rb"<(?!/)")
# lxml drops what is behind the end of a document; browsers go on reading.
_END_OF_DOCUMENT = re.compile(r"</(?:body|html)(?![\w:-])[^>]{0,200}>", re.IGNORECASE)
_PAGE_TAGS = frozenset({"html", "head", "body"})  # a title elsewhere belongs to a drawing

# Where a page states its day of publication, best first.
_PUBLISHED_META = ("article:published_time", "og:published_time", "datepublished", "dc.date.issued", "date")
# The meta elements that are read, of the twenty or more that a page has.
_SAID = {"og:title", "og:site_name", "og:image", "twitter:image", "og:locale", *_PUBLISHED_META}


class UnreadablePageError(CratedigError):
    """The bytes hold no element at all, so there is no page to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What was read of a page or a text: its tree, and whether that is but a part of what there is."""

    tree: HtmlElement
    partial: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a page says of itself outside its text; addresses are absolute, blank values are None."""

    base: str
    """The address that relative links start from."""
    stated: Stated
    """All that it says to machines, for those who look for more."""
    title: str | None = None
    og_title: str | None = None
    site_name: str | None = None
    language: str | None = None
    published: str | None = None
    """As written, not parsed."""
    published_by: str | None = None
    """What states it: the name of the meta element."""
    image: str | None = None


def parse_document(body: bytes, *, charset: str | None) -> HtmlElement:
    """Return the tree of a page as `read_document` does, where it does not matter whether that is all."""
    return read_document(body, charset=charset).tree


def read_document(body: bytes, *, charset: str | None) -> Document:
    """Return the tree of a page, whatever its bytes.

    `charset` is what the Content-Type header names. Only the first 15 MB and 50,000 elements are read, no
    further than a tag of more than 5,000 attributes, and lxml stops at 256 nested ones and at a text of
    10 MB, so that the tree of a hostile page is a part of it. Raises UnreadablePageError where there is no
    element.
    """
    start = _beginning(body)
    encoding = encoding_of(start, charset)
    utf8 = start if encoding is None else start.decode(encoding, "replace").encode("utf-8", "replace")
    return _read(utf8, partial=len(start) < len(body))


def parse_fragment(content: str) -> HtmlElement:
    """Return the body of a fragment as `read_fragment` does, where it does not matter whether that is all."""
    return read_fragment(content).tree


def read_fragment(content: str) -> Document:
    """Return the body of a document that holds `content` and nothing else, whatever it is.

    `content` is what stands within a page: text, elements, or a document of its own, whose head is then in
    the body as well. What it declares of its encoding means nothing, and lone surrogates become U+FFFD.
    Bounded as in `read_document`. Raises UnreadablePageError where lxml cannot go on.
    """
    content = _END_OF_DOCUMENT.sub("", content)
    try:
        utf8 = content.encode()
    except UnicodeEncodeError:
        utf8 = content.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()
    # With a body to stand in, scripts and players at the beginning do not end up in the head.
    utf8 = b"<body>" + utf8
    start = _beginning(utf8)
    read = _read(start, partial=len(start) < len(utf8))
    body: HtmlElement | None = read.tree.find("body")
    if body is None:
        raise UnreadablePageError(
            "the text of the post is no HTML", next_step="Open the address in a browser"
        )
    body.attrib.clear()
    return Document(tree=body, partial=read.partial)


def _read(utf8: bytes, *, partial: bool) -> Document:
    # Bytes with a stated encoding, for lxml refuses text that begins with an XML declaration.
    # Elements are lxml's plain ones: those of lxml.html are made in Python, each time that one is looked at.
    # Nobody asks for an element by its id, so none is collected.
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=False, recover=True, collect_ids=False)
    tree, failure = None, None
    try:
        tree = etree.fromstring(utf8, parser)
    except (etree.LxmlError, AssertionError) as error:
        failure = error
    if tree is None:
        raise UnreadablePageError(
            "the page holds no HTML element", next_step="Open the address in a browser"
        ) from failure
    stopped = parser.error_log.last_error
    return Document(tree=tree, partial=partial or _is_fatal(stopped))


def _is_fatal(error: Any) -> bool:
    """Whether lxml gave up there; what it recovered from is no loss."""
    return error is not None and bool(error.level == etree.ErrorLevels.FATAL)


def _beginning(body: bytes) -> bytes:
    """Return as much of a page as is read."""
    body = body[:MAX_PAGE_BYTES]
    is_long = len(body) > 2 * MAX_TAGS  # a tag has two bytes at least
    if is_long and body.count(b"<") > MAX_TAGS and body.count(b"<") - body.count(b"</") > MAX_TAGS:
        body = body[: next(islice(_OPENING.finditer(body), MAX_TAGS, None)).start()]
    crowded = next((tag for tag in _long_tags(body) if _attributes_in(tag[0]) > MAX_ATTRIBUTES), None)
    return body if crowded is None else body[: crowded.start()]


def _long_tags(body: bytes) -> Iterator[re.Match[bytes]]:
    """Yield the tags of more than 20,000 bytes; looks at few of the bytes of a page that has none."""
    at = body.find(b"<")
    while 0 <= at < len(body) - _LONG_TAG:
        last = body.rfind(b"<", at + 1, at + _LONG_TAG)
        if last >= 0:  # so no tag between here and there is long
            at = last
            continue
        if body.find(b">", at, at + _LONG_TAG) < 0 and (tag := _TAG.match(body, at)):
            yield tag
        at = body.find(b"<", at + _LONG_TAG)


def _attributes_in(tag: bytes) -> int:
    """Return how many attributes `tag` has at most, or more where their values look like attributes."""
    return max(tag.count(b"="), len(tag.split()))


def read_head(tree: HtmlElement, url: str) -> Head:
    """Return what the page at `url` says of itself; the first of several statements counts."""
    stated = stated_in(tree)
    metas: dict[str, str] = {}
    for meta in stated.metas:
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").strip().lower()
        if name in _SAID and (content := _tidy(meta.get("content"))):
            metas.setdefault(name, content)
    base = _base(stated.bases, url)
    image = metas.get("og:image") or metas.get("twitter:image")
    published_by = next((name for name in _PUBLISHED_META if name in metas), None)
    return Head(
        stated=stated,
        title=next((_tidy(el.text) for el in stated.titles if el.getparent().tag in _PAGE_TAGS), None),
        og_title=metas.get("og:title"),
        site_name=metas.get("og:site_name"),
        base=base,
        language=_tidy(tree.get("lang")) or metas.get("og:locale"),
        published=metas.get(published_by or ""),
        published_by=published_by,
        image=_join(base, image),
    )


def base_of(tree: HtmlElement, url: str) -> str:
    """Return the address that relative links in `tree`, the document at `url`, start from."""
    return _base(tree.iter("base"), url)


def _base(bases: Iterable[HtmlElement], url: str) -> str:
    return _join(url, next((element.get("href") for element in bases), None)) or url


def _join(base: str, href: str | None) -> str | None:
    if not href or not href.strip():
        return None
    try:
        address = urljoin(base, href.strip())
    except ValueError:  # such as a bracket that opens an IPv6 address and does not close
        return None
    return address if address.startswith(("http://", "https://")) else None


def _tidy(text: str | None) -> str | None:
    return " ".join(text.split()) or None if text else None
