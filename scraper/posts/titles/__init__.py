"""What the title of a post says: artist, track, version, guests, label, catalogue number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.posts.titles.brackets import never
from scraper.posts.titles.file_titles import parse_file_stem, parse_scene_name, title_from_slug
from scraper.posts.titles.parts import Confidence, TitleParts, print_title
from scraper.posts.titles.reading import read
from scraper.posts.titles.site_names import strip_site_name
from scraper.posts.titles.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "Confidence",
    "TitleParts",
    "never",
    "parse_file_stem",
    "parse_title",
    "print_title",
    "strip_site_name",
    "title_from_slug",
]


def parse_title(text: str, *, is_genre: Callable[[str], bool] = never) -> TitleParts:
    """Return the parts of a post's title; what cannot be told is None, and the text stays whole.

    Character references must be decoded before. `is_genre` says whether the content of a square bracket is
    wholly a genre; such a bracket is never taken for a label, and no other word of a title is a genre.

    >>> parse_title('"Ghost House (MLiR Remix)" – Lis Sarroca [Shall Not Fade]').track
    'Ghost House'
    """
    whole = clean(text)
    return parse_scene_name(whole) or read(whole, text=whole, is_genre=is_genre)
