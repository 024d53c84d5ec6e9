"""The quality that a line right beside links states without a label: ``2CD | VBR V0 | 160 MB``. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from scraper.posts.links.qualities import SILENT, agrees, may_tell_quality, read_sound
from scraper.posts.links.same_music import FILES
from scraper.posts.links.texts import is_neutral

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scraper.posts.page.lines import TextLine
    from storage.records import Link

_MAX_LINE = 80
_MAX_LINKS = 100
_MAX_FIELDS = 8
_LEAST_FACTS = 2
_FIELD = re.compile(r"\s*[|/,;·•@+&]\s*|\s[–—-]\s")
# Size, media, length and year: they stand beside the quality and say nothing of it.
_FACT = re.compile(
    r"""\b(?: \d{1,5}(?:[.,]\d{1,2})?\s?[kmg]i?b | (?:\d{1,2}\s?x?\s?)?(?:cd|lp|ep|vinyl|tape|track)s?
        | \d{1,3}:\d\d(?::\d\d)? | (?:19|20)\d\d )\b""",
    re.IGNORECASE | re.VERBOSE,
)


def with_quality_lines(links: Sequence[Link], lines: Sequence[TextLine]) -> tuple[Link, ...]:
    """Return `links` with the quality that a line directly before them, else after the last, states for them.

    Links on lines that follow each other belong together; nothing counts where one of them has a quality.
    """
    places = _places(links, lines)
    said: dict[str, str] = {}
    runs = [
        [place for _, place in run] for _, run in groupby(enumerate(places), lambda each: each[1] - each[0])
    ]
    for number, run in enumerate(runs):
        keys = [key for place in run for key in places[place]]
        own = [link for link in links if link.key in keys]
        behind = run[-1] + 1 if number + 1 == len(runs) else len(lines)  # else it is the next run's
        quality = _quality_at(lines, run[0] - 1) or _quality_at(lines, behind)
        if quality and not any(link.quality for link in own):
            said.update((link.key, quality) for link in own if agrees(quality, link.format))
    return tuple(replace(link, quality=said[link.key]) if link.key in said else link for link in links)


def _places(links: Sequence[Link], lines: Sequence[TextLine]) -> dict[int, list[str]]:
    """Return the keys of the links to files on each line that has some, in order of lines."""
    files: dict[str, str] = {}
    for link in links[:_MAX_LINKS]:
        if link.kind in FILES:
            path = link.url.partition("://")[2].partition("/")[2]
            for way in (link.url, f"/{path}", path.rpartition("/")[2]):
                files.setdefault(way, link.key)
    found: dict[int, list[str]] = {}
    for place, line in enumerate(lines):
        is_written = "://" in line.text
        if not (is_written or line.links):
            continue
        written = [each.href.strip() for each in line.links]
        if is_written:
            written += line.text.split()
        keys = [files[href] for href in written if href in files]
        if keys:
            found[place] = keys
    return found


def _quality_at(lines: Sequence[TextLine], place: int) -> str | None:
    if not 0 <= place < len(lines) or lines[place].links or lines[place].cell:
        return None
    text = lines[place].text
    return _quality_of(text) if len(text) <= _MAX_LINE and may_tell_quality(text) else None


def _quality_of(text: str) -> str | None:
    """Return the one quality of a line in which at most one field, beside two known ones, is a word."""
    fields = [field for field in _FIELD.split(text) if field][: _MAX_FIELDS + 1]
    known = [field for field in fields if is_neutral(_FACT.sub(" ", field))]
    unknown = len(fields) - len(known)
    if len(fields) > _MAX_FIELDS or unknown > (len(known) >= _LEAST_FACTS) or not any(map(str.isalpha, text)):
        return None
    sounds = [sound for field in known for sound in _sounds(field)]
    qualities = {sound for sound, _ in sounds} - {None}
    formats = {file_format for _, file_format in sounds} - {None}
    return qualities.pop() if len(qualities) == 1 and len(formats) <= 1 else None


def _sounds(field: str) -> Iterator[tuple[str | None, str | None]]:
    sound = read_sound(_FACT.sub(" ", field).strip())
    if sound != SILENT:
        yield sound.quality, sound.format
