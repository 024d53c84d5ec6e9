"""Text as every database and every reader of an export can hold it."""

from __future__ import annotations

REPLACEMENT = "\ufffd"
"""Stands where a character was that cannot be stored: U+FFFD."""


def storable(text: str) -> str:
    r"""Return `text` with NUL and lone surrogates replaced by U+FFFD; surrogate pairs are joined.

    SQLite cannot bind a lone surrogate (it is not UTF-8), PostgreSQL refuses NUL in text.

    >>> storable("a\ud800b")
    'a�b'
    """
    if "\0" in text:
        text = text.replace("\0", REPLACEMENT)
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
