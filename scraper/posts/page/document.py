"""From the bytes of a page to its tree, and what the tree's head says of itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from lxml import etree, html

from scraper.http.bodies.charset import encoding_of
from scraper.http.page import MAX_PAGE_BYTES
from storage.errors import CratedigError

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_TAGS: Final = 50_000
"""What is behind this many opening tags is not read: an element takes some 700 bytes of memory."""

MAX_ATTRIBUTES: Final = 5_000
"""What is behind the tag that has more of them is not read: libxml2's time is quadratic in their number."""

_LONG_TAG = re.compile(rb"<[A-Za-z][^<>]{20000,}")
_OPENING = re.compile(rb"<(?!/)")
# lxml drops what is behind the end of a document; browsers go on reading.
_END_OF_DOCUMENT = re.compile(r"</(?:body|html)(?![\w:-])[^>]{0,200}>", re.IGNORECASE)
_PAGE_TAGS = frozenset({"html", "head", "body"})  # a title elsewhere belongs to a drawing

# Where a page states its day of publication, best first.
_PUBLISHED_META = ("article:published_time", "og:published_time", "datepublished", "dc.date.issued", "date")


class UnreadablePageError(CratedigError):
    """The bytes hold no element at all, so there is no page to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a page says of itself outside its text; addresses are absolute, blank values are None."""

    base: str
    """The address that relative links start from."""
    title: str | None = None
    og_title: str | None = None
    site_name: str | None = None
    canonical: str | None = None
    generator: str | None = None
    language: str | None = None
    published: str | None = None
    """As written, not parsed."""
    image: str | None = None


def parse_document(body: bytes, *, charset: str | None) -> HtmlElement:
    """Return the tree of a page, whatever its bytes.

    `charset` is what the Content-Type header names. Only the first 15 MB and 50,000 elements are read, no
    further than a tag of more than 5,000 attributes, and lxml stops at 256 nested ones, so that the tree of a
    hostile page is a part of it. Raises UnreadablePageError where there is no element.
    """
    body = _beginning(body)
    encoding = encoding_of(body, charset)
    return _tree_of(body if encoding is None else body.decode(encoding, "replace").encode("utf-8", "replace"))


def parse_fragment(content: str) -> HtmlElement:
    """Return the body of a document that holds `content` and nothing else, whatever it is.

    `content` is what stands within a page: text, elements, or a document of its own, whose head is then in
    the body as well. What it declares of its encoding means nothing, and lone surrogates become U+FFFD.
    Bounded as in `parse_document`. Raises UnreadablePageError where lxml cannot go on.
    """
    content = _END_OF_DOCUMENT.sub("", content)
    try:
        utf8 = content.encode()
    except UnicodeEncodeError:
        utf8 = content.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()
    # With a body to stand in, scripts and players at the beginning do not end up in the head.
    body: HtmlElement | None = _tree_of(_beginning(b"<body>" + utf8)).find("body")
    if body is None:
        raise UnreadablePageError(
            "the text of the post is no HTML", next_step="Open the address in a browser"
        )
    body.attrib.clear()
    return body


def _tree_of(utf8: bytes) -> HtmlElement:
    # Bytes with a stated encoding, for lxml refuses text that begins with an XML declaration.
    parser = html.HTMLParser(encoding="utf-8", huge_tree=False, recover=True)
    try:
        return html.document_fromstring(utf8, parser=parser)
    except (etree.LxmlError, AssertionError) as error:
        raise UnreadablePageError(
            "the page holds no HTML element", next_step="Open the address in a browser"
        ) from error


def _beginning(body: bytes) -> bytes:
    """Return as much of a page as is read."""
    body = body[:MAX_PAGE_BYTES]
    if body.count(b"<") - body.count(b"</") > MAX_TAGS:
        body = body[: next(islice(_OPENING.finditer(body), MAX_TAGS, None)).start()]
    crowded = next((tag for tag in _LONG_TAG.finditer(body) if _attributes_in(tag[0]) > MAX_ATTRIBUTES), None)
    return body if crowded is None else body[: crowded.start()]


def _attributes_in(tag: bytes) -> int:
    """Return how many attributes `tag` has at most, or more where their values look like attributes."""
    return max(tag.count(b"="), len(tag.split()))


def read_head(tree: HtmlElement, url: str) -> Head:
    """Return what the page at `url` says of itself; the first of several statements counts."""
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        content = _tidy(meta.get("content"))
        if name and content:
            metas.setdefault(name.strip().lower(), content)
    base = base_of(tree, url)
    image = metas.get("og:image") or metas.get("twitter:image")
    return Head(
        title=next((_tidy(el.text) for el in tree.iter("title") if el.getparent().tag in _PAGE_TAGS), None),
        og_title=metas.get("og:title"),
        site_name=metas.get("og:site_name"),
        canonical=_join(base, _canonical_href(tree)),
        base=base,
        generator=metas.get("generator"),
        language=_tidy(tree.get("lang")) or metas.get("og:locale"),
        published=next((metas[name] for name in _PUBLISHED_META if name in metas), None),
        image=_join(base, image),
    )


def base_of(tree: HtmlElement, url: str) -> str:
    """Return the address that relative links in `tree`, the document at `url`, start from."""
    return _join(url, next((element.get("href") for element in tree.iter("base")), None)) or url


def _canonical_href(tree: HtmlElement) -> str | None:
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            href = link.get("href")
            return str(href) if href else None
    return None


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
