"""What a page states for machines: genres, dates and recordings in JSON-LD, microdata and meta elements."""

from __future__ import annotations

import json
import re
from collections import deque
from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urlsplit

from lxml import etree

from scraper.posts.page.furniture import stands_in_furniture
from scraper.posts.page.kinds import STATING
from storage.records import Trust

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from scraper.posts.page.scope import Scope
    from scraper.posts.page.stated import Stated

MAX_BLOCK = 1_000_000
_KEPT_BLOCK = 50_000
"""Genres, date and title of a page ask for the same blocks, one after the other: shorter ones are kept."""
_MAX_OBJECTS = 2_000
_MAX_VALUES = 50
_MAX_VALUE = 200

# https://schema.org/MusicRecording and its relatives say what the music is; a posting says what it is about.
_MUSIC = frozenset({"musicrecording", "musicalbum", "musicplaylist", "musicrelease", "musiccomposition"})
_POSTING = frozenset({"blogposting", "article", "newsarticle", "socialmediaposting"})
_LISTS = frozenset({"breadcrumblist", "collectionpage", "searchresultspage", "itemlist", "listitem"})
# The properties under which the post's own music stands; all others lead to people, crumbs and other pages.
_OWN = (
    "@graph",
    "mainEntity",
    "about",
    "track",
    "tracks",
    "album",
    "albumRelease",
    "itemListElement",
    "item",
)

_META_PROPERTIES = frozenset({"music:genre", "article:tag", "article:section"})
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")


class Statement(NamedTuple):
    """A value as the page gives it, where it stood, and how far it is trusted."""

    value: str
    source: str
    trust: Trust


def read_structured(stated: Stated, scope: Scope) -> list[Statement]:
    """Return what the page states of its post's genre (Trust.LABEL) and filing (Trust.FILED), 50 at most.

    JSON-LD of music (https://schema.org/genre) and of the posting itself, `itemprop=genre` within the
    post, and meta elements (https://ogp.me/#type_article).
    """
    return list(islice(chain(_in_json_ld(stated), _microdata(scope), _metas(stated)), _MAX_VALUES))


def published_in_json_ld(stated: Stated) -> Iterator[str]:
    """Yield when the post was published, as its JSON-LD writes it (schema.org datePublished)."""
    for thing in _json_ld(stated):
        published = thing.get("datePublished")
        if isinstance(published, str) and _kinds(thing) & _POSTING:
            yield published[:_MAX_VALUE]


def recording_in_json_ld(stated: Stated) -> tuple[str, str] | None:
    """Return artist and name of the one piece of music that JSON-LD is about (schema.org byArtist), or None.

    An album, or else a recording; two of a kind, and it is not told which one the post is about.
    """
    named: dict[bool, dict[tuple[str, str], None]] = {False: {}, True: {}}
    for thing in _json_ld(stated):
        artist, name = ", ".join(_texts(thing.get("byArtist"))), next(_texts(thing.get("name")), "")
        if artist and name and _kinds(thing) & _MUSIC:
            named["musicrecording" in _kinds(thing)][artist[:_MAX_VALUE], name] = None
    found = named[False] or named[True]
    return next(iter(found)) if len(found) == 1 else None


def _microdata(scope: Scope) -> Iterator[Statement]:
    for root in (scope.body, *scope.meta) if scope.kinds & STATING else ():
        for element in root.iter(etree.Element):
            if element.get("itemprop") == "genre" and element.tag != "meta":
                value = element.get("content") or " ".join("".join(element.itertext()).split())
                if value:
                    yield Statement(value=value[:_MAX_VALUE], source="microdata", trust=Trust.LABEL)


def _metas(stated: Stated) -> Iterator[Statement]:
    seen: dict[HtmlElement, bool] = {}
    for meta in stated.metas:
        name = meta.get("property") or ""
        if not (name in _META_PROPERTIES or "genre" in (meta.get("itemprop"), meta.get("name"))):
            continue
        value = (meta.get("content") or "").strip()[:_MAX_VALUE]
        if value and not stands_in_furniture(meta, seen):
            trust = Trust.FILED if name.startswith("article:") else Trust.LABEL
            yield Statement(value=value, source=f"meta {name or 'genre'}", trust=trust)


def _in_json_ld(stated: Stated) -> Iterator[Statement]:
    for thing in _json_ld(stated):
        kinds = _kinds(thing)
        if kinds & (_MUSIC | _POSTING):
            for value in _texts(thing.get("genre")):
                yield Statement(value=value, source="JSON-LD genre", trust=Trust.LABEL)
        if kinds & _POSTING:
            for name in ("keywords", "articleSection"):
                for text in _texts(thing.get(name)):
                    for value in text.split(","):
                        yield Statement(value=value.strip(), source=f"JSON-LD {name}", trust=Trust.FILED)


def _json_ld(stated: Stated) -> Iterator[dict[str, Any]]:
    """Yield what the JSON-LD of a page says of the post and its music."""
    for text in stated.json_ld:
        yield from _things(_loaded(text) if len(text) <= _KEPT_BLOCK else _loaded_anew(text))


@lru_cache(maxsize=8)
def _loaded(text: str) -> Any:
    return _loaded_anew(text)


def _loaded_anew(text: str) -> Any:
    """Return the JSON of a script, trailing commas forgiven, or None."""
    if len(text) > MAX_BLOCK:
        return None
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", text)):
        try:
            return json.loads(attempt.strip().removeprefix("<!--").removesuffix("-->"))
        except (ValueError, RecursionError):
            continue
    return None


def _things(data: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects that are the post or its music, however they are nested; lists of others are not."""
    waiting: deque[tuple[Any, bool]] = deque([(data, False)])
    for _ in range(_MAX_OBJECTS):
        if not waiting:
            return
        here, within_music = waiting.popleft()
        if isinstance(here, list):
            waiting.extend((item, within_music) for item in here[: _MAX_OBJECTS - len(waiting)])
        elif isinstance(here, dict):
            kinds = _kinds(here)
            if within_music or not kinds & _LISTS:
                yield here
                music = within_music or bool(kinds & _MUSIC)
                waiting.extend((here[name], music) for name in _OWN if name in here)


def _kinds(thing: dict[str, Any]) -> set[str]:
    return {str(kind).rsplit("/", 1)[-1].lower() for kind in _listed(thing.get("@type"))}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _texts(value: Any) -> Iterator[str]:
    """Yield the names in a property: text, the last word of an address, or a term's name."""
    for item in _listed(value)[:_MAX_VALUES]:
        named = item.get("name") if isinstance(item, dict) else item
        if isinstance(named, str) and named.strip():
            yield _last_word(named.strip())[:_MAX_VALUE]


def _last_word(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        return text
    try:
        path = urlsplit(text).path
    except ValueError:
        return ""
    return unquote(path.rstrip("/").rsplit("/", 1)[-1]).replace("-", " ").replace("_", " ")
