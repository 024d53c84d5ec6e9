"""Whether an answer is a challenge or a block page for browsers instead of the page asked for. Pure."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

START_BYTES = 16_384
"""Bytes of a body, decompressed, that tell; what is behind them is not looked at."""

_SHORT = 8_192  # challenges without a title of their own are shorter than this, pages of blogs seldom
_FIRST = 2_048  # where a page has its title
_TITLE, _TITLE_END = b"<title>", b"</title>"
_TYPES = frozenset({"", "text/html", "application/xhtml+xml", "text/plain", "application/json"})

_Sign: TypeAlias = "tuple[bytes, tuple[bytes, ...], str]"  # a mark, those that must stand beside it, the name


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signs:
    """challenges.toml as it is asked: by header and value, by title, without a title, for refusals."""

    statuses: frozenset[int]
    headers: Mapping[str, Mapping[str, str]]
    titled: Mapping[bytes, Sequence[_Sign]]
    untitled: Sequence[_Sign]
    refused: Sequence[_Sign]


def may_be_challenge(status: int, headers: Mapping[str, str]) -> bool:
    """Return whether the start of an answer's body is worth reading for `challenge_of`.

    True for the statuses that services refuse with, where the type is a page's or none is said. `headers`
    are found in lower case: a mapping of lower-case names, or one that ignores case.
    """
    return status in _signs().statuses and _type(headers) in _TYPES


def challenge_of(status: int, headers: Mapping[str, str], start: bytes) -> str | None:
    """Return the name of the service that answers with a challenge or block page, or None.

    `start` are the first `START_BYTES` bytes of the body, decompressed; without them the headers alone are
    judged. With a status that services refuse with, words are enough; with any other, such as 200, only
    markup that no page of a blog has. Sources of all marks: challenges.toml.
    """
    signs = _signs()
    for header, names in signs.headers.items():
        value = headers.get(header)
        if value and value.strip().lower() in names:
            return names[value.strip().lower()]
    if not start or _type(headers) not in _TYPES:
        return None
    asked = signs.refused if status in signs.statuses else _asked_of_any(signs, start)
    return _named(asked, start[:START_BYTES].lower()) if asked else None


def _asked_of_any(signs: _Signs, start: bytes) -> Sequence[_Sign]:
    # Every page that is read passes here: its title, and whether it has one, are what costs little to see.
    title = _title(start)
    if title:
        return signs.titled.get(title, ())
    return signs.untitled if len(start) < _SHORT else ()


def _type(headers: Mapping[str, str]) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _title(start: bytes) -> bytes:
    head = start[:_FIRST].lower()
    begin = head.find(_TITLE)
    return head[begin : head.find(_TITLE_END, begin) + len(_TITLE_END)] if begin >= 0 else b""


def _named(signs: Sequence[_Sign], text: bytes) -> str | None:
    for mark, others, name in signs:
        if mark in text and all(other in text for other in others):
            return name
    return None


@cache
def _signs() -> _Signs:
    raw = tomllib.loads(files("scraper.http.answers").joinpath("challenges.toml").read_text("utf-8"))
    services: list[dict[str, Any]] = raw["service"]
    headers: dict[str, dict[str, str]] = {}
    for service in services:
        for header, values in service.get("headers", {}).items():
            headers.setdefault(header, {}).update(dict.fromkeys(values, service["name"]))
    page = [sign for service in services for sign in _read(service, "page")]
    titled: dict[bytes, list[_Sign]] = {}
    for sign in page:
        if sign[0].startswith(_TITLE):
            titled.setdefault(sign[0], []).append(sign)
    return _Signs(
        statuses=frozenset(raw["refused"]["statuses"]),
        headers=headers,
        titled=titled,
        untitled=[sign for sign in page if not sign[0].startswith(_TITLE)],
        refused=[*page, *(sign for service in services for sign in _read(service, "refused"))],
    )


def _read(service: Mapping[str, Any], kind: str) -> Iterator[_Sign]:
    for marks in service.get(kind, ()):
        first, *others = (mark.encode() for mark in marks)
        yield first, tuple(others), service["name"]
