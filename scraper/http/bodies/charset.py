"""In which encoding a page is written, whatever its header and the page itself say. Pure."""

from __future__ import annotations

import re
from codecs import utf_8_decode
from typing import TYPE_CHECKING

from w3lib.encoding import html_body_declared_encoding, read_bom, resolve_encoding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# The encodings that browsers know, by their Python names: https://encoding.spec.whatwg.org/#names-and-labels
# Anything else that a page may name (utf-7, punycode, zip ...) is a codec of Python's, not of the web.
# UTF-16 is not among them: its bytes show it, and a name that they do not bear out is a mistake.
_SINGLE_BYTE = frozenset({
    "cp866", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "ascii", "iso8859-1", "iso8859-2", "iso8859-3",
    "iso8859-4", "iso8859-5", "iso8859-6", "iso8859-7", "iso8859-8", "iso8859-9", "iso8859-10", "iso8859-11",
    "iso8859-13", "iso8859-14", "iso8859-15", "iso8859-16", "tis-620", "cp874", "cp1250", "cp1251", "cp1252",
    "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258",
})  # fmt: skip
_MULTIBYTE = frozenset({
    "gbk", "gb2312", "gb18030", "big5", "big5hkscs", "euc_jp", "shift_jis", "cp932", "euc_kr", "cp949",
})  # fmt: skip
_SEVEN_BIT = "iso2022_jp"
_BROWSER_ENCODINGS = _SINGLE_BYTE | _MULTIBYTE | {"utf-8", _SEVEN_BIT}
_VENDOR_PREFIX = "x-"  # x-sjis, x-gbk, x-cp1251: labels of browsers that Python knows without it
_LONGEST_NAME = 40

# What undeclared pages are written in, the most common of those alike first; among more candidates short
# texts would be guessed wrong.
_COMMON = (
    "cp1252", "cp1254", "cp1250", "cp1251", "koi8_r", "cp1253",
    "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr",
)  # fmt: skip
_LAST_RESORT = "cp1252"
_SUBSETS = frozenset({"ascii", "iso8859-1"})  # of the last resort; browsers read them as it

_SAMPLE = 262_144  # bytes from the first that is not ASCII: enough to tell, and soon decoded
_DETECTED = 20_000  # of them, those that the slow detection is given
_LEAST_DETECTED = 4  # fewer bytes beyond ASCII say nothing
_STRIDE = 65_536
_PIECE = 4096
_HEAD = 1024
_TOLERATED = 0.1  # of the characters beyond ASCII: cut or foreign ones do not make a declaration wrong
_CERTAIN = 10  # so many characters beyond ASCII are not UTF-8 by chance
_NOT_ASCII = bytes(range(0x80, 0x100))
_UTF16_TAG = re.compile(rb"(\x00?)<\x00[!?/A-Za-z](\x00?)")
_WHOLE_CHARACTERS = re.compile(rb".*[\x00-\x3f]", re.DOTALL)  # below 0x40 no character is within another


def encoding_of(body: bytes, charset: str | None) -> str | None:
    """Return the Python name of the encoding of a page, or None where its bytes are sound UTF-8 already.

    `charset` is what the Content-Type header names. Asked are the byte order mark, the header, the page's
    own declaration, whether it reads as UTF-8, and what its letters look like. A declaration that the bytes
    contradict is passed over; a few broken characters contradict nothing, and decode to U+FFFD.
    Source: https://encoding.spec.whatwg.org/, https://html.spec.whatwg.org/#determining-the-character-encoding
    """
    mark = read_bom(body)[0] or _utf16(body)
    if mark and mark != "utf-8":
        return mark
    is_utf8 = _is_utf8(body)
    if mark:
        return None if is_utf8 else "utf-8"
    if is_utf8 and charset is not None and charset.lower() == "utf-8" and b"\x1b" not in body:
        return None  # as of most pages: whatever they declare, it is no other
    names = tuple(_declared(body, charset))
    if body.isascii():
        return _SEVEN_BIT if _SEVEN_BIT in names and b"\x1b" in body else None
    sample = _sample(body)
    return _of_utf8(sample, names) if is_utf8 else _of_other(sample, names)


def _of_utf8(sample: bytes, names: tuple[str, ...]) -> str | None:
    # No text of single bytes reads as UTF-8 by chance, and in others only a word or two does.
    if names[:1] == ("utf-8",) or _beyond_ascii(sample) >= 2 * _CERTAIN:
        return None
    for name in names:
        if name == "utf-8":
            return None
        if name in _MULTIBYTE and not _broken(sample, name):
            return name
    return None


def _of_other(sample: bytes, names: Iterable[str]) -> str:
    right, wrong = _utf8_characters(sample)
    if right >= 4 * wrong:
        return "utf-8"
    for tolerated in (0.0, _TOLERATED):
        for name in names:
            if _broken(sample, name) <= tolerated:
                return _LAST_RESORT if name in _SUBSETS else name
    return _detected(sample)


def _utf16(body: bytes) -> str | None:
    """Return which UTF-16 the first tag is written in, if it is in one."""
    head = body[:_HEAD]
    if b"<\x00" not in head or (tag := _UTF16_TAG.search(head)) is None:
        return None
    is_low_first = tag.end(1) % 2 == 0
    if not tag[2 if is_low_first else 1]:
        return None
    return "utf-16-le" if is_low_first else "utf-16-be"


def _declared(body: bytes, charset: str | None) -> Iterator[str]:
    """Yield the encodings that the header and the page name, as far as browsers know them."""
    for name in (charset, html_body_declared_encoding(body)):
        if name and len(name) <= _LONGEST_NAME and name.isascii() and name.isprintable():
            encoding = resolve_encoding(name.strip(" '\"").lower().removeprefix(_VENDOR_PREFIX))
            if encoding in _BROWSER_ENCODINGS:
                yield encoding


def _is_utf8(body: bytes) -> bool:
    at = 0
    try:
        # Piece by piece, because one emoji makes a text of four times the bytes.
        while at < len(body):
            piece = body[at : at + _PIECE]
            is_last = at + _PIECE >= len(body)
            at += len(piece) if piece.isascii() else utf_8_decode(piece, "strict", is_last)[1]
    except UnicodeDecodeError:
        return False
    return True


def _sample(body: bytes) -> bytes:
    starts = range(0, len(body), _STRIDE)
    first = next((start for start in starts if not body[start : start + _STRIDE].isascii()), 0)
    return body[first : first + _SAMPLE]


def _utf8_characters(sample: bytes) -> tuple[int, int]:
    """Return how many characters beyond ASCII are sound UTF-8, and how many are not."""
    text = sample.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    return len(text) - len(sample) + _beyond_ascii(sample) - wrong, wrong


def _beyond_ascii(sample: bytes) -> int:
    return len(sample) - len(sample.translate(None, _NOT_ASCII))


def _broken(sample: bytes, name: str) -> float:
    """Return which part of the characters beyond ASCII that encoding does not have, 0 to 1."""
    text = sample.decode(_LAST_RESORT if name in _SUBSETS else name, "replace")
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    return text.count("\ufffd") / beyond if beyond else 0.0


def _detected(sample: bytes) -> str:
    text = _telling_texts(sample)
    if _beyond_ascii(text) < _LEAST_DETECTED:
        return _LAST_RESORT
    from charset_normalizer import from_bytes  # noqa: PLC0415 - few pages neither say nor are UTF-8

    ranks = {
        name: (round(match.chaos, 2), -round(match.coherence, 2))
        for match in from_bytes(text, cp_isolation=list(_COMMON))
        for name in match.could_be_from_charset
    }
    return min((name for name in _COMMON if name in ranks), key=ranks.__getitem__, default=_LAST_RESORT)


def _telling_texts(sample: bytes) -> bytes:
    """Return the texts between tags that are not all ASCII, each once: only they tell."""
    texts = sample.replace(b">", b"<").split(b"<")
    joined = b"\n".join(dict.fromkeys(text for text in texts if not text.isascii()))
    if len(joined) <= _DETECTED:
        return joined
    whole = _WHOLE_CHARACTERS.match(joined[:_DETECTED])
    return whole[0] if whole else joined[:_DETECTED]
