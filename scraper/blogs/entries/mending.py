"""The bytes of a feed made fit for its parsers. Pure."""

from __future__ import annotations

import re
from html.entities import name2codepoint
from itertools import islice
from typing import TYPE_CHECKING, Final

from scraper.blogs.entries.entry import MAX_ENTRIES
from scraper.http.bodies.charset import encoding_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD: Final = 2000
_DECLARED = re.compile(rb"(<\?xml[^>]{0,200}?encoding=[\"'])[^\"'<>]{0,40}")
_MARK = b"\xef\xbb\xbf"
# No document of XML has these, and a parser ends the text where one stands: https://www.w3.org/TR/xml/#charsets
_CONTROL = bytes(point for point in range(32) if point not in b"\t\n\r")
_NO_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
_AMPERSAND = re.compile(
    rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});)(?:([A-Za-z][A-Za-z0-9]{1,9});)?"
)
_ENTRY = re.compile(rb"<(?:\w{1,20}:)?(?:item|entry)[\s>]")
_OPEN, _CLOSE = b"<![CDATA[", b"]]>"


def utf8(body: bytes, charset: str | None) -> bytes:
    """Return the feed `body` in sound UTF-8, without a byte order mark.

    `charset` is what the Content-Type header names.
    """
    encoding = encoding_of(body, charset)
    text = body if encoding is None else body.decode(encoding, "replace").encode("utf-8", "replace")
    return text.removeprefix(_MARK)


def mended(body: bytes) -> bytes:
    """Return the XML `body`, UTF-8, such that parsers read over what is often wrong in feeds.

    What is behind `MAX_ENTRIES` entries is cut off: the date of an odd one may take a millisecond to read.
    It declares its encoding rightly; characters that XML forbids are gone; outside CDATA sections, names of
    HTML's characters are numbers, and ampersands that begin no name are escaped.
    """
    beyond = next(islice(_ENTRY.finditer(body), MAX_ENTRIES, None), None)
    text = (body if beyond is None else body[: beyond.start()]).translate(None, _CONTROL)
    for character in _NO_CHARACTERS:
        text = text.replace(character, b"")
    text = _DECLARED.sub(rb"\g<1>utf-8", text[:_HEAD], count=1) + text[_HEAD:]
    return b"".join(_with_ampersands(text))


def _with_ampersands(text: bytes) -> Iterator[bytes]:
    at = 0
    while (start := text.find(_OPEN, at)) >= 0 and (end := text.find(_CLOSE, start)) >= 0:
        yield _AMPERSAND.sub(_reference, text[at:start])
        at = end + len(_CLOSE)
        yield text[start:at]
    yield _AMPERSAND.sub(_reference, text[at:])


def _reference(match: re.Match[bytes]) -> bytes:
    if match[1] is None:
        return b"&amp;"
    point = name2codepoint.get(match[1].decode("ascii"))
    return match[0] if point is None else b"&#%d;" % point
