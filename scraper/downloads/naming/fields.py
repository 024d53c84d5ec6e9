"""What a template for names can ask for."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "name": "what the file is called without a template: Artist - Title (Version), or as its link says",
        "artist": "who made it",
        "title": "the track or release, with its version in brackets where the template has no {version}",
        "version": "Original Mix, Dub …",
        "label": "the record label",
        "genre": "the first genre of the post",
        "genres": "all genres of the post, with commas",
        "year": "when the post was published: 2024",
        "date": "the same, as exactly as the blog says: 2024-05-17",
        "post": "the title of the post",
        "blog": "the blog: blog.example",
        "host": "where the file was fetched from: files.example",
        "format": "the ending that the content deserves: mp3",
        "part": "of a split archive, which part it is: part1",
        "id": "8 digits that tell this link from every other",
    }
)
"""Each field with its meaning, for people."""

TELLING: Final = frozenset({"name", "artist", "title", "version", "post", "id"})
"""The fields that can tell one file of a blog from another; a name needs one of them."""
