"""A platform's JSON taken apart by type: a field of another type than asked for is not there. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from html import unescape
from typing import TYPE_CHECKING, Final

from scraper.blogs.ways.way import UnusableAnswerError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeAlias

Object: TypeAlias = "Mapping[str, object]"

MAX_ITEMS: Final = 5000
"""Objects of one list, that is posts of one answer, that are read; no platform gives a tenth of it."""

MAX_TERMS: Final = 100
"""Categories and tags of one post that are kept."""

MAX_TITLE: Final = 1000
"""Characters of a title, a category or a date as written."""

_MAX_NUMBER = 2**53
_MAX_DIGITS = 16
_MAX_IDENTIFIER = 100
# Of what may be a title, for most of it may be blanks or markup.
_MAX_LOOKED_AT = 20 * MAX_TITLE
_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")
_TAG = re.compile(r"<[/!a-zA-Z][^<>]*>")


def read_json(body: bytes | str, where: str) -> object:
    """Return the JSON value in `body`, UTF-8 with or without a byte order mark.

    NaN and infinities are None. Raises `UnusableAnswerError`, and nothing else, for what is no JSON.
    """
    text = body if isinstance(body, str) else body.decode("utf-8", "replace").removeprefix("\ufeff")
    try:
        value: object = json.loads(text, parse_constant=_nothing)
    except (ValueError, RecursionError) as error:  # no JSON, a number of thousands of digits; deep nesting
        raise unusable("this answer is not the JSON that the platform documents", where) from error
    return value


def unusable(what: str, where: str) -> UnusableAnswerError:
    """Return the error that says `what` is wrong with the answer from `where`."""
    return UnusableAnswerError(what, where=where, next_step="Read the blog by its feed or its pages instead")


def object_of(value: object) -> Object:
    """Return `value` if it is a JSON object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def objects_of(value: object) -> tuple[Object, ...]:
    """Return the objects in the list `value`, at most `MAX_ITEMS`; none if it is no list."""
    if not isinstance(value, list):
        return ()
    return tuple(item for item in value[:MAX_ITEMS] if isinstance(item, Mapping))


def html_of(value: object) -> str:
    """Return the markup `value` whole, without what is in no document (NUL, lone surrogates); else ""."""
    return _NOT_TEXT.sub("\ufffd", value) if isinstance(value, str) else ""


def text_of(value: object) -> str | None:
    """Return the plain text `value` in single spaces, cut at `MAX_TITLE`; None if it has no letters."""
    return " ".join(html_of(value)[:_MAX_LOOKED_AT].split())[:MAX_TITLE].rstrip() or None


def title_of(value: object) -> str | None:
    """Return the title `value`, which may have HTML's entities and tags in it, as `text_of` does."""
    return text_of(unescape(_TAG.sub("", html_of(value)[:_MAX_LOOKED_AT])))


def number_of(value: object) -> int | None:
    """Return the whole number `value`, in digits also as a string; None if below 0 or above 2**53."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _MAX_DIGITS:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= _MAX_NUMBER else None


def identifier_of(value: object) -> str | None:
    """Return what the platform calls something, a text or a whole number of any size; None if too long."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**_MAX_IDENTIFIER:
        value = str(value)
    text = text_of(value)
    return text if text is not None and len(text) <= _MAX_IDENTIFIER else None


def terms_of(values: Iterable[object]) -> tuple[str, ...]:
    """Return the different texts among `values` in their order, at most `MAX_TERMS`."""
    terms: dict[str, None] = {}
    for value in values:
        term = text_of(value)
        if term is not None:
            terms[term] = None
        if len(terms) == MAX_TERMS:
            break
    return tuple(terms)


def moment_of(value: object) -> float | None:
    """Return POSIX seconds of the date `value` of RFC 3339 or ISO 8601; without a zone it is UTC."""
    text = text_of(value)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def written(moment: float) -> str | None:
    """Return the date of RFC 3339, to the second before, of `moment`, POSIX seconds; None for no date.

    >>> written(1163013840.9)
    '2006-11-08T19:24:00Z'
    """
    try:
        return datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    except (ValueError, OverflowError, OSError):
        return None


def _nothing(_constant: str) -> None:
    """Stand for NaN and Infinity, which Python reads and JSON does not have."""
