"""From the bytes of a page to its tree, and what the tree's head says of itself."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from lxml import etree, html
from w3lib.encoding import html_body_declared_encoding, read_bom, resolve_encoding

from storage.errors import CratedigError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

MAX_BYTES = 15 * 1024 * 1024
"""What is behind this many bytes of a page is not read."""

# The encodings that browsers know, by their Python names: https://encoding.spec.whatwg.org/#names-and-labels
# Anything else that a page may name (utf-7, punycode, zip ...) is a codec of Python's, not of the web.
_BROWSER_ENCODINGS = frozenset({
    "utf-8", "utf-16", "utf-16-le", "utf-16-be", "gbk", "gb2312", "gb18030", "big5", "big5hkscs", "euc_jp",
    "iso2022_jp", "shift_jis", "cp932", "euc_kr", "cp949", "cp866", "koi8-r", "koi8-u", "mac-roman",
    "mac-cyrillic", "ascii", "iso8859-1", "iso8859-2", "iso8859-3", "iso8859-4", "iso8859-5", "iso8859-6",
    "iso8859-7", "iso8859-8", "iso8859-9", "iso8859-10", "iso8859-11", "iso8859-13", "iso8859-14",
    "iso8859-15", "iso8859-16", "tis-620", "cp874", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254",
    "cp1255", "cp1256", "cp1257", "cp1258",
})  # fmt: skip
# What undeclared pages are written in; among more candidates short texts would be guessed wrong.
_COMMON = [
    "cp1252",
    "cp1251",
    "koi8_r",
    "cp1250",
    "cp1253",
    "cp1254",
    "shift_jis",
    "euc_jp",
    "gb18030",
    "big5",
    "euc_kr",
]
_SAMPLE = 50_000
_NO_TEXT = re.compile(rb"<[^<>]{0,2000}>")
_LONGEST_NAME = 40
_LAST_RESORT = "cp1252"
_NOT_ASCII = bytes(range(0x80, 0x100))

_PAGE_TAGS = frozenset({"html", "head", "body"})  # a title elsewhere belongs to a drawing

# Where a page states its day of publication, best first.
_PUBLISHED_META = ("article:published_time", "og:published_time", "datepublished", "dc.date.issued", "date")


class UnreadablePageError(CratedigError):
    """The bytes hold no element at all, so there is no page to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a page says of itself outside its text; addresses are absolute, blank values are None."""

    title: str | None
    og_title: str | None
    site_name: str | None
    canonical: str | None
    base: str
    """The address that relative links start from."""
    generator: str | None
    language: str | None
    published: str | None
    """As written, not parsed."""
    image: str | None


def parse_document(body: bytes, *, charset: str | None) -> HtmlElement:
    """Return the tree of a page, whatever its bytes.

    `charset` is what the Content-Type header names. Only the first 15 MB are read, and lxml stops at
    256 nested elements, so that the tree of a hostile page is a part of it. Raises
    UnreadablePageError where there is no element.
    """
    body = body[:MAX_BYTES]
    encoding = _encoding(body, charset)
    utf8 = body if encoding is None else body.decode(encoding, "replace").encode("utf-8", "replace")
    # Bytes with a stated encoding, for lxml refuses text that begins with an XML declaration.
    parser = html.HTMLParser(encoding="utf-8", huge_tree=False, recover=True)
    try:
        return html.document_fromstring(utf8, parser=parser)
    except (etree.LxmlError, AssertionError) as error:
        raise UnreadablePageError(
            "the page holds no HTML element", next_step="Open the address in a browser"
        ) from error


def _encoding(body: bytes, charset: str | None) -> str | None:
    """Return the encoding of a page, or None where its bytes are sound UTF-8 already.

    BOM, header, meta, UTF-8, then what its letters look like. A declaration that the bytes contradict is
    passed over; UTF-8 with a few foreign bytes stays UTF-8, with U+FFFD for them.
    """
    bom, _ = read_bom(body)
    if bom and bom != "utf-8":
        return bom
    is_utf8 = _fits(body, "utf-8")
    if bom:
        return None if is_utf8 else "utf-8"
    # No text in another encoding of single bytes reads as UTF-8 by chance.
    is_other = is_utf8 and not body.isascii()
    for name in _declared(body, charset):
        if name == "utf-8":
            if is_utf8:
                return None
        elif _fits(body, name) and (_is_multibyte(name) or not is_other):
            return name
    if is_utf8:
        return None
    return "utf-8" if _is_mostly_utf8(body) else _detected(body)


def _detected(body: bytes) -> str:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - few pages neither say nor are UTF-8

    best = from_bytes(_NO_TEXT.sub(b" ", body)[:_SAMPLE], cp_isolation=_COMMON).best()
    return best.encoding if best is not None and _fits(body, best.encoding) else _LAST_RESORT


def _declared(body: bytes, charset: str | None) -> Iterator[str]:
    """Yield the encodings that the header and the page name, as far as browsers know them."""
    if charset:
        yield from _known(charset)
    yield from _known(html_body_declared_encoding(body) or "")


def _known(name: str) -> Iterator[str]:
    encoding = resolve_encoding(name) if name and len(name) <= _LONGEST_NAME else None
    if encoding in _BROWSER_ENCODINGS:
        yield _LAST_RESORT if encoding in {"ascii", "iso8859-1"} else encoding


def _is_multibyte(name: str) -> bool:
    return not name.startswith(("iso8859", "cp125", "koi8", "mac-", "tis", "cp874", "cp866"))


def _fits(body: bytes, name: str) -> bool:
    """Whether `body` is text in that encoding; a body at the limit may end within a character."""
    try:
        codecs.getincrementaldecoder(name)("strict").decode(body, final=len(body) < MAX_BYTES)
    except ValueError:
        return False
    return True


def _is_mostly_utf8(body: bytes) -> bool:
    text = body.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    right = len(text) - len(body.translate(None, _NOT_ASCII)) - wrong
    return right >= 4 * wrong


def read_head(tree: HtmlElement, url: str) -> Head:
    """Return what the page at `url` says of itself; the first of several statements counts."""
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        content = _tidy(meta.get("content"))
        if name and content:
            metas.setdefault(name.strip().lower(), content)
    base = _join(url, next((element.get("href") for element in tree.iter("base")), None)) or url
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
