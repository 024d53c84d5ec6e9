"""Names of the track in the post itself: on its links, in the names of its files, set apart in its text."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from scraper.posts.titles.file_titles import parse_file_stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bs4.element import Tag

    from storage.records import Link

_MAX_LOOKED_AT: Final = 20
_LONGEST: Final = 100


def tracks_beside(soup: Tag, links: Iterable[Link]) -> Iterator[str]:
    """Yield what `links` and the text set apart in `soup` may call the post's track. Pure."""
    for link in islice(links, _MAX_LOOKED_AT):
        if link.text:
            yield link.text
        if link.name and (track := parse_file_stem(link.name).track):
            yield track
    for element in soup.find_all(["em", "i", "cite", "q"], limit=_MAX_LOOKED_AT):
        yield element.get_text()[:_LONGEST]
    for element in soup.find_all(None, {"itemprop": "name"}, limit=_MAX_LOOKED_AT):
        yield element.get_text()[:_LONGEST]
