"""From the bytes of a sitemap to what stands in it, sound, broken or hostile. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from scraper.blogs.ways.fields import moment_of, text_of, unusable
from scraper.http.addresses.identity import MAX_URL_LENGTH
from scraper.http.bodies.charset import encoding_of
from scraper.http.bodies.codings import CodingError, decoder_for
from scraper.http.page import MAX_PAGE_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_ADDRESSES: Final = 50_000
"""Addresses of one sitemap that are read: https://www.sitemaps.org/protocol.html#index"""

_GZIP = b"\x1f\x8b"
_ROOTS = frozenset({"urlset", "sitemapindex"})
_ENTRIES = {"url": False, "sitemap": True}
_MAX_NAMES = 1000  # tags whose names are remembered
_URL_FIELDS = frozenset({"loc", "lastmod"})
# https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
_NEWS_FIELDS = frozenset({"title", "publication_date"})
_FIELDS: Mapping[str, frozenset[str]] = {"url": _URL_FIELDS, "sitemap": _URL_FIELDS, "news": _NEWS_FIELDS}

# What XML has no place for, and references to entities that only a document type could explain.
_CONTROL = bytes(set(range(32)) - {9, 10, 13})
_BARE_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});)")
_MAX_BARE = 4 * MAX_ADDRESSES  # ampersands that are mended: a list of millions takes a gigabyte
_SPACE = b" \t\r\n"
_ADDRESS = re.compile(r"https?://\S", re.IGNORECASE)

# https://www.w3.org/TR/NOTE-datetime, and what is often made of it: a blank for the T, hours without zone.
_YEAR_OR_MONTH = re.compile(r"\d{4}(?:-\d\d)?", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_FIRST, _END = (datetime(year, 1, 1, tzinfo=UTC).timestamp() for year in (_FIRST_YEAR, _LAST_YEAR))


@dataclass(slots=True)
class Entry:
    """An address as written, when it was last changed (POSIX seconds UTC), and what news say of it."""

    loc: str
    lastmod: float | None = None
    title: str | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """The pages that a sitemap lists and the sitemaps that it names, in its order."""

    pages: list[Entry] = field(default_factory=list)
    sitemaps: list[Entry] = field(default_factory=list)


def unpacked(body: bytes, where: str) -> bytes:
    """Return `body` out of its gzip coding, whatever its name and type say; a cut one as far as it goes.

    Raises `UnusableAnswerError` for what unpacks to more than `MAX_PAGE_BYTES`.
    """
    decoder = decoder_for("gzip") if body.startswith(_GZIP) else None
    if decoder is None:
        return body
    whole = bytearray()
    try:
        for piece in decoder.feed(body):
            whole += piece
            if len(whole) > MAX_PAGE_BYTES:
                raise unusable(f"this sitemap unpacks to more than {MAX_PAGE_BYTES:,} bytes", where)
    except CodingError:
        pass  # as with XML that breaks: what stands before the damage counts
    return bytes(whole)


def read_sitemap(body: bytes, where: str, *, charset: str | None = None) -> Sitemap:
    """Read the sitemap `body`, XML or text with one address a line; at most `MAX_ADDRESSES`.

    Broken XML is read as far as it goes. Nothing is fetched, no entity is resolved, and no tree is built.
    `charset` is what the Content-Type header names. Raises `UnusableAnswerError` for what is no sitemap.
    """
    encoding = encoding_of(body, charset)
    utf8 = body if encoding is None else body.decode(encoding, "replace").encode("utf-8", "replace")
    utf8 = utf8.removeprefix(b"\xef\xbb\xbf").translate(None, _CONTROL).lstrip(_SPACE)
    if not utf8.startswith(b"<"):
        pages = [Entry(line) for line in _lines(utf8)]
        if pages:
            return Sitemap(pages=pages)
        raise unusable("this is not a sitemap", where)
    reader = _Reader()
    target: Any = reader  # lxml's types ask for methods that lxml does not need
    parser = etree.XMLParser(
        target=target,
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
    )
    try:
        etree.fromstring(_BARE_AMPERSAND.sub(b"&amp;", utf8, count=_MAX_BARE), parser)
    except etree.LxmlError:
        reader.close()
    if reader.root not in _ROOTS and not (reader.found.pages or reader.found.sitemaps):
        raise unusable("this is not a sitemap", where)
    return reader.found


def moment_of_lastmod(text: str) -> float | None:
    """Return POSIX seconds of a W3C date of any precision: its earliest instant, without a zone UTC.

    None outside the years 1990 to 2100, which no blog's post is of.

    >>> moment_of_lastmod("2024-05") == moment_of_lastmod("2024-05-01T02:00+02:00")
    True
    """
    text = text.strip()
    if _YEAR_OR_MONTH.fullmatch(text):
        text = f"{text}-01-01"[:10]
    moment = moment_of(text.upper())
    return moment if moment is not None and _FIRST <= moment < _END else None


def _lines(utf8: bytes) -> Iterator[str]:
    """Yield the addresses of a sitemap of plain text; none where something else stands in its first lines."""
    lines = (line.strip() for line in utf8.decode("utf-8", "replace").splitlines())
    told = 0
    for line in lines:
        if told == MAX_ADDRESSES or (line and not told and not _ADDRESS.match(line)):
            return
        if len(line) <= MAX_URL_LENGTH and _ADDRESS.match(line) and " " not in line:
            told += 1
            yield line


class _Reader:
    """What lxml tells a sitemap to, element by element. Names count without prefix and namespace."""

    def __init__(self) -> None:
        self.root: str | None = None
        self.found = Sitemap()
        self._names: dict[str, str] = {}
        self._open: list[str] = []
        self._into: list[Entry] | None = None
        self._entry: dict[str, str] = {}
        self._field: str | None = None
        self._text: list[str] = []
        self._length = 0

    def start(self, tag: str, _attributes: Mapping[str, str]) -> None:
        name = self._names.get(tag) or self._name(tag)
        parent = self._open[-1] if self._open else ""
        self.root = self.root or name
        self._open.append(name)
        if name in _ENTRIES:
            self._keep()
            self._into = self.found.sitemaps if _ENTRIES[name] else self.found.pages
        elif self._into is not None and parent in _FIELDS and name in _FIELDS[parent]:
            self._field, self._text, self._length = name, [], 0

    def data(self, text: str) -> None:
        if self._field is not None and self._length <= MAX_URL_LENGTH:
            self._text.append(text)
            self._length += len(text)

    def end(self, _tag: str) -> None:
        name = self._open.pop() if self._open else None
        if name is not None and name == self._field:
            if self._length <= MAX_URL_LENGTH:
                self._entry.setdefault(name, "".join(self._text))
            self._field = None
        elif name in _ENTRIES:
            self._keep()

    def close(self) -> None:
        if self._field is None:  # an address that is cut is another one
            self._keep()

    def _name(self, tag: str) -> str:
        name = tag.rsplit("}", 1)[-1].rsplit(":", 1)[-1].lower()
        if len(self._names) < _MAX_NAMES:
            self._names[tag] = name
        return name

    def _keep(self) -> None:
        entry, into = self._entry, self._into
        self._entry, self._into, self._field = {}, None, None
        loc = entry.get("loc", "").strip()
        if into is None or not loc or len(into) == MAX_ADDRESSES:
            return
        kept = Entry(loc, moment_of_lastmod(entry["lastmod"]) if "lastmod" in entry else None)
        if "title" in entry or "publication_date" in entry:
            kept.title, kept.published = text_of(entry.get("title")), text_of(entry.get("publication_date"))
        into.append(kept)
