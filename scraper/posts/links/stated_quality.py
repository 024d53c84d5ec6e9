"""The quality that a post states once for all of its files: ``Quality: MP3 320 kbps``."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from scraper.posts.links.qualities import agrees, read_sound
from scraper.posts.links.same_music import FILES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from storage.records import Link

_MAX_STATED = 20
_PART = re.compile(r"[/|,;+&·]")


def with_stated_quality(links: Sequence[Link], stated: Iterable[str]) -> tuple[Link, ...]:
    """Return `links` with the quality that the post states for all of them; pure.

    `stated` are the values behind labels such as ``Quality``, ``Bitrate`` and ``Format``. They count where
    together they name one quality and one format, and where no link to a file has a quality of its own.
    """
    files = [link for link in links if link.kind in FILES]
    if not files or any(link.quality for link in files):
        return tuple(links)
    quality = _quality(stated)
    return tuple(
        replace(link, quality=quality)
        if quality and link.kind in FILES and agrees(quality, link.format)
        else link
        for link in links
    )


def _quality(stated: Iterable[str]) -> str | None:
    said = [read_sound(part.strip()) for value in islice(stated, _MAX_STATED) for part in _PART.split(value)]
    qualities = {sound.quality for sound in said} - {None}
    formats = {sound.format for sound in said} - {None}
    return qualities.pop() if len(qualities) == 1 and len(formats) <= 1 else None
