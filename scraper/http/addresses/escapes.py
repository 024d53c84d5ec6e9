"""Percent-encoding: what makes an address sendable, and what makes two spellings of it equal."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, unquote

_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ASCII_ESCAPE = re.compile(r"%[0-7][0-9A-Fa-f]")
_SPLIT_ASCII_ESCAPES = re.compile(r"(%[0-7][0-9A-Fa-f])")
# The percent-encode sets of the URL Standard, https://url.spec.whatwg.org/#percent-encoded-bytes
_UNSAFE_IN_PATH = re.compile(r"[^\x21\x23-\x3b\x3d\x40-\x5b\x5d\x5f\x61-\x7a\x7e]+")
_UNSAFE_ELSEWHERE = re.compile(r"[^\x21\x23-\x3b\x3d\x3f-\x7e]+")
_DOT_SEGMENT = re.compile(r"/(?:\.|%2e){1,2}(?:/|$)", re.IGNORECASE)
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# Reserved by RFC 3986, but servers read them in a path as they read their escapes.
_PLAIN_IN_PATH = _UNRESERVED | frozenset("!$&'()*,:=@[]")


def sendable_path(path: str) -> str:
    """Return `path` with unsafe characters escaped and dot segments resolved; escapes in it stay as they are.

    >>> sendable_path("/a/../100% süß (1).mp3")
    '/100%25%20s%C3%BC%C3%9F%20(1).mp3'
    """
    path = _escape(_UNSAFE_IN_PATH, _STRAY_PERCENT.sub("%25", path))
    return _without_dots(path) if _DOT_SEGMENT.search(path) else path


def sendable_text(text: str) -> str:
    """Return a query, fragment or user name with only spaces, controls, quotes and non-ASCII escaped."""
    return _escape(_UNSAFE_ELSEWHERE, text)


def equal_path(path: str) -> str:
    """Return the one spelling that all equal spellings of `path` share; ``%2F %3F %23 %2B`` stay escaped.

    >>> equal_path("/%7Ea%2fb%e2%80%93e\u0301+1") == equal_path("/~a%2Fb\u2013\u00e9+1")
    True
    """
    return _equal(path, _PLAIN_IN_PATH, "/;+")


def equal_text(text: str) -> str:
    """Return the one spelling that all equal spellings of a query part or fragment share."""
    return _equal(text, _UNRESERVED, "!$&'()*+,/:;=?@[]|")


def _escape(unsafe: re.Pattern[str], text: str) -> str:
    return unsafe.sub(lambda found: quote(found[0], safe="", errors="replace"), text)


def _equal(text: str, plain: frozenset[str], safe: str) -> str:
    if text.isascii() and "%" not in text and not _UNSAFE_IN_PATH.search(text):
        return text
    text = _ASCII_ESCAPE.sub(lambda found: _decoded(found[0], plain), _STRAY_PERCENT.sub("%25", text))
    # Composed piece by piece: an accent must not join the last digit of an escape.
    pieces = _SPLIT_ASCII_ESCAPES.split(text)
    pieces[0::2] = [_composed(piece, safe + "".join(plain)) for piece in pieces[0::2]]
    pieces[1::2] = [piece.upper() for piece in pieces[1::2]]
    return "".join(pieces)


def _decoded(escape: str, plain: frozenset[str]) -> str:
    character = chr(int(escape[1:], 16))
    return character if character in plain else escape


def _composed(piece: str, safe: str) -> str:
    # surrogateescape carries bytes that are not UTF-8 through unharmed.
    text = unicodedata.normalize("NFC", unquote(piece, errors="surrogateescape"))
    return quote(text, safe=safe, errors="surrogateescape")


def _without_dots(path: str) -> str:
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        dots = segment.lower().replace("%2e", ".")
        if dots == "..":
            del kept[max(1, len(kept) - 1) :]
        elif dots != ".":
            kept.append(segment)
    if segments[-1].lower().replace("%2e", ".") in {".", ".."}:
        kept.append("")
    return "/".join(kept)
