"""What a title says, as a value, and its canonical spelling."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from scraper.posts.titles.text import DASHES

_DASH = re.compile(rf"\s[{DASHES}]+\s")


class Confidence(IntEnum):
    """How sure the reading of a title is; larger is better."""

    NONE = 0
    """No artist and no track could be told."""
    LOW = 1
    """A guess by shape: an address, ``Title by Artist``, fields between bars."""
    FAIR = 2
    """One dash, ``Artist - Title``, or labelled lines of the post."""
    HIGH = 3
    """Also quotation marks or a version say which part is the title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleParts:
    """A title taken apart. `text` is the whole title, cleaned; every other part is non-empty or None.

    `brackets` holds what stood in square brackets and is neither label nor catalogue number nor noise: the
    candidates for a genre. `release` is ``EP`` or ``LP`` where the title ends with it, `year` four digits.
    """

    text: str
    artist: str | None = None
    track: str | None = None
    version: str | None = None
    release: str | None = None
    label: str | None = None
    catalogue: str | None = None
    featuring: tuple[str, ...] = ()
    brackets: tuple[str, ...] = ()
    year: str | None = None
    confidence: Confidence = Confidence.NONE


def print_title(parts: TitleParts) -> str:
    """Return ``Artist - Title EP (feat. X, Y) (Version)``, or the text where no track is known.

    What is printed is printed the same when it has been read again.

    >>> print_title(TitleParts(text="", artist="Kora", track="Lines", version="Original Mix"))
    'Kora - Lines (Original Mix)'
    """
    if not parts.track:
        return parts.text
    words = [f"{parts.artist} -"] if parts.artist else []
    words.append(_DASH.sub(" - ", parts.track))
    if parts.release:
        words.append(parts.release)
    if parts.featuring:
        words.append(f"(feat. {', '.join(parts.featuring)})")
    if parts.version:
        words.append(f"({parts.version})")
    return " ".join(words)
