"""Addresses in scripts: playlists of players, arrays of tracks, and what a click opens."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from scraper.posts.links.file_names import extension
from scraper.posts.links.hosts import formats

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_SCRIPT: Final = 1_000_000
"""Of one script only so many characters are searched."""

_STRING = r"\"(?:[^\"\\\n]|\\.){1,2048}\"|'(?:[^'\\\n]|\\.){1,2048}'"
_FIELD = re.compile(rf"(?:[\"']?([A-Za-z_]\w{{0,40}})[\"']?\s{{0,9}}:\s{{0,9}})?({_STRING})")
_QUOTED = re.compile(_STRING)
_OPENS = re.compile(r"\bopen\s{0,9}\(|\blocation\b")
_ATTRIBUTE = re.compile(r"\b(?:src|href)\s{0,9}=\s{0,9}([\"']?)([^\s\"'<>]{1,2048})", re.IGNORECASE)


def playlist_links(script: str) -> Iterator[tuple[str, str]]:
    """Yield address and ``artist – title`` of each track in the JSON of WordPress's playlist block.

    Source: https://developer.wordpress.org/reference/functions/wp_playlist_shortcode/
    """
    try:
        playlist = json.loads(script[:MAX_SCRIPT])
    except (ValueError, RecursionError):  # a stranger's page: not JSON, or nested without end
        return
    tracks = playlist.get("tracks") if isinstance(playlist, dict) else None
    for track in tracks if isinstance(tracks, list) else []:
        if isinstance(track, dict) and isinstance(track.get("src"), str):
            meta = track.get("meta")
            yield track["src"], _name(track, meta if isinstance(meta, dict) else {})


def inline_links(script: str) -> Iterator[tuple[str, str]]:
    """Yield each music file that a string of `script` names, with ``artist – title`` of the same object."""
    fields: dict[str, str] = {}
    found: list[str] = []
    end = 0
    for match in _FIELD.finditer(script[:MAX_SCRIPT]):
        if match.start() > end and not _same_object(script, end, match.start()):
            yield from ((address, _name(fields, {})) for address in found)
            fields, found = {}, []
        end = match.end()
        value = _unescaped(match[2])
        if extension(value.partition("?")[0].rpartition("/")[2]) in formats().music:
            found.append(value)
        elif match[1]:
            fields.setdefault(match[1].lower(), value)
    yield from ((address, _name(fields, {})) for address in found)


def opened_links(handler: str) -> Iterator[str]:
    """Yield each address that a click handler opens: ``window.open('…')``, ``location.href='…'``."""
    if _OPENS.search(handler):
        for match in _QUOTED.finditer(handler[:10_000]):
            value = _unescaped(match[0])
            if "/" in value or extension(value) in formats().music:
                yield value


def flash_links(variables: str) -> Iterator[str]:
    """Yield each music file in the variables of a Flash player: ``soundFile=https%3A%2F%2Fb%2Fa.mp3``."""
    for _, value in parse_qsl(variables[:10_000]):
        for address in value.split(","):
            if extension(address.partition("?")[0].rpartition("/")[2]) in formats().music:
                yield address


def markup_links(markup: str) -> Iterator[str]:
    """Yield each address of ``src`` and ``href`` in markup that stands in an attribute (``srcdoc``)."""
    return (match[2] for match in _ATTRIBUTE.finditer(markup[:10_000]))


def _same_object(script: str, start: int, end: int) -> bool:
    return all(script.find(brace, start, end) < 0 for brace in "{}")


def _unescaped(literal: str) -> str:
    inner = literal[1:-1]
    if "\\" not in inner:
        return inner
    try:
        return str(json.loads(f'"{inner}"'))
    except ValueError:  # JavaScript knows escapes that JSON does not
        return inner.replace("\\", "")


def _name(track: dict[str, Any], meta: dict[str, Any]) -> str:
    title = track.get("title") or track.get("name") or track.get("song")
    artist = meta.get("artist") or track.get("artist")
    return " – ".join(str(part) for part in (artist, title) if isinstance(part, str) and part.strip())
