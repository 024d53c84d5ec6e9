"""Which of several formats and qualities of the same music comes first. Pure."""

from __future__ import annotations

from scraper.posts.links.hosts import formats
from scraper.posts.links.qualities import natural_quality, quality_names, quality_rank

LOSSLESS = "lossless"
"""The word that prefers any format and quality that keeps all of the sound."""

# Of what sounds the same: with tags before without, small before large.
_HANDY = ("flac", "alac", "aiff", "aif", "aifc", "wav")


def rank(file_format: str | None, quality: str | None) -> tuple[int, int]:
    """Return the place of a variant in the default order: the best first, what is not known last."""
    handy = _HANDY.index(file_format) if file_format in _HANDY else len(_HANDY)
    return quality_rank(quality, file_format), handy


def prefers(word: str, file_format: str | None, quality: str | None) -> bool:
    """Whether a variant is what `word` prefers: a format, a quality, or anything lossless."""
    if word == LOSSLESS:
        return quality_rank(quality, file_format) <= quality_rank(LOSSLESS)
    return word in {file_format, quality, natural_quality(file_format)}


def known_formats() -> tuple[str, ...]:
    """Return the formats of music and archives that a link may have."""
    return tuple(sorted(formats().music))


def known_qualities() -> tuple[str, ...]:
    """Return the names of qualities, the best first."""
    return quality_names()
